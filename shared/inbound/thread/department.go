package thread

import (
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/email/sender"
	"github.com/replywell/replywell/shared/inbound/identify"
)

// Department is what a department replied: a note of the conversation that it was asked
// about, or, where the conversation is the zero value, a word to the leads.
type Department struct {
	Reply        desk.DepartmentReply
	Conversation desk.Conversation
}

func (Department) decision() {}

// departmentReplies sees mail to the address at which a department replies. It is never
// an answer and gives no order, whatever it says. Whoever has the address was given it, or
// the question was passed on to them; so who wrote it must be proven, and is named. What
// is not proven is held, and the agent who asked is asked once whether it is to be a note.
// Mail of the conversation's own customer there is the customer's mail.
func departmentReplies(c Case) Decision {
	f := c.Facts
	i := slices.IndexFunc(f.Recipients, func(t identify.Address) bool { return t.Genuine && t.Purpose == replyaddr.Department })
	if _, agents := AgentAddress(f.Recipients); i < 0 || agents {
		return nil
	}
	t := f.Recipients[i]
	conv, known := c.Found.Conversations[t.Leads.Conversation]
	general := t.Conversation == replyaddr.NoConversation
	if known && conv.Admits(f.Author.Address, identify.Same) {
		return nil
	}
	hold := Hold{Word: desk.HoldUnlisted, Conversation: t.Leads.Conversation, Mailbox: conv.Mailbox}
	switch {
	case t.Department == nil:
		hold.Reason = "it came to a reply address that was made for a department that is no longer in the settings"
		return hold
	case !known && !general:
		hold.Reason = "the conversation that " + t.Department.Name + " was asked about is not there any more"
		return hold
	}
	d := *t.Department
	proven := f.Sender != "" && f.VouchedForDepartment(d) && t.Meant && !t.Expired
	if mechanical(f.Kind) {
		away := f.Kind == automatic.OutOfOffice || f.Kind == automatic.AutoReply
		if first, open := waitsFor(conv, d.ID); away && proven && open && first.Away.IsZero() {
			return Department{Conversation: conv, Reply: desk.DepartmentReply{Department: d, Who: f.Author, Verified: true, Automatic: true}}
		}
		return Machine{Conversation: conv.ID, Mailbox: conv.Mailbox, Reason: "automatic mail (" + string(f.Kind) + ") from the mailbox of the department " + d.ID + ": recorded, and nobody was told"}
	}
	if !proven {
		return c.unprovenDepartment(d, conv, t)
	}
	return Department{Conversation: conv, Reply: c.replyOf(d, conv)}
}

// replyOf is what is known of the mail as the department's reply.
func (c Case) replyOf(d desk.Department, conv desk.Conversation) desk.DepartmentReply {
	f := c.Facts
	said := desk.DepartmentReply{Department: d, Who: desk.Person{Name: f.Author.Name, Address: f.Sender}, Verified: f.VouchedForDepartment(d),
		Copied: slices.ContainsFunc(f.Copies, func(a message.Address) bool { return identify.Same(a.Address, conv.Customer.Address) })}
	if !identify.OfDepartment(d, f.Sender, sender.Anybodys) {
		if _, agent := c.Settings.AgentAt(f.Sender); !agent {
			said.Foreign = f.Sender
		}
	}
	return said
}

// LetIn is what is known of a held mail that an agent says is to be a note, where it came
// to the address at which a department replies.
func LetIn(c Case, conv desk.Conversation, agent string) (said desk.DepartmentReply, ok bool) {
	for _, t := range c.Facts.Recipients {
		if t.Genuine && t.Purpose == replyaddr.Department && t.Department != nil {
			said = c.replyOf(*t.Department, conv)
			said.LetIn = agent
			return said, true
		}
	}
	return said, false
}

// waitsFor is the open question to a department.
func waitsFor(conv desk.Conversation, department string) (desk.Consulted, bool) {
	for _, q := range conv.WaitsFor() {
		if q.Department == department {
			return q, true
		}
	}
	return desk.Consulted{}, false
}

// unprovenDepartment holds what may be a department's, and asks the agent who had asked
// it, or whose the conversation is.
func (c Case) unprovenDepartment(d desk.Department, conv desk.Conversation, t identify.Address) Decision {
	f := c.Facts
	h := Hold{Word: desk.HoldUnverified, Conversation: conv.ID, Mailbox: conv.Mailbox,
		Reason: "it came to the address at which " + d.Name + " replies, and nothing proves who wrote it"}
	switch {
	case t.Expired:
		h.Reason = "it came to an address at which " + d.Name + " replied, and which is too old"
	case f.Sender != "" && f.VouchedForDepartment(d):
		h.Reason = "it came to the address at which " + d.Name + " replies, and nothing shows that it was written there: " + notMeant(f, t)
	}
	for _, id := range askedBy(conv, d.ID) {
		if agent, ok := c.Settings.Agent(id); ok && Answers(c.Settings, agent, conv) {
			n := c.notice(agent, conv, t.Leads.Sequence)
			n.Question, n.Proven = desk.ConfirmNote, false
			return c.askOrRefuse(n, h)
		}
	}
	return h
}

// askedBy are the agents who asked a department, the last first, and whose it is.
func askedBy(conv desk.Conversation, department string) (ids []string) {
	for _, q := range slices.Backward(conv.Consulted) {
		if q.Department == department {
			ids = append(ids, q.By)
		}
	}
	return append(ids, conv.Owner)
}

package thread

import (
	"fmt"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/inbound/identify"
)

// maxAgentOpens is how many conversations one agent opens as a customer within a day.
const maxAgentOpens = 10

// agentMail decides on mail to an agent's reply address, which is the only door
// to a customer. It opens for three keys together: the address was made here
// for an agent, and is not too old; the one From address is that agent's; and
// the receiving service vouches for it. Everything else is held: the customer
// hears nothing, the sender hears nothing, and the agent in whose name it came
// is told at the address that stands in the settings.
func agentMail(c Case) Decision {
	f := c.Facts
	t, ok := AgentAddress(f.Recipients)
	if !ok {
		return agentWithoutAddress(c)
	}
	conv, known := c.Found.Conversations[t.Leads.Conversation]
	if mechanical(f.Kind) || f.Mail.Origin.Rule == "rule-forward" {
		return c.absent(machine(f, t.Agent, t.Leads.Conversation, conv.Mailbox), t.Agent, conv, t.Leads.Sequence)
	}
	if t.Agent == nil {
		return c.former(t, Hold{Word: desk.HoldUnlisted, Conversation: t.Leads.Conversation, Mailbox: conv.Mailbox,
			Reason: "it came to a reply address that was made for an agent who is no longer in the settings, or at another mailbox"})
	}
	agent := *t.Agent
	tell := func(kind desk.ConfirmationKind, why string) Decision {
		n := c.notice(agent, conv, t.Leads.Sequence)
		n.Question = kind
		n.Unvouched = kind != "" && !f.VouchedFor(agent) && !t.Expired && !t.Void(agent) && identify.HasAddress(agent, f.Sender)
		return c.askOrRefuse(n, Hold{Reason: why, Conversation: t.Leads.Conversation, Mailbox: conv.Mailbox})
	}
	switch {
	case !known:
		return tell("", "the conversation that it answers is not there any more")
	case !Answers(c.Settings, agent, conv):
		return tell("", "you are no longer one of the agents of the mailbox "+conv.Mailbox)
	case f.Sender == "":
		return tell(desk.ConfirmRelease, "it does not have exactly one sender in its From field")
	case !identify.HasAddress(agent, f.Sender):
		return c.fromSomebodyElse(agent, conv, t)
	case manyConversations(f.Recipients):
		return tell("", "it was sent to the reply addresses of several conversations at once; answer each conversation by a mail of its own")
	case !f.VouchedFor(agent):
		return tell(desk.ConfirmRelease, f.Unverified)
	case !t.Meant:
		return tell(desk.ConfirmRelease, "nothing shows that you wrote it to this conversation: "+notMeant(f, t)+". Somebody may have handed in a mail of yours that was written to others")
	case t.Void(agent):
		return tell(desk.ConfirmRelease, "the reply address that it was sent to was made before "+agent.Since.Format("2 January 2006")+", and your older ones were declared void")
	case t.Expired:
		return tell(desk.ConfirmRelease, "the reply address that it was sent to is too old")
	}
	return Order{Agent: agent, Conversation: conv, Token: t.Token}
}

// former adds to a mail, held because its reply address is nobody's any more, that its
// sender is told: somebody who was an agent, and does not know that this ended. No
// setting knows the address any more. So it must be the one that the mail of ours went
// to which this one answers, and be proven; whoever else has the reply address hears nothing.
func (c Case) former(t identify.Address, h Hold) Decision {
	f := c.Facts
	if f.Sender == "" || f.Agent != nil || !f.Record.Verdicts.Authenticated() || !t.Meant {
		return h
	}
	for _, id := range f.Answered {
		ref := c.Found.MessageIDs[id]
		if !ref.Outgoing || ref.Outbox == "" {
			continue
		}
		if c.Found.Answered == nil {
			return Need{Answered: ref.Outbox}
		}
		item := c.Found.Answered
		_, still := c.Settings.Agent(item.Agent)
		i := slices.IndexFunc(item.To, func(to string) bool { return identify.Same(to, f.Sender) })
		if item.ID == ref.Outbox && item.Agent != "" && !still && i >= 0 {
			h.Former = item.To[i]
		}
		return h
	}
	return h
}

// notMeant says what does not show that a mail was written to this address.
func notMeant(f identify.Facts, t identify.Address) string {
	if f.Record.Verdicts.SPF == desk.VerdictProcessing {
		return t.NotMeant + " (DNS did not answer when SPF was looked up)"
	}
	return t.NotMeant
}

// agentWithoutAddress sees an agent who answers a notification by another way
// than its reply address: "support@" typed by hand, or an address whose key is
// out of use. As a customer's mail it would open a stray conversation.
func agentWithoutAddress(c Case) Decision {
	f := c.Facts
	if f.Agent == nil {
		return reportReader(c)
	}
	agent := *f.Agent
	if mechanical(f.Kind) {
		// Some vacation programs write to From: it answers our notification.
		return c.absent(machine(f, f.Agent, "", ""), f.Agent, desk.Conversation{}, 0)
	}
	for _, t := range f.Recipients {
		switch {
		case !t.Genuine:
			return c.refuse(agent, "the reply address that it was sent to was not made here, or with a key that is out of use; answer the newest mail of the conversation")
		case t.Purpose == replyaddr.Bounce:
			n := c.notice(agent, c.Found.Conversations[t.Leads.Conversation], t.Leads.Sequence)
			n.Question = desk.ConfirmRelease
			return c.askOrRefuse(n, Hold{Reason: "it was sent to the address that takes delivery reports, and not to our mail's reply address", Conversation: t.Leads.Conversation})
		case t.Purpose == replyaddr.Notice:
			return c.refuse(agent, noReader)
		}
	}
	switch {
	case len(c.clues) == 0 && f.AsForward != nil:
		return passedOn{}
	case len(c.clues) == 0 && c.answersUs():
		return c.refuse(agent, noReader)
	case len(c.clues) == 0:
		return c.agentAsCustomer(agent)
	case c.clues[0].admitted:
		return nil
	}
	named := c.clues[0]
	if named.sent != "" && c.Found.Answered == nil {
		return Need{Answered: named.sent}
	}
	if named.sent != "" && c.Found.Answered.Kind == desk.OutboxDigest {
		return c.refuse(agent, "it answers a mail that tells of several conversations; reply to that mail itself, with a number or a letter that it names")
	}
	n := c.notice(agent, named.conv, c.shownIn(named))
	n.Question = desk.ConfirmRelease
	return c.askOrRefuse(n, Hold{Conversation: named.conv.ID, Mailbox: named.conv.Mailbox,
		Reason: "it was sent to " + f.Mailbox.Address + "; to answer a customer, reply to our mail about the conversation, so that it goes to that mail's own reply address"})
}

// noReader says why a reply to a mail that only tells something went nowhere.
const noReader = "it answers a mail of ours that needs no answer, and that nobody reads the answers to"

// answersUs reports whether the mail answers one of ours that belongs to no
// conversation.
func (c Case) answersUs() bool {
	return slices.ContainsFunc(c.Facts.Answered, func(id string) bool {
		ref := c.Found.MessageIDs[id]
		return ref.Outgoing && ref.Conversation == ""
	})
}

// agentAsCustomer lets an agent open conversations as anybody may, and tells it
// from a program in the agent's mailbox that answers each of our mails with a
// new one: so many in a day, and the rest is held.
func (c Case) agentAsCustomer(agent desk.Agent) Decision {
	author, recent := c.Facts.Author.Address, c.Found.Theirs
	if author != "" && recent == nil {
		return Need{Theirs: author}
	}
	if len(recent) < maxAgentOpens || c.Facts.Record.Recorded.Sub(recent[maxAgentOpens-1].Opened) >= 24*time.Hour {
		return nil
	}
	return c.refuse(agent, fmt.Sprintf("%d conversations were opened from your address within a day, and it seems to be a mail program that answers our mails; switch that off, and reply to our mails", maxAgentOpens))
}

// reportReader sees somebody who gets the weekly report and is no agent answer it. It
// is given back. Where nobody vouches for its sender, it is held for the lead to see.
func reportReader(c Case) Decision {
	f := c.Facts
	isReader := slices.ContainsFunc(c.Settings.Report.Readers(), func(to string) bool { return identify.Same(to, f.Sender) })
	replies := slices.ContainsFunc(f.Recipients, func(t identify.Address) bool { return t.Genuine && t.Purpose == replyaddr.Notice })
	const why = "it answers the weekly report, which nobody reads replies to"
	switch {
	case !isReader, !replies && (len(c.clues) > 0 || !c.answersUs()):
		return nil
	case mechanical(f.Kind):
		return Returned{Reason: why}
	case !f.Verified:
		return Hold{Word: desk.HoldUnverified, Reason: why + ", and nobody vouches for its sender"}
	}
	return Returned{Reason: why, Letter: true}
}

// shownIn is the last message that the agent had been shown by our mail which
// the clue names.
func (c Case) shownIn(k clue) int {
	for _, ref := range c.Found.MessageIDs {
		if ref.Outbox != "" && ref.Outbox == k.sent {
			return ref.Sequence
		}
	}
	return 0
}

// manyConversations reports whether agents' addresses of more than one
// conversation are among the recipients.
func manyConversations(recipients []identify.Address) bool {
	first, _ := AgentAddress(recipients)
	return slices.ContainsFunc(recipients, func(t identify.Address) bool {
		return t.Genuine && t.Purpose.FromAgent() && t.Leads.Conversation != first.Leads.Conversation
	})
}

// mechanical are the kinds of mail that a person's mail program sends without
// the person. An agent's own words about a code, or below a company's bulk
// headers, are not among them.
func mechanical(k automatic.Kind) bool {
	switch k {
	case automatic.Bounce, automatic.Complaint, automatic.OutOfOffice, automatic.AutoReply, automatic.Calendar, automatic.ReadReceipt, automatic.Challenge:
		return true
	}
	return false
}

// machine decides on what an agent's mail program sent by itself.
func machine(f identify.Facts, agent *desk.Agent, conv desk.ConversationID, mailbox string) Decision {
	if agent == nil || !identify.HasAddress(*agent, f.Mail.From.Address) {
		return Hold{Word: desk.HoldMachine, Conversation: conv, Mailbox: mailbox, Reason: "it is automatic mail (" + string(f.Kind) + ") to an agent's reply address, from somebody else"}
	}
	return Machine{Conversation: conv, Mailbox: mailbox, Reason: "automatic mail (" + string(f.Kind) + ") from an agent's mailbox: recorded, and nothing was sent"}
}

// absent adds to an agent's automatic mail that the agent is away, where it says so and
// the agent's domain vouches for it: else anybody could take their work from them.
func (c Case) absent(d Decision, agent *desk.Agent, conv desk.Conversation, seen int) Decision {
	m, ok := d.(Machine)
	if !ok || agent == nil || c.Facts.Kind != automatic.OutOfOffice || !c.Facts.VouchedFor(*agent) {
		return d
	}
	m.Absent, m.Rota, m.At, m.Seen = agent, c.Found.Rota, conv, seen
	return m
}

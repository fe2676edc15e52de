package thread

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/inbound/identify"
	"github.com/replywell/replywell/shared/letters"
)

// question looks at a mail from one side. nil is no decision: the next is asked.
type question func(Case) Decision

// Decide asks the questions in their order. The order is the meaning: what must
// reach nobody comes before what reaches someone, and what says least about
// its sender comes last.
func Decide(c Case) Decision {
	c.Facts, c.asked = c.Facts.Led(c.Found.Places), c.Facts.Lookup().MessageIDs
	c.clues = c.evidence()
	for _, ask := range questions(c.Facts.Released) {
		switch d := ask(c).(type) {
		case nil:
		case passedOn:
			c.Facts = c.Facts.OfForward()
			c.clues = c.evidence()
		default:
			return d
		}
	}
	return place(c)
}

// questions gives what is asked of a mail. Of one that a person released, what is
// left: a person has seen that it is no spam, no ticket trick, no stray report;
// what makes an agent's mail an agent's is asked all the same.
func questions(released string) []question {
	switch released {
	case "":
		return []question{quarantine, ourOwn, duplicate, report, blocked, confirmation, departmentReplies, writesFirst, agentMail, verification, unverified}
	case desk.HoldSpam, desk.HoldBlocked:
		return []question{departmentReplies, writesFirst, agentMail, verification, unverified}
	}
	return nil
}

// quarantine keeps what the receiving service found to be a virus or spam.
func quarantine(c Case) Decision {
	v := c.Facts.Record.Verdicts
	reason := v.Quarantine()
	if reason == "" {
		return nil
	}
	word := desk.HoldSpam
	if v.Virus == desk.VerdictFail {
		word = desk.HoldVirus
	}
	return Hold{Word: word, Reason: reason}
}

// ourOwn drops our own mail when it comes back: by its recorded id, or by the mark
// that every mail of ours bears.
func ourOwn(c Case) Decision {
	switch {
	case c.Facts.OurMark:
		return OurOwn{"it bears the mark of our own mail (" + letters.LoopHeader + ")"}
	case c.Found.MessageIDs[c.Facts.Mail.MessageID].Outgoing:
		return OurOwn{"it bears the Message-ID of a mail that we sent"}
	}
	return nil
}

// duplicate sees the same mail when it comes by another way. One mail that was
// sent to the addresses of two conversations is none: the second answer must not
// vanish.
func duplicate(c Case) Decision {
	first := c.Found.DuplicateOf
	if first == "" {
		return nil
	}
	if t, ok := AgentAddress(c.Facts.Recipients); ok {
		if c.Found.First == nil {
			return Need{First: first}
		}
		if at := c.Found.First.Conversation; at != t.Leads.Conversation && at != t.Named.Conversation {
			if t.Agent == nil {
				return Hold{Word: desk.HoldAgent, Reason: twice}
			}
			return Hold{Word: desk.HoldAgent, Reason: twice, Notice: c.notice(*t.Agent, c.Found.Conversations[t.Leads.Conversation], t.Leads.Sequence)}
		}
	}
	return Duplicate{Of: first}
}

const twice = "the same mail was carried out already for another conversation; answer each conversation by a mail of its own"

// confirmation sees mail to the address of a question that an agent was asked.
// Whoever has the address has read the agent's mailbox, or was forwarded the
// question; so the mail must also come from one of the agent's own addresses,
// and no mail program may have sent it by itself. What it says, and whether the
// domain must vouch for it, is for those who asked to judge.
func confirmation(c Case) Decision {
	f := c.Facts
	i := slices.IndexFunc(f.Recipients, func(t identify.Address) bool { return t.Genuine && t.Purpose == replyaddr.Confirm })
	if i < 0 {
		return nil
	}
	t := f.Recipients[i]
	switch {
	case mechanical(f.Kind):
		return c.absent(machine(f, t.Agent, "", ""), t.Agent, desk.Conversation{}, 0)
	case t.Agent == nil:
		return Hold{Word: desk.HoldUnlisted, Reason: "it answers a question that was put to an agent who is no longer in the settings"}
	case f.Sender == "":
		return c.refuse(*t.Agent, "it answers a question that was put to you, and it does not have exactly one sender in its From field")
	case !identify.HasAddress(*t.Agent, f.Sender):
		return c.refuse(*t.Agent, "it answers a question that was put to you, and it did not come from one of your own addresses; only you can answer it")
	}
	return Confirmation{Agent: *t.Agent, Token: t.Token, Vouched: f.VouchedFor(*t.Agent) && t.Meant}
}

// blocked keeps aside the mail of who is blocked, wherever it went: to the mailbox, to a
// reply address, into a conversation that they belong to. A block that an unproven mail
// gave rise to holds unproven mail alone, so that nobody can have somebody else kept out
// by writing in their name.
func blocked(c Case) Decision {
	f := c.Facts
	if f.Forward != nil {
		return nil
	}
	for _, b := range c.Found.Blocks {
		if !b.Holds(f.Verified) {
			continue
		}
		conv := desk.ConversationID("")
		if len(c.clues) > 0 {
			conv = c.clues[0].conv.ID
		}
		if b.Spam {
			return Hold{Word: desk.HoldSpam, Conversation: conv, Reason: "somebody of the team said that mail of " + b.Sender + " is spam (#spam)"}
		}
		return Hold{Word: desk.HoldBlocked, Conversation: conv, Reason: strings.TrimPrefix(b.Sender, "@") + " is blocked"}
	}
	return nil
}

// verification keeps one-time codes and "confirm your address" mails away from
// everybody. Whoever can make a service send such a mail to a support address
// and have it shown could pass for one of the team there.
func verification(c Case) Decision {
	if c.Facts.Kind != automatic.Verification {
		return nil
	}
	return Hold{Word: desk.HoldVerification, Reason: "it is a verification or one-time-code mail, sent to an address of ours by another service"}
}

// unverified keeps a person's mail from agents that came to a customer's reply
// address from an address that does not belong to the conversation, and that
// nobody vouches for. Whoever has such an address and is vouched for may be a
// colleague of the customer's and gets a conversation of their own, linked and
// without history; a mail that anybody could have written, to an address that
// only the customer was given, is how desks are lied to.
func unverified(c Case) Decision {
	f := c.Facts
	if f.Kind != automatic.Person || f.Verified || f.Record.Verdicts.Authenticated() {
		return nil
	}
	i := slices.IndexFunc(f.Recipients, func(t identify.Address) bool { return t.Genuine && t.Purpose.FromCustomer() })
	if i < 0 || slices.ContainsFunc(c.clues, func(k clue) bool { return k.admitted }) {
		return nil
	}
	return Hold{Word: desk.HoldUnverified, Conversation: f.Recipients[i].Leads.Conversation,
		Reason: "it came to the reply address of a customer's conversation, from an address that does not belong there and that nobody vouches for"}
}

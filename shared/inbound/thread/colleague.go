package thread

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/inbound/identify"
)

// Agents forward what they were told, and whoever has it answers by its reply
// address, which is the agent's. Their words are never the agent's. A colleague of
// the same mailbox whom the receiving service vouches for is asked himself, and
// answers in his own name. What anybody else writes there becomes a note with that
// person's name if the agent says so. Only a mail that may be the agent's own, from
// an address that we do not know, is asked about as the agent's.

// fromSomebodyElse decides on a mail to an agent's reply address from an address
// that is not the agent's.
func (c Case) fromSomebodyElse(agent desk.Agent, conv desk.Conversation, t identify.Address) Decision {
	f := c.Facts
	colleague, listed := c.Settings.AgentAt(f.Sender)
	n := c.notice(agent, conv, t.Leads.Sequence)
	h := Hold{Conversation: t.Leads.Conversation, Mailbox: conv.Mailbox}
	switch {
	case listed && !(f.VouchedFor(colleague) && t.Meant && !t.Expired):
		h.Reason = "it came to your reply address in the name of " + called(colleague) + ", and the receiving service could not confirm that; " +
			"if " + called(colleague) + " wrote it, the answer is best written to our mail to " + called(colleague)
	case listed && Answers(c.Settings, colleague, conv):
		n = c.notice(colleague, conv, t.Leads.Sequence)
		n.Question = desk.ConfirmOwn
		h.Reason = "you wrote to the reply address of " + called(agent) + ", who had our mail"
	case !listed && resembles(agent, desk.Person{Name: f.Mail.From.Name, Address: f.Sender}):
		n.Question = desk.ConfirmRelease
		h.Reason = "it did not come from one of your own addresses; a reply address works only for the person it was made for"
	default:
		n.Question = desk.ConfirmNote
		h.Reason = "somebody else wrote it, to your reply address"
	}
	return c.askOrRefuse(n, h)
}

func called(a desk.Agent) string {
	if n := page.OneLine(a.Name); n != "" {
		return n
	}
	return a.ID
}

// resembles reports whether a sender whom we do not know may be the agent, writing
// from home: a word of the agent's name stands in the sender's name or address.
func resembles(agent desk.Agent, sender desk.Person) bool {
	local, _, _ := strings.Cut(sender.Address, "@")
	split := func(s string) []string {
		return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(" .,_-+\"'()\u00a0", r) })
	}
	theirs := append(split(sender.Name), split(local)...)
	for _, own := range append(split(agent.Name), split(agent.PublicName)...) {
		for _, w := range theirs {
			if len(own) > 2 && (w == own || len(own) > 3 && strings.HasPrefix(w, own)) {
				return true
			}
		}
	}
	return false
}

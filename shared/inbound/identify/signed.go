package identify

import (
	"errors"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/intent"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// Void reports whether an agent's reply address was made before the day from
// which the settings let the agent's addresses count. An address tells until when
// it is good, and all are good for as long.
func (t Address) Void(agent desk.Agent) bool {
	return !agent.Since.IsZero() && t.Expires.Add(-letters.AgentAddressGood).Before(agent.Since)
}

// opened are the signed addresses among these.
func opened(at Desk, m *email.Mail, p intent.Proof, addresses []string) (out []Address) {
	var bases []string
	for _, mb := range at.Settings.Mailboxes {
		bases = append(append(bases, mb.ReplyBase, mb.Address), mb.Aliases...)
	}
	for _, r := range addresses {
		text, base, ok := replyaddr.Find(bases, r)
		if !ok {
			continue
		}
		t, err := at.Keys.Open(text, at.Now)
		a := Address{Token: t, Expired: errors.Is(err, replyaddr.ErrExpired)}
		a.Genuine = err == nil || a.Expired
		a.Named = store.Place{Conversation: desk.ConversationID(t.Conversation), Sequence: int(t.LastSeen)}
		a.Leads = a.Named
		if a.Genuine && t.Purpose == replyaddr.Department {
			a.Department = departmentOf(at, t, carriers(at.Settings, base))
		} else if a.Genuine && !t.Purpose.FromCustomer() {
			a.Agent, a.Box = madeFor(at, t, carriers(at.Settings, base))
		}
		if a.Genuine && (t.Purpose.ByAgent() || t.Purpose == replyaddr.Confirm || t.Purpose == replyaddr.Department) {
			a.Meant, a.NotMeant = intent.Meant(m.Header, p, func(address string) bool {
				text, _, ok := replyaddr.Find(bases, address)
				if !ok {
					return false
				}
				x, err := at.Keys.Open(text, at.Now)
				return x == t && (err == nil || errors.Is(err, replyaddr.ErrExpired))
			})
		}
		out = append(out, a)
	}
	return out
}

// madeFor names the agent that an address was made for, and the mailbox whose it is.
// All agents are compared, each in constant time, so that the time tells nothing.
func madeFor(at Desk, t replyaddr.Token, mailboxes []string) (agent *desk.Agent, mailbox string) {
	for _, x := range at.Settings.Agents {
		for _, t.Mailbox = range mailboxes {
			if t.IsFor(at.Keys, x.ID) {
				agent, mailbox = &x, t.Mailbox
			}
		}
	}
	return agent, mailbox
}

// departmentOf is the department that an address was made for, found as an agent is.
func departmentOf(at Desk, t replyaddr.Token, mailboxes []string) (found *desk.Department) {
	for _, x := range at.Settings.Departments {
		for _, t.Mailbox = range mailboxes {
			if t.IsFor(at.Keys, x.ID) {
				found = &x
			}
		}
	}
	return found
}

// carriers are the mailboxes whose addresses are built on the base: several may
// share a domain for replies.
func carriers(s *desk.Settings, base string) (ids []string) {
	for _, mb := range s.Mailboxes {
		if slices.ContainsFunc(append([]string{mb.ReplyBase, mb.Address}, mb.Aliases...), func(own string) bool { return strings.EqualFold(own, base) }) {
			ids = append(ids, mb.ID)
		}
	}
	return ids
}

// Led gives every signed address the place that it leads to by now: agents may
// have split the conversation or joined it to another since it was made.
func (f Facts) Led(places map[store.Place]store.Place) Facts {
	for _, list := range []*[]Address{&f.Recipients, &f.Written, &f.Quoted} {
		*list = slices.Clone(*list)
		for i, t := range *list {
			if to, ok := places[t.Named]; ok && t.Genuine {
				(*list)[i].Leads = to
			}
		}
	}
	if f.AsForward != nil {
		g := f.AsForward.Led(places)
		f.AsForward = &g
	}
	return f
}

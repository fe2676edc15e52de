package inbound

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/email/subject"
)

// clue is one piece of evidence for a conversation.
type clue struct {
	rule     string // desk.EvidenceToken and its like
	detail   string
	conv     desk.Conversation
	sequence int    // the message there that it names; 0: none
	token    *named // for an address among the envelope recipients
	sent     string // for the id of a mail of ours: its outbox item
}

// evidence gives all that names a conversation, the strongest first; the essay
// of this package and docs/threading.md give the order.
func (a *arrival) evidence() []clue {
	out := a.byAddress(desk.EvidenceToken, a.tokens)
	out = append(out, a.byAddress(desk.EvidenceHeaderToken, a.written)...)
	out = append(out, a.byID(desk.EvidenceMessageID, a.answered())...)
	out = append(out, a.overtaken()...)
	out = append(out, a.itself()...)
	out = append(out, a.byAddress(desk.EvidenceQuotedToken, a.quoted)...)
	return append(out, a.byID(desk.EvidenceQuotedID, a.cited)...)
}

// byAddress gives what signed addresses name. An agent's address opens its door
// as an envelope recipient only, and is no evidence here; the envelope sender of
// our mail is one only where a report comes back to it.
func (a *arrival) byAddress(rule string, tokens []named) (out []clue) {
	for i, t := range tokens {
		conv, ok := a.found.Conversations[t.conversation()]
		if !ok || !t.genuine() {
			continue
		}
		c := clue{rule: rule, conv: conv, sequence: t.seen()}
		switch {
		case t.Purpose == replyaddr.Customer:
			c.detail = "customer's reply address"
		case t.Purpose == replyaddr.Bounce && rule == desk.EvidenceToken:
			c.detail = "envelope sender of our mail"
		default:
			continue
		}
		if t.expired() {
			c.detail += " (expired)"
		}
		if rule == desk.EvidenceToken {
			c.token = &tokens[i]
		}
		out = append(out, c)
	}
	return out
}

// byID gives what Message-IDs name: ours as composed or as the carrier rewrote
// them, the customer's own, those of other participants.
func (a *arrival) byID(rule string, ids []string) (out []clue) {
	for _, id := range ids {
		ref, ok := a.found.MessageIDs[id]
		if conv, known := a.found.Conversations[ref.Conversation]; ok && known {
			out = append(out, clue{rule: rule, detail: id, conv: conv, sequence: ref.Sequence, sent: ref.Outbox})
		}
	}
	return out
}

// itself gives where a mail with the same id came before: by another way, which
// added a footer to it, so that it is no duplicate. Some programs use one id for
// all mail they write; so the subject must be the same to bring a mail there.
func (a *arrival) itself() []clue {
	out := a.byID(desk.EvidenceMessageID, []string{a.mail.MessageID})
	return slices.DeleteFunc(out, func(c clue) bool {
		return a.admits(c) && (!subject.Same(c.conv.Subject, a.subject()) || !a.answersWhere(c.conv))
	})
}

// admits reports whether the sender belongs to the clue's conversation: its
// customer does, and whom an agent admitted. A token or an id proves nothing
// about who wrote. Automatic mail to the envelope sender of a mail to the
// customer is the customer's mailbox speaking, under whatever address.
func (a *arrival) admits(c clue) bool {
	if a.anybody || c.conv.Admits(a.author.Address, same) {
		return true
	}
	return a.kind != automatic.Person && c.token != nil && c.token.Purpose == replyaddr.Bounce
}

// bySubject finds the sender's conversation of the same subject among theirs,
// the latest first, for a mail that names none. A subject that stands over
// anything ("Question") counts only where the mail says that it is an answer,
// and a conversation that is closed is not opened again by a mail that does not.
// Answers must go to the same address: some systems write for everybody from one
// address, and say in Reply-To for whom. What such a system's mail is known to say
// about its author finds nothing at all, see claimed.
// An agent's own mail is never found so: what we tell agents has their
// customers' subjects, and so has what their programs answer to it.
func (a *arrival) bySubject(theirs []desk.Conversation) (clue, bool) {
	if _, agent := a.settings.AgentAt(a.author.Address); a.settings.SubjectWindow <= 0 || a.anybody || agent {
		return clue{}, false
	}
	s := subject.Read(a.subject())
	if s.Base == "" || !s.Reply && (a.kind != automatic.Person || !s.Telling()) {
		return clue{}, false
	}
	for _, c := range theirs {
		if c.Mailbox != a.mailbox.ID || a.in.ReceivedAt.Sub(c.Activity) > a.settings.SubjectWindow || !c.Admits(a.author.Address, same) || !a.answersWhere(c) {
			continue
		}
		if (s.Reply || c.State != desk.StateSolved) && subject.Read(c.Subject).Base == s.Base {
			return clue{rule: desk.EvidenceSubject, detail: clip(s.Base, maxName), conv: c}, true
		}
	}
	return clue{}, false
}

// beside finds the sender's own conversation that was opened when they wrote
// into one that is not theirs: what they write into that one again belongs there.
func (a *arrival) beside(clues []clue, theirs []desk.Conversation) (clue, bool) {
	for _, c := range clues {
		for _, t := range theirs {
			if slices.Contains(t.Linked, c.conv.ID) && t.Admits(a.author.Address, same) {
				return clue{rule: desk.EvidenceBeside, detail: c.detail, conv: t}, true
			}
		}
	}
	return clue{}, false
}

// kept is all evidence in the form in which it stays with the message.
func (a *arrival) kept(clues []clue) (out []desk.Clue) {
	for _, c := range clues {
		k := desk.Clue{Rule: c.rule, Detail: clip(c.detail, maxName), Conversation: c.conv.ID, Sequence: c.sequence, Admitted: a.admits(c)}
		if len(out) < desk.MaxClues && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// details writes down what decided, and what else is to be known of it.
func (a *arrival) details(chosen string) string {
	out := []string{chosen}
	if chosen == "" {
		out = nil
	}
	for _, t := range slices.Concat(a.tokens, a.written) {
		if !t.genuine() {
			out = append(out, "a reply address that was not made here")
			break
		}
	}
	if r := a.mail.Origin.Rule; r != "" && r != "from" {
		out = append(out, "author by "+r)
	}
	return clip(strings.Join(out, "; "), maxDetail)
}

package thread

import (
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/email/subject"
	"github.com/replywell/replywell/shared/inbound/identify"
)

// clue is one piece of evidence for a conversation.
type clue struct {
	rule     string // desk.EvidenceToken and its like
	detail   string
	conv     desk.Conversation
	sequence int    // the message there that it names; 0: none
	bounce   bool   // it is the envelope sender of a mail of ours, among the envelope recipients
	sent     string // for the id of a mail of ours: its outbox item
	admitted bool   // the sender belongs to the conversation
}

// evidence gives all that names a conversation, the strongest first; the essay
// of this package and docs/threading.md give the order.
func (c Case) evidence() []clue {
	f := c.Facts
	out := c.byAddress(desk.EvidenceToken, f.Recipients)
	out = append(out, c.byAddress(desk.EvidenceHeaderToken, f.Written)...)
	out = append(out, c.byID(desk.EvidenceMessageID, f.Answered)...)
	out = append(out, c.outOfOrder()...)
	out = append(out, c.itself()...)
	out = append(out, c.byAddress(desk.EvidenceQuotedToken, f.Quoted)...)
	return append(out, c.byID(desk.EvidenceQuotedID, f.Cited)...)
}

// byAddress gives what signed addresses name. An agent's address opens its door
// as an envelope recipient only, and is no evidence here; the envelope sender of
// our mail is one only where a report comes back to it.
func (c Case) byAddress(rule string, addresses []identify.Address) (out []clue) {
	for _, t := range addresses {
		conv, ok := c.Found.Conversations[t.Leads.Conversation]
		if !ok || !t.Genuine {
			continue
		}
		k := clue{rule: rule, conv: conv, sequence: t.Leads.Sequence}
		switch {
		case t.Purpose == replyaddr.Customer:
			k.detail = "customer's reply address"
		case t.Purpose == replyaddr.Rating:
			k.detail = "the address at which the customer says whether it is solved"
		case t.Purpose == replyaddr.Department && conv.Admits(c.Facts.Author.Address, identify.Same): // they stood in copy
			k.detail = "a department's reply address"
		case t.Purpose == replyaddr.Bounce && rule == desk.EvidenceToken:
			k.detail, k.bounce = "envelope sender of our mail", true
		default:
			continue
		}
		if t.Expired {
			k.detail += " (expired)"
		}
		k.admitted = c.admits(k)
		out = append(out, k)
	}
	return out
}

// byID gives what Message-IDs name: ours as composed or as the carrier rewrote
// them, the customer's own, those of other participants.
func (c Case) byID(rule string, ids []string) (out []clue) {
	for _, id := range ids {
		ref, ok := c.Found.MessageIDs[id]
		if conv, known := c.Found.Conversations[ref.Conversation]; ok && known {
			k := clue{rule: rule, detail: id, conv: conv, sequence: ref.Sequence, sent: ref.Outbox}
			k.admitted = c.admits(k)
			out = append(out, k)
		}
	}
	return out
}

// itself gives where a mail with the same id came before: by another way, which
// added a footer to it, so that it is no duplicate. Some programs use one id for
// all mail they write; so the subject must be the same to bring a mail there.
func (c Case) itself() []clue {
	out := c.byID(desk.EvidenceMessageID, []string{c.Facts.Mail.MessageID})
	return slices.DeleteFunc(out, func(k clue) bool {
		return k.admitted && (!subject.Same(k.conv.Subject, c.Facts.Subject) || !answersWhere(c.Facts, k.conv))
	})
}

// admits reports whether the sender belongs to the clue's conversation: its
// customer does, and whom an agent admitted. A token or an id proves nothing
// about who wrote. Automatic mail to the envelope sender of a mail to the
// customer is the customer's mailbox speaking, under whatever address.
func (c Case) admits(k clue) bool {
	return c.Facts.AnySender || k.conv.Admits(c.Facts.Author.Address, identify.Same) || c.samePerson(k.conv) || k.bounce && c.Facts.Kind != automatic.Person
}

// samePerson reports whether the author is the conversation's customer under another
// address of theirs, as an agent said. A conversation that was arranged stays with the
// address that it has: what is led there is led by it.
func (c Case) samePerson(conv desk.Conversation) bool {
	return c.Facts.Forward == nil && c.Facts.Verified && conv.Arranged == 0 && conv.Into == "" && len(conv.Moves) == 0 &&
		slices.ContainsFunc(c.Found.Same, func(x string) bool { return identify.Same(x, conv.Customer.Address) })
}

// answersWhere reports whether the mail asks for answers where the conversation's
// first mail did.
func answersWhere(f identify.Facts, conv desk.Conversation) bool {
	return identify.Canonical(f.AnswersTo) == identify.Canonical(conv.ReplyTo)
}

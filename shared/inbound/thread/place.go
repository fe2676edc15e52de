package thread

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/subject"
	"github.com/replywell/replywell/shared/inbound/identify"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// maxLinked bounds the conversations that one is linked to.
const maxLinked = 20

// place puts the mail into its conversation, or opens one. The first piece of
// evidence whose conversation the sender belongs to decides. Evidence that names
// a conversation which they do not belong to links the two, so that agents see
// it, and opens nothing to the sender. Where two conversations of the sender's
// own are named, they are linked, and it is the agents who join them.
func place(c Case) Decision {
	if i := slices.IndexFunc(c.clues, func(k clue) bool { return k.admitted }); i >= 0 {
		return c.join(c.clues[i], c.clues)
	}
	f := c.Facts
	nameless := f.Author.Address == "" || f.AnySender
	if !nameless && c.Found.Theirs == nil {
		return Need{Theirs: f.Author.Address}
	}
	var theirs []desk.Conversation
	if !nameless && !f.Claimed {
		theirs = c.Found.Theirs
	}
	if k, ok := c.beside(theirs); ok {
		return c.join(k, append(slices.Clone(c.clues), k))
	}
	about := subject.Read(f.Subject)
	if about.Reply && about.Base != "" && !nameless && !f.Claimed && c.Settings.SubjectWindow > 0 && c.Found.Joined == nil {
		return Need{Joined: desk.SubjectWord(f.Author.Address, about.Base)}
	}
	if k, ok := c.bySubject(slices.Concat(c.Found.Joined, theirs)); ok {
		return c.join(k, append(slices.Clone(c.clues), k))
	}
	return c.open(theirs)
}

// bySubject finds the sender's conversation of the same subject among theirs,
// the latest first, for a mail that names none. A subject that stands over
// anything ("Question") counts only where the mail says that it is an answer,
// and a conversation that is closed is not opened again by a mail that does not.
// Answers must go to the same address: some systems write for everybody from one
// address, and say in Reply-To for whom. What such a system's mail is known to say
// about its author finds nothing at all, see identify.Facts.Claimed.
// An agent's own mail is never found so: what we tell agents has their
// customers' subjects, and so has what their programs answer to it.
func (c Case) bySubject(theirs []desk.Conversation) (clue, bool) {
	f, window := c.Facts, c.Settings.SubjectWindow
	if _, agent := c.Settings.AgentAt(f.Author.Address); window <= 0 || f.AnySender || agent {
		return clue{}, false
	}
	s := subject.Read(f.Subject)
	if s.Base == "" || !s.Reply && (f.Kind != automatic.Person || !s.Telling()) {
		return clue{}, false
	}
	for _, t := range theirs {
		if t.Mailbox != f.Mailbox.ID || f.Record.ReceivedAt.Sub(t.Activity) > window || !t.Admits(f.Author.Address, identify.Same) || !answersWhere(f, t) {
			continue
		}
		if (s.Reply || t.State != desk.StateSolved) && subject.Read(t.Subject).Base == s.Base {
			return clue{rule: desk.EvidenceSubject, detail: identify.Clip(s.Base, identify.MaxName), conv: t, admitted: true}, true
		}
	}
	return clue{}, false
}

// beside finds the sender's own conversation that was opened when they wrote
// into one that is not theirs: what they write into that one again belongs there.
func (c Case) beside(theirs []desk.Conversation) (clue, bool) {
	for _, k := range c.clues {
		for _, t := range theirs {
			if slices.Contains(t.Linked, k.conv.ID) && t.Admits(c.Facts.Author.Address, identify.Same) {
				return clue{rule: desk.EvidenceBeside, detail: k.detail, conv: t, admitted: true}, true
			}
		}
	}
	return clue{}, false
}

// join adds the mail to a conversation that exists.
func (c Case) join(by clue, clues []clue) Decision {
	f, conv := c.Facts, by.conv
	d := Message{Mailbox: f.Mailbox, Facts: f, Rota: c.Found.Rota}
	d.Names, d.Claims = names(f, c.Found.Found, c.asked)
	if mb, ok := c.Settings.Mailbox(conv.Mailbox); ok {
		d.Mailbox = mb
	}
	if f.Kind == automatic.Person && !conv.Admits(f.Author.Address, identify.Same) && c.samePerson(conv) { // an answer goes to the address that wrote last
		conv.Customer.Address, conv.ReplyTo = f.Author.Address, f.AnswersTo
	}
	d.Same = c.Found.Same
	conv.Mailbox = d.Mailbox.ID // another one only where its own is gone from the settings
	d.Evidence = desk.Evidence{Rule: by.rule, Detail: details(f, by.detail), Found: kept(clues)}
	if d.History = around(c.Found.Around, conv); d.History == nil && !f.AnySender {
		if c.Found.History == nil {
			return Need{History: &conv}
		}
		d.History = c.Found.History
	}
	var need Need
	if d.Part, need = c.part(conv, d.History); need != (Need{}) {
		return need
	}
	if by.rule == desk.EvidenceBeside {
		d.Linked = &clues[0].conv
		d.Evidence.Linked = d.Linked.ID
	}
	if !f.AnySender {
		linkOthers(&d, &conv, clues)
		conv.Propose(f.Proposable, identify.Same)
	}
	d.Conversation = conv
	return d
}

// linkOthers links the sender's other conversations that the mail names as well,
// and gives them to the agents to join, if they are not linked already.
func linkOthers(d *Message, conv *desk.Conversation, clues []clue) {
	for _, k := range clues {
		if k.conv.ID == conv.ID || !k.admitted || slices.Contains(conv.Linked, k.conv.ID) || len(conv.Linked) >= maxLinked {
			continue
		}
		conv.Linked = append(slices.Clone(conv.Linked), k.conv.ID)
		d.Others = append(d.Others, k.conv)
		d.NamesOthers = true
		if other := k.conv; !slices.Contains(other.Linked, conv.ID) && len(other.Linked) < maxLinked {
			other.Linked = append(slices.Clone(other.Linked), conv.ID)
			d.Changed = append(d.Changed, other)
		}
	}
}

// around gives the messages that came with the lookup, if they are the
// conversation's last ones; it saves a request.
func around(near []desk.Message, conv desk.Conversation) []desk.Message {
	if n := len(near); n == 0 || near[n-1].Conversation != conv.ID || near[n-1].Sequence != conv.Messages {
		return nil
	}
	return near
}

// open begins a conversation with the mail. One that a machine begins waits for
// nobody: it is not counted as a concern until a person writes in it. Of an author
// who is only claimed, agents are told how many earlier conversations there are,
// and not which.
func (c Case) open(theirs []desk.Conversation) Decision {
	f := c.Facts
	d := Message{New: true, Mailbox: f.Mailbox, Others: theirs, Same: c.Found.Same, Facts: f, Rota: c.Found.Rota,
		Evidence: desk.Evidence{Rule: desk.EvidenceNew, Detail: details(f, ""), Found: kept(c.clues)}}
	d.Names, d.Claims = names(f, c.Found.Found, c.asked)
	d.Conversation = desk.Conversation{Mailbox: f.Mailbox.ID, Customer: f.Author, ReplyTo: f.AnswersTo, Subject: f.Subject, State: desk.StateAnswered, Opened: f.Record.ReceivedAt}
	if f.Forward != nil {
		d.Evidence.Rule, d.Evidence.Detail = desk.EvidenceAgentForward, f.Forward.Agent.ID
	}
	if f.Claimed && f.Author.Address != "" && !f.AnySender {
		d.Namesakes = len(c.Found.Theirs)
	}
	if len(c.clues) > 0 {
		d.Linked = &c.clues[0].conv
		d.Evidence.Linked = d.Linked.ID
		d.Conversation.Linked = []desk.ConversationID{d.Linked.ID}
		if there := proposedThere(f, *d.Linked); there != nil {
			d.LinkBack = len(there.Linked) < maxLinked
			d.Changed = append(d.Changed, *there)
		}
	}
	d.Conversation.Propose(f.Proposable, identify.Same)
	return d
}

// HistoryFrom is the number of the first of the messages that agents are shown of
// a conversation, beside its first.
func HistoryFrom(conv desk.Conversation) int { return max(1, conv.Messages-letters.MaxHistory+1) }

// kept is all evidence in the form in which it stays with the message.
func kept(clues []clue) (out []desk.Clue) {
	for _, k := range clues {
		d := desk.Clue{Rule: k.rule, Detail: identify.Clip(k.detail, identify.MaxName), Conversation: k.conv.ID, Sequence: k.sequence, Admitted: k.admitted}
		if len(out) < desk.MaxClues && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

// maxDetail bounds Evidence.Detail, in bytes.
const maxDetail = 600

// details writes down what decided, and what else is to be known of it.
func details(f identify.Facts, chosen string) string {
	out := []string{chosen}
	if chosen == "" {
		out = nil
	}
	if slices.ContainsFunc(slices.Concat(f.Recipients, f.Written), func(t identify.Address) bool { return !t.Genuine }) {
		out = append(out, "a reply address that was not made here")
	}
	if r := f.Mail.Origin.Rule; r != "" && r != "from" {
		out = append(out, "author by "+r)
	}
	return identify.Clip(strings.Join(out, "; "), maxDetail)
}

// answeredEntry is the entry of a conversation that the mail answers, by its
// number; 0 is none in particular. Only where conversations were joined does it matter.
func (c Case) answeredEntry(conv desk.Conversation) (n int) {
	if !conv.Joined() {
		return 0
	}
	for _, t := range c.Facts.Recipients {
		if t.Genuine && t.Leads.Conversation == conv.ID {
			return t.Leads.Sequence
		}
	}
	for _, id := range append(slices.Clone(c.Facts.Answered), c.Facts.Mail.MessageID) {
		if ref, ok := c.Found.MessageIDs[id]; ok && ref.Conversation == conv.ID {
			return ref.Sequence
		}
	}
	return 0
}

// part finds which of the conversations that were joined the mail belongs to,
// by the entry that it answers; "" is the conversation itself.
func (c Case) part(conv desk.Conversation, history []desk.Message) (desk.ConversationID, Need) {
	n := c.answeredEntry(conv)
	if n < 1 {
		return "", Need{}
	}
	is := func(m desk.Message) bool { return m.Sequence == n }
	i := slices.IndexFunc(history, is)
	if i >= 0 {
		return history[i].Part, Need{}
	}
	if c.Found.Entry == nil {
		return "", Need{Entry: store.Place{Conversation: conv.ID, Sequence: n}}
	}
	if i := slices.IndexFunc(c.Found.Entry, is); i >= 0 {
		return c.Found.Entry[i].Part, Need{}
	}
	return "", Need{}
}

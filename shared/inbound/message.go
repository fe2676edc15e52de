package inbound

import (
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/thanks"
	"github.com/replywell/replywell/shared/inbound/identify"
	"github.com/replywell/replywell/shared/inbound/thread"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/priority"
	"github.com/replywell/replywell/shared/waiting"
)

// maxAttachments bounds the files that are described in a message.
const maxAttachments = 100

// entry is a message and what it does to its conversation.
type entry struct {
	thread.Message                   // what was decided
	conv           desk.Conversation // with the message
	solved         desk.Conversation // as it was before it was reopened
	reopened       bool
	tap            tap            // what the customer says of an answer by the address it came to
	quiet          bool           // the tap says that it is solved, and the mail no more: nobody is told
	settled        bool           // it was open to be settled, and is, as the customer says so
	thanks         bool           // the mail does nothing but thank, in a conversation that waits for nobody
	signature      string         // of the mail, where agents have not seen it from this sender
	notes          []desk.Message // what an agent wrote above a mail that was passed on
	history        []desk.Message // with notes
	message        desk.Message

	handed  string // whose it was until now, and why it is no more; "" where nothing changed
	offered []desk.Suggestion
	past    []desk.PastAnswer // only where no article is likely
	draft   *desk.DraftAnswer

	moment waiting.Moment // to do more for the customer than is asked
	since  time.Time      // when they became one, where that is why

	acknowledged *letters.Acknowledged // what the customer is told at once; nil is nothing
}

// newEntry makes the message and lets it change the conversation, which has an id.
// Automatic mail is kept and shown, and changes nothing about whose turn it is.
func newEntry(d thread.Message, s *desk.Settings) *entry {
	f, e := d.Facts, &entry{Message: d, conv: d.Conversation, history: d.History}
	e.comment()
	m := f.Mail
	e.message = desk.Message{Conversation: e.conv.ID, Kind: desk.KindCustomer, From: f.Author, At: f.Record.ReceivedAt, Subject: f.Subject,
		MessageID: bounded(m.MessageID), Inbound: f.Record.ID, Raw: f.Record.Raw, Verified: f.Verified, Evidence: d.Evidence, Part: d.Part,
		Beside: letters.Beside(d.Others), Proposed: letters.Proposed(e.conv)}
	e.message.Text = identify.Clip(f.Text, desk.MaxInlineText)
	e.message.TextCut = len(e.message.Text) < len(f.Text)
	e.sign()
	e.message.Attachments = f.Files[:min(len(f.Files), maxAttachments)]
	if f.Kind == automatic.Person {
		e.personWrote(s)
	} else {
		e.message.Kind = desk.KindAutomatic
		e.message.Automatic = identify.Clip(string(f.Kind)+" "+m.Automatic.Rule, identify.MaxName)
		e.conv.Messages++
		e.conv.Active(f.Record.ReceivedAt)
	}
	e.message.Sequence = e.conv.Messages
	return e
}

// personWrote lets a person's message change the conversation. The customer's
// program knows the letter and not its envelope, and the mail that was passed on
// and not the agent's; so the answer must name that one's id.
func (e *entry) personWrote(s *desk.Settings) {
	f, letter := e.Facts, e.Facts.Mail.Letter()
	id, references := e.message.MessageID, letter.References
	if len(references) == 0 {
		references = letter.InReplyTo
	}
	if l := bounded(letter.MessageID); letter != f.Mail && l != "" {
		id = l
	}
	if f.Forward != nil {
		e.message.Agent = f.Forward.Agent.ID
		id, references = f.Forward.MessageID, f.Forward.References
	}
	references = slices.DeleteFunc(slices.Clone(desk.TrimReferences(references)), func(id string) bool { return bounded(id) != id })
	e.solved = e.conv
	if e.tap = tapped(f, e.conv); e.tap.said != "" {
		e.rated(s, id)
		return
	}
	e.message.Thanks = merelyThanks(f.Text, f, s, e.Mailbox)
	if e.thanks = e.message.Thanks && e.conv.State != desk.StateOpen && e.conv.Answers > 0; e.thanks {
		e.conv.CustomerThanked(f.Record.ReceivedAt, id, references)
	} else {
		e.reopened = e.conv.CustomerWrote(f.Record.ReceivedAt, id, references)
		e.conv.Mood = priority.Mood(f.Subject, f.Text, e.pressing(), e.conv.Reopened)
		if e.message.Thanks { // there is nothing in it to come back for
			e.conv.Snoozed = e.solved.Snoozed
		}
	}
}

// rated lets what a customer said with a tap change the conversation. "Solved" settles it,
// and whatever else they wrote counts as it would alone; "not yet" is their mail, and it is
// our turn. A mail program begins a new thread for a tap, so the answer to it names the mails
// before.
func (e *entry) rated(s *desk.Settings, id string) {
	f := e.Facts
	if !e.tap.late {
		e.message.Rated = e.tap.said
	}
	e.message.Subject = e.conv.Subject
	if e.message.Text == identify.NoText {
		e.message.Text = map[desk.Rated]string{desk.RatedSolved: "Yes", desk.RatedNotYet: "Not yet"}[e.tap.said]
	}
	references := e.conv.Thread.References
	e.message.Thanks = e.tap.glad(f, s, e.Mailbox) || merelyThanks(e.tap.words, f, s, e.Mailbox) && e.tap.said == desk.RatedSolved
	if !e.message.Thanks {
		e.reopened = e.conv.CustomerWrote(f.Record.ReceivedAt, id, references)
		e.conv.Mood = priority.Mood(e.conv.Subject, e.tap.words, e.pressing(), e.conv.Reopened)
		return
	}
	e.thanks = merelyThanks(e.tap.words, f, s, e.Mailbox)
	e.quiet = !e.thanks
	e.conv.CustomerThanked(f.Record.ReceivedAt, id, references)
	if e.conv.State == desk.StateAnswered && !e.tap.late {
		e.settled = e.conv.Close(f.Record.ReceivedAt)
	}
}

// found finds whether the mail is a moment for more. Of whom a form only names nothing is
// known.
func (e *entry) found(s *desk.Settings) {
	if e.message.Kind != desk.KindCustomer || e.message.Thanks || e.Facts.Claimed || e.Facts.Forward != nil {
		return
	}
	e.moment, e.since = waiting.MomentOf(s, waiting.Contact{Conversation: e.conv, Others: e.Others, New: e.New, Reopened: e.reopened,
		Proven: e.message.Verified, At: e.message.At})
}

// pressing counts the customer's mails since our last answer, this one left out.
func (e *entry) pressing() (n int) {
	for i := len(e.history) - 1; i >= 0 && e.history[i].Kind != desk.KindAnswer; i-- {
		if m := e.history[i]; m.Kind == desk.KindCustomer && !m.Thanks {
			n++
		}
	}
	return n
}

// comment puts what an agent wrote above a forwarded mail into the conversation,
// as a note that never leaves, before the mail itself.
func (e *entry) comment() {
	b := e.Facts.Forward
	if b == nil || b.Comment == "" {
		return
	}
	e.conv.Messages++
	text := identify.Clip(b.Comment, desk.MaxInlineText)
	e.notes = []desk.Message{{Conversation: e.conv.ID, Sequence: e.conv.Messages, Kind: desk.KindNote, Agent: b.Agent.ID,
		From: desk.Person{Name: b.Agent.Name, Address: e.Facts.Sender}, At: e.Facts.Record.ReceivedAt, Subject: b.Subject, Inbound: e.Facts.Record.ID, Raw: e.Facts.Record.Raw,
		Verified: true, Evidence: e.Evidence, Text: text, TextCut: len(text) < len(b.Comment)}}
	e.history = slices.Concat(e.history, e.notes)
}

// sign keeps the mark of the mail's signature with the conversation, and the
// signature itself for the notification where it is not known. What is set aside
// as a signature may be something that the customer said: a program judges that,
// and may be wrong. So agents see it below the text, folded, unless it is the one
// that they have seen from this sender before.
func (e *entry) sign() {
	mark := e.Facts.Signed
	if mark == "" {
		return
	}
	known := slices.Contains(e.conv.Signed, mark)
	if e.New { // others are the sender's own then
		known = known || slices.ContainsFunc(e.Others, func(c desk.Conversation) bool { return slices.Contains(c.Signed, mark) })
	}
	if !known {
		e.signature = e.Facts.Signature
	}
	if !slices.Contains(e.conv.Signed, mark) {
		e.conv.Signed = append(slices.Clone(e.conv.Signed), mark)
		e.conv.Signed = e.conv.Signed[max(0, len(e.conv.Signed)-desk.MaxSigned):]
	}
}

// merelyThanks tells whether a mail does nothing but thank. A file that comes with
// it says more.
func merelyThanks(text string, f identify.Facts, s *desk.Settings, mb desk.Mailbox) bool {
	for _, a := range f.Mail.Attachments {
		if !a.Inline {
			return false
		}
	}
	_, mere := thanks.Mere(text, peopleOf(f, s, mb)...)
	return mere
}

// peopleOf are the names of those who write to each other.
func peopleOf(f identify.Facts, s *desk.Settings, mb desk.Mailbox) []string {
	names := []string{f.Author.Name, mb.Name, strings.NewReplacer(".", " ", "_", " ").Replace(f.Author.Address)}
	for _, agent := range s.AgentsOf(mb) {
		names = append(names, agent.Name, agent.PublicName)
	}
	return names
}

// bounded is an id that a header line can carry, else "".
func bounded(id string) string {
	if len(id) > identify.MaxIDLength {
		return ""
	}
	return id
}

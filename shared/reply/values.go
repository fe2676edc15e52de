package reply

import (
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/sender"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/orders"
	"github.com/replywell/replywell/shared/store"
)

// What goes along the line, in this order; see the package's page.

// written is an agent's mail, with what the agent said of it since.
type written struct {
	in   *desk.Inbound // the record of the mail that is carried out
	mail *email.Mail
	verdict
	held  *desk.Inbound // the record of the mail that this text came in, where it is carried out at a word of in's
	shown string        // what the agent was told of it then, where it goes out in spite of that
	asked string        // and the Message-ID of the mail that asks for it
	late  bool          // it waited for the agent's word, and is said when that came
}

// verdict is how the agent settled what was doubtful in a mail.
type verdict struct {
	said string // the word
	of   string // the digest of what was shown then
}

// origin is the record of the mail that the text came in.
func (w written) origin() *desk.Inbound {
	if w.held != nil {
		return w.held
	}
	return w.in
}

// at is when the agent said it: now, where it waited for the agent's word.
func (w written) at(f commands.Facts) time.Time {
	if w.in.ReceivedAt.IsZero() || w.late {
		return f.Now
	}
	return w.in.ReceivedAt
}

// request is what a mail asks for, with what it brings for that. What is done is
// decided from it, and the mail itself is not looked at any more.
type request struct {
	orders.Reading
	html       string // what the agent wrote, formatted; "" where that is not to be had
	ending     string // how they took leave
	postscript string // what stands below that
	files      []compose.Attachment
	again      bool // it waited or was held back, and is carried out at its author's word
	literal    literal
}

// literal is what a customer is to read as it stands, though it looks like a command.
type literal struct {
	lines []string // written "\#"
	whole string   // all that the agent saw and sent all the same
}

// has reports whether a piece of a text is to be read as it stands.
func (l literal) has(span string) bool {
	if l.whole != "" {
		return strings.Contains(fold(l.whole), fold(span))
	}
	return slices.ContainsFunc(l.lines, func(s string) bool { return fold(s) == fold(span) })
}

// doubtful stops a mail of which a line may be an order, or a word to a
// colleague: the agent is asked.
type doubtful struct{ *orders.Doubt }

func (d *doubtful) Error() string { return "doubtful: " + d.Line }

// past is what the bounds of an answer are measured by.
type past struct {
	since  time.Time           // when the mail came that is carried out at a word
	sent   bool                // the text was sent already, at the agent's word
	outbox string              // under which it is sent at a word
	beside []desk.Conversation // the customer's latest conversations
}

// plan is what is to happen with a mail: what its orders come to, and where its
// text goes.
type plan struct {
	commands.Plan
	answer  *writing      // to the customer
	note    *writing      // to the team
	outbox  string        // under which the answer is sent, where it is at a word
	quiet   bool          // one of many that are told at once: no colleague is mailed of each
	asked   *store.Budget // the customer is asked whether it is solved, and is not soon again; nil: not asked
	perhaps string        // what of the answer may be for the team; "" is nothing
	draft   string        // the agent's own text that is to become an article; "" is none
	literal literal
	along   []compose.Attachment // to the department that is asked
}

// answerID is the outbox id under which the answer is sent.
func (p plan) answerID(f commands.Facts, w written) string {
	if w.held != nil {
		return p.outbox
	}
	return desk.DerivedID(f.Mail, "answer")
}

// writing is a text as it is passed on.
type writing struct {
	text, html string
	files      []compose.Attachment
	// Of an answer's files, those that are mailed and those that are linked, and the links.
	mailed, linked []compose.Attachment
	links          []letters.FileLink
}

// waits is why what the agent wrote is neither carried out nor refused: it waits
// for the agent's word. about is one of the desk's Waits words.
type waits struct {
	about   string
	news    []desk.Message
	greets  bool     // a note that begins like a letter to the customer
	given   bool     // the conversation is given to a colleague, whom the text may be for
	blocked []string // who would get it, and is blocked
	jotted  bool     // the text beside an order speaks about the customer
}

func (w *waits) Error() string { return "it waits for the agent's word: " + w.about }

// notice is what is recorded of a mail that only its author hears of, and the
// letter that tells of it. A day has room for so many such letters.
type notice struct {
	outcome desk.Outcome
	reason  string             // of the record
	of      string             // the id of the mail whose text was refused, where it was another's; for the agent's next word
	counted []desk.Event       // what the reports are told of it
	aside   *commands.Aside    // what is set aside or brought back, and who is blocked; nil: nothing
	rota    *desk.Rota         // who is here from now on, where that changes
	ask     *desk.Confirmation // what the letter asks, if it does
	// later is what the record says instead where there is no room, as the text is
	// given back with it; "" is the change's own reason.
	later    string
	commands bool // the letter lists what can be written
	// write writes the letter, in its place. sendable is the number of a ready answer that
	// can be sent, or 0.
	write func(l letters.Writer, at slot, sendable int) (letters.Ready, error)
}

// slot is the place of a notice among those of a day.
type slot struct {
	id     string
	number int // counted from 0
}

// last reports whether the day has room for no other.
func (s slot) last() bool { return s.number == mostNotices-1 }

// A vacation program that answers our notifications from an agent's mailbox,
// says nothing of what it is and changes its Message-IDs cannot be told from
// the agent by any one mail. It can be told by its pace, and by saying the same
// again; neither depends on a header. The bounds are well above what a person
// does, within a day each.
const (
	day            = 24 * time.Hour
	mostAnswers    = 20 // of one agent in one conversation
	mostToCustomer = 60 // to one customer in the conversations opened since
	mostNotices    = 10 // about refused mail, to one agent in one conversation
	repeatedLength = 40 // bytes; a shorter text, such as "Thank you!", may come twice
)

// fileNames lists files for a letter, names cut to so many bytes.
func fileNames(files []compose.Attachment, length int) (names []string) {
	for _, a := range files {
		names = append(names, page.Excerpt(a.Filename, length)+", "+page.Size(int64(a.Size)))
	}
	return names
}

// fold makes texts comparable that were wrapped at different places.
func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// cut bounds a text for the conversation's entry; the whole mail is kept raw.
func cut(s string) (string, bool) {
	if len(s) <= desk.MaxInlineText {
		return s, false
	}
	return strings.ToValidUTF8(s[:desk.MaxInlineText], ""), true
}

// addressees are whom an answer in the conversation goes to.
func addressees(c desk.Conversation) []string {
	out := []string{c.Customer.Address, c.ReplyTo}
	for _, p := range c.Participants {
		out = append(out, p.Address)
	}
	return out
}

// namesOf are the names of addresses, and names of senders as they are.
func namesOf(said []string) (out []string) {
	for _, s := range said {
		if strings.HasPrefix(s, "@") {
			s = "x" + s // a domain is blocked by those above it, too
			out = append(out, sender.Names(s)[1:]...)
			continue
		}
		out = append(out, sender.Names(s)...)
	}
	return slices.Compact(out)
}

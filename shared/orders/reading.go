package orders

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
)

// Mail is what an agent newly wrote, as far as orders can stand in it.
type Mail struct {
	Text    string // the agent's own new text; lines that begin with ">" are what it answers
	HTML    string // the same with its elements; "" where there is none
	Aside   string // what reading set aside as a signature: an order may have got there
	Subject string // as it came
	Of      string // the subject of the conversation that is answered
}

// Desk is who and what is around the mail. Names may have several words.
type Desk struct {
	Self       []string // names of who wrote it
	Colleagues []string // names of the others of the team
	Customer   []string // names of the customer
	Offered    int      // how many ready answers the mail that is answered offers
	// Now is when the mail was written, in the time zone of who wrote it, and Opens when
	// their work begins, in minutes after midnight: "until Tuesday" is read by them.
	Now   time.Time
	Opens int
	// Templates gives the names of the templates that can be sent; nil takes any name for
	// one. It is asked where a mail names one.
	Templates func() []string
	// Departments can be asked; nil takes any line of #forward for one.
	Departments []Department
	// Encoder helps to tell whom a text speaks to; without one its small words must do.
	Encoder Encoder
}

// Reading is what a mail asks for.
type Reading struct {
	Commands []desk.Command
	Text     string // for the customer
	Below    string // for the customer too, behind the ready answers
	Note     string // for the team
	Question string // for the department that #forward names
	// AsWritten: Text is all that was written, so that its formatting may go along.
	AsWritten bool
	// Nothing: there is no word in it but greeting, signature and the like. Text is
	// then what may stand above a file: the greeting, and how the letter ends.
	Nothing bool
	// Jotted: Text stands beside orders, and may be for the team all the same.
	Jotted bool
	// Perhaps is the text, or its last paragraph, where it may be a jotting for the team and
	// is too likely an answer to be asked about; "" is none.
	Perhaps string
	// Signs are lines with a "#" that was written "\#": no orders, though they look it.
	Signs []string
	// Doubt is why none of it may be done before the agent was asked; nil: none.
	Doubt *Doubt
}

// Doubt is a line that may be an order, or a word to a colleague.
type Doubt struct {
	Line  string   // as the agent wrote it, shortened
	Why   string   // a stable word
	Meant string   // the order that it may be: "#note"; "" where nobody could say
	Yes   *Reading // what is done if it is; nil where Meant is ""
	Of    string   // "to a report": the mail of ours in reply to which it is an order; "" is none

	line  int    // which line it is, and what it is meant as; "" where nobody could say
	meant string // or where Yes is known already
}

// Why there is a doubt.
const (
	WhySlip      = "slip"      // nearly a command
	WhyOther     = "other"     // another word for one
	WhyUnknown   = "unknown"   // a sign and a word that is none
	WhyLabel     = "label"     // "note:", "internal:"
	WhyColleague = "colleague" // speaks to somebody of the team
	WhyAbout     = "about"     // speaks about the customer, not to them
	WhySpoken    = "spoken"    // an order in plain words
	WhyTail      = "tail"      // words behind a command that takes none
	WhyBorder    = "border"    // where the answer ends and the note begins
	WhyWithin    = "within"    // an order in the middle of a line
)

// Has reports whether the reading names the command.
func (r Reading) Has(name string) bool {
	for _, c := range r.Commands {
		if c.Name == name {
			return true
		}
	}
	return false
}

// keepAnswer is #note with nothing to keep but an answer that waits.
var keepAnswer = desk.Command{Name: desk.CommandNote, Word: desk.NoteAnswer}

// maxDepth bounds how often a mail is read anew with a doubt settled.
const maxDepth = 4

// check refuses what contradicts itself.
func (r Reading) check() error {
	no := func(line, why string) error { return &desk.CommandError{Line: line, Why: why} }
	for _, o := range r.Commands {
		if c, _ := commands.Named(o.Name); c.Alone && len(r.Commands) > 1 {
			return no("#"+c.Name, "it stands alone; send the other commands in a mail of their own")
		}
	}
	switch {
	case r.Has(desk.CommandSendAnyway) && (len(r.Commands) > 1 || r.Text != ""):
		return no("#send-anyway", "it stands alone, because it sends the answer that was held back as it was; to send another text, leave it out")
	case r.Has(desk.CommandSnooze) && (r.Has(desk.CommandClose) || r.Has("open")), r.Has(desk.CommandPending) && (r.Has(desk.CommandClose) || r.Has("open")), r.Has(desk.CommandClose) && r.Has("open"):
		return no("#snooze, #pending, #open, #close", "each says something else of what is next; use one of them")
	case r.before(desk.CommandNote, desk.CommandTemplate):
		return no("#note #template", "a note is never sent, so they do not go together; use one of them")
	case r.before(desk.CommandNote, desk.CommandSend):
		return no("#note #send", "a note is never sent, so they do not go together; use one of them")
	case r.Has(desk.CommandNote) && r.Note == "" && !slices.Contains(r.Commands, keepAnswer):
		return no("#note", "there is no text below it to keep as a note")
	case r.before(desk.CommandNote, desk.CommandAnswer):
		return no("#note #answer", "a note is never sent, so they do not go together; use one of them")
	case r.Has(desk.CommandLearn) && r.Has(desk.CommandNote) && r.Text == "":
		return no("#learn #note", "#learn makes an article of an answer, and a note is never sent; use one of them")
	case r.Has(desk.CommandLearn) && r.Text == "":
		return no("#learn", "there is no text below it to make an article of")
	}
	return nil
}

// before reports whether one command stands above another.
func (r Reading) before(a, b string) bool {
	seen := false
	for _, c := range r.Commands {
		if c.Name == b && seen {
			return true
		}
		seen = seen || c.Name == a
	}
	return false
}

// shown writes commands as an agent would.
func shown(commands []desk.Command) string {
	var out []string
	for _, c := range commands {
		switch {
		case c.Argument > 0:
			out = append(out, fmt.Sprintf("#%s %d", c.Name, c.Argument))
		case c.Word != "":
			out = append(out, "#"+c.Name+" "+c.Word)
		default:
			out = append(out, "#"+c.Name)
		}
	}
	return strings.Join(out, " ")
}

func shorten(s string) string {
	s = strings.TrimSpace(s)
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// Department is a department as it may be called in an order.
type Department struct {
	ID      string
	Names   []string // of it, its id among them
	Address string
}

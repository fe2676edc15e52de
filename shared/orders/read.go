package orders

import (
	"fmt"
	"strings"

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
	// Encoder helps to tell whom a text speaks to; without one its small words must do.
	Encoder Encoder
}

// Reading is what a mail asks for.
type Reading struct {
	Commands []desk.Command
	Text     string // for the customer
	Below    string // for the customer too, behind the ready answers
	Note     string // for the team
	// AsWritten: Text is all that was written, so that its formatting may go along.
	AsWritten bool
	// Nothing: there is no word in it but greeting, signature and the like. Text is
	// then what may stand above a file: the greeting, and how the letter ends.
	Nothing bool
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

// maxDepth bounds how often a mail is read anew with a doubt settled.
const maxDepth = 4

// Read reads an agent's mail. An order that cannot be carried out as it stands
// gives a *desk.CommandError. Its time is linear in the mail.
func Read(m Mail, d Desk) (Reading, error) { return read(m, d, 0) }

func read(m Mail, d Desk, depth int) (Reading, error) {
	r := &reader{desk: d, depth: depth, heard: map[string]heard{}, self: nameWords(d.Self), customer: nameWords(d.Customer), mates: nameWords(d.Colleagues)}
	for w := range r.mates {
		if r.customer[w] || r.self[w] {
			delete(r.mates, w)
		}
	}
	r.headings = headingsOf(m.HTML)
	text := m.Text
	if order := r.orderIn(m.Aside); order != "" {
		text = strings.TrimRight(text, "\n ") + "\n\n" + order
	}
	if s := r.subject(m.Subject, m.Of); s != "" {
		text, r.fromSubject = s+"\n"+text, true
	}
	r.lines = readLines(text, r.headings)
	out, err := r.all()
	if err != nil || out.Doubt != nil || len(out.Commands) > 0 {
		return out, err
	}
	if plain := r.hidden(m); plain != nil {
		return *plain, nil
	}
	out.AsWritten = out.Below == "" && out.Note == "" && !r.fromSubject && text == m.Text
	return out, nil
}

// reader reads one mail.
type reader struct {
	desk                  Desk
	lines                 []line
	headings              map[string]bool
	self, customer, mates map[string]bool
	fromSubject           bool
	depth                 int
	compared              int // words within lines
	inner                 int // how often a sentence was looked into
	heard                 map[string]heard

	out   Reading
	text  []string // lines for the customer
	below []string
	split bool // a ready answer stands between the two
}

// sure reports whether the agent said yes to what is read.
func (r *reader) sure() bool { return r.depth > 0 }

// all reads the mail from its first line to its last.
func (r *reader) all() (Reading, error) {
	if r.nothing() {
		return Reading{Nothing: true, Text: r.courtesy()}, nil
	}
	if done, err := r.spokenMail(); done || err != nil {
		return r.out, err
	}
	place := top
	for i := 0; i < len(r.lines); i++ {
		l := r.lines[i]
		if place != within && greets(l, r.customer) && !r.greetsColleague(l) {
			r.keep(l)
			place = greeted
			continue
		}
		f := r.order(i, place)
		switch {
		case f.err != nil:
			return Reading{}, f.err
		case f.doubt != nil:
			return Reading{Doubt: f.doubt}, nil
		case f.note:
			return r.note(i, f, place)
		case len(f.commands) > 0:
			if doubt := r.wrapped(i, place); doubt != nil {
				return Reading{Doubt: doubt}, nil
			}
			for _, c := range f.commands {
				r.split = r.split || c.Name == desk.CommandSend && said(r.text)
				if r.out.Has(c.Name) && r.fromSubject {
					continue // a button's mail says it in both places
				}
				if known, _ := commands.Named(c.Name); r.out.Has(c.Name) && !known.Often {
					return Reading{}, &desk.CommandError{Line: shorten(l.raw), Why: "it stands there twice; once is enough"}
				}
				r.out.Commands = append(r.out.Commands, c)
			}
			if f.tail != "" {
				r.keep(readLine(f.tail))
			}
			continue
		}
		r.keep(l)
		if !l.blank {
			place = within
		}
	}
	if doubt := r.aside(); doubt != nil {
		return Reading{Doubt: doubt}, nil
	}
	return r.finish()
}

// keep adds a line to what the customer gets: behind the ready answers, where
// one was asked for below other text.
func (r *reader) keep(l line) {
	raw := unescape(l.raw)
	if raw != l.raw {
		r.out.Signs = append(r.out.Signs, strings.TrimSpace(raw))
	}
	if r.split {
		r.below = append(r.below, raw)
		return
	}
	r.text = append(r.text, raw)
}

func said(lines []string) bool { return strings.TrimSpace(strings.Join(lines, "")) != "" }

func (r *reader) finish() (Reading, error) {
	r.out.Text = strings.TrimSpace(strings.Join(r.text, "\n"))
	r.out.Below = strings.TrimSpace(strings.Join(r.below, "\n"))
	if len(r.out.Commands) > 0 && !r.out.Has(desk.CommandSend) && r.onlyCourtesy() {
		r.out.Text = "" // "Hi Erika, #close": a greeting above an order is no answer
	}
	if err := r.out.check(); err != nil {
		return Reading{}, err
	}
	return r.out, nil
}

// note ends the reading: what stands under #note is note, to the end of the new
// text, but for commands right below it. With an answer above it the answer is
// sent, if it is clear where it ends.
func (r *reader) note(i int, f found, place place) (Reading, error) {
	if r.out.Has(desk.CommandNote) {
		return Reading{}, &desk.CommandError{Line: shorten(r.lines[i].raw), Why: "it stands there twice; once is enough"}
	}
	c := desk.Command{Name: desk.CommandNote}
	if f.all {
		c.Word = desk.NoteForAll
	}
	r.out.Commands = append(r.out.Commands, c)
	tail := []string{f.tail}
	k := i + 1
	if f.tail == "" {
		for ; k < len(r.lines); k++ {
			if r.lines[k].blank {
				continue
			}
			g := r.order(k, top)
			if g.err != nil || g.doubt != nil || g.note || len(g.commands) == 0 || r.lines[k].mark != "#" {
				break
			}
			r.out.Commands = append(r.out.Commands, g.commands...)
		}
	}
	for ; k < len(r.lines); k++ {
		tail = append(tail, unescape(r.lines[k].raw))
	}
	r.out.Note = strings.TrimSpace(strings.Join(tail, "\n"))
	if place != within || r.onlyCourtesy() {
		r.text = nil // a greeting above a note is no answer
		return r.finish()
	}
	if r.out.Note == "" {
		return Reading{}, &desk.CommandError{Line: shorten(r.lines[i].raw), Why: "there is no text below it to keep as a note"}
	}
	if !r.sure() && !r.border(i) {
		yes, err := r.finish()
		if err != nil {
			return Reading{}, err
		}
		return Reading{Doubt: &Doubt{Line: shorten(r.lines[i].raw), Why: WhyBorder, Meant: "#note", Yes: &yes}}, nil
	}
	return r.finish()
}

// border reports whether it is clear that an answer ends above line i: a blank
// line stands between, the answer ends as answers do, and it speaks to the
// customer, not about them.
func (r *reader) border(i int) bool {
	if i == 0 || !r.lines[i-1].blank || r.lines[i].heading || r.lines[i].spaced {
		return false
	}
	last := i - 1
	for last >= 0 && r.lines[last].blank {
		last--
	}
	text := strings.Join(r.text, "\n")
	e := r.evidence(text)
	return last >= 0 && (r.lines[last].ends() || r.closes(r.lines[last])) && !(e.they && !e.you) && len(wordsOf(text)) >= 3
}

// wrapped gives a doubt where a command within the text may be a piece of a
// sentence that was wrapped there.
func (r *reader) wrapped(i int, p place) *Doubt {
	if p != within || r.sure() || i == 0 || r.lines[i-1].ends() || i+1 >= len(r.lines) || r.lines[i+1].blank || !startsLower(r.lines[i+1].plain) {
		return nil
	}
	return r.again(i, r.lines[i].raw, WhyWithin)
}

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
	case r.before(desk.CommandNote, desk.CommandSend):
		return no("#note #send", "a note is never sent, so they do not go together; use one of them")
	case r.Has(desk.CommandNote) && r.Note == "":
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

// again gives the doubt about line i, with what is done if it is meant as
// corrected says. The mail is read anew with that line in its place.
func (r *reader) again(i int, corrected, why string) *Doubt {
	d := &Doubt{Line: shorten(r.lines[i].raw), Why: why}
	if r.depth >= maxDepth {
		return d
	}
	raws := make([]string, len(r.lines))
	for k, l := range r.lines {
		raws[k] = l.raw
	}
	raws[i] = corrected
	yes, err := read(Mail{Text: strings.Join(raws, "\n")}, r.desk, r.depth+1)
	for err == nil && yes.Doubt != nil {
		if yes.Doubt.Yes == nil {
			return d
		}
		yes = *yes.Doubt.Yes
	}
	if err != nil || len(yes.Commands) == 0 {
		return d
	}
	d.Yes, d.Meant = &yes, shown(yes.Commands)
	return d
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

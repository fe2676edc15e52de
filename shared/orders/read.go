package orders

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/htmltext"
)

// Read reads an agent's mail. An order that cannot be carried out as it stands
// gives a *desk.CommandError. Its time is linear in the mail.
func Read(m Mail, d Desk) (Reading, error) { return read(m, d, 0) }

func read(m Mail, d Desk, depth int) (Reading, error) {
	r := &reader{desk: d, depth: depth, ear: &ear{encoder: d.Encoder, heard: map[string]heard{}}, self: nameWords(d.Self), customer: nameWords(d.Customer), mates: nameWords(d.Colleagues)}
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

// all reads the mail from its first line to its last.
func (r *reader) all() (Reading, error) {
	if r.nothing() {
		return Reading{Nothing: true, Text: r.courtesy()}, nil
	}
	if done, err := r.spokenMail(); done || err != nil {
		return r.out, err
	}
	if d := r.misplaced(); d != nil {
		return Reading{Doubt: d}, nil
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
			return Reading{Doubt: r.settle(f.doubt)}, nil
		case f.note:
			return r.note(i, f, place)
		case len(f.commands) > 0:
			if doubt := r.wrapped(i, place); doubt != nil {
				return Reading{Doubt: r.settle(doubt)}, nil
			}
			for _, c := range f.commands {
				r.split = r.split || inserts(c) && said(r.text)
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
				continue
			}
			r.ordered = append(r.ordered, i)
			continue
		}
		r.keep(l)
		if !l.blank {
			place = within
		}
	}
	if doubt := r.aside(); doubt != nil {
		return Reading{Doubt: r.settle(doubt)}, nil
	}
	return r.finish()
}

// settle finds out what is done if a doubtful line is meant as it seems: the mail is
// read anew with the corrected line in its place.
func (r *reader) settle(d *Doubt) *Doubt {
	if d.meant == "" || r.depth >= maxDepth {
		return d
	}
	raws := make([]string, len(r.lines))
	for k, l := range r.lines {
		raws[k] = l.raw
	}
	raws[d.line] = d.meant
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

// inserts reports whether what a command sends stands where its line stood.
func inserts(c desk.Command) bool {
	known, _ := commands.Named(c.Name)
	return known.Inserts && (c.Name != desk.CommandTemplate || c.Word != "")
}

// greetsAbove reports whether a text begins as a letter does.
func greetsAbove(text string, customer map[string]bool) bool {
	first, _, _ := strings.Cut(text, "\n")
	return greets(readLine(first), customer)
}

// belowOrders reports whether all that was written stands below the first order.
func (r *reader) belowOrders() bool {
	for i, l := range r.lines {
		if slices.Contains(r.ordered, i) {
			return true
		}
		if !l.blank {
			return false
		}
	}
	return false
}

func said(lines []string) bool { return strings.TrimSpace(strings.Join(lines, "")) != "" }

func (r *reader) finish() (Reading, error) {
	r.out.Text = strings.TrimSpace(strings.Join(r.text, "\n"))
	r.out.Below = strings.TrimSpace(strings.Join(r.below, "\n"))
	if len(r.out.Commands) > 0 && !slices.ContainsFunc(r.out.Commands, inserts) && r.onlyCourtesy() {
		r.out.Text = "" // "Hi Erika, #close": a greeting above an order is no answer
	}
	if r.out.Has(desk.CommandTemplate) && r.out.Below == "" && r.below == nil && !greetsAbove(r.out.Text, r.customer) && r.belowOrders() {
		r.out.Text, r.out.Below = "", r.out.Text
	}
	if c := r.out.Commands; len(c) == 1 && c[0] == (desk.Command{Name: desk.CommandNote}) && r.out.Note+r.out.Text+r.out.Below == "" {
		r.out.Commands = []desk.Command{keepAnswer}
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
	if r.out.Has(desk.CommandNote) || r.out.Has(desk.CommandForward) {
		return Reading{}, &desk.CommandError{Line: shorten(r.lines[i].raw), Why: "it stands there twice; once is enough"}
	}
	c, what := desk.Command{Name: desk.CommandNote}, "#note"
	if f.all {
		c.Word = desk.NoteForAll
	}
	if f.forward != nil {
		c, what = *f.forward, "#forward "+f.forward.Word
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
	below := k
	for ; k < len(r.lines); k++ {
		tail = append(tail, unescape(r.lines[k].raw))
	}
	said := strings.TrimSpace(strings.Join(tail, "\n"))
	if f.forward != nil {
		r.out.Question = said
		if err := r.forwarded(below); err != nil {
			return Reading{}, err
		}
	} else {
		r.out.Note = said
		if err := r.noted(below); err != nil {
			return Reading{}, err
		}
	}
	if place != within || r.onlyCourtesy() {
		r.text = nil // a greeting above a note is no answer
		return r.finish()
	}
	if said == "" && f.forward == nil {
		return Reading{}, &desk.CommandError{Line: shorten(r.lines[i].raw), Why: "there is no text below it to keep as a note"}
	}
	if !r.sure() && !r.border(i) {
		yes, err := r.finish()
		if err != nil {
			return Reading{}, err
		}
		return Reading{Doubt: &Doubt{Line: shorten(r.lines[i].raw), Why: WhyBorder, Meant: what, Yes: &yes}}, nil
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

// hidden reads the HTML where the text seems to be an answer: what one of the
// two bodies shows, the other may not. It gives what is read there if that is
// no answer.
func (r *reader) hidden(m Mail) *Reading {
	if m.HTML == "" || r.depth > 0 {
		return nil
	}
	shown := htmltext.Text(m.HTML)
	if r.headings == nil && clean(shown) == clean(m.Text) {
		return nil
	}
	x := &reader{desk: r.desk, depth: 0, ear: r.ear, self: r.self, customer: r.customer, mates: r.mates, headings: r.headings, lines: readLines(shown, r.headings)}
	out, err := x.all()
	if err != nil || out.Nothing || out.Doubt == nil && len(out.Commands) == 0 {
		return nil
	}
	return &out
}

// IsOrder reports whether a line of text by itself is an order to us: a "#" and
// the name of a command, however it is decorated, with what belongs to it.
func IsOrder(s string) bool {
	if len(s) > 500 {
		s = s[:500]
	}
	l := readLine(s)
	if l.mark != "#" || l.spaced || l.escaped || l.quoted {
		return false
	}
	r := &reader{lines: []line{l}, desk: Desk{Offered: 1}, depth: maxDepth}
	f := r.order(0, within)
	return f.note || len(f.commands) > 0
}

// forwarded refuses what stands below #forward and is no question: a note would reach
// the department with it.
func (r *reader) forwarded(from int) error {
	for k, signs := from, 0; k < len(r.lines) && signs < maxCompared; k++ {
		if r.lines[k].mark != "#" || r.lines[k].spaced {
			continue
		}
		signs++
		if f := r.order(k, within); f.note || len(f.commands) > 0 || f.doubt != nil && f.doubt.Meant == "" && f.doubt.meant != "" {
			return &desk.CommandError{Line: shorten(r.lines[k].raw), Why: "it stands below #forward, where all is for the department; put it above, or right below #forward's line, or into a mail of its own"}
		}
	}
	return nil
}

// noted refuses #forward below #note, where all is for the team: it would not be carried out.
func (r *reader) noted(from int) error {
	for k := from; k < len(r.lines); k++ {
		if r.lines[k].mark != "#" || r.lines[k].spaced {
			continue
		}
		word, _ := r.lines[k].word()
		if words().commands[fold(word)].name == desk.CommandForward && r.order(k, within).forward != nil {
			return &desk.CommandError{Line: shorten(r.lines[k].raw), Why: "it stands below #note, where all is for the team; put each into a mail of its own"}
		}
	}
	return nil
}

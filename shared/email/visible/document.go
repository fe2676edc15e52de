package visible

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// document is a mail as lines, while it is taken apart.
type document struct {
	book  *phrasebook.Book
	lines []line
	rules []string

	reply, forward bool   // what the subject says
	titled         bool   // there is a subject
	form           bool   // a site wrote it for somebody: see Source.Form
	opens          bool   // nothing says that it answers a mail: see Source.Opens
	html           bool   // the lines come from HTML
	author         author // whose answer it is; nil where it is none

	cut       int // the first line of a quote that runs to the end; len(lines) if none
	forwarded int // the first line of a forwarded mail; -1 if none
	onlyQuote bool
	strong    bool // a mark of a client or an attribution said where the quote is
	noHeader  int  // no header block begins above this line
	// how many lines were looked at closely, against the bounds
	aboves, headers, attributions int
	broken                        int // how many lines were broken in two
}

func newDocument(subject string, lines []line) *document {
	d := &document{book: phrasebook.Default(), lines: lines, cut: len(lines), forwarded: -1}
	d.reply, d.forward = d.book.Subject(subject)
	d.titled = strings.TrimSpace(subject) != ""
	return d
}

// maxRules bounds the list of rules that a result names.
const maxRules = 50

func (d *document) acted(rule string, at int) {
	if len(d.rules) < maxRules {
		d.rules = append(d.rules, fmt.Sprintf("%s at line %d", rule, at+1))
	}
}

// split decides what every line is, in one pass for each question: what is
// marked as quoted, where does a quote begin, what is a signature.
func (d *document) split() {
	d.markQuotes()
	d.findBoundaries()
	d.keepOwnMarks()
	d.rulesAboveMarks()
	if !d.anyFresh() {
		d.keepAll()
		return
	}
	d.findSignatures()
	switch {
	case !d.anyFresh():
		d.keepSignature("only a signature: kept")
	case d.onlyGreets():
		d.keepSignature("only a greeting above a signature: kept")
	}
	if d.author != nil && !d.onlyQuote {
		d.findEnding()
	}
}

// keepSignature takes it back that lines are a signature.
func (d *document) keepSignature(rule string) {
	any := false
	for i := range d.lines {
		if d.lines[i].kind == signature {
			d.lines[i].kind, any = fresh, true
		}
	}
	if any {
		d.rules = append(d.rules, rule)
	}
}

// maxGreeting bounds a line that only greets, in words.
const maxGreeting = 5

// onlyGreets tells whether a quote was cut and, with the signature cut as well,
// nothing but a greeting would be left of a reply. Nobody answers a mail to say
// "Hello": one of the two cuts may have taken what was said, and a signature is
// the lesser evil to show.
func (d *document) onlyGreets() bool {
	greeting, quoted := "", false
	for i := range d.lines {
		switch l := &d.lines[i]; {
		case l.blank():
		case l.kind == quote:
			quoted = true
		case l.kind == forward, l.kind == fresh && greeting != "":
			return false
		case l.kind == fresh:
			greeting = l.text
		}
	}
	return quoted && d.greets(greeting)
}

// greets tells whether a line is a greeting and at most a name.
func (d *document) greets(line string) bool {
	folded := phrasebook.Fold(line)
	n := d.book.Greeting(folded)
	words := strings.Fields(line)
	known := len(strings.Fields(folded[:n]))
	if n == 0 || len(words) > maxGreeting || known > len(words) {
		return false
	}
	for _, w := range words[known:] {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLower(r) || unicode.IsDigit(r) {
			return false
		}
	}
	return true
}

func (d *document) anyFresh() bool {
	for i := range d.lines {
		if l := &d.lines[i]; (!l.blank() || l.picture) && (l.kind == fresh || l.kind == forward) {
			return true
		}
	}
	return false
}

// keepAll: the author added nothing that we could find, so nothing is cut.
func (d *document) keepAll() {
	for i := range d.lines {
		if d.lines[i].kind != fresh && !d.lines[i].blank() {
			d.onlyQuote = true
		}
		d.lines[i].kind = fresh
	}
	d.cut = len(d.lines)
	if d.onlyQuote {
		d.rules = append(d.rules, "only a quote: kept")
	}
}

// setKind gives the lines from i to before j a kind.
func (d *document) setKind(i, j int, k kind) {
	for ; i < j; i++ {
		d.lines[i].kind = k
	}
}

// next gives the first line that is not blank at i or after it, len(lines) if none.
func (d *document) next(i int) int {
	for i < len(d.lines) && d.lines[i].blank() {
		i++
	}
	return i
}

// before gives the last line that is not blank at i or before it, -1 if none.
func (d *document) before(i int) int {
	for i >= 0 && d.lines[i].blank() {
		i--
	}
	return i
}

// parts puts the result together.
func (d *document) parts() Parts {
	p := Parts{Rules: d.rules, OnlyQuote: d.onlyQuote}
	p.Visible = d.join(func(k kind) bool { return k == fresh || k == forward })
	p.Quoted = d.join(func(k kind) bool { return k == quote })
	p.Signature = d.join(func(k kind) bool { return k == signature })
	p.Ending = d.join(func(k kind) bool { return k == ending })
	for i := len(d.lines) - 1; i >= 0; i-- {
		if d.lines[i].kind == ending {
			p.Postscript = d.joined(i, func(k kind) bool { return k == fresh })
			break
		}
	}
	if d.forwarded >= 0 {
		p.Forwarded = d.readForwarded()
		p.Forwarded.Comment = d.join(func(k kind) bool { return k == fresh })
	}
	if !d.onlyQuote {
		p.WithContext = d.withContext()
		p.Inline = p.WithContext != ""
	}
	return p
}

// join gives the lines of some kinds as text. Where lines of another kind were
// left out, a blank line stands.
func (d *document) join(want func(kind) bool) string { return d.joined(0, want) }

// joined is join from line i on.
func (d *document) joined(i int, want func(kind) bool) string {
	var sb strings.Builder
	gap, empty := false, 0
	for ; i < len(d.lines); i++ {
		l := &d.lines[i]
		if !want(l.kind) {
			gap = true
			continue
		}
		shown := unmarked(l.raw)
		if l.blank() && visibleRunes(shown) == "" {
			empty++
			continue
		}
		if sb.Len() > 0 {
			if gap && empty == 0 {
				empty = 1
			}
			sb.WriteString(strings.Repeat("\n", min(empty, 3)+1))
		}
		gap, empty = false, 0
		sb.WriteString(shown)
	}
	return sb.String()
}

package visible

import (
	"fmt"
	"strings"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// document is a mail as lines, while it is taken apart.
type document struct {
	book  *phrasebook.Book
	lines []line
	rules []string

	reply, forward bool // what the subject says
	titled         bool // there is a subject
	html           bool // the lines come from HTML

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
	if !d.anyFresh() {
		for i := range d.lines {
			if d.lines[i].kind == signature {
				d.lines[i].kind = fresh
			}
		}
		d.rules = append(d.rules, "only a signature: kept")
	}
}

func (d *document) anyFresh() bool {
	for i := range d.lines {
		if l := &d.lines[i]; !l.blank() && (l.kind == fresh || l.kind == forward) {
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
func (d *document) join(want func(kind) bool) string {
	var sb strings.Builder
	gap, empty := false, 0
	for i := range d.lines {
		l := &d.lines[i]
		if !want(l.kind) {
			gap = true
			continue
		}
		if l.blank() && strings.TrimSpace(l.raw) == "" {
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
		sb.WriteString(strings.TrimRight(l.raw, " \t\r"))
	}
	return sb.String()
}

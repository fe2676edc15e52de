package visible

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// findBoundaries goes down the lines once, and decides at each line outside of
// quote marks whether a quote begins there. A boundary above marked quotes takes
// only its own lines, since the marks say where the quote ends. Any other runs to
// the end of the mail.
func (d *document) findBoundaries() {
	for i := 0; i < len(d.lines); i++ {
		l := &d.lines[i]
		if l.kind == quote && l.depth == 1 && d.forwardInMarks(i) {
			d.boundary(i, i+1, true, "forward-separator")
			return
		}
		if l.blank() || l.kind != fresh || l.depth > 0 {
			continue
		}
		if p := d.before(i - 1); l.quoted && p >= 0 && d.lines[p].quoted && d.lines[p].kind == quote {
			l.kind = quote // what is quoted in a quote does not matter
			continue
		}
		if off := d.titleEnds(l.text); off > 0 {
			d.breakLine(i, off)
		}
		if d.separatorAt(i) {
			if d.forwarded >= 0 || d.cut < len(d.lines) {
				return
			}
			continue
		}
		if end, ok := d.headerAt(i); ok {
			if d.boundary(i, end, d.forward, "header-block") {
				return
			}
			i = end - 1
			continue
		}
		if start, off, ok := d.attributionAt(i); ok {
			if off > 0 {
				d.breakLine(start, off)
				start, i = start+1, i+1
			}
			i = d.continues(start, i)
			if d.boundary(start, i+1, false, "attribution") {
				return
			}
			continue
		}
		if d.clientSays(i) {
			return
		}
	}
}

// continues gives the last line of an attribution that was found to end on line
// i: a mailer may have broken it after the verb, or after a colon inside it.
func (d *document) continues(start, i int) int {
	for k := i + 1; k <= i+2 && k < len(d.lines) && !d.lines[k].blank() && d.lines[k].depth == 0; k++ {
		if s, off, ok := d.attributionAt(k); ok && s == start && off == 0 {
			return k
		}
	}
	return i
}

// clientSays follows the marks that a client left in its HTML. It tells whether
// everything from here on is settled.
func (d *document) clientSays(i int) bool {
	switch l := &d.lines[i]; {
	case l.rest:
		return d.boundary(i, i+1, d.forward, "client-mark")
	case l.border && d.labelled(i):
		return d.boundary(i, i+1, d.forward, "border")
	case l.quoted:
		d.strong = true
		l.kind = quote
	case l.introduces:
		j := i
		for j < len(d.lines) && (d.lines[j].introduces || d.lines[j].blank()) {
			j++
		}
		return d.boundary(i, j, false, "client-attribution")
	}
	return false
}

// labelled tells whether at least three of four lines from i on look like fields
// of a header, in whatever language.
func (d *document) labelled(i int) bool {
	n := 0
	for k := i; k < i+4 && k < len(d.lines); k++ {
		if c := strings.IndexAny(d.lines[k].text, ":："); c > 0 && c < 40 {
			n++
		}
	}
	return n >= 3
}

// boundary settles a quote whose introduction is the lines from i to before end.
// It tells whether it runs to the end of the mail.
func (d *document) boundary(i, end int, forwarded bool, rule string) bool {
	d.acted(rule, i)
	d.strong = true
	i = d.withRule(i)
	if forwarded {
		d.forwarded = i
		d.setKind(i, len(d.lines), forward)
		return true
	}
	if j := d.next(end); j < len(d.lines) && d.marked(j) {
		d.setKind(i, j, quote)
		return false
	}
	d.cut = i
	d.setKind(i, len(d.lines), quote)
	return true
}

// marked tells whether marks show at line j how far a quote goes.
func (d *document) marked(j int) bool {
	return d.lines[j].depth > 0 || d.lines[j].quoted && !d.lines[j].rest
}

// withRule goes up from a boundary over a rule drawn above it, perhaps with a title.
func (d *document) withRule(i int) int {
	for n := 0; n < 2; n++ {
		j := d.before(i - 1)
		if j < 0 || i-j > 4 || d.lines[j].kind != fresh || strings.HasPrefix(d.lines[j].text, "#") {
			break
		}
		if l := &d.lines[j]; !l.rule && !isRule(l.text, 3) && !(i-j == 1 && titled(l.text)) {
			break
		}
		i = j
	}
	return i
}

// titled tells whether a few words stand between long ornaments: the title that a
// program puts above a quote, in words that we do not have.
func titled(s string) bool {
	if len(s) > 100 {
		return false
	}
	inner, left, right := undecorate(s)
	before := strings.Index(s, inner)
	return left && right && before >= 4 && len(s)-before-len(inner) >= 4 && len(strings.Fields(inner)) <= 6
}

// breakLine makes two lines of one whose text holds a boundary at byte off.
func (d *document) breakLine(i, off int) {
	l := d.lines[i]
	head, tail := l, l
	head.text, tail.text = strings.TrimSpace(l.text[:off]), strings.TrimSpace(l.text[off:])
	if at := strings.Index(l.raw, tail.text); at >= 0 {
		head.raw, tail.raw = l.raw[:at], l.raw[at:]
	} else {
		head.raw, tail.raw = head.text, tail.text
	}
	d.lines[i] = head
	d.lines = slices.Insert(d.lines, i+1, tail)
	d.broken++
	d.cut = len(d.lines)
}

// maxAboves bounds how many lines are searched for "reply above this line".
const maxAboves = 2000

// separatorAt settles a line that says in words what begins below it: the
// original message, a forwarded one, or what a help desk wants no answer under.
func (d *document) separatorAt(i int) bool {
	text := d.lines[i].text
	if len(text) > 300 || len(text) < 4 {
		return false
	}
	inner, left, right := undecorate(text)
	if inner == "" {
		return false
	}
	if !left && !right && text != inner && text[0] == '#' {
		left = true
	}
	colon := strings.HasSuffix(inner, ":")
	if !left && !right && !colon && len(inner) > 60 {
		return d.above(i, inner, left)
	}
	folded := strings.TrimRight(phrasebook.Fold(inner), ": ")
	if n := d.book.Forwarded(folded); says(folded, n, left, right) && (left || d.quoteFollows(i)) {
		d.boundary(i, i+1, true, "forward-separator")
		return true
	}
	if n := d.book.Original(folded); says(folded, n, left, right) && (left || right || d.quoteFollows(i)) {
		d.boundary(i, i+1, false, "original-separator")
		return true
	}
	return d.above(i, inner, left)
}

// says tells whether a line whose first n bytes are words of a separator is one:
// it says nothing else, stands between ornaments, or they stand right behind the
// words, where a program lost the line breaks.
func says(folded string, n int, left, right bool) bool {
	return n > 0 && (n == len(folded) || left && right || left && strings.HasPrefix(strings.TrimLeft(folded[n:], " "), "---"))
}

// forwardInMarks tells whether the first of the marked lines that end the mail says
// that a mail was forwarded, and its header follows. Apple's programs quote what
// they forward.
func (d *document) forwardInMarks(i int) bool {
	if d.html || i > 0 && d.lines[i-1].depth > 0 || len(d.lines[i].text) > 100 {
		return false
	}
	inner, left, right := undecorate(d.lines[i].text)
	folded := strings.TrimRight(phrasebook.Fold(inner), ": ")
	if n := d.book.Forwarded(folded); !says(folded, n, left, right) || !left && !strings.HasSuffix(inner, ":") {
		return false
	}
	j := i + 1
	for j < len(d.lines) && d.lines[j].text == "" {
		j++
	}
	if j == len(d.lines) || d.lines[j].depth == 0 {
		return false
	}
	if _, ok := d.headerAt(j); !ok {
		return false
	}
	for ; j < len(d.lines); j++ {
		if l := &d.lines[j]; l.depth == 0 && !l.blank() {
			return false
		}
	}
	return true
}

// titleEnds gives where, behind a title between ornaments, a header block begins on
// the same line; 0 where none does. Yahoo writes a forward so.
func (d *document) titleEnds(s string) int {
	if len(s) < 20 || s[0] != '-' && s[0] != '_' && s[0] != '=' || !isRule(s[:3], 3) {
		return 0
	}
	inner := strings.TrimLeft(s[:min(len(s), maxLine)], string(s[0])+" ")
	start := len(s[:min(len(s), maxLine)]) - len(inner)
	n := strings.Index(inner, strings.Repeat(s[:1], 3))
	if n <= 0 || n > 100 {
		return 0
	}
	rest := strings.TrimLeft(inner[n:], s[:1]+" ")
	off := start + len(inner) - len(rest)
	var h headerBlock
	for _, l := range d.fieldsOf(s[off:]) {
		h.note(l.meanings, l.value)
	}
	if !h.isHeader() {
		return 0
	}
	return off
}

// quoteFollows tells whether a header block or marked quote comes next.
func (d *document) quoteFollows(i int) bool {
	j := d.next(i + 1)
	if j >= len(d.lines) {
		return false
	}
	if d.marked(j) {
		return true
	}
	_, ok := d.headerAt(j)
	return ok
}

// above settles a help desk's "reply above this line".
func (d *document) above(i int, inner string, decorated bool) bool {
	if len(inner) < 8 || len(inner) > 150 || !decorated && len(inner) > 90 || d.aboves >= maxAboves {
		return false
	}
	d.aboves++
	folded := phrasebook.Fold(inner)
	if !(decorated && d.book.Above(folded)) && !d.book.AboveBegins(folded) {
		return false
	}
	if d.before(i-1) < 0 { // the help desk's own mail, not an answer to it
		return false
	}
	d.boundary(i, i+1, false, "reply-above")
	return true
}

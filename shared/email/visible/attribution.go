package visible

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// word is one word of a line: a run of letters, or of digits.
type word struct {
	folded     string
	start, end int // bytes in the line
	digits     bool
}

// maxAttribution bounds an attribution, in bytes and in words.
const maxAttribution, maxWords = 500, 90

// words takes a line apart. Letters of scripts without blanks and others are
// kept apart, so that "10:00写道" gives "10", "00", "写道".
func words(s string) []word {
	ws := make([]word, 0, 24)
	start, class := -1, 0
	flush := func(end int) {
		if start >= 0 && len(ws) < maxWords {
			ws = append(ws, word{phrasebook.Fold(s[start:end]), start, end, class == 1})
		}
		start = -1
	}
	for i, r := range s {
		c := 0
		switch {
		case unicode.IsDigit(r):
			c = 1
		case phrasebook.Unspaced(r):
			c = 3
		case unicode.IsLetter(r) || unicode.IsMark(r):
			c = 2
		}
		if c != class || c == 0 {
			flush(i)
			class = c
			if c != 0 {
				start = i
			}
		}
	}
	flush(len(s))
	return ws
}

// reading is what a line, or several joined, say as an attribution.
type reading struct {
	verb    int // index of the last verb's first word; -1 if none
	after   int // words after the verb
	person  bool
	dates   int // index of the word where the first date begins; -1 if none
	address int // byte of the first address; -1 if none
	colon   bool
	ornate  bool // dashes on both sides
	closed  bool // the address stands in brackets, or at the end
	bare    bool // begins with "<": the name stands above
	on      int  // how many words at the beginning are "On"
	words   []word
}

func (d *document) read(s string) reading {
	inner, left, right := undecorateDashes(s)
	shift := strings.Index(s, inner)
	r := reading{verb: -1, dates: -1, ornate: left && right, words: words(inner)}
	for i := range r.words {
		r.words[i].start += shift
		r.words[i].end += shift
	}
	r.address, r.bare = addressAt(s), strings.HasPrefix(inner, "<")
	r.closed = r.address >= 0 && closed(s, strings.LastIndexByte(s, '@'))
	t := strings.TrimRight(s, " \t-_*=>")
	last, _ := utf8.DecodeLastRuneInString(t)
	r.colon = last == ':' || last == '：'
	folded := make([]string, len(r.words))
	for i, w := range r.words {
		folded[i] = w.folded
	}
	wrote, on := d.book.Wrote(), d.book.AttributionOpeners()
	for i := range folded {
		if n := wrote.At(folded, i); n > 0 {
			r.verb, r.after = i, len(folded)-i-n
			r.person = i > 0 && d.book.Pronoun(folded[i-1]) || i+n < len(folded) && d.book.Pronoun(folded[i+n]) && on.At(folded, i+n) == 0
		}
	}
	if len(folded) > 0 {
		r.on = on.At(folded, 0)
	}
	r.dates = d.dateIn(s, r.words)
	return r
}

func undecorateDashes(s string) (inner string, left, right bool) {
	const dashes = "-_*=—–‐‑ \t"
	if strings.HasPrefix(s, ">>> ") && strings.HasSuffix(s, " >>>") {
		return strings.Trim(s, "> "), true, true
	}
	inner = strings.Trim(s, dashes)
	return inner, strings.HasPrefix(s, "--") || strings.HasPrefix(s, "__"), strings.HasSuffix(s, "--") || strings.HasSuffix(s, "__")
}

// dateIn finds where a date begins among words: numbers with dots, dashes or
// slashes; a month beside a number; a year with a time; 2024年. A day of the
// week belongs to the date that follows it. -1 if there is none.
func (d *document) dateIn(s string, ws []word) int {
	year, clock := -1, -1
	for i, w := range ws {
		found := false
		switch {
		case w.digits:
			gap := func(k int) string {
				if i+k >= len(ws) || !ws[i+k].digits {
					return ""
				}
				return strings.TrimSpace(s[ws[i+k-1].end:ws[i+k].start])
			}
			if g := gap(1); len(g) == 1 && strings.Contains("./-", g) && gap(2) == g && len(w.folded) <= 4 {
				found = true
			} else if g == ":" || g == "." && len(w.folded) <= 2 && len(ws[i+1].folded) == 2 {
				clock = i
			}
			if isYear(w.folded) {
				year = i
				found = found || i+1 < len(ws) && (strings.HasPrefix(ws[i+1].folded, "年") || strings.HasPrefix(ws[i+1].folded, "년"))
			}
		case d.book.Month(w.folded):
			found = i > 0 && ws[i-1].digits || i+1 < len(ws) && ws[i+1].digits ||
				i > 1 && ws[i-2].digits && len(ws[i-1].folded) <= 3
		}
		if !found && year >= 0 && clock >= 0 {
			i, found = min(year, clock), true
		}
		if found {
			return d.dateStart(ws, i)
		}
	}
	return -1
}

// dateStart goes back from a part of a date over numbers, months and days.
func (d *document) dateStart(ws []word, i int) int {
	for back := 0; i > 0 && back < 5; back++ {
		if w := ws[i-1]; !w.digits && !d.book.Day(w.folded) && !d.book.Month(w.folded) {
			break
		}
		i--
	}
	return i
}

// isYear tells whether four digits are a year of our days, also as it is counted
// in Thailand (2567) and Iran (1403).
func isYear(s string) bool {
	if len(s) != 4 {
		return false
	}
	switch s[:2] {
	case "19", "20", "25", "14":
		return true
	}
	return false
}

// strength judges a reading: 0 it is no attribution, 1 only if quoted text
// follows, 2 it is one, but may begin on a line above, 3 it is a whole one.
func (r *reading) strength() int {
	verb, date, addr := r.verb >= 0, r.dates >= 0, r.address >= 0
	switch {
	case len(r.words) == 0, !verb && !(addr && date), verb && r.after > 22:
		return 0
	case r.ornate && (verb || addr && date) && len(r.words) <= 30:
		return 3
	}
	opened := r.on > 0 && date && r.dates <= r.on+5 || date && r.dates <= 2
	named := addr && !r.bare && r.before(r.address) <= 9 && r.on == 0
	ends := r.colon || r.ornate || verb && addr && r.after <= 1
	placed := verb || r.closed
	switch {
	case !ends, r.person && !addr:
		return btoi(verb && r.colon || addr && date && len(r.words) <= 20)
	case opened && (verb || addr) && placed, named && date && placed:
		return 3
	case date && addr && r.closed && r.colon && r.dates <= 5 && len(r.words) <= 26:
		return 3
	case named && verb:
		return 2
	case verb && date && (r.verb <= 5 || r.dates <= 4 && r.after == 0):
		return 2
	}
	return btoi(verb && r.colon || addr && date)
}

// closed tells whether the address around the "@" at byte at stands in brackets, or nothing
// but a colon follows it.
func closed(s string, at int) bool {
	i := at
	for i > 0 && (wordByte(s[i-1]) || strings.IndexByte(".!#$%&'*/=?^`{|}~", s[i-1]) >= 0) {
		i--
	}
	if i > 0 && strings.IndexByte("<([:", s[i-1]) >= 0 {
		return true
	}
	rest := s[at+1:]
	for len(rest) > 0 && (wordByte(rest[0]) || rest[0] == '.') {
		rest = rest[1:]
	}
	return strings.Trim(rest, " >):：") == ""
}

// before counts the words that begin before a byte.
func (r *reading) before(b int) int {
	n := 0
	for n < len(r.words) && r.words[n].start < b {
		n++
	}
	return n
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// shared finds an attribution that begins inside a line, after the author's own
// words: a capital "On" with a date right behind it. It gives the byte where it
// begins, 0 if there is none.
func (d *document) shared(s string, r *reading) int {
	if r.verb < 0 || r.after > 1 || !r.colon || r.on > 0 || r.dates == 0 {
		return 0
	}
	folded := make([]string, len(r.words))
	for i, w := range r.words {
		folded[i] = w.folded
	}
	for i := 1; i < r.verb; i++ {
		w := r.words[i]
		first, _ := utf8.DecodeRuneInString(s[w.start:])
		if len(w.folded) < 2 || !unicode.IsUpper(first) {
			continue
		}
		if n := d.book.AttributionOpeners().At(folded, i); n > 0 && d.dateIn(s, r.words[i+n:]) == 0 {
			return len(strings.TrimRight(s[:w.start], "-_ \t"))
		}
	}
	return 0
}

// mayEnd is the cheap test whether a line can be the end of an attribution.
func (d *document) mayEnd(i int) bool {
	t := strings.TrimRight(d.lines[i].text, " \t-_*=")
	if t == "" {
		return false
	}
	last, n := utf8.DecodeLastRuneInString(t)
	switch last {
	case ':', '：':
		return true
	case '>', ')':
		if strings.HasPrefix(t, ">>> ") {
			return true
		}
		j := d.next(i + 1)
		return j < len(d.lines) && d.lines[j].depth > 0 && hasAddress(t)
	}
	if n > 1 && phrasebook.Unspaced(last) {
		return false
	}
	ws := words(t[max(0, len(t)-24):])
	return len(ws) > 0 && d.book.Wrote().At([]string{ws[len(ws)-1].folded}, 0) > 0
}

// stamped tells whether a line is Gmail's "2016-03-03 17:21 GMT+01:00 Some One", in
// any language: a moment with its zone, which people do not write, and a name or an
// address, without the colon. Where no zone is given, marked lines must follow.
func (d *document) stamped(i int) bool {
	t := d.lines[i].text
	if len(t) < 20 || len(t) > 160 || t[0] < '1' || t[0] > '2' || !isYear(t[:4]) || i > 0 && !d.lines[i-1].blank() && d.lines[i-1].depth == 0 {
		return false
	}
	words := strings.Fields(t)
	if len(words) < 3 || len(words) > 9 || !figures(words[0], "-/.", 3) || !figures(strings.Trim(words[1], ","), ":.", 2) {
		return false
	}
	zone := strings.HasPrefix(words[2], "GMT") || strings.HasPrefix(words[2], "UTC") || (words[2][0] == '+' || words[2][0] == '-') && figures(words[2][1:], ":", 1)
	rest := words[2:]
	if zone {
		rest = rest[1:]
	}
	name := strings.TrimRight(strings.Join(rest, " "), ":")
	if len(rest) == 0 || sentence(t) || !hasAddress(name) && !isName(name) {
		return false
	}
	j := d.next(i + 1)
	return j < len(d.lines) && (d.marked(j) || zone)
}

// figures tells whether a word is groups of digits, at least so many, with one of
// the marks between them.
func figures(s, marks string, least int) bool {
	groups := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(marks, r) })
	for _, g := range groups {
		if strings.Trim(g, "0123456789") != "" {
			return false
		}
	}
	return len(groups) >= least
}

// begins tells whether a line above others can be the first of the attribution
// that they were read as, and is not the end of what the author wrote.
func (d *document) begins(first string, r *reading) bool {
	if r.dates == 0 {
		return true
	}
	if endsSentence(first) {
		return false
	}
	if r.on > 0 || r.dates == 1 || hasAddress(first) || r.verb >= 0 && r.verb <= 5 {
		return true
	}
	for _, w := range words(first) {
		if w.digits && isYear(w.folded) {
			return true
		}
	}
	return false
}

// named goes up one line from an attribution without an address, which begins on
// line k, if that line is "Name <address>": some languages put the name first.
func (d *document) named(k int, r *reading) int {
	if r.address >= 0 || k == 0 || r.on > 0 && !phrasebook.Unspaced([]rune(r.words[0].folded)[0]) {
		return k
	}
	l := &d.lines[k-1]
	if l.depth > 0 || l.kind != fresh || len(l.text) > 90 || endsSentence(l.text) {
		return k
	}
	at := addressAt(l.text)
	close := strings.IndexAny(l.text, ">)")
	if at < 0 || close < at || len(l.text)-close > 12 || len(strings.Fields(l.text[:at])) > 6 {
		return k
	}
	return k - 1
}

// endsSentence: a line that ends so belongs to what the author wrote, not to an
// attribution that goes on below; "5. 3. 2024." and "2017 р." end none.
func endsSentence(s string) bool {
	t := strings.TrimRight(s, ".!?")
	if t == s {
		return false
	}
	word := t[strings.LastIndexByte(t, ' ')+1:]
	return utf8.RuneCountInString(word) > 3 && !unicode.IsDigit(rune(word[len(word)-1]))
}

// maxBroken bounds how many lines are broken in two: each costs a copy of the rest.
const maxBroken = 20

// attributionAt looks for an attribution that ends on line i: alone, or with up
// to four lines above it, one of which may be blank. It gives the line where it
// begins, and the byte in that line's text.
func (d *document) attributionAt(i int) (start, offset int, ok bool) {
	if d.stamped(i) {
		return i, 0, true
	}
	if !d.mayEnd(i) {
		return 0, 0, false
	}
	if d.attributions++; d.attributions > maxTries {
		return 0, 0, false
	}
	j := d.next(i + 1)
	quoted := j < len(d.lines) && (d.lines[j].depth > 0 || d.lines[j].quoted)
	joined, best, weak, blanks := "", -1, -1, 0
	for k := i; k >= 0 && k > i-6; k-- {
		l := &d.lines[k]
		if l.depth > 0 || l.kind != fresh || len(joined)+len(l.text) > maxAttribution {
			break
		}
		if l.blank() {
			if blanks++; blanks > 1 {
				break
			}
			continue
		}
		joined = strings.TrimSpace(l.text + " " + joined)
		r := d.read(joined)
		if off := d.shared(joined, &r); off > 0 && off < len(l.text) && d.broken < maxBroken {
			return k, off, true
		}
		switch s := r.strength(); {
		case s == 3 && (k == i || d.begins(l.text, &r)):
			return d.named(k, &r), 0, true
		case s == 2 && best < 0 && blanks == 0:
			best = k
		case s == 1 && weak < 0 && blanks == 0:
			weak = k
		}
	}
	if best < 0 && quoted {
		best = weak
	}
	return best, 0, best >= 0
}

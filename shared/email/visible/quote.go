package visible

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// markQuotes takes the lines with quote marks for quoted, and the ones between
// them that only lost their mark when a mailer wrapped them.
func (d *document) markQuotes() {
	d.markBars()
	d.markInitials()
	n := 0
	for i := range d.lines {
		if d.lines[i].depth > 0 {
			d.lines[i].kind = quote
			n++
		}
	}
	if n == 1 && !d.html {
		d.keepLoneMark()
	}
	if n < 2 || d.html {
		return
	}
	for i := 1; i+1 < len(d.lines); i++ {
		if l := &d.lines[i]; l.depth == 0 && !l.blank() && d.lines[i-1].depth > 0 && d.lines[i+1].depth > 0 && wrapped(&d.lines[i-1], l) {
			l.kind, l.depth = quote, d.lines[i-1].depth
			d.acted("quote-mark-lost", i)
		}
	}
}

// keepOwnMarks gives back marked lines that nothing introduces, where they are more
// likely the author's own: the prompts of a Python session, the output of diff,
// and any in a mail that answers nothing.
func (d *document) keepOwnMarks() {
	if d.html || d.strong {
		return
	}
	prompts, marks := true, 0
	for i := range d.lines {
		if l := &d.lines[i]; l.depth > 0 {
			marks++
			prompts = prompts && strings.HasPrefix(strings.TrimSpace(l.raw), ">>> ") && l.depth == 3
			if marks < 4 && d.quotesAttribution(i) {
				return
			}
		}
	}
	for i := range d.lines {
		l := &d.lines[i]
		if l.depth == 0 {
			continue
		}
		if prompts || d.opens || d.titled && !d.reply || i >= 2 && d.lines[i-1].raw == "---" && strings.HasPrefix(d.lines[i-2].raw, "< ") ||
			i >= 1 && d.lines[i-1].depth == 0 && d.lines[i-1].kind == fresh && strings.HasPrefix(d.lines[i-1].raw, "> ") {
			l.kind, l.depth, l.text = fresh, 0, strings.TrimSpace(l.raw)
		}
	}
}

// rulesAboveMarks gives to the quote a long rule that a program drew right above
// its first marked line.
func (d *document) rulesAboveMarks() {
	if d.html {
		return
	}
	for i := 1; i < len(d.lines); i++ {
		above := &d.lines[i-1]
		if d.lines[i].depth > 0 && d.lines[i].kind == quote && above.kind == fresh && len(above.text) >= 40 && isRule(above.text, 40) {
			above.kind = quote
		}
	}
}

// quotesAttribution tells whether an attribution stands inside the marks.
func (d *document) quotesAttribution(i int) bool {
	r := d.read(d.lines[i].text[:min(len(d.lines[i].text), maxAttribution)])
	return r.strength() >= 2
}

// keepLoneMark: one line with a mark between lines of text, touching both, is
// how people point at something, not how programs quote.
func (d *document) keepLoneMark() {
	for i := range d.lines {
		if l := &d.lines[i]; l.depth > 0 && i > 0 && i+1 < len(d.lines) && !d.lines[i-1].blank() && !d.lines[i+1].blank() &&
			!strings.HasSuffix(d.lines[i-1].text, ":") {
			l.kind, l.depth, l.text = fresh, 0, strings.TrimSpace(l.raw)
		}
	}
}

// wrapped tells whether a line without a mark, between two with one, is the
// end of the one before: that one is as long as a wrapped line is, and stops in
// mid-sentence, or in the middle of an address or a link.
func wrapped(before, l *line) bool {
	if len(l.text) > 2 && strings.IndexByte("<([", l.text[0]) >= 0 && strings.Contains(l.text, "://") {
		return true
	}
	if strings.LastIndexByte(before.text, '(') > strings.LastIndexByte(before.text, ')') ||
		strings.LastIndexByte(before.text, '<') > strings.LastIndexByte(before.text, '>') {
		return true
	}
	if utf8.RuneCountInString(before.raw) < 60 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(l.text)
	last, _ := utf8.DecodeLastRuneInString(before.text)
	return unicode.IsLower(first) || !strings.ContainsRune(".?!:…。？！", last)
}

// markBars reads "|" as a quote mark where at least two lines in a row have it
// under a line that ends in a colon. A table, closed by bars, is none.
func (d *document) markBars() {
	if d.html {
		return
	}
	for i := 0; i < len(d.lines); i++ {
		if !barred(&d.lines[i]) {
			continue
		}
		j := i
		for j < len(d.lines) && barred(&d.lines[j]) {
			j++
		}
		if b := d.before(i - 1); j-i >= 2 && b >= 0 && i-b <= 2 && strings.HasSuffix(d.lines[b].text, ":") {
			for k := i; k < j; k++ {
				d.lines[k].depth = 1
				d.lines[k].text = strings.TrimSpace(d.lines[k].text[1:])
			}
		}
		i = j
	}
}

// markInitials reads "AL> " as a quote mark, as the programs that put the initials
// of whoever is quoted there write it: in an answer, where two lines have the same
// ones and one of them is something that a person says. What a program prompts with
// ("SQL> ") stands before no such sentence.
func (d *document) markInitials() {
	if d.html || d.opens || d.titled && !d.reply {
		return
	}
	found := map[string]int{}
	said := map[string]bool{}
	for i := range d.lines {
		if who, rest := initials(d.lines[i].text); who != "" && d.lines[i].depth == 0 {
			found[who]++
			said[who] = said[who] || len(strings.Fields(rest)) >= 3 && strings.ContainsAny(rest[len(rest)-1:], ".?!,:")
		}
	}
	if len(found) == 0 || len(found) > 8 {
		return
	}
	for i := range d.lines {
		l := &d.lines[i]
		if who, rest := initials(l.text); l.depth == 0 && found[who] >= 2 && said[who] {
			var deeper int
			l.text, deeper = unquote(rest)
			l.depth = 1 + deeper
		}
	}
}

// initials splits "AL> text": one to three capitals right before the mark. who is
// "" where there are none.
func initials(s string) (who, rest string) {
	i := strings.IndexByte(s[:min(len(s), 14)], '>')
	if i <= 0 {
		return "", ""
	}
	n := 0
	for _, r := range s[:i] {
		if n++; n > 3 || !unicode.IsUpper(r) {
			return "", ""
		}
	}
	return s[:i], strings.TrimSpace(s[i+1:])
}

func barred(l *line) bool {
	return strings.HasPrefix(l.text, "|") && (len(l.text) == 1 || !strings.HasSuffix(l.text, "|"))
}

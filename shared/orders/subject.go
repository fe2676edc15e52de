package orders

import (
	"strings"

	"github.com/replywell/replywell/shared/email/subject"
	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// subject gives the order that stands in a mail's subject, as a first line of its
// text; "" where there is none. What the conversation's subject says is nobody's
// order.
func (r *reader) subject(s, of string) string {
	s, of = clean(s), clean(of)
	if s == "" || len(s) > 1000 {
		return ""
	}
	own := s
	if of != "" {
		own = strings.Replace(s, of, " ", 1)
	}
	replaced := own != s
	if at := strings.IndexByte(own, '['); at >= 0 { // our reference
		if end := strings.IndexByte(own[at:], ']'); end == 8 && own[at+4] == '-' {
			own = own[:at] + " " + own[at+end+1:]
			replaced = true
		}
	}
	own = strings.TrimSpace(subject.Read(own).Base)
	for { // "#note Re: [K7M-4Q9] Broken lamp"
		before, last := own, own[strings.LastIndexByte(own, ' ')+1:]
		if re, fw := phrasebook.Default().Prefix(strings.TrimRight(fold(last), ":")); last != own && strings.HasSuffix(last, ":") && (re || fw) {
			own = strings.TrimSpace(strings.TrimSuffix(own, last))
		}
		if own == before {
			break
		}
	}
	if own == "" {
		return ""
	}
	try := func(line string) string {
		x := &reader{desk: r.desk, depth: maxDepth, self: r.self, customer: r.customer, mates: r.mates, lines: readLines(line, nil)}
		if len(x.lines) == 0 {
			return ""
		}
		l := x.lines[0]
		if l.mark == "#" {
			word, _ := l.word()
			if _, how := meant(word); how == unlike && !isNumber(word) || strings.Contains(fold(of), "#"+fold(word)) || isNumber(word) && len(word) > 1 {
				return ""
			}
			return line
		}
		if !replaced || of == "" || len(wordsOf(line)) <= 6 {
			x.depth = 0
			if done, err := x.spokenMail(); done && err == nil {
				return line
			}
			if lab := x.labelOf(wordsOf(line), true); lab.internal || lab.note && lab.words == len(wordsOf(line)) && lab.words > 0 {
				return line
			}
			if before, _, _ := head(line, ":"); before != line {
				if lab := x.labelOf(wordsOf(before), true); lab.internal || lab.note && lab.words > 0 {
					return line
				}
			}
		}
		return ""
	}
	if at := strings.IndexByte(own, '#'); at >= 0 {
		if l := try(own[at:]); l != "" {
			return l
		}
	}
	return try(own)
}

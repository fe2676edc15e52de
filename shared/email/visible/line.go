package visible

import (
	"strings"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// kind is what a line was found to be.
type kind uint8

const (
	fresh kind = iota // the author's own
	quote
	signature
	forward
	ending // how the author of an answer took leave; see Answer
)

// line is one line of a mail with what is known about it. The second half is
// evidence that only HTML gives.
type line struct {
	raw   string // as it stands in the mail
	text  string // without quote marks, outer blanks and direction marks
	depth int    // how many quote marks; in HTML: how many blockquotes
	kind  kind

	picture bool // a picture that comes with the mail stands here

	quoted     bool // inside an element that a client marks as a quote
	introduces bool // inside an element that a client marks as an attribution
	rest       bool // a client says that the quote begins here and runs to the end
	signs      bool // inside an element that a client marks as a signature
	rule       bool // a drawn rule: <hr> or a border
	border     bool // under the border that Outlook draws above a quoted header
}

// blank: nothing stands on the line, not even a quote mark.
func (l *line) blank() bool { return l.text == "" && l.depth == 0 }

// splitLines makes lines of a text and reads their quote marks.
func splitLines(text string) []line {
	lines := make([]line, 0, strings.Count(text, "\n")+1)
	open := 0 // "<" not yet closed on this or the last few lines
	for raw := range strings.SplitSeq(text, "\n") {
		raw = strings.TrimSuffix(raw, "\r")
		l := line{raw: raw}
		l.text, l.depth = unquote(raw)
		if groupWise(raw) {
			l.text, l.depth = strings.TrimSpace(raw), 0
		}
		if l.depth > 0 && (open > 0 && closesAddress(l.text) || fromEscaped(raw, lines)) {
			l.text, l.depth = strings.TrimSpace(raw), 0
		}
		l.text = visibleRunes(l.text)
		lines = append(lines, l)
		switch {
		case l.depth > 0, len(raw) > 200:
			open = 0
		case !l.blank():
			open = min(max(open+strings.Count(raw, "<")-strings.Count(raw, ">"), 0), 1)
		}
	}
	return lines
}

// unquote strips the quote marks from a line and counts them. Up to three blanks
// may stand before a mark.
func unquote(raw string) (string, int) {
	s, depth := raw, 0
	for {
		t := strings.TrimLeft(s, " \t\u00a0")
		if len(s)-len(t) > 6 || t == "" || t[0] != '>' {
			return strings.TrimSpace(s), depth
		}
		s = t[1:]
		depth++
	}
}

// groupWise: GroupWise writes its attribution ">>> Ann <ann@example.com> 3/5/24 >>>".
func groupWise(raw string) bool {
	return strings.HasPrefix(raw, ">>> ") && len(raw) < 200 && strings.HasSuffix(strings.TrimRight(raw, " "), ">>>") && hasAddress(raw)
}

// closesAddress: a mailer broke "<ann@example.com> wrote:" before the bracket.
func closesAddress(rest string) bool {
	return len(rest) < 80 && (strings.HasSuffix(rest, ":") || strings.HasSuffix(rest, "："))
}

// fromEscaped: mailbox files put ">" before a line that begins with "From ".
func fromEscaped(raw string, before []line) bool {
	return strings.HasPrefix(raw, ">From ") && (len(before) == 0 || before[len(before)-1].depth == 0)
}

// visibleRunes drops direction marks and the like, so that words can be compared.
func visibleRunes(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return strings.TrimSpace(strings.Map(func(r rune) rune {
				switch {
				case phrasebook.Invisible(r):
					return -1
				case r == '\u00a0' || r == '\u202f' || r == '\u3000':
					return ' '
				}
				return r
			}, s))
		}
	}
	return s
}

// unmarked drops what shows nothing from the end of a line. Some senders append such
// characters to know their mail again; the marks of direction and those that join
// letters may mean something and stay.
func unmarked(s string) string {
	return strings.TrimRight(s, " \t\r\u00a0\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad\u034f\u180e")
}

// isRule tells whether a line is drawn, not written: dashes, underscores, equal
// signs and their like, at least n of them and nothing else.
func isRule(s string, n int) bool {
	count := 0
	for _, r := range s {
		switch r {
		case '-', '_', '=', '*', '~', '—', '–', '―', '─', '━', '＿', '‐', '‑', '#', '.', '+':
			count++
		case ' ', '\t':
		default:
			return false
		}
	}
	return count >= n
}

// undecorate strips drawn ornaments from both ends of a line and says on which
// ends there were at least two.
func undecorate(s string) (inner string, left, right bool) {
	const ornaments = "-_=*~—–―─━＿‐‑#<> \t"
	inner = strings.TrimLeft(s, ornaments)
	left = isRule(s[:len(s)-len(inner)], 2) || strings.HasPrefix(s, "—") || strings.HasPrefix(s, "──")
	s = inner
	inner = strings.TrimRight(s, ornaments)
	right = isRule(s[len(inner):], 2)
	return inner, left, right
}

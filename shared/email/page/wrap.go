package page

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/replywell/replywell/shared/email/htmltext"
)

// Columns is how wide a line of plain text may be, an East Asian wide character
// taking two (RFC 3676 section 4.2 asks for at most 78, and quoting needs room).
// A word that cannot be broken, such as a link, may be longer.
const Columns = 72

// otherIndent sets others' words off from ours: ours never stand so, and so no
// mail can imitate them.
const otherIndent = "    "

// textLine is one line of plain text as it was meant, however long. A line that
// flows may be broken where a client's window ends; one that does not is broken
// already where it must.
type textLine struct {
	depth int // of quotation
	text  string
	flows bool
}

// textWriter collects plain text.
type textWriter struct{ lines []textLine }

// gap sets the next block off from what stands above it.
func (w *textWriter) gap() {
	if len(w.lines) > 0 {
		w.lines = append(w.lines, textLine{})
	}
}

// line adds one line that flows.
func (w *textWriter) line(parts ...string) {
	w.lines = append(w.lines, textLine{text: strings.Join(parts, ""), flows: true})
}

// prose adds text with its own line breaks; lines that begin with ">" are quoted.
func (w *textWriter) prose(text string) {
	for l := range strings.SplitSeq(strings.TrimSpace(cleanText(text)), "\n") {
		w.quoted(l, 0)
	}
}

// quoted adds one line of somebody's, so much deeper quoted than it is.
func (w *textWriter) quoted(line string, deeper int) {
	depth, rest := 0, line
	for {
		after, ok := strings.CutPrefix(strings.TrimPrefix(rest, " "), ">")
		if !ok {
			break
		}
		depth, rest = depth+1, after
	}
	if depth > 0 {
		rest = strings.TrimPrefix(rest, " ")
	}
	if rest != "-- " { // RFC 3676 section 4.3
		rest = strings.TrimRight(rest, " \t")
	}
	w.lines = append(w.lines, textLine{depth: depth + deeper, text: rest, flows: true})
}

// hanging adds text whose first line begins with one thing and whose others with
// another. It cannot flow: what is set in would stand in the middle of a line
// then.
func (w *textWriter) hanging(first, rest, text string) {
	for l := range strings.SplitSeq(strings.Trim(cleanText(text), "\n"), "\n") {
		body := strings.TrimLeft(l, " \t")
		own := strings.Repeat(" ", min(8, len(l)-len(body)))
		body = strings.TrimRight(body, " \t")
		if body == "" {
			w.lines = append(w.lines, textLine{})
			continue
		}
		columns := Columns - max(len(first), len(rest)) - len(own)
		if strings.HasPrefix(rest+own, " ") {
			columns-- // format=flowed puts one more before what is set in
		}
		for i, piece := range broken(body, columns) {
			lead := rest
			if i == 0 {
				lead = first
			}
			w.lines = append(w.lines, textLine{text: lead + own + strings.TrimRight(piece, " ")})
			first = rest
		}
	}
}

// said adds others' words, set in.
func (w *textWriter) said(text, htm string) {
	if strings.TrimSpace(text) == "" && htm != "" {
		text = htmltext.Text(htm)
	}
	if text = strings.TrimSpace(cleanText(text)); text != "" {
		w.hanging(otherIndent, otherIndent, text)
	}
}

// written writes what a personal mail's author wrote, as it stands.
func (w *textWriter) written(text, htm string) {
	if strings.TrimSpace(text) == "" && htm != "" {
		text = htmltext.Text(htm)
	}
	w.prose(text)
}

// broken breaks one line into pieces of at most so many columns, at spaces, and
// within words where the writing allows it (Unicode UAX 14). Put together they
// are the line. A link is never broken.
func broken(line string, columns int) []string {
	var out []string
	start, end, wide := 0, 0, 0 // of the piece at hand; wide counts its columns, with spaces at its end
	for _, next := range breakable(line) {
		seen := width(strings.TrimRight(next, " "))
		if wide+seen > columns && end > start && line[start:end] != "-- " {
			out = append(out, line[start:end])
			start, wide = end, 0
		}
		end += len(next)
		wide += width(next)
	}
	return append(out, line[start:])
}

// breakable cuts a line into the parts that must stay whole, each with the
// spaces behind it.
func breakable(line string) (out []string) {
	for line != "" {
		n := strings.IndexByte(line, ' ')
		if n < 0 {
			n = len(line)
		}
		word := line[:n]
		for n < len(line) && line[n] == ' ' {
			n++
		}
		spaces := line[len(word):n]
		line = line[n:]
		at := len(out)
		start, end, target := findLink(word)
		switch {
		case utf8.RuneCountInString(word) == len(word) || width(word) < 4:
			out = append(out, word)
		case target != "":
			out = append(append(append(out, segments(word[:start])...), word[start:end]), segments(word[end:])...)
		default:
			out = append(out, segments(word)...)
		}
		if len(out) == at {
			out = append(out, "")
		}
		out[len(out)-1] += spaces
	}
	return out
}

// segments are the parts between which a word may be broken.
func segments(word string) (out []string) {
	state := -1
	for word != "" {
		var s string
		s, word, _, state = uniseg.FirstLineSegmentInString(word, state)
		out = append(out, s)
	}
	return out
}

// width is how many columns of a fixed-width font a text takes.
func width(s string) int {
	for i := range len(s) {
		if !printable(s[i]) {
			return uniseg.StringWidth(s)
		}
	}
	return len(s)
}

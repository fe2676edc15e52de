package visible

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"github.com/replywell/replywell/shared/email/htmltext"
)

// choose splits both bodies and decides which to believe, and says by which rule.
// The text is what people read elsewhere in the product, so it is taken where the
// two agree; the HTML is believed where it shows more of the quote's limits, or
// where the text is a mere notice.
func choose(subject, text, body string) Parts {
	page, ok := readPage(body)
	empty := strings.TrimSpace(text) == ""
	switch {
	case !ok && empty:
		return splitText(subject, strip(body)).because("html: beyond a bound, read without its structure")
	case !ok:
		return splitText(subject, text).because("text: the html is beyond a bound")
	}
	h := newDocument(subject, page.lines)
	h.html = true
	h.split()
	hp := h.parts()
	var rest *html.Node
	if h.broken == 0 {
		rest = page.prune(h.lines)
	}
	t := newDocument(subject, splitLines(text))
	switch {
	case empty:
		return hp.rendered(rest).because("html: the only part")
	case poor(t, h), notice(t, h):
		return hp.rendered(rest).because("html: the text part is only a notice")
	}
	t.split()
	tp := t.parts()
	want := squash(hp.Visible)
	switch {
	case squash(tp.Visible) == want:
		return tp.withHTML(rest).because("text: both parts agree")
	case tp.Forwarded != nil || hp.Forwarded != nil || !h.strong || h.onlyQuote:
		return tp.because("text: the html shows no limits")
	case t.recut(want, squash(hp.Signature)):
		return t.parts().withHTML(rest).because("text, cut where the html shows the quote")
	case !t.strong && len(squash(tp.Quoted)) == 0:
		return hp.rendered(rest).because("html: the text shows no quote")
	}
	return tp.because("text: the parts differ")
}

func (p Parts) because(rule string) Parts {
	p.Rules = append([]string{rule}, p.Rules...)
	return p
}

func (p Parts) withHTML(rest *html.Node) Parts {
	if rest != nil {
		p.VisibleHTML = markup(rest)
	}
	return p
}

// rendered takes the visible text anew from what remains of the tree, with its
// lists, links and tables as people like to read them.
func (p Parts) rendered(rest *html.Node) Parts {
	if rest != nil {
		p.Visible = htmltext.Render(rest, htmltext.Options{})
	}
	return p.withHTML(rest)
}

// poor tells whether the text part says much less than the HTML: a notice that
// one needs another program, or nothing.
func poor(t, h *document) bool {
	m := 0
	for i := range h.lines {
		m += ink(h.lines[i].text)
	}
	n := 0
	for i := 0; i < len(t.lines) && n < m/4; i++ {
		n += ink(t.lines[i].text)
	}
	return m > 200 && n < m/4
}

// notice tells whether a short text part speaks of HTML, in whatever language, and
// nothing that it says stands in the HTML: "your program cannot show HTML mail".
func notice(t, h *document) bool {
	n := 0
	var said []string
	for i := range t.lines {
		if l := &t.lines[i]; !l.blank() {
			if n += len(l.text); n > 400 {
				return false
			}
			said = append(said, l.text)
		}
	}
	if !strings.Contains(strings.ToLower(strings.Join(said, " ")), "html") {
		return false
	}
	var sb strings.Builder
	for i := range h.lines {
		sb.WriteString(h.lines[i].text)
		sb.WriteByte(' ')
	}
	shown := squash(sb.String())
	for _, s := range said {
		if q := squash(s); q != "" && strings.Contains(shown, q) {
			return false
		}
	}
	return shown != ""
}

// ink counts the bytes of a text above the blank: near enough to its letters.
func ink(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] > ' ' {
			n++
		}
	}
	return n
}

// squash leaves letters and digits only, in lower case, and drops links, which
// the two bodies show differently.
func squash(s string) string {
	var sb strings.Builder
	sb.Grow(len(s))
	for s != "" {
		i := strings.Index(s, "http")
		if i < 0 {
			i = len(s)
		}
		for _, r := range s[:i] {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				sb.WriteRune(unicode.ToLower(r))
			}
		}
		if s = s[i:]; s == "" {
			break
		}
		if !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") {
			sb.WriteString("http")
			s = s[4:]
			continue
		}
		if i = strings.IndexAny(s, " \t\r\n<>\")]"); i < 0 {
			break
		}
		s = s[i:]
	}
	return sb.String()
}

// recut decides the lines anew: fresh as far as they say what is wanted, then the
// signature, then the quote. It changes nothing and reports false where the
// text does not begin with what is wanted, line by line.
func (d *document) recut(want, sign string) bool {
	cut := d.follow(0, want)
	if cut < 0 || want == "" {
		return false
	}
	end := cut
	if sign != "" {
		if e := d.follow(cut, sign); e >= 0 {
			end = e
		}
	}
	d.setKind(0, cut, fresh)
	d.setKind(cut, end, signature)
	d.setKind(end, len(d.lines), quote)
	d.cut, d.forwarded, d.onlyQuote, d.rules = end, -1, false, nil
	d.acted("client-mark", end)
	return true
}

// follow gives the line after those, from line i on, that together say what is
// wanted; -1 if they do not.
func (d *document) follow(i int, want string) int {
	for ; i < len(d.lines); i++ {
		if want == "" {
			return i
		}
		rest, ok := strings.CutPrefix(want, squash(d.lines[i].text))
		if !ok {
			return -1
		}
		want = rest
	}
	if want == "" {
		return i
	}
	return -1
}

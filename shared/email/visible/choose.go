package visible

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"github.com/replywell/replywell/shared/email/htmltext"
)

// choose splits both bodies and decides which to believe, and says by which rule.
// People read the HTML, and most wrote it; the text is what is read elsewhere in
// the product, and was mostly made from the HTML by a program. So the text is
// taken where it says all that the HTML says, and the HTML where it says more: the
// text may be a notice, a placeholder that a program left, an advert, or half of
// it. What the text says beyond the HTML decides only where the HTML says next to
// nothing.
func (s Source) choose() Parts {
	page, ok := s.readPage()
	var alts []string
	if ok {
		alts = page.alts()
		s.Text = onOneLine(s.Text, alts)
	}
	t := s.document(splitLines(s.Text))
	t.setPictures(alts)
	empty := !t.anyFresh()
	switch {
	case !ok && empty:
		return s.splitText(strip(s.HTML)).because("html: beyond a bound, read without its structure")
	case !ok:
		return s.splitText(s.Text).because("text: the html is beyond a bound")
	}
	h := s.document(page.lines)
	h.html = true
	h.split()
	hp := h.parts()
	shown := func(p Parts) Parts {
		p.SignaturePictures = page.pictures(h.lines, signature)
		if h.broken == 0 && !h.onlyQuote {
			p.Pictures = page.pictures(h.lines, fresh)
		}
		return p
	}
	hp = shown(hp)
	var rest *html.Node
	if h.broken == 0 {
		rest = page.prune(h.lines)
	}
	if empty {
		return hp.rendered(rest).because("html: the only part")
	}
	t.split()
	tp := shown(t.parts())
	want := h.squashed(fresh, forward)
	switch {
	case t.squashed(fresh, forward) == want && squash(tp.Ending) == squash(hp.Ending):
		return tp.withHTML(rest).because("text: both parts agree")
	case saysMore(h, t):
		return hp.rendered(rest).because("html: it says more than the text part")
	case tp.Forwarded != nil || hp.Forwarded != nil || !h.strong || h.onlyQuote:
		return tp.because("text: the html shows no limits")
	case t.recut(want, squash(hp.Ending), squash(hp.Signature)):
		return shown(t.parts()).withHTML(rest).because("text, cut where the html shows the quote")
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
		if shown, ok := withoutEnding(unmarked(htmltext.Render(rest, htmltext.Options{})), p.Ending); ok {
			p.Visible = shown
		}
	}
	return p.withHTML(rest)
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

// recut decides the lines anew: fresh as far as they say what is wanted, then how
// the author takes leave, then the signature, then the quote. It changes nothing and reports false where the
// text does not begin with what is wanted, line by line.
func (d *document) recut(want, leave, sign string) bool {
	said := d.follow(0, want)
	if said < 0 || want == "" {
		return false
	}
	cut := d.follow(said, leave)
	if cut < 0 {
		return false
	}
	end := cut
	if sign != "" {
		if e := d.follow(cut, sign); e >= 0 {
			end = e
		}
	}
	d.setKind(0, said, fresh)
	d.setKind(said, cut, ending)
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

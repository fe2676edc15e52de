package htmltext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// maxURL is how long the address of a link may be to be written; longer ones
// track, and nobody reads them.
const maxURL = 500

// link writes the text of a link, and its address where the text does not say it.
func (w *writer) link(n *html.Node) {
	before := len(w.out)
	w.children(n)
	if w.o.TextOnly {
		return
	}
	url := strings.TrimSpace(Attr(n, "href"))
	if !followable(url) || len(url) > maxURL || len(w.out) == before {
		return
	}
	text := strings.TrimSpace(string(w.out[before:]))
	if sameTarget(text, url) || strings.ContainsAny(url, " \n\t<>") {
		return
	}
	space, breaks := w.space, w.breaks
	w.space, w.breaks = true, 0
	w.word("<" + strings.TrimPrefix(url, "mailto:") + ">")
	w.space, w.breaks = space, breaks
}

func followable(url string) bool {
	low := strings.ToLower(url[:min(len(url), 8)])
	for _, p := range []string{"http://", "https://", "mailto:", "tel:", "ftp://"} {
		if strings.HasPrefix(low, p) && len(url) > len(p) {
			return true
		}
	}
	return false
}

// sameTarget tells whether the text of a link is its address already.
func sameTarget(text, url string) bool {
	bare := func(s string) string {
		s = strings.ToLower(strings.TrimSpace(s))
		for _, p := range []string{"mailto:", "tel:", "https://", "http://", "ftp://"} {
			s = strings.TrimPrefix(s, p)
		}
		s = strings.TrimPrefix(s, "www.")
		return strings.TrimRight(s, "/.")
	}
	a, b := bare(strings.Trim(text, "<>()")), bare(url)
	if a == b {
		return true
	}
	if i := strings.IndexByte(b, '?'); i > 0 && strings.HasPrefix(strings.ToLower(url), "mailto:") {
		b = b[:i]
	}
	if strings.HasPrefix(strings.ToLower(url), "tel:") {
		return digits(a) == digits(b)
	}
	return a == b
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// image writes an image as its name in brackets; an emoji as itself; what only
// tracks or fills not at all.
func (w *writer) image(n *html.Node) {
	alt := strings.Join(strings.Fields(Attr(n, "alt")), " ")
	if alt != "" && isEmoji(alt) {
		w.word(alt)
		return
	}
	if w.o.TextOnly || tiny(Attr(n, "width")) || tiny(Attr(n, "height")) {
		return
	}
	src := strings.TrimSpace(Attr(n, "src"))
	if len(src) > 4 && strings.EqualFold(src[:4], "cid:") {
		name := ""
		if w.o.Image != nil {
			name = w.o.Image(strings.Trim(unescape(src[4:]), "<>"))
		}
		if name == "" {
			name = alt
		}
		if name == "" {
			w.word("[image]")
			return
		}
		alt = name
	}
	if alt != "" && len(alt) <= 300 {
		w.word("[image: " + alt + "]")
	}
}

// unescape undoes the percent escapes of a cid URL (RFC 2392).
func unescape(s string) string {
	return strings.NewReplacer("%40", "@", "%25", "%", "%2B", "+", "%2b", "+", "%24", "$").Replace(s)
}

func tiny(v string) bool { return v == "0" || v == "1" || v == "1px" || v == "0px" }

// isEmoji tells an image that stands for a character: mail clients draw emoji so.
func isEmoji(s string) bool {
	if utf8.RuneCountInString(s) > 8 {
		return false
	}
	for _, r := range s {
		if r < 0x2000 && r != 0xA9 && r != 0xAE {
			return false
		}
		if unicode.IsLetter(r) {
			return false
		}
	}
	return true
}

// plain is the text of a node on one line, for a cell of a table.
func (w *writer) plain(n *html.Node) string {
	c := &writer{o: w.o, fresh: true, inCell: true, nesting: w.nesting}
	c.children(n)
	return strings.TrimSpace(c.String())
}

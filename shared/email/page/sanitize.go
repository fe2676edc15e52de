package page

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/replywell/replywell/shared/email/htmltext"
)

const (
	maxDataImage = 256 << 10 // octets of a data: URL; larger images belong into attachments
	maxLink      = 2048      // octets of a link's target
	maxStyle     = 1024      // octets of a style attribute; a longer one is dropped unread
)

// Sanitize makes a stranger's HTML safe to be shown inside a mail of ours. What
// is not on the list goes: scripts, styles, forms, frames, and everything that
// would be fetched from elsewhere. Images stay only if they travel with the
// mail (cid:) or are small and inside it (data: PNG, JPEG, GIF, WebP); of others
// the alternative text stays. Links lead to http, https, mailto and tel only.
// The result is balanced: it cannot close elements of what it is put into.
//
// The time is linear in the size of the input. HTML nested deeper than the
// parser goes is reduced to its text.
func Sanitize(s string) string {
	// The parser reads it as a browser would, so what the gate judges is what
	// will be shown; the gate's own output is the result, never re-read.
	nodes, err := html.ParseFragment(strings.NewReader(Lines(s)), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return textGate.Sanitize(s)
	}
	var b strings.Builder
	for _, n := range nodes {
		holder := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
		holder.AppendChild(n)
		prepare(holder)
		for c := holder.FirstChild; c != nil; c = c.NextSibling {
			if err := html.Render(&b, c); err != nil {
				return textGate.Sanitize(s)
			}
		}
	}
	return strings.TrimSpace(gate.Sanitize(b.String()))
}

// Safe is HTML that went through Sanitize.
type Safe struct{ html string }

// Clean makes a stranger's HTML safe, for a block that shows it.
func Clean(s string) Safe { return Safe{Sanitize(s)} }

// Len is its size in octets; 0 where there is nothing to be seen.
func (s Safe) Len() int { return len(s.html) }

// gate is the allow-list; textGate lets only text through, escaped.
var (
	gate     = newGate()
	textGate = bluemonday.StrictPolicy()
)

var (
	safeHref  = regexp.MustCompile(`^(?i:https?://|mailto:|tel:)[^\x00-\x20]*$`)
	safeImage = regexp.MustCompile(`^(?:cid:[A-Za-z0-9!#$%&'*+/=?^_{|}~.@-]+|data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+)$`)
)

// styles are the properties that the gate has rules for.
var styles = []string{"text-align", "font-weight", "font-style", "text-decoration", "max-width", "height"}

func newGate() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "div", "span", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "kbd", "samp",
		"b", "strong", "i", "em", "u", "s", "del", "ins", "sub", "sup", "small", "mark", "ul", "ol", "li", "dl", "dt", "dd",
		"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "abbr", "cite", "q", "address", "section", "article", "figure", "figcaption")
	p.AllowNoAttrs().OnElements("span", "div")
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`^(?i:ltr|rtl|auto)$`)).Globally()
	p.AllowAttrs("lang").Matching(regexp.MustCompile(`^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}$`)).Globally()
	p.AllowAttrs("colspan", "rowspan").Matching(regexp.MustCompile(`^[1-9][0-9]?$`)).OnElements("td", "th")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,6}$`)).OnElements("ol")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(?i:left|right|center)$`)).OnElements("td", "th", "p", "div")
	p.AllowStyles("text-align").MatchingEnum("left", "right", "center", "start", "end").Globally()
	p.AllowStyles("font-weight").MatchingEnum("bold", "normal", "600", "700").Globally()
	p.AllowStyles("font-style").MatchingEnum("italic", "normal").Globally()
	p.AllowStyles("text-decoration").MatchingEnum("underline", "line-through", "none").Globally()

	p.AllowAttrs("href").Matching(safeHref).OnElements("a")
	p.AllowAttrs("src").Matching(safeImage).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("width", "height").Matching(regexp.MustCompile(`^[1-9][0-9]{0,3}$`)).OnElements("img")
	p.AllowStyles("max-width").MatchingEnum("100%").OnElements("img")
	p.AllowStyles("height").MatchingEnum("auto").OnElements("img")
	p.RequireParseableURLs(true)
	site := func(u *url.URL) bool { return u.Host != "" && len(u.String()) <= maxLink }
	other := func(u *url.URL) bool { return u.Opaque != "" && len(u.Opaque) <= maxLink }
	p.AllowURLSchemeWithCustomPolicy("http", site)
	p.AllowURLSchemeWithCustomPolicy("https", site)
	p.AllowURLSchemeWithCustomPolicy("mailto", other)
	p.AllowURLSchemeWithCustomPolicy("tel", other)
	p.AllowURLSchemeWithCustomPolicy("cid", other)
	p.AllowURLSchemeWithCustomPolicy("data", func(u *url.URL) bool { return len(u.Opaque) <= maxDataImage })
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	p.SkipElementsContent("head", "title", "template", "svg", "math", "select", "textarea", "button", "audio", "video", "canvas", "noscript", "map", "xmp", "plaintext")
	return p
}

// prepare puts "[image: its alternative text]" in the place of images that will
// not be shown, because a screenshot's caption or a logo's name may be all there
// is; images without such text, such as tracking pixels, just go. And it drops
// style attributes that are too long to be anybody's, and control characters.
func prepare(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.TextNode {
			c.Data = withoutControls(c.Data)
		} else if c.Type == html.ElementNode && c.DataAtom == atom.Img && !safeImage.MatchString(htmltext.Attr(c, "src")) {
			if alt := OneLine(htmltext.Attr(c, "alt")); alt != "" {
				n.InsertBefore(&html.Node{Type: html.TextNode, Data: "[image: " + clip(alt) + "]"}, c)
			}
			n.RemoveChild(c)
		} else {
			if c.DataAtom == atom.P && lineOnly(c) {
				c.Data, c.DataAtom = "div", atom.Div
			}
			for i := range c.Attr {
				c.Attr[i].Val = withoutControls(c.Attr[i].Val)
			}
			c.Attr = slices.DeleteFunc(c.Attr, func(a html.Attribute) bool { return a.Key == "style" && (len(a.Val) > maxStyle || !mayStay(a.Val)) })
			prepare(c)
		}
		c = next
	}
}

// mayStay tells whether anything of a style may be on the gate's list. Most mail has
// styles of which nothing is, and reading them is most of what the gate takes. A style
// with anything in it that a plain cut at the semicolons could misread is the gate's.
func mayStay(style string) bool {
	if strings.ContainsAny(style, "\\\"'/@{}(") {
		return true
	}
	for declaration := range strings.SplitSeq(style, ";") {
		property, _, _ := strings.Cut(declaration, ":")
		if slices.Contains(styles, strings.ToLower(strings.TrimSpace(property))) {
			return true
		}
	}
	return false
}

// lineOnly tells whether a paragraph stands without space around it, as those of
// Outlook and Word do, by a class whose style does not come along.
func lineOnly(p *html.Node) bool {
	style := strings.ReplaceAll(strings.ToLower(htmltext.Attr(p, "style")), " ", "")
	return strings.HasPrefix(htmltext.Attr(p, "class"), "Mso") || strings.HasPrefix(htmltext.Attr(p, "class"), "x_Mso") || strings.Contains(style, "margin:0") && !strings.Contains(style, "margin:0.") || strings.Contains(style, "margin-bottom:0")
}

package htmltext

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Options says how a tree is written. The zero value is right for most.
type Options struct {
	// Image names the image with this Content-ID ("cid:" URL), or "". May be nil.
	Image func(contentID string) string
	// TextOnly leaves out what is not text of the mail: addresses of links and
	// images.
	TextOnly bool
}

// maxQuote is how deep quote marks and list indents are written; deeper ones
// are written as if they stood at that depth, so that the text stays bounded.
const maxQuote = 8

// Text writes HTML as text.
func Text(src string) string { return Render(Parse(src), Options{}) }

// Wrap writes plain text as HTML, lines kept.
func Wrap(text string) string {
	return "<div>" + strings.ReplaceAll(html.EscapeString(text), "\n", "<br>\n") + "</div>"
}

// Render writes a tree, or a part of one, as text. Lines end in "\n" and have
// no space at their ends; there is no empty line at the beginning, and at most
// one between two others.
func Render(n *html.Node, o Options) string {
	w := &writer{o: o, fresh: true}
	w.node(n)
	return w.String()
}

// writer writes text with pending line breaks: a block asks for the breaks
// before it, and they are written when text follows.
type writer struct {
	o       Options
	out     []byte
	prefix  []string // what stands before each line: quote marks, indents
	marker  string   // list marker that replaces the last indent, once
	breaks  int      // line breaks to write before the next text
	fresh   bool     // nothing is on the line yet
	space   bool     // a space is due before the next text
	pre     int      // inside how many <pre>
	inCell  bool     // in a data table's cell: no line breaks
	hollow  bool     // the block at hand has nothing but no-break spaces so far
	depth   int      // how many prefixes the line before had
	nesting int
}

func (w *writer) String() string {
	return strings.TrimRight(string(w.out), " \n\t")
}

// need asks for at least n line breaks before what follows.
func (w *writer) need(n int) {
	w.space = false
	if len(w.out) == 0 || w.marker != "" { // a block at the beginning of an item does not part it from its marker
		return
	}
	if w.hollow { // a paragraph with only a no-break space is how Outlook writes an empty line
		w.hollow = false
		n = max(n, w.breaks+1)
	}
	if w.breaks < n {
		w.breaks = n
	}
}

// lineStart writes what is due before text.
func (w *writer) lineStart() {
	if w.breaks > 0 && w.inCell {
		w.space = w.space || len(w.out) > 0
		w.breaks = 0
	}
	if w.breaks > 0 && len(w.out) > 0 {
		w.trimLine()
		for i := 0; i < min(w.breaks, 2); i++ {
			if i > 0 {
				w.out = append(w.out, strings.TrimRight(strings.Join(w.quotes()[:min(w.depth, len(w.quotes()))], ""), " ")...)
			}
			w.out = append(w.out, '\n')
		}
		w.fresh = true
	}
	w.breaks = 0
	if w.fresh {
		w.fresh, w.space = false, false
		p := w.quotes()
		w.depth = len(p)
		for i, x := range p {
			if i == len(p)-1 && w.marker != "" {
				x = w.marker
			}
			w.out = append(w.out, x...)
		}
		w.marker = ""
	} else if w.space {
		w.out = append(w.out, ' ')
	}
	w.space = false
}

func (w *writer) quotes() []string { return w.prefix[:min(len(w.prefix), maxQuote)] }

// trimLine drops spaces at the end of the line.
func (w *writer) trimLine() {
	n := len(w.out)
	for n > 0 && w.out[n-1] == ' ' {
		n--
	}
	w.out = w.out[:n]
}

// word writes text that has no white space to fold.
func (w *writer) word(s string) {
	if s == "" {
		return
	}
	w.lineStart()
	w.hollow = false
	w.out = append(w.out, s...)
}

// text writes a text node: white space is folded, a no-break space stays a
// space, characters without width are dropped.
func (w *writer) text(s string) {
	if w.pre > 0 {
		w.verbatim(s)
		return
	}
	for len(s) > 0 {
		i := 0
		for i < len(s) && s[i] > ' ' && s[i] < 0x80 {
			i++
		}
		if i > 0 {
			w.word(s[:i])
			s = s[i:]
			continue
		}
		if s[0] < 0x80 {
			w.space = w.space || !w.fresh && w.breaks == 0 || w.inCell
			s = s[1:]
			continue
		}
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == '\u00a0':
			if w.fresh || w.breaks > 0 || w.space || len(w.out) == 0 || w.out[len(w.out)-1] == ' ' {
				w.indent()
			} else {
				w.word(" ")
			}
		case invisible(r):
		case r == '\u200c' && (w.fresh || w.space || w.breaks > 0 || len(w.out) > 0 && w.out[len(w.out)-1] == ' '):
		default:
			w.word(s[:n])
		}
		s = s[n:]
	}
}

// indent keeps a no-break space that indents a line or stands beside a space.
func (w *writer) indent() {
	if !w.fresh && w.breaks == 0 {
		w.lineStart()
		w.out = append(w.out, ' ')
		return
	}
	w.hollow = true
}

// invisible characters are padding of newsletters, or hints for breaking lines.
func invisible(r rune) bool {
	switch r {
	case '\u200b', '\ufeff', '\u00ad', '\u034f', '\u2060', '\u061c', '\u200e':
		return true
	}
	return false
}

func (w *writer) verbatim(s string) {
	for len(s) > 0 {
		line, rest, more := strings.Cut(s, "\n")
		if line = strings.ReplaceAll(strings.TrimSuffix(line, "\r"), "\u00a0", " "); line != "" {
			w.word(line)
		}
		if more {
			w.breaks++
			if w.fresh && len(w.out) == 0 {
				w.breaks = 0
			}
		}
		s = rest
	}
}

func (w *writer) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
}

// node writes one node. The tree is at most maxDepth deep; one that a caller
// made is followed no deeper than twice that.
func (w *writer) node(n *html.Node) {
	if w.nesting > 2*maxDepth {
		return
	}
	w.nesting++
	defer func() { w.nesting-- }()
	switch n.Type {
	case html.TextNode:
		w.text(n.Data)
	case html.DocumentNode:
		w.children(n)
	case html.ElementNode:
		if !hidden(n) {
			w.element(n)
		}
	}
}

func (w *writer) element(n *html.Node) {
	switch n.DataAtom {
	case atom.Head, atom.Title, atom.Template, atom.Script, atom.Style, atom.Svg, atom.Object, atom.Input, atom.Meta, atom.Link:
	case atom.Br:
		w.space = false
		if len(w.out) > 0 && w.marker == "" {
			w.breaks++
		}
		w.hollow = false
	case atom.Hr:
		w.need(2)
		w.word("---")
		w.need(2)
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.need(margin(n))
		w.children(n)
		w.need(margin(n))
	case atom.Blockquote:
		w.need(1)
		w.inside("> ", n)
		w.need(1)
	case atom.Pre, atom.Listing, atom.Xmp:
		w.need(1)
		w.pre++
		w.children(n)
		w.pre--
		w.need(1)
	case atom.Ul, atom.Ol, atom.Menu, atom.Dir:
		w.list(n)
	case atom.Li: // outside a list
		w.item(n, "- ")
	case atom.Dd:
		w.need(1)
		w.inside("  ", n)
		w.need(1)
	case atom.A:
		w.link(n)
	case atom.Img:
		w.image(n)
	case atom.Table:
		w.table(n)
	case atom.Q:
		w.word("\u201c")
		w.children(n)
		w.word("\u201d")
	case atom.Td, atom.Th:
		w.need(1)
		w.children(n)
		w.need(1)
	default:
		if kinds[n.DataAtom]&block != 0 {
			w.need(1)
			if strings.Contains(compact(Attr(n, "style")), "border-top:solid") { // Outlook's rule above a quoted mail
				w.need(2)
			}
			w.children(n)
			w.need(1)
			return
		}
		w.children(n)
	}
}

// margin is the distance that a paragraph keeps. Outlook and others write every
// line as a paragraph without margin.
func margin(n *html.Node) int {
	if n.DataAtom != atom.P {
		return 2
	}
	style := compact(Attr(n, "style"))
	switch {
	case strings.Contains(strings.ToLower(Attr(n, "class")), "msonormal"), strings.Contains(style, "margin-bottom:0"):
		return 1
	case strings.Contains(style, "margin:0") && !distanceBelow(Attr(n, "style")):
		return 1
	}
	return 2
}

// distanceBelow tells whether a style's shorthand, "margin: 0 0 1em", leaves
// room below: its third value is the lower margin (CSS 2.1 section 8.3).
func distanceBelow(style string) bool {
	_, value, _ := strings.Cut(strings.ToLower(style), "margin:")
	value, _, _ = strings.Cut(value, ";")
	values := strings.Fields(value)
	return len(values) > 2 && strings.ContainsAny(values[2], "123456789") && !strings.HasPrefix(values[2], ".0")
}

// inside writes the children with one more prefix before each line.
func (w *writer) inside(prefix string, n *html.Node) {
	if w.marker != "" { // a list item that begins with a quote or a list
		w.lineStart()
		w.trimLine()
		w.breaks = 1
	}
	w.prefix = append(w.prefix, prefix)
	w.children(n)
	w.prefix = w.prefix[:len(w.prefix)-1]
}

func (w *writer) list(n *html.Node) {
	gap := 1
	if len(w.prefix) == 0 {
		gap = 2
	}
	w.need(gap)
	number := 1
	if s, err := strconv.Atoi(Attr(n, "start")); err == nil {
		number = s
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || c.DataAtom != atom.Li || hidden(c) {
			w.node(c)
			continue
		}
		if v, err := strconv.Atoi(Attr(c, "value")); err == nil {
			number = v
		}
		marker := "- "
		if n.DataAtom == atom.Ol {
			marker = strconv.Itoa(number) + ". "
		}
		number++
		w.item(c, marker)
	}
	w.need(gap)
}

func (w *writer) item(n *html.Node, marker string) {
	w.need(1)
	if w.marker != "" {
		w.lineStart()
		w.trimLine()
		w.breaks = 1
	}
	w.prefix = append(w.prefix, strings.Repeat(" ", len(marker)))
	w.marker = marker
	if len(w.prefix) > maxQuote {
		w.marker = ""
	}
	if w.breaks > 1 && n.PrevSibling != nil { // items stand together, whatever margins their paragraphs have
		w.breaks = 1
	}
	before := len(w.out)
	w.children(n)
	if len(w.out) == before {
		w.marker = ""
	}
	w.prefix = w.prefix[:len(w.prefix)-1]
	w.breaks = min(w.breaks, 1)
	w.need(1)
}

// Attr gives an attribute's value; "" where the element has none of that name.
func Attr(n *html.Node, name string) string {
	for i := range n.Attr {
		if n.Attr[i].Key == name && n.Attr[i].Namespace == "" {
			return n.Attr[i].Val
		}
	}
	return ""
}

// compact is a style attribute in lower case without spaces.
func compact(style string) string {
	if style == "" {
		return ""
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '\t' || r == '\n' || r == '\r':
			return -1
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, style)
}

// hidden tells whether the reader of the HTML does not see the element.
func hidden(n *html.Node) bool {
	for i := range n.Attr {
		switch n.Attr[i].Key {
		case "hidden":
			return true
		case "style":
			if !mayHide(n.Attr[i].Val) {
				continue
			}
			s := compact(n.Attr[i].Val)
			if strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden") ||
				zero(s, "max-height:0") && strings.Contains(s, "overflow:hidden") {
				return true
			}
		}
	}
	return false
}

// mayHide tells whether a style has one of the words without which nothing is
// hidden, in small letters, or any capital: most have neither, and are not
// looked at closely.
func mayHide(style string) bool {
	return strings.Contains(style, "none") || strings.Contains(style, "hidden") || strings.ContainsAny(style, "NHO")
}

// zero tells whether the style has the property with the value nought, not 0.5.
func zero(style, property string) bool {
	i := strings.Index(style, property)
	if i < 0 {
		return false
	}
	rest := style[i+len(property):]
	return rest == "" || rest[0] == ';' || rest[0] == 'p' || rest[0] == '!' || rest[0] == 'e'
}

package htmltext

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	// maxDepth is how deep elements nest in a tree; deeper ones give their
	// text to the element at that depth.
	maxDepth = 200
	// maxAttrs is how many attributes of one element are kept.
	maxAttrs = 64
	// maxKept is how many line ends a style may keep in all of a document.
	maxKept = 50_000
)

// kind says how an element nests.
type kind uint8

const (
	void    kind = 1 << iota // has no content
	block                    // stands on lines of its own; closes an open <p>
	barrier                  // an end tag inside does not close what is outside
)

var kinds = map[atom.Atom]kind{
	atom.Br: void, atom.Hr: void | block, atom.Img: void, atom.Input: void, atom.Meta: void, atom.Link: void, atom.Area: void, atom.Base: void,
	atom.Col: void, atom.Embed: void, atom.Source: void, atom.Track: void, atom.Wbr: void, atom.Param: void, atom.Basefont: void, atom.Bgsound: void,
	atom.P: block, atom.Div: block, atom.Ul: block | barrier, atom.Ol: block | barrier, atom.Dl: block, atom.Table: block | barrier, atom.Blockquote: block,
	atom.Pre: block, atom.H1: block, atom.H2: block, atom.H3: block, atom.H4: block, atom.H5: block, atom.H6: block, atom.Address: block,
	atom.Article: block, atom.Aside: block, atom.Center: block, atom.Details: block, atom.Dir: block, atom.Fieldset: block, atom.Figure: block,
	atom.Figcaption: block, atom.Footer: block, atom.Form: block, atom.Header: block, atom.Main: block, atom.Menu: block, atom.Nav: block,
	atom.Section: block, atom.Summary: block, atom.Li: block, atom.Dt: block, atom.Dd: block, atom.Body: block, atom.Html: block,
	atom.Tr: block, atom.Caption: block, atom.Td: barrier, atom.Th: barrier, atom.Tbody: 0, atom.Thead: 0, atom.Tfoot: 0,
}

// closedBy lists, for an element that begins, which open elements it ends, and
// at which element the search stops (HTML section 13.1.2.4, optional tags).
var closedBy = map[atom.Atom]struct{ ends, within []atom.Atom }{
	atom.Li:     {[]atom.Atom{atom.Li}, []atom.Atom{atom.Ul, atom.Ol, atom.Menu, atom.Dir, atom.Td, atom.Th}},
	atom.Dt:     {[]atom.Atom{atom.Dt, atom.Dd}, []atom.Atom{atom.Dl, atom.Td, atom.Th}},
	atom.Dd:     {[]atom.Atom{atom.Dt, atom.Dd}, []atom.Atom{atom.Dl, atom.Td, atom.Th}},
	atom.Td:     {[]atom.Atom{atom.Td, atom.Th}, []atom.Atom{atom.Tr, atom.Table}},
	atom.Th:     {[]atom.Atom{atom.Td, atom.Th}, []atom.Atom{atom.Tr, atom.Table}},
	atom.Tr:     {[]atom.Atom{atom.Tr}, []atom.Atom{atom.Table}},
	atom.Tbody:  {[]atom.Atom{atom.Tbody, atom.Thead, atom.Tfoot}, []atom.Atom{atom.Table}},
	atom.Thead:  {[]atom.Atom{atom.Tbody, atom.Thead, atom.Tfoot}, []atom.Atom{atom.Table}},
	atom.Tfoot:  {[]atom.Atom{atom.Tbody, atom.Thead, atom.Tfoot}, []atom.Atom{atom.Table}},
	atom.Option: {[]atom.Atom{atom.Option}, []atom.Atom{atom.Select}},
}

// Parse builds the tree of an HTML document or fragment. It never fails; the
// result is a DocumentNode. Scripts, styles, comments and doctypes are left
// out, and so is text that nobody sees: of no size, or of the colour of its
// ground; but where there is no other, or less of the author's own, it stays.
// Time and memory are linear in len(src).
func Parse(src string) *html.Node {
	b := &builder{root: &html.Node{Type: html.DocumentNode}, count: map[atom.Atom]int{}}
	b.open = append(make([]level, 0, 64), level{node: b.root})
	z := html.NewTokenizer(strings.NewReader(src))
	for {
		switch z.Next() {
		case html.ErrorToken:
			b.settle()
			return b.root
		case html.TextToken:
			switch b.skip {
			case 0:
				b.text(string(z.Text()))
			case atom.Style:
				b.style(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			b.start(z)
		case html.EndTagToken:
			name, _ := z.TagName()
			b.end(atom.Lookup(name), string(name))
		}
	}
}

// level is an open element; what a search through many needs stands in it.
type level struct {
	node    *html.Node
	atom    atom.Atom
	barrier bool
}

type builder struct {
	root   *html.Node
	open   []level
	count  map[atom.Atom]int // how many of each are open
	deep   int               // elements that are open beyond maxDepth
	skip   atom.Atom         // the element whose text is not kept
	kept   int               // line ends that became line breaks
	sheets bool              // there is a style sheet, which may give any class its colours
	sheet  sheet             // what the style sheets say that matters
	read   int               // bytes of style sheets read
	nodes  []html.Node
	attrs  []html.Attribute
}

func (b *builder) top() *html.Node { return b.open[len(b.open)-1].node }

func (b *builder) push(n *html.Node, k kind) {
	b.open = append(b.open, level{n, n.DataAtom, k&barrier != 0})
	b.count[n.DataAtom]++
}

// popTo closes the element at i and all inside it.
func (b *builder) popTo(i int) {
	for _, l := range b.open[i:] {
		b.count[l.atom]--
	}
	b.open = b.open[:i]
}

// node takes a node from a slab: one allocation for many.
func (b *builder) node() *html.Node {
	if len(b.nodes) == 0 {
		b.nodes = make([]html.Node, 128)
	}
	n := &b.nodes[0]
	b.nodes = b.nodes[1:]
	return n
}

func (b *builder) text(s string) {
	if b.top().DataAtom == atom.Head && strings.TrimSpace(s) != "" {
		b.popTo(len(b.open) - 1)
	}
	n := b.node()
	n.Type, n.Data = html.TextNode, s
	b.top().AppendChild(n)
}

// style reads a style sheet, up to maxSheet bytes of all of them.
func (b *builder) style(css []byte) {
	if b.read += len(css); b.read > maxSheet {
		return
	}
	if b.sheet == nil {
		b.sheet = sheet{}
	}
	b.sheet.read(string(css))
}

func (b *builder) lineBreak() {
	n := b.node()
	n.Type, n.DataAtom, n.Data = html.ElementNode, atom.Br, "br"
	b.top().AppendChild(n)
}

func (b *builder) start(z *html.Tokenizer) {
	name, more := z.TagName()
	a := atom.Lookup(name)
	if a == atom.Script || a == atom.Style {
		b.sheets = b.sheets || a == atom.Style
		b.skip = a
		return
	}
	k := kinds[a]
	if len(b.open) > maxDepth && k&void == 0 {
		b.deep++
		if last := b.top().LastChild; k&block != 0 && (last == nil || last.DataAtom != atom.Br) {
			b.lineBreak()
		}
		return
	}
	n := b.node()
	n.Type, n.DataAtom = html.ElementNode, a
	if n.Data = a.String(); a == 0 {
		n.Data = string(name)
	}
	if more {
		n.Attr = b.attributes(z)
	}
	if len(b.sheet) > 0 {
		b.sheet.apply(n)
	}
	if b.count[atom.Head] > 0 && !inHead(a) { // its end tag may be left out
		b.closeWithin([]atom.Atom{atom.Head}, nil)
	}
	if k&block != 0 && b.count[atom.P] > 0 {
		b.closeWithin([]atom.Atom{atom.P}, nil)
	}
	if c, ok := closedBy[a]; ok {
		b.closeWithin(c.ends, c.within)
	}
	b.top().AppendChild(n)
	if k&void == 0 {
		b.push(n, k)
	}
}

// inHead tells which elements belong into a head; any other one ends it.
func inHead(a atom.Atom) bool {
	switch a {
	case atom.Head, atom.Meta, atom.Title, atom.Link, atom.Base, atom.Noscript, atom.Template, atom.Object, 0:
		return true
	}
	return false
}

// attributes reads an element's attributes into a slab that many share.
func (b *builder) attributes(z *html.Tokenizer) []html.Attribute {
	if cap(b.attrs)-len(b.attrs) < maxAttrs {
		b.attrs = make([]html.Attribute, 0, 4*maxAttrs)
	}
	start := len(b.attrs)
	for more := true; more; {
		var k, v []byte
		k, v, more = z.TagAttr()
		if len(b.attrs)-start < maxAttrs {
			b.attrs = append(b.attrs, html.Attribute{Key: attrName(k), Val: string(v)})
		}
	}
	return b.attrs[start:len(b.attrs):len(b.attrs)]
}

// attrName shares the memory of the names that occur everywhere.
func attrName(k []byte) string {
	if a := atom.Lookup(k); a != 0 {
		return a.String()
	}
	return string(k)
}

// closeWithin ends the innermost open element of ends, unless one of within,
// or any barrier where within is nil, stands before it.
func (b *builder) closeWithin(ends, within []atom.Atom) {
	for i := len(b.open) - 1; i > 0; i-- {
		l := &b.open[i]
		if contains(ends, l.atom) {
			b.popTo(i)
			return
		}
		if within == nil && l.barrier || contains(within, l.atom) {
			return
		}
	}
}

func contains(list []atom.Atom, a atom.Atom) bool {
	for _, x := range list {
		if x == a {
			return true
		}
	}
	return false
}

func (b *builder) end(a atom.Atom, name string) {
	if a == b.skip && a != 0 {
		b.skip = 0
		return
	}
	if kinds[a]&void != 0 {
		if a == atom.Br { // </br> is a line break to every browser
			b.lineBreak()
		}
		return
	}
	if b.deep > 0 {
		b.deep--
		return
	}
	if b.count[a] == 0 {
		return
	}
	for i := len(b.open) - 1; i > 0; i-- {
		l := &b.open[i]
		if l.atom == a && (a != 0 || l.node.Data == name) {
			b.popTo(i)
			return
		}
		if l.barrier && !tableEnd(l.atom, a) {
			return
		}
	}
}

// tableEnd tells whether the end tag a may close an element outside the
// barrier: of a table's own, and of the document.
func tableEnd(barrier, a atom.Atom) bool {
	switch a {
	case atom.Body, atom.Html:
		return true
	case atom.Table, atom.Tr, atom.Tbody, atom.Thead, atom.Tfoot:
		return barrier == atom.Td || barrier == atom.Th
	case atom.Td, atom.Th:
		return barrier == atom.Ul || barrier == atom.Ol
	}
	return false
}

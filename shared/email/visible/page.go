package visible

import (
	"strings"

	"golang.org/x/net/html"

	"github.com/replywell/replywell/shared/email/htmltext"
	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// page is an HTML body laid out as lines, with the way back from each line to the
// nodes that it came from.
type page struct {
	root   *html.Node
	lines  []line
	leaves []leaf
	hidden []*html.Node // never shown, so not part of what was written
	maybes []maybe
	opens  bool // see document
}

// leaf is a node that shows something, and the lines it shows it on.
type leaf struct {
	node        *html.Node
	first, last int
}

// maybe is a <blockquote> that no client marked: a quote if something introduces
// it or nothing follows it, else the author's own quotation. In a mail that answers
// nothing only an introduction makes a quote, whatever the element's attributes say.
type maybe struct {
	first, end int  // its lines
	gmail      bool // made with Gmail's formatting bar
}

// readPage lays a body out. It reports false where the body is beyond a bound.
func (s Source) readPage() (*page, bool) {
	body := s.HTML
	if len(body) > maxHTML {
		return nil, false
	}
	root := htmltext.Parse(body)
	p := &page{root: root, opens: s.document(nil).opens}
	w := &walker{page: p, clients: phrasebook.DefaultClients()}
	w.lines = make([]line, 0, len(body)/80+8)
	w.walk(root)
	w.flush()
	p.resolve()
	return p, true
}

// strip gives the text of a body that is beyond a bound: what stands outside of
// tags, in one linear pass.
func strip(body string) string {
	var sb strings.Builder
	z := html.NewTokenizer(strings.NewReader(body))
	skip := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			return sb.String()
		case html.TextToken:
			if skip == "" {
				sb.Write(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			b, _ := z.TagName()
			switch name := string(b); name {
			case "style", "script", "title":
				skip = name
			case "br", "p", "div", "tr", "li", "blockquote", "hr", "h1", "h2", "h3":
				sb.WriteByte('\n')
			}
		case html.EndTagToken:
			if b, _ := z.TagName(); string(b) == skip {
				skip = ""
			}
		}
	}
}

// resolve decides of every unmarked <blockquote> whether it is a quote.
func (p *page) resolve() {
	d := newDocument("", p.lines)
	d.html = true
	for n, m := range p.maybes {
		if d.introduced(m.first) || d.introduces(m.first, m.end) || n == len(p.maybes)-1 && !m.gmail && !p.opens {
			continue
		}
		for i := m.first; i < m.end; i++ {
			p.lines[i].depth--
		}
	}
}

// introduced tells whether the line above line i introduces a quote.
func (d *document) introduced(i int) bool {
	b := d.before(i - 1)
	if b < 0 {
		return false
	}
	l := &d.lines[b]
	if l.introduces || l.quoted || l.rest {
		return true
	}
	if ms, _ := d.label(l.text); ms != nil {
		return true
	}
	if _, _, ok := d.attributionAt(b); ok {
		return true
	}
	inner, left, right := undecorate(l.text)
	return left && right && d.book.Original(phrasebook.Fold(inner)) > 0
}

// introduces tells whether the first lines of an element are an attribution.
func (d *document) introduces(i, end int) bool {
	c := newDocument("", nil)
	c.html = true
	for seen := 0; i < end && seen < 4; i++ {
		if l := d.lines[i]; !l.blank() && l.text != "" {
			l.depth, l.kind = 0, fresh
			c.lines = append(c.lines, l)
			seen++
		}
	}
	for k := range c.lines {
		if _, _, ok := c.attributionAt(k); ok {
			return true
		}
		if _, ok := c.headerAt(k); ok {
			return true
		}
	}
	return false
}

// prune removes from the tree what stands only on lines that were cut, and gives
// the rest of the body.
func (p *page) prune(lines []line) *html.Node {
	gone := make(map[*html.Node]bool, len(p.hidden))
	for _, n := range p.hidden {
		gone[n] = true
	}
	kept := make(map[*html.Node]bool)
	for _, l := range p.leaves {
		keep := false
		for i := l.first; i <= l.last && i < len(lines); i++ {
			if k := lines[i].kind; k == fresh || k == forward || k == ending {
				keep = true
				break
			}
		}
		if !keep {
			gone[l.node] = true
			continue
		}
		for n := l.node; n != nil && !kept[n]; n = n.Parent {
			kept[n] = true
		}
	}
	for n := range gone {
		for n.Parent != nil && !kept[n.Parent] && n.Parent.Type == html.ElementNode && n.Parent.Data != "body" {
			n = n.Parent
		}
		if n.Parent != nil && !kept[n] {
			n.Parent.RemoveChild(n)
		}
	}
	return trim(p.root)
}

// trim takes from the tree what belongs to a document and not to a part of one: its
// title and links, and the <html>, <head> and <body> around the rest. Text may stand
// outside of <body>: a mailer that adds words to a mail does not look for it.
func trim(root *html.Node) *html.Node {
	var frames []*html.Node
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "html", "head", "body", "title", "meta", "link", "base":
			frames = append(frames, n)
		}
	}
	for _, n := range frames {
		for n.Data != "title" && n.FirstChild != nil {
			c := n.FirstChild
			n.RemoveChild(c)
			n.Parent.InsertBefore(c, n)
		}
		n.Parent.RemoveChild(n)
	}
	return root
}

// markup writes what is inside a node as HTML; "" where that cannot be written.
func markup(n *html.Node) string {
	var sb strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if err := html.Render(&sb, c); err != nil {
			return ""
		}
	}
	return strings.TrimSpace(sb.String())
}

func find(n *html.Node, name string) *html.Node {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == name {
			return d
		}
	}
	return nil
}

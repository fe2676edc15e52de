package visible

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// walker lays a tree out as lines. The parser bounds the depth of the tree (512),
// and so the recursion.
type walker struct {
	*page
	clients *phrasebook.Clients

	now    state
	rest   bool // the next line begins the rest
	border bool // the next line stands under a border that Outlook draws

	text    strings.Builder // the line being filled
	at      state           // of its first word
	filled  bool
	picture bool   // a picture stands on it
	space   bool   // a blank is due before the next word
	lead    string // "- " of a list item is due
}

// state is what holds for the words inside an element.
type state struct {
	depth                     int
	quoted, introduces, signs bool
	container                 bool // inside one
	pre                       bool
	items                     *int // number of the next item of an ordered list
}

func (w *walker) walk(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		w.words(n)
		return
	case html.DocumentNode:
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			w.walk(c)
		}
		return
	case html.ElementNode:
		w.element(n)
	}
}

func (w *walker) element(n *html.Node) {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Title, atom.Template, atom.Noscript, atom.Object, atom.Svg:
		return
	case atom.Br:
		w.addLeaf(n)
		w.lineBreak()
		return
	case atom.Img:
		w.image(n)
		return
	}
	if hidden(n) {
		w.hidden = append(w.hidden, n)
		return
	}
	was := w.now
	m := w.enter(n)
	block, margin := display(n.DataAtom)
	if block {
		w.flush()
	}
	if margin {
		w.blank()
	}
	w.item(n)
	if n.DataAtom == atom.Hr {
		w.drawRule(n)
	}
	begin := len(w.lines)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.walk(c)
	}
	if block {
		w.flush()
	}
	if m != nil {
		m.first, m.end = begin, len(w.lines)
		w.maybes = append(w.maybes, *m)
	}
	introducing := was.container && n.DataAtom == atom.Blockquote
	w.now = was
	if introducing {
		w.now.introduces = false
	}
	w.lead = ""
	if margin {
		w.blank()
	}
}

// enter changes the state for an element, by the marks of clients and by what a
// <blockquote> is.
func (w *walker) enter(n *html.Node) *maybe {
	role := w.role(n)
	quoteElement := n.DataAtom == atom.Blockquote
	switch role {
	case phrasebook.Quote:
		w.now.quoted = true
	case phrasebook.Container:
		if !quoteElement && !w.now.container {
			if find(n, "blockquote") == nil {
				w.now.quoted = true
			} else {
				w.now.introduces = w.now.depth == 0
			}
			w.now.container = true
		}
	case phrasebook.Attribution:
		w.now.introduces = true
	case phrasebook.Rest:
		w.rest = w.now.depth == 0 && !w.now.quoted
	case phrasebook.Signature:
		w.now.signs = w.now.depth == 0 && !w.now.quoted
	}
	if n.DataAtom == atom.Pre {
		w.now.pre = true
	}
	style := attribute(n, "style")
	if n.DataAtom == atom.Div && outlookBorder(style) {
		w.border = true
	}
	if !quoteElement || role == phrasebook.Indent || indents(style) {
		return nil
	}
	w.now.introduces = false
	w.now.depth++
	cite := attribute(n, "type") == "cite" || hasAttribute(n, "cite") || w.now.container || w.now.depth > 1 || role == phrasebook.Quote ||
		role == phrasebook.Container && !hasName(n, "gmail_quote")
	if cite && (!w.opens || w.now.container || w.now.quoted) {
		return nil
	}
	return &maybe{gmail: role == phrasebook.Container}
}

func (w *walker) role(n *html.Node) phrasebook.Role {
	for _, a := range n.Attr {
		if r := w.clients.Role(a.Key, a.Val); r != phrasebook.None {
			return r
		}
	}
	return phrasebook.None
}

// words lays out a text node: blanks are folded, except in <pre>.
func (w *walker) words(n *html.Node) {
	if w.now.pre {
		first := true
		for l := range strings.SplitSeq(n.Data, "\n") {
			if !first {
				w.addLeaf(n)
				w.lineBreak()
			}
			first = false
			if l != "" {
				w.put(n, strings.TrimSuffix(l, "\r"))
			}
		}
		return
	}
	s := n.Data
	for s != "" {
		i := 0
		for i < len(s) && s[i] <= ' ' {
			i++
		}
		if i > 0 {
			w.space = w.space || w.filled
			s = s[i:]
			continue
		}
		w.put(n, s[:wordsEnd(s)])
		s = s[wordsEnd(s):]
	}
}

// wordsEnd gives where the words at the beginning of s end that have single blanks
// between them.
func wordsEnd(s string) int {
	i := 0
	for i < len(s) && (s[i] > ' ' || s[i] == ' ' && i+1 < len(s) && s[i+1] > ' ') {
		i++
	}
	return i
}

// put adds a word to the line.
func (w *walker) put(n *html.Node, s string) {
	if !w.filled {
		w.filled, w.at = true, w.now
		w.text.WriteString(w.lead)
		w.lead = ""
	} else if w.space {
		w.text.WriteByte(' ')
	}
	w.space = false
	w.text.WriteString(s)
	w.addLeaf(n)
}

// addLeaf notes that a node shows something on the line being filled.
func (w *walker) addLeaf(n *html.Node) {
	at := len(w.lines)
	if k := len(w.leaves) - 1; k >= 0 && w.leaves[k].node == n {
		w.leaves[k].last = at
		return
	}
	w.leaves = append(w.leaves, leaf{n, at, at})
}

// flush ends the line being filled, if anything stands on it.
func (w *walker) flush() {
	if w.filled || w.picture {
		w.lineBreak()
	}
	w.space = false
}

// lineBreak ends the line, empty or not.
func (w *walker) lineBreak() {
	st := w.now
	if w.filled {
		st = w.at
	}
	raw := w.text.String()
	w.text.Reset()
	l := line{picture: w.picture, raw: raw, depth: st.depth, quoted: st.quoted, introduces: st.introduces, signs: st.signs}
	text, marks := unquote(raw)
	l.text, l.depth = visibleRunes(text), l.depth+marks
	if l.text != "" {
		l.rest, l.border = w.rest, w.border
		w.rest, w.border = false, false
	}
	w.lines = append(w.lines, l)
	w.filled, w.space, w.picture = false, false, false
}

// blank puts one empty line between paragraphs.
func (w *walker) blank() {
	if k := len(w.lines) - 1; k >= 0 && strings.TrimSpace(w.lines[k].raw) != "" {
		w.lines = append(w.lines, line{depth: min(w.now.depth, w.lines[k].depth), quoted: w.now.quoted, signs: w.now.signs})
	}
}

func (w *walker) drawRule(n *html.Node) {
	w.addLeaf(n)
	w.lines = append(w.lines, line{raw: "---", text: "---", rule: true, depth: w.now.depth, quoted: w.now.quoted, signs: w.now.signs, rest: w.rest})
	w.rest = false
}

// item prepares the mark of a list item.
func (w *walker) item(n *html.Node) {
	switch n.DataAtom {
	case atom.Ol:
		w.now.items = new(int)
	case atom.Ul:
		w.now.items = nil
	case atom.Li:
		w.lead = "- "
		if w.now.items != nil {
			*w.now.items++
			w.lead = strconv.Itoa(*w.now.items) + ". "
		}
	case atom.Td, atom.Th:
		w.space = w.filled
	}
}

// image shows what stands for a small picture in a sentence: an emoji.
func (w *walker) image(n *html.Node) {
	alt := attribute(n, "alt")
	if alt != "" && utf8.RuneCountInString(alt) <= 4 && !isASCII(alt) {
		w.put(n, alt)
		return
	}
	w.addLeaf(n)
	w.picture = w.picture || comesAlong(n)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

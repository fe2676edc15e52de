package htmltext

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// settle makes of a tree what a person sees of it: text that is too small or has
// the colour of its ground is left out, lines that a style keeps become line
// breaks, and form fields give their values. Elements that are hidden as a
// whole are for whoever walks the tree.
func (b *builder) settle() {
	s := settler{b: b}
	s.node(b.root, look{fore: black, back: white})
	if s.seen == 0 { // a mail that hides all of itself
		return
	}
	if s.pale <= s.own { // else somebody wrote in white, in the dark mode of a program
		s.unseen = append(s.unseen, s.light...)
	}
	for _, n := range s.unseen {
		n.Parent.RemoveChild(n)
	}
}

type settler struct {
	b             *builder
	unseen, light []*html.Node // texts of no size; texts of the colour of their ground
	seen          int          // bytes of text that is seen
	own           int          // those of them that stand in no quote and no signature
	pale          int          // bytes of light text
}

// look is what an element inherits of its looks.
type look struct {
	small      bool // text is of no size
	gone       bool // transparent, or off the page
	out        bool // not shown at all, whatever is in it
	declared   bool // the ground's colour is said, so that no dark mode makes it another
	keep       bool // line breaks in the text are line breaks
	quoted     bool // in a quote or a signature
	fore, back colour
}

// colour is one of sRGB; below nought: not known.
type colour int32

const (
	black   colour = 0
	white   colour = 0xFFFFFF
	unknown colour = -1
	clear   colour = -2
)

// pale tells whether text of this look has the colour of its ground.
func (l look) pale() bool {
	return l.fore == clear || l.fore >= 0 && l.back >= 0 && near(l.fore, l.back)
}

// near tells colours that no eye tells apart.
func near(a, b colour) bool {
	for shift := 0; shift < 24; shift += 8 {
		if d := int(a>>shift&0xFF) - int(b>>shift&0xFF); d > 8 || d < -8 {
			return false
		}
	}
	return true
}

func (s *settler) node(n *html.Node, l look) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch c.Type {
		case html.TextNode:
			s.text(c, l)
		case html.ElementNode:
			switch c.DataAtom {
			case atom.Head, atom.Title, atom.Template, atom.Svg, atom.Object: // never written
			case atom.Input:
				s.b.field(c)
			case atom.Select:
				choose(c)
				s.node(c, l)
			default:
				s.node(c, s.b.look(c, l))
			}
		}
		c = next
	}
}

func (s *settler) text(n *html.Node, l look) {
	switch text := strings.TrimSpace(n.Data); {
	case text == "", l.out:
	case l.small || l.gone, l.declared && l.pale():
		s.unseen = append(s.unseen, n)
	case l.pale():
		s.light = append(s.light, n)
		s.pale += len(text)
	default:
		s.seen += len(text)
		if !l.quoted {
			s.own += len(text)
		}
	}
	if l.keep && strings.IndexByte(n.Data, '\n') >= 0 {
		s.b.lines(n)
	}
}

// lines puts line breaks for the line ends of a text. White space that only
// parts the source of two blocks is none.
func (b *builder) lines(n *html.Node) {
	if strings.TrimSpace(n.Data) == "" && (besideBlock(n.PrevSibling) || besideBlock(n.NextSibling) || n.PrevSibling == nil || n.NextSibling == nil) {
		return
	}
	parts := strings.Split(strings.ReplaceAll(n.Data, "\r\n", "\n"), "\n")
	if b.kept += len(parts); b.kept > maxKept {
		return
	}
	next := n.NextSibling
	n.Data = parts[0]
	for _, p := range parts[1:] {
		br, t := b.node(), b.node()
		br.Type, br.DataAtom, br.Data = html.ElementNode, atom.Br, "br"
		t.Type, t.Data = html.TextNode, p
		n.Parent.InsertBefore(br, next)
		n.Parent.InsertBefore(t, next)
	}
}

func besideBlock(n *html.Node) bool {
	return n != nil && n.Type == html.ElementNode && (kinds[n.DataAtom]&block != 0 || n.DataAtom == atom.Br)
}

// field writes what a form field holds behind it.
func (b *builder) field(n *html.Node) {
	text := ""
	switch strings.ToLower(Attr(n, "type")) {
	case "hidden", "submit", "button", "reset", "image", "password", "file", "range", "color":
		return
	case "checkbox", "radio":
		text = "[ ] "
		for _, a := range n.Attr {
			if a.Key == "checked" {
				text = "[x] "
			}
		}
	default:
		text = " " + Attr(n, "value") + " "
	}
	if hidden(n) || strings.TrimSpace(text) == "" {
		return
	}
	t := b.node()
	t.Type, t.Data = html.TextNode, text
	n.Parent.InsertBefore(t, n.NextSibling)
}

// choose leaves of a list of options what is chosen: one that says so, else the
// first, as browsers do.
func choose(n *html.Node) {
	var options, chosen []*html.Node
	var collect func(*html.Node)
	collect = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.DataAtom == atom.Option {
				options = append(options, c)
				for _, a := range c.Attr {
					if a.Key == "selected" {
						chosen = append(chosen, c)
						break
					}
				}
			} else if c.DataAtom == atom.Optgroup {
				collect(c)
			}
		}
	}
	collect(n)
	if len(options) == 0 {
		return
	}
	if len(chosen) == 0 {
		chosen = options[:1]
	}
	for _, o := range options {
		if len(chosen) > 0 && o == chosen[0] {
			chosen = chosen[1:]
			continue
		}
		o.Parent.RemoveChild(o)
	}
}

// look is how an element looks whose parent looks as l.
func (b *builder) look(n *html.Node, l look) look {
	if n.DataAtom == atom.Table { // begins with its own size, as browsers have it for mail without a doctype
		l.small = false
	}
	l.quoted = l.quoted || n.DataAtom == atom.Blockquote
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "class", "id":
			if name := strings.ToLower(a.Val); strings.Contains(name, "quote") || strings.Contains(name, "signature") {
				l.quoted = true
			}
			if b.sheets {
				l.back = unknown
			}
		case "hidden":
			l.out = true
		case "background":
			l.back = unknown
		case "bgcolor":
			l.back = parseColour(a.Val)
			l.declared = l.back >= 0
		case "color":
			if n.DataAtom == atom.Font {
				l.fore = parseColour(a.Val)
			}
		case "size":
			l.small = l.small && n.DataAtom != atom.Font
		}
	}
	if style := Attr(n, "style"); style != "" {
		l.style(compact(style))
	}
	return l
}

// style takes over what a style attribute, as compact gives it, changes.
func (l *look) style(style string) {
	for style != "" {
		var p string
		p, style, _ = strings.Cut(style, ";")
		name, value, ok := strings.Cut(strings.TrimSuffix(p, "!important"), ":")
		if !ok || value == "inherit" {
			continue
		}
		switch name {
		case "font-size":
			l.size(value)
		case "font":
			if size, _, slash := strings.Cut(value, "/"); slash {
				l.size(size)
			} else {
				l.small = l.small && strings.IndexFunc(value, func(c rune) bool { return c >= '1' && c <= '9' }) < 0
			}
		case "color":
			l.fore = parseColour(value)
		case "background", "background-color":
			l.back = parseColour(value)
			l.declared = l.back >= 0
		case "background-image":
			l.back = unknown
		case "clip", "clip-path": // for screen readers alone
			l.gone = l.gone || strings.HasPrefix(value, "rect(") && nothingBetween(value) || strings.HasPrefix(value, "inset(50%") || strings.HasPrefix(value, "inset(100%")
		case "opacity":
			l.gone = l.gone || isZero(value)
		case "text-indent", "left", "top":
			if v, unit := number(value); unit == "px" && v <= -900 {
				l.gone = true
			}
		case "display":
			l.out = l.out || value == "none"
		case "visibility":
			l.out = l.out || value == "hidden"
		case "white-space":
			l.keep = value == "pre" || value == "pre-wrap" || value == "pre-line" || value == "break-spaces"
		case "height", "max-height", "width", "max-width":
			l.gone = l.gone || isZero(value) && clipped(style)
		case "overflow":
			l.gone = l.gone || value == "hidden" && (zero(style, "height:0") || zero(style, "width:0"))
		}
	}
}

// nothingBetween tells a rectangle whose sides are all nought or a pixel.
func nothingBetween(rect string) bool {
	return strings.Trim(strings.ReplaceAll(rect, "px", ""), "rect(01,)") == ""
}

func clipped(style string) bool { return strings.Contains(style, "overflow:hidden") }

// size takes over a font size. What is relative to nothing stays nothing.
func (l *look) size(value string) {
	v, unit := number(value)
	switch unit {
	case "", "px", "pt":
		l.small = v <= 1
	case "em", "%", "ex":
		l.small = l.small || v == 0
	case "rem", "vw", "vh", "cm", "mm", "in":
		l.small = v == 0
	case "word":
		if value != "smaller" && value != "larger" {
			l.small = false
		}
	}
}

// number reads a length of CSS; its unit is "word" where it is none.
func number(s string) (float64, string) {
	i := 0
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '.' || i == 0 && (s[i] == '-' || s[i] == '+')) {
		i++
	}
	v, err := strconv.ParseFloat(s[:i], 64)
	if err != nil {
		return 0, "word"
	}
	return v, s[i:]
}

func isZero(value string) bool {
	v, unit := number(value)
	return unit != "word" && v == 0
}

// parseColour reads a colour of HTML or CSS; of names only those that matter.
func parseColour(s string) colour {
	s = strings.ToLower(strings.TrimSpace(s))
	hex, sharp := strings.CutPrefix(s, "#")
	switch {
	case s == "white":
		return white
	case s == "black":
		return black
	case s == "transparent":
		return clear
	case !sharp && !isHexColour(hex):
		return rgb(s)
	}
	if len(hex) == 3 || len(hex) == 4 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	if len(hex) == 8 {
		hex = hex[:6]
	}
	v, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 6 {
		return unknown
	}
	return colour(v)
}

// isHexColour tells a colour whose number sign was forgotten, as browsers read
// it in bgcolor.
func isHexColour(s string) bool {
	_, err := strconv.ParseUint(s, 16, 32)
	return len(s) == 6 && err == nil
}

// rgb reads rgb(255,255,255) and rgba(0,0,0,0), without spaces.
func rgb(s string) colour {
	args, ok := strings.CutPrefix(strings.TrimSuffix(s, ")"), "rgb")
	if !ok {
		return unknown
	}
	args = strings.TrimPrefix(strings.TrimPrefix(args, "a"), "(")
	f := strings.FieldsFunc(args, func(c rune) bool { return c == ',' || c == ' ' || c == '/' })
	if len(f) < 3 {
		return unknown
	}
	if len(f) > 3 && isZero(f[3]) {
		return clear
	}
	var c colour
	for _, x := range f[:3] {
		v, err := strconv.Atoi(x)
		if err != nil || v < 0 || v > 255 {
			return unknown
		}
		c = c<<8 | colour(v)
	}
	return c
}

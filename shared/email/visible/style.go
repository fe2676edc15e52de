package visible

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// display tells whether an element stands on lines of its own, and whether a
// blank line stands around it.
func display(a atom.Atom) (block, margin bool) {
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Dl, atom.Pre, atom.Table, atom.Blockquote:
		return true, true
	case atom.Div, atom.Tr, atom.Li, atom.Dt, atom.Dd, atom.Hr, atom.Body, atom.Html, atom.Head, atom.Section, atom.Article, atom.Header, atom.Footer,
		atom.Center, atom.Form, atom.Fieldset, atom.Address, atom.Caption, atom.Aside, atom.Main, atom.Nav, atom.Figure, atom.Details, atom.Summary:
		return true, false
	}
	return false, false
}

// hidden tells whether an element is not shown: preview texts, tracking marks.
func hidden(n *html.Node) bool {
	if hasAttribute(n, "hidden") {
		return true
	}
	s := attribute(n, "style")
	if !mentions(s, "isplay", "hide", "max-height", "isibility", "ISPLAY") {
		return false
	}
	s = compact(s)
	return strings.Contains(s, "display:none") || strings.Contains(s, "mso-hide:all") || strings.Contains(s, "max-height:0;") ||
		strings.HasSuffix(s, "max-height:0") || strings.Contains(s, "max-height:0px") || strings.Contains(s, "visibility:hidden")
}

func mentions(s string, words ...string) bool {
	if len(s) < 8 {
		return false
	}
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// compact gives a style, or its first 400 bytes, in lower case without blanks.
func compact(s string) string {
	b := make([]byte, 0, min(len(s), 400))
	for i := 0; i < len(s) && i < 400; i++ {
		switch c := s[i]; {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

// outlookBorder tells whether Outlook, or Windows Mail, drew the line that it
// draws above a quoted header.
func outlookBorder(style string) bool {
	if !strings.Contains(style, "border") {
		return false
	}
	s := compact(style)
	if !strings.Contains(s, "border-top") {
		return false
	}
	for _, c := range []string{"#e1e1e1", "#b5c4df", "rgb(225,225,225)", "rgb(229,229,229)", "rgb(181,196,223)", "#e5e5e5"} {
		if strings.Contains(s, c) {
			return true
		}
	}
	return false
}

// indents tells whether a <blockquote> only moves text to the right.
func indents(style string) bool {
	if !strings.Contains(style, "border") {
		return false
	}
	s := compact(style)
	return strings.Contains(s, "border:none") || strings.Contains(s, "border:medium") || strings.Contains(s, "border-style:none")
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasAttribute(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// hasName tells whether a class attribute holds a name.
func hasName(n *html.Node, name string) bool {
	for c := range strings.FieldsSeq(attribute(n, "class")) {
		if strings.EqualFold(strings.TrimPrefix(c, "x_"), name) {
			return true
		}
	}
	return false
}

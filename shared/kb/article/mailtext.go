package article

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	table "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// extensions are what is read beside CommonMark.
func extensions() goldmark.Option {
	return goldmark.WithExtensions(extension.Table, extension.TaskList, struckOut{})
}

var markdown = sync.OnceValue(func() parser.Parser {
	return goldmark.New(extensions(), goldmark.WithParserOptions(parser.WithAutoHeadingID())).Parser()
})

func tree(source string) (ast.Node, []byte) {
	b := []byte(source)
	return markdown().Parse(text.NewReader(b)), b
}

// MailText gives the article as text that reads like mail: no Markdown marks,
// headings as lines of their own, a paragraph as one line, links with their
// address behind them. What is struck out is left out, and so are the boxes of a
// list of tasks. Internal passages are not in it.
func (a Article) MailText() string {
	source := a.Reply
	if source == "" {
		source = a.Body
	}
	root, b := tree(source)
	w := &mailWriter{source: b}
	w.blocks(root, "")
	return strings.TrimSpace(w.out.String())
}

type mailWriter struct {
	source []byte
	out    strings.Builder
}

// line writes text behind an indentation; so it does each of the text's lines.
func (w *mailWriter) line(indent, s string) {
	for _, l := range strings.Split(s, "\n") {
		w.out.WriteString(strings.TrimRight(indent+l, " ") + "\n")
	}
}

// blocks writes the blocks below a node, an empty line between them.
func (w *mailWriter) blocks(n ast.Node, indent string) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		before := w.out.Len()
		w.block(c, indent)
		if w.out.Len() > before && c.NextSibling() != nil {
			w.out.WriteString("\n")
		}
	}
}

func (w *mailWriter) block(n ast.Node, indent string) {
	switch n := n.(type) {
	case *ast.Heading, *ast.Paragraph, *ast.TextBlock:
		if s := strings.TrimSpace(w.inline(n)); s != "" {
			w.line(indent, s)
		}
	case *ast.List:
		w.list(n, indent)
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		w.line(indent+"    ", strings.TrimRight(string(n.Lines().Value(w.source)), "\n"))
	case *ast.HTMLBlock:
		if s := strings.TrimSpace(bare(string(n.Lines().Value(w.source)))); s != "" {
			w.line(indent, s)
		}
	case *table.Table:
		for row := n.FirstChild(); row != nil; row = row.NextSibling() {
			var cells []string
			for c := row.FirstChild(); c != nil; c = c.NextSibling() {
				cells = append(cells, strings.TrimSpace(w.inline(c)))
			}
			w.line(indent, strings.Join(cells, " | "))
		}
	case *ast.ThematicBreak:
	case *ast.Blockquote:
		w.blocks(n, indent+"  ") // a mark would make it look like a quoted mail
	default:
		w.blocks(n, indent)
	}
}

func (w *mailWriter) list(l *ast.List, indent string) {
	number := l.Start
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "- "
		inner := &mailWriter{source: w.source}
		for c := item.FirstChild(); c != nil; c = c.NextSibling() {
			inner.block(c, "")
			if !l.IsTight && c.NextSibling() != nil {
				inner.out.WriteString("\n")
			}
		}
		if item.HasChildren() && strings.TrimSpace(inner.out.String()) == "" {
			continue // all of it is struck out
		}
		if l.IsOrdered() {
			mark = strconv.Itoa(number) + ". "
			number++
		}
		lines := strings.Split(strings.TrimRight(inner.out.String(), "\n"), "\n")
		for i, s := range lines {
			if i == 0 {
				w.line(indent, mark+s)
			} else {
				w.line(indent+strings.Repeat(" ", len(mark)), s)
			}
		}
	}
}

// inline gives the text below a node. A line's end is a space, unless a break
// was asked for.
func (w *mailWriter) inline(n ast.Node) string {
	var sb strings.Builder
	gap := false // something was left out, and one space is enough
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *table.Strikethrough:
			gap = sb.Len() == 0 || strings.HasSuffix(sb.String(), " ")
			continue
		case *ast.Text:
			s := unescape(string(c.Segment.Value(w.source)))
			if gap {
				s = strings.TrimLeft(s, " ")
			}
			sb.WriteString(s)
			switch {
			case c.HardLineBreak():
				sb.WriteString("\n")
			case c.SoftLineBreak():
				sb.WriteString(" ")
			}
		case *ast.String:
			sb.WriteString(string(c.Value))
		case *ast.CodeSpan:
			for t := c.FirstChild(); t != nil; t = t.NextSibling() {
				if s, ok := t.(*ast.Text); ok {
					sb.WriteString(strings.ReplaceAll(string(s.Segment.Value(w.source)), "\n", " "))
				}
			}
		case *ast.Link:
			sb.WriteString(withAddress(w.inline(c), string(c.Destination)))
		case *ast.Image:
			sb.WriteString(withAddress(w.inline(c), string(c.Destination)))
		case *ast.AutoLink:
			sb.WriteString(string(c.Label(w.source)))
		case *ast.RawHTML:
			if lineBreak.Match(c.Segments.Value(w.source)) {
				sb.WriteString("\n")
			}
		default:
			sb.WriteString(w.inline(c))
		}
		gap = false
	}
	return sb.String()
}

// withAddress puts a link's address behind its text, where it leads anywhere
// from within a mail.
func withAddress(label, address string) string {
	address = strings.TrimPrefix(strings.TrimPrefix(address, "mailto:"), "tel:")
	switch {
	case !wholeAddress(address) && !strings.Contains(address, "@") && strings.ContainsAny(address, "./#"):
		return label
	case label == "" || label == address:
		return address
	}
	return label + " (" + address + ")"
}

func wholeAddress(s string) bool {
	return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")
}

var (
	lineBreak = regexp.MustCompile(`(?i)^<br\s*/?>$`)
	escaped   = regexp.MustCompile(`\\([!-/:-@\[-` + "`" + `{-~])`)
	comment   = regexp.MustCompile(`(?s)<!--.*?(-->|$)`)
	tag       = regexp.MustCompile(`(?s)<[^>]*>`)
)

// unescape undoes what stands in Markdown for a character.
func unescape(s string) string { return html.UnescapeString(escaped.ReplaceAllString(s, "$1")) }

// bare is a piece of HTML without its tags and comments.
func bare(s string) string {
	return html.UnescapeString(tag.ReplaceAllString(comment.ReplaceAllString(s, ""), ""))
}

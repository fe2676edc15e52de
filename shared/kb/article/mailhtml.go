package article

import (
	"bytes"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	table "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// MailHTML gives what MailText gives, as HTML: lists as lists and links as
// links. Headings are bold lines, as people write them in mail, and a picture is
// a link to it, since no mail of ours fetches anything. HTML that stands in the
// Markdown is left out. Whoever sends it sanitises it all the same.
func (a Article) MailHTML() string {
	source := a.Reply
	if source == "" {
		source = a.Body
	}
	var b bytes.Buffer
	if err := mailHTML().Convert([]byte(source), &b); err != nil {
		return "" // then the text is all there is
	}
	return b.String()
}

// Made where it is first needed: a program that sends no article does not hold it.
var mailHTML = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(extensions(), goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(likeMail{}, 100))))
})

// likeMail makes of a page what a person would write in a mail.
type likeMail struct{}

// Transform changes headings and pictures, and leaves out what MailText leaves out.
func (likeMail) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	var found []ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n.(type) {
		case *ast.Heading, *ast.Image, *table.Strikethrough, *table.TaskCheckBox:
			if entering {
				found = append(found, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, n := range found {
		switch n := n.(type) {
		case *table.Strikethrough, *table.TaskCheckBox:
			for n.Parent() != nil && n.Parent().ChildCount() == 1 && n.Parent() != ast.Node(doc) {
				n = n.Parent()
			}
			if n.Parent() != nil {
				n.Parent().RemoveChild(n.Parent(), n)
			}
		case *ast.Heading:
			if n.Parent() == nil {
				continue // it was left out
			}
			bold := ast.NewEmphasis(2)
			adopt(bold, n)
			p := ast.NewParagraph()
			p.AppendChild(p, bold)
			n.Parent().ReplaceChild(n.Parent(), n, p)
		case *ast.Image:
			if n.Parent() == nil {
				continue
			}
			l := ast.NewLink()
			l.Destination, l.Title = n.Destination, n.Title
			adopt(l, n)
			if !l.HasChildren() {
				l.AppendChild(l, ast.NewString(n.Destination))
			}
			n.Parent().ReplaceChild(n.Parent(), n, l)
		}
	}
}

// adopt moves a node's children to another.
func adopt(to, from ast.Node) {
	for c := from.FirstChild(); c != nil; c = from.FirstChild() {
		from.RemoveChild(from, c)
		to.AppendChild(to, c)
	}
}

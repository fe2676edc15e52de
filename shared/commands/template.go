package commands

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// template sends a text that the team has ready, by its name, filled in for the
// customer. orders reads its line: which name was meant, it can tell by the list.
var template = Command{
	Name: desk.CommandTemplate, Also: []string{"templates"}, Maybe: []string{"macro", "canned", "snippet", "boilerplate", "textblock"}, Inserts: true, Often: true,
	Help: []Line{{"#template NAME", "sends that template, filled in, where the line stands in your text; #template alone mails you the list"}},
	Needs: func(_ Facts, c desk.Command) Needs {
		if c.Word == "" {
			return Needs{Templates: true}
		}
		return Needs{Filled: []string{c.Word}}
	},
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		if c.Word == "" {
			p.Page = f.templateList()
			return p, nil
		}
		t := f.Filled[c.Word]
		if why := t.unsendable(); why != nil {
			return p, why
		}
		p.Ready = append(p.Ready, Ready{Title: t.Title, Text: t.Text, HTML: t.HTML})
		return p, nil
	},
}

// given is a value that an agent gave behind a template's name: order=20881.
var given = regexp.MustCompile(`([\p{L}_.]+)\s*=\s*(?:"([^"]*)"|“([^”]*)”|„([^“”]*)[“”]|([^\s,;]+))[,;]?`)

// TemplateWords parts what stands behind #template into plain words and the values that
// the agent gave, by their names.
func TemplateWords(behind string) (words string, values map[string]string) {
	values = map[string]string{}
	words = given.ReplaceAllStringFunc(behind, func(s string) string {
		m := given.FindStringSubmatch(s)
		values[strings.ToLower(m[1])] = m[2] + m[3] + m[4] + m[5]
		return " "
	})
	return strings.TrimSpace(words), values
}

// GivenValues gives the values as they were written.
func GivenValues(behind string) string { return strings.Join(given.FindAllString(behind, -1), " ") }

// unsendable says why a template is not sent; nil where it is.
func (t Template) unsendable() *Refusal {
	const title = "Nothing was sent"
	switch {
	case t.Name == "":
		return &Refusal{Rule: "template", Title: title, Why: "There is no template of that name any more.", Next: "Answer this mail with #template alone, and you are mailed the list."}
	case t.Wrong != "":
		return &Refusal{Rule: "template", Title: title, Why: fmt.Sprintf("The template “%s” cannot be sent: %s.", t.Name, t.Wrong),
			Next: "Answer this mail with #answer and your own text below it. Whoever looks after the templates finds the place with: replywell kb check"}
	case len(t.Given) > 0:
		return &Refusal{Rule: "template", Title: title, Why: fmt.Sprintf("The template “%s” has no %s.", t.Name, braced(t.Given)),
			Next: "Answer this mail with #template " + t.Name + " again, without that."}
	case len(t.Missing) > 0:
		return &Refusal{Rule: "template", Title: title, Why: fmt.Sprintf("In the template “%s” nothing is known here for %s.", t.Name, braced(t.Missing)),
			Next: fmt.Sprintf("Answer this mail with #template %s %s=… and the right value, or with #answer and your own text below it.", t.Name, t.Missing[0])}
	}
	return nil
}

func braced(names []string) string {
	var out []string
	for _, n := range names {
		out = append(out, "{{"+page.Excerpt(n, 60)+"}}")
	}
	return strings.Join(out, " and ")
}

// mostTemplates bounds the templates that one mail lists.
const mostTemplates = 60

// templateList is the mail that lists them.
func (f Facts) templateList() *Page {
	p := &Page{What: "templates", Title: "Templates of " + page.Excerpt(f.Mailbox.Name, 80), Why: "Nothing was sent or changed."}
	var items []string
	for _, t := range f.Templates[:min(len(f.Templates), mostTemplates)] {
		s := t.Name
		if t.Title != t.Name {
			s += ": " + page.Excerpt(t.Title, 100)
		}
		if len(t.Languages) > 0 {
			s += " (" + strings.Join(t.Languages, ", ") + ")"
		}
		items = append(items, s)
	}
	if len(items) == 0 {
		p.Title, p.Why = "There is no template yet", "Nothing was sent or changed. A template is a file beside the articles, with its name in the first lines (template: late-parcel); whoever looks after the articles adds one."
		return p
	}
	p.Blocks = append(p.Blocks, page.Paragraph{Text: "Answer this mail with #template and a name to send it to " + Customer(f.Conversation) + "; words above and below that line go with it. #show and the name mails it to you first."}, page.Bullets{Items: items})
	if more := len(f.Templates) - len(items); more > 0 {
		p.Blocks = append(p.Blocks, page.Paragraph{Text: page.Count(more, "more is", "more are") + " not listed: a mail has no room for more."})
	}
	return p
}

// preview is the mail that shows a template as it would be sent.
func (f Facts) preview(word string) *Page {
	t := f.Filled[word]
	p := &Page{What: "show template", Title: "Template “" + t.Name + "”", Why: "As it would be sent. Nothing was sent or changed."}
	text, next := t.Text, "Answer this mail with #template "+t.Name+" to send it. A greeting and your name are added where neither you nor the template has them."
	if why := t.unsendable(); why != nil {
		text, next = t.Source, why.Next
		p.Why = "It cannot be sent as it stands here. " + why.Why
	}
	p.Blocks = append(p.Blocks, page.Heading{Level: 2, Text: page.Excerpt(t.Title, 120)}, page.Quote{Text: text}, page.Paragraph{Text: next})
	if t.Notes != "" {
		p.Blocks = append(p.Blocks, page.Heading{Level: 2, Text: "What belongs to it, for the team only"}, page.Quote{Text: t.Notes})
	}
	return p
}

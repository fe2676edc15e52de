package reply

import (
	"context"
	"html"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/langid"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/template"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/redact"
)

// templates are what the team has ready by name. They are read when a mail names one.
type templates struct {
	ctx  context.Context
	of   func(context.Context) (Articles, error)
	done bool
	list []article.Article
	err  error // temporary
}

// all gives every template.
func (t *templates) all() []article.Article {
	if t.done || t.of == nil {
		return t.list
	}
	t.done = true
	var k Articles
	if k, t.err = t.of(t.ctx); t.err != nil {
		return nil
	}
	if has, ok := k.(templated); ok {
		t.list, t.err = has.Templates(t.ctx)
	}
	return t.list
}

// names gives the names of those that a mailbox can send.
func (t *templates) names(mailbox string) (out []string) {
	for _, a := range article.ForMailbox(t.all(), mailbox) {
		if !slices.Contains(out, a.Template) {
			out = append(out, a.Template)
		}
	}
	return out
}

// offered lists the templates of a mailbox.
func (t *templates) offered(f commands.Facts) (out []commands.Template) {
	for _, a := range article.ForMailbox(t.all(), f.Mailbox.ID) {
		if n := len(out); n == 0 || out[n-1].Name != a.Template {
			out = append(out, commands.Template{Name: a.Template, Title: a.Title})
		}
		last := &out[len(out)-1]
		if last.Title == last.Name {
			last.Title = a.Title
		}
		if a.Language != "" {
			last.Languages = append(last.Languages, a.Language)
		}
	}
	return out
}

// filled is a template as it would be sent here. word is what stood behind the command.
func (t *templates) filled(f commands.Facts, word string) commands.Template {
	name, given := commands.TemplateWords(word)
	asked := f.Answered()
	a, ok := article.InLanguage(article.ForMailbox(t.all(), f.Mailbox.ID), name, letters.Tongue(langid.Of(asked.Subject+"\n"+asked.Text), f.Mailbox), f.Mailbox.Language)
	if !ok {
		return commands.Template{}
	}
	out := commands.Template{Name: a.Template, Title: a.Title, Language: a.Language, Source: a.MailText(), Notes: article.Article{Body: a.Notes}.MailText()}
	values := valuesOf(f)
	for k, v := range given {
		if !template.Known(k) {
			out.Given = append(out.Given, k)
		}
		values[k] = v
	}
	slices.Sort(out.Given)
	if a.ShowsMark() {
		out.Wrong = "in it stands the mark of an internal passage, so the customer might read what is for the team only"
		return out
	}
	var wrong []template.Problem
	out.Text, out.Missing, wrong = template.Fill(a.MailText(), values, nil)
	if len(wrong) > 0 {
		out.Wrong = wrong[0].What
	}
	if len(out.Missing)+len(wrong) > 0 {
		return out
	}
	var missing []string
	out.HTML, missing, wrong = template.Fill(a.MailHTML(), values, html.EscapeString)
	if len(missing)+len(wrong) > 0 || template.Left(out.Text) || template.Left(out.HTML) {
		out.Text, out.HTML, out.Wrong = "", "", "a variable stands where none is filled in, such as in an address"
	}
	return out
}

// valuesOf are what the variables stand for in a conversation; what is not known is empty.
func valuesOf(f commands.Facts) map[string]string {
	customer := calledBy(askedBy(f, f.Answered()))
	agent := page.OneLine(f.Agent.PublicName)
	if agent == "" {
		agent = page.OneLine(f.Mailbox.Name) // as below an answer
	}
	v := map[string]string{
		template.CustomerName: customer, template.CustomerFirstName: firstName(customer), template.CustomerAddress: f.Conversation.Customer.Address,
		template.AgentName: agent, template.AgentFirstName: firstName(page.OneLine(f.Agent.PublicName)),
		template.MailboxName: page.OneLine(f.Mailbox.Name), template.MailboxAddress: f.Mailbox.Address,
		template.Subject: page.OneLine(f.Answered().Subject),
	}
	if v[template.AgentFirstName] == "" {
		v[template.AgentFirstName] = agent
	}
	var orders []string
	for _, m := range f.Messages {
		if m.Kind == desk.KindCustomer {
			orders = append(orders, redact.Orders(m.Subject+"\n"+m.Text)...)
		}
	}
	slices.Sort(orders)
	if orders = slices.Compact(orders); len(orders) == 1 {
		v[template.Order] = orders[0]
	}
	return v
}

// firstName is the first word of a name that is no title and no initial: "Dr. Erika Muster".
func firstName(name string) string {
	for _, w := range strings.Fields(name) {
		if !strings.HasSuffix(w, ".") && len([]rune(w)) > 1 {
			return w
		}
	}
	return ""
}

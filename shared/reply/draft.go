package reply

import (
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/redact"
)

// drafts makes a draft of an article of the agent's answer, without personal
// data, and mails it to the agent and to those who review articles. Nothing is
// published by itself.
func drafts(l letters.Writer, f commands.Facts, answer string) (out []letters.Ready, err error) {
	c, asked := f.Conversation, f.Answered()
	known := redact.Known{Names: []string{c.Customer.Name, asked.From.Name}, Addresses: []string{c.Customer.Address, asked.From.Address}, Said: []string{c.Subject}}
	for _, m := range f.Messages {
		if m.Kind == desk.KindCustomer {
			known.Names = append(known.Names, m.From.Name)
			known.Said = append(known.Said, m.Subject, m.Text)
		}
	}
	for _, a := range f.Settings.Agents {
		known.Names = append(known.Names, a.Name, a.PublicName)
	}
	file := article.Draft(c.Subject, asked.Text, answer, known)
	title := strings.Trim(strings.TrimPrefix(strings.SplitN(file, "\n", 3)[1], "title: "), `"`)
	told, reviewers := []desk.Agent{f.Agent}, []string{}
	for _, a := range f.Settings.Agents {
		if a.ReviewsArticles && a.ID != f.Agent.ID {
			told = append(told, a)
			reviewers = append(reviewers, a.Name)
		}
	}
	for _, a := range told {
		r, err := l.DraftArticle(desk.DerivedID(f.Mail, "draft", a.ID), f.Mailbox,
			letters.DraftArticle{Agent: a, By: f.Agent.Name, Title: title, File: file, Answer: a.ID == f.Agent.ID, Reviewers: reviewers, Reviews: a.ReviewsArticles})
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

package reply

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/redact"
)

// drafts makes a draft of an article of the agent's answer, without personal
// data, and mails it to the agent and to those who review articles. Nothing is
// published by itself.
func (j *job) drafts(p *plan) (out []letters.Ready, err error) {
	asked := j.answered()
	known := redact.Known{Names: []string{j.conv.Customer.Name, asked.From.Name}, Addresses: []string{j.conv.Customer.Address, asked.From.Address}, Said: []string{j.conv.Subject}}
	for _, m := range j.messages {
		if m.Kind == desk.KindCustomer {
			known.Names = append(known.Names, m.From.Name)
			known.Said = append(known.Said, m.Subject, m.Text)
		}
	}
	for _, a := range j.settings.Agents {
		known.Names = append(known.Names, a.Name, a.PublicName)
	}
	file := article.Draft(j.conv.Subject, asked.Text, p.learn, known)
	title := strings.Trim(strings.TrimPrefix(strings.SplitN(file, "\n", 3)[1], "title: "), `"`)
	told, reviewers := []desk.Agent{j.agent}, []string{}
	for _, a := range j.settings.Agents {
		if a.ReviewsArticles && a.ID != j.agent.ID {
			told = append(told, a)
			reviewers = append(reviewers, a.Name)
		}
	}
	for _, a := range told {
		r, err := j.letters.Draft(desk.DerivedID(j.in.ID, "draft", a.ID), j.mailbox,
			letters.Draft{Agent: a, By: j.agent.Name, Title: title, File: file, Answer: a.ID == j.agent.ID, Reviewers: reviewers, Reviews: a.ReviewsArticles})
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

package reply

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/letters"
)

// drafts makes a draft of an article of the agent's answer, without personal
// data, and mails it to the agent and to those who review articles. Nothing is
// published by itself.
func (j *job) drafts(p *plan) (out []letters.Ready, err error) {
	asked := j.answered()
	names := []string{j.conv.Customer.Name, asked.From.Name}
	for _, a := range j.settings.Agents {
		names = append(names, a.Name, a.PublicName)
	}
	without := func(s string) string { return kb.RedactNames(s, names...) }
	file := kb.Draft(without(j.conv.Subject), without(asked.Text), without(p.learn))
	title := strings.Trim(strings.TrimPrefix(strings.SplitN(file, "\n", 3)[1], "title: "), `"`)
	told := []desk.Agent{j.agent}
	for _, a := range j.settings.Agents {
		if a.ReviewsArticles && a.ID != j.agent.ID {
			told = append(told, a)
		}
	}
	for _, a := range told {
		r, err := j.letters.Draft(desk.DerivedID(j.in.ID, "draft", a.ID), j.mailbox,
			letters.Draft{Agent: a, By: j.agent.Name, Title: title, File: file, Answer: a.ID == j.agent.ID})
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

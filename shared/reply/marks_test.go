package reply_test

import (
	"context"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/reply"
)

// marked is a knowledge base that was published before marks at a wrong place
// were refused.
type marked struct{ *kb.Index }

func (m marked) Article(id string) (kb.Article, bool) {
	a, ok := m.Index.Article(id)
	a.Body = "You can send it back.\n\n> :::internal\n> Up to 50 euros ask nobody.\n> :::\n"
	return a, ok
}

// What an author meant to hide, and marked at a wrong place, does not leave: not
// as a ready answer, and not as what an agent copied from it.
func TestAnArticleThatShowsItsMarksIsNotSent(t *testing.T) {
	x, err := shelf()
	if err != nil {
		t.Fatal(err)
	}
	for text, told := range map[string]string{
		"#send 1": "stands the mark of an internal passage",
		"Dear Erika,\n\nyou can send it back. :::internal Up to 50 euros ask nobody.": "the mark of a passage for the team alone",
	} {
		h := open(t)
		h.inbound.Agents.(*reply.Service).Articles = func(context.Context) (reply.Articles, error) { return marked{x}, nil }
		h.arrive(erika, support, "From: erika@customers.example\nTo: support@lantern.example\nSubject: Return\nMessage-ID: <r@customers.example>\n\nI want to send the lamp back. How does the return work, and when do I get my money?\n")
		if in := h.agentAnswers(anna, text); in.Outcome != desk.OutcomeRefused {
			t.Errorf("%q: %s (%s)", text, in.Outcome, in.Reason)
		}
		if _, m := h.newest(desk.OutboxNotice, anna); !strings.Contains(m.Text, told) {
			t.Errorf("%q: the notice says:\n%s", text, m.Text)
		}
	}
}

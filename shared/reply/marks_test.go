package reply_test

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb/article"
)

// What an author meant to hide, and marked at a wrong place, does not leave: not
// as a ready answer, and not as what an agent copied from it. An article can have
// been published before such marks were refused.
func TestAnArticleThatShowsItsMarksIsNotSent(t *testing.T) {
	for text, told := range map[string]string{
		"#send 1": "stands the mark of an internal passage",
		"Dear Erika,\n\nyou can send it back. :::internal Up to 50 euros ask nobody.": "the mark of a passage for " +
			"the team alone",
	} {
		h, _ := asked(t, func(a *article.Article) {
			a.Body = "You can send it back.\n\n> :::internal\n> Up to 50 euros ask nobody.\n> :::\n"
		})
		if in := h.agentAnswers(anna, text); in.Outcome != desk.OutcomeRefused {
			t.Errorf("%q: %s (%s)", text, in.Outcome, in.Reason)
		}
		if _, m := h.newest(desk.OutboxNotice, anna); !strings.Contains(m.Text, told) {
			t.Errorf("%q: the notice says:\n%s", text, m.Text)
		}
	}
}

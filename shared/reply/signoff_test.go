package reply_test

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

func TestSignOffGoesToTheCustomer(t *testing.T) {
	for _, tc := range []struct{ text, ends, without string }{
		{"We send a new lamp.\n\nBest regards\nAnna", "We send a new lamp.\n\nBest regards\nAnna\n\nOn ", ""},
		{"#send 1\n\nSorry!\n\nBest regards\nAnna", "at once.\n\nBest regards\nAnna\n\nOn ", ""},
		{"We send a new lamp.\n\nSent from my iPhone", "We send a new lamp.\n\nOn ", "iPhone"},
		{"We send a new lamp.\n\n-- \nAnna Winter\n+49 30 901820", "We send a new lamp.\n\nOn ", "901820"},
	} {
		h := open(t)
		h.customerWrites()
		h.agentAnswers(anna, tc.text)
		_, m := h.newest(desk.OutboxAnswer, erika)
		if !strings.Contains(m.PlainText, tc.ends) || tc.without != "" && strings.Contains(m.PlainText+m.HTML, tc.without) {
			t.Errorf("the answer to %q says:\n%s", tc.text, m.PlainText)
		}
		if strings.Contains(tc.ends, "Best regards") && !strings.Contains(m.HTML, "Best regards") {
			t.Errorf("the sign-off is not in the HTML:\n%s", m.HTML)
		}
	}
}

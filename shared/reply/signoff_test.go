package reply_test

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

// What an agent wrote at the end reaches the customer, and what the program
// added below it does not. TestEndingsOfAnswers has the matrix of clients and
// languages; here each line goes all the way.
func TestSignOffGoesToTheCustomer(t *testing.T) {
	for _, tc := range []struct{ text, ends, without string }{
		{"We send a new lamp.\n\nBest regards\nAnna", "We send a new lamp.\n\nBest regards\nAnna\n\nOn ", ""},
		{"#send 1\n\nSorry!\n\nBest regards\nAnna", "at once.\n\nBest regards\nAnna\n\nOn ", ""},
		{"We send a new lamp.\n\nSent from my iPhone", "We send a new lamp.\n\nOn ", "iPhone"},
		{"We send a new lamp.\n\nBest regards,\nAnna\n\nSent from my iPhone",
			"We send a new lamp.\n\nBest regards,\nAnna\n\nOn ", "iPhone"},
		{"We send a new lamp.\n\n-- \nAnna Winter\n+49 30 901820", "We send a new lamp.\n\nOn ", "901820"},
		{"We send a new lamp.\n\nBest regards,\nAnna\n\n-- \nAnna Winter\n+49 30 901820",
			"We send a new lamp.\n\nBest regards,\nAnna\n\nOn ", "901820"},
		{"We send a new lamp.\n\nBest regards,\nAnna\n\nAnna Winter\nLantern Shop | Support\n+49 30 901820",
			"We send a new lamp.\n\nBest regards,\nAnna\n\nOn ", "901820"},
		{"Wir schicken eine neue.\n\nViele Grüße\nAnna\n\nLantern GmbH, Amtsgericht Berlin, HRB 1234, " +
			"Geschäftsführer: M. Lantern", "Wir schicken eine neue.\n\nViele Grüße\nAnna\n\nOn ", "HRB"},
		// What was remembered below the name stays there, and is no card.
		{"We send a new lamp.\n\nBest regards,\nAnna\n\nPS: Please keep the ring.",
			"We send a new lamp.\n\nBest regards,\nAnna\n\nPS: Please keep the ring.\n\nOn ", ""},
		{"We send a new lamp.\n\nBest regards,\nAnna\n\nHere is the tracking link: https://track.example/1",
			"Best regards,\nAnna\n\nHere is the tracking link: https://track.example/1\n\nOn ", ""},
		{"We send a new lamp.\n\nBest regards,\nAnna\nOh, the workshop's number is 0117 496 0123.\n\nSent from my " +
			"iPhone", "Best regards,\nAnna\n\nOh, the workshop's number is 0117 496 0123.\n\nOn ", "iPhone"},
		{"We send a new lamp.\n\nBest regards,\nAnna\n\nPS: Please keep the ring.\n\n#close",
			"Best regards,\nAnna\n\nPS: Please keep the ring.\n\nOn ", "close"},
		{"We send a new lamp.\n\nBest regards,\nAnna\n\n#note he is rude",
			"We send a new lamp.\n\nBest regards,\nAnna\n\nOn ", "rude"},
		{"We send a new lamp.\n\nBest regards,\nAnna\n\n#send 1", "at once.\n\nBest regards,\nAnna\n\nOn ", "#send"},
		{"Nous envoyons une lampe.\n\nCordialement,\nAnna\n\nService client – Lantern SARL\n12 rue du Port, 13002 " +
			"Marseille\nTél. 04 91 00 00 00", "Nous envoyons une lampe.\n\nCordialement,\nAnna\n\nOn ", "rue du Port"},
	} {
		h := open(t)
		h.customerWrites()
		h.agentAnswers(anna, tc.text)
		_, m := h.newest(desk.OutboxAnswer, erika)
		if !strings.Contains(m.PlainText, tc.ends) || tc.without != "" &&
			strings.Contains(m.PlainText+m.HTML, tc.without) {
			t.Errorf("the answer to %q says:\n%s", tc.text, m.PlainText)
		}
		for _, leave := range []string{"Best regards", "Viele Grüße"} {
			if strings.Contains(tc.ends, leave) && !strings.Contains(m.HTML, leave) {
				t.Errorf("the sign-off is not in the HTML:\n%s", m.HTML)
			}
		}
	}
}

// A mailbox's own signature stands below each answer, in place of the agent's
// card and above what is quoted.
func TestAMailboxHasASignatureOfItsOwn(t *testing.T) {
	h := open(t)
	for i := range h.Settings.Mailboxes {
		h.Settings.Mailboxes[i].Signature = "Lantern Shop, 12 Harbour Road\nwww.lantern.example"
	}
	h.customerWrites()
	h.agentAnswers(anna, "We send a new lamp.\n\nBest regards,\nAnna\n\n-- \nAnna Winter\n+49 30 901820")
	_, m := h.newest(desk.OutboxAnswer, erika)
	if !strings.Contains(m.PlainText, "Best regards,\nAnna\n\n-- \nLantern Shop, 12 Harbour Road\n"+
		"www.lantern.example\n\nOn ") {
		t.Errorf("the answer says:\n%s", m.PlainText)
	}
	if at := strings.Index(m.HTML, "12 Harbour Road"); at < strings.Index(m.HTML, "Anna") ||
		at > strings.Index(m.HTML, "gmail_quote") {
		t.Errorf("the HTML says:\n%s", m.HTML)
	}
}

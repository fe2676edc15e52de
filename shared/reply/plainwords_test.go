package reply_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

const bureaucratic = "Dear Ms Muster,\n\nIn the event that replacement of the aforementioned luminaire cannot be " +
	"effectuated within the statutory limitation period notwithstanding timely notification of the deficiency " +
	"pursuant to section four of our general conditions of delivery, proportionate reimbursement of the " +
	"consideration " +
	"will be initiated following verification of the documentation submitted.\n\nAnna"

// An answer that is hard to read, or leads nowhere, is pointed out once, while it can
// still be changed, and leaves all the same; #undo in reply stops it. All others are not.
func TestPlainWords(t *testing.T) {
	for _, c := range []struct {
		name, answer, says string
		change             func(*desk.Settings)
	}{
		{"hard", bureaucratic, "One sentence may be hard to read", nil},
		{"no next step", "Hi Erika,\n\nthis is a known fault of the batch from the spring.\n\nAnna",
			"Does it say what happens next?", nil},
		{"plain", "Hi Erika,\n\nplease send us a photo of the glass.\n\nAnna", "", nil},
		{"a ready answer", "#send 1", "", nil},
		{"a note", "#note\n" + bureaucratic, "", nil},
		{"switched off", bureaucratic, "", func(s *desk.Settings) { s.PlainOff = true }},
		{"no grace time", bureaucratic, "", func(s *desk.Settings) { s.Mailboxes[0].Grace = 0 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := offering(t, "")
			h.Settings.Mailboxes[0].Grace = 2 * time.Minute
			if c.change != nil {
				c.change(h.Settings)
			}
			h.customerWrites()
			if in := h.agentAnswers(anna, c.answer); in.Outcome != desk.OutcomeAgent {
				t.Fatalf("%s (%s)", in.Outcome, in.Reason)
			}
			told := 0
			for _, o := range h.Due() {
				if o.Kind == desk.OutboxNotice && o.To[0] == anna {
					told++
				}
			}
			if (told == 1) != (c.says != "") || told > 1 {
				t.Fatalf("%d mails", told)
			}
			if c.says != "" {
				_, m := h.newest(desk.OutboxNotice, anna)
				if text := flat(m.PlainText); !strings.Contains(text, c.says) ||
					!strings.Contains(text, "It leaves by itself, as you wrote it.") {
					t.Errorf("it says\n%s", m.PlainText)
				}
			}
			if sent := h.sentOf(erika); (sent == "") != (c.name == "a note") {
				t.Errorf("the customer gets %q", sent)
			}
		})
	}
	// #undo in reply to the word stops it.
	h := offering(t, "")
	h.Settings.Mailboxes[0].Grace = 10 * time.Minute
	h.customerWrites()
	h.agentAnswers(anna, bureaucratic)
	_, m := h.newest(desk.OutboxNotice, anna)
	if in := h.answerTo(anna, m, "#undo"); in.Outcome != desk.OutcomeAgent || h.sentOf(erika) != "" {
		t.Errorf("%s (%s)", in.Outcome, in.Reason)
	}
}

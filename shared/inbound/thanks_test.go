package inbound_test

import (
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// A mere thank-you leaves a closed conversation closed, is counted, and is told
// to nobody; every other mail opens it again.
func TestThanksLeaveAConversationClosed(t *testing.T) {
	for name, c := range map[string]struct {
		body    string
		headers string
		state   desk.State
	}{
		"thanks": {"Thank you very much, it works now!\n\nErika", "", desk.StateSolved},
		"thanks with a quote": {"Vielen Dank!\n\nAm 2. November 2026 schrieb Shop Support:\n> Bitte den Ring " +
			"festziehen.", "", desk.StateSolved},
		"thanks and more":    {"Thanks, but it leaks again.", "", desk.StateOpen},
		"thanks, a question": {"Thank you! When does the shop open?", "", desk.StateOpen},
		"out of office":      {"I am out of the office.", "Auto-Submitted: auto-replied\n", desk.StateSolved},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			first := w.receive(mail{from: "Erika Muster <erika@customer.example>", subject: "The pump leaks",
				body: "It leaks.", id: "m1@customer.example"})
			w.answered(first.Conversation, "a1@shop.example")
			conv := w.conversation(first.Conversation)
			conv.Close(w.Now())
			w.save(conv)
			w.At(w.Now().Add(time.Hour))
			in := w.receive(mail{from: "Erika Muster <erika@customer.example>", subject: "Re: The pump leaks",
				body: c.body, headers: c.headers, id: "m2@customer.example", reply: "a1@shop.example"})
			got := w.conversation(first.Conversation)
			if in.Conversation != first.Conversation || got.State != c.state || got.Messages != 3 {
				t.Fatalf("the conversation %s is %s and has %d messages; want %s, %s, 3", in.Conversation, got.State,
					got.Messages, first.Conversation, c.state)
			}
			thanked, told := len(w.events(desk.EventThanked)), len(w.to("anna", in.ID))
			merely := c.state == desk.StateSolved && c.headers == ""
			if merely != (thanked == 1) || merely == (told == 1) {
				t.Errorf("%d events of thanks, and Anna was told %d times", thanked, told)
			}
		})
	}
}

// Where an answer was sent and the conversation is not closed, agents read the
// thanks, and the customer is not waiting again.
func TestThanksForAnAnswerAskForNone(t *testing.T) {
	w := newWorld(t)
	first := w.receive(mail{from: "erika@customer.example", subject: "The pump leaks", body: "It leaks.",
		id: "m1@customer.example"})
	w.answered(first.Conversation, "a1@shop.example")
	in := w.receive(mail{from: "erika@customer.example", subject: "Re: The pump leaks", body: "Thanks a lot!",
		id: "m2@customer.example", reply: "a1@shop.example"})
	if c := w.conversation(first.Conversation); c.State != desk.StateAnswered || c.Due.IsZero() ||
		len(w.to("anna", in.ID)) != 1 {
		t.Errorf("the conversation is %s, due %s, and Anna was told %d times", c.State, c.Due, len(w.to("anna", in.ID)))
	}
}

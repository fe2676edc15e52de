package reply_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/schedule"
)

// A practice goes through answer, digit, note and close, says what each did, and leaves
// no trace but the agent's own mails: no message, no customer's mail, no event.
func TestPractice(t *testing.T) {
	h := open(t)
	first := h.customerWrites()
	h.agentAnswers(anna, "#practice\n\nHi Erika, one moment")
	events, messages := len(h.Events()), len(h.kinds(first))
	_, m := h.newest(desk.OutboxNotice, anna)
	for i, step := range []struct{ sees, reply string }{
		{"Your turn: answer Mia in your own words", "Hello Mia,\n\nplease turn the bulb until it is tight.\n\nAnna"},
		{"Your words went to her.", "#ntoe she is nice"},
		{"did you mean #note", "2"},
		{"Ready answer 2 went to her", "#note she was kind about it, margin 40 %"},
		{"Your note stayed in the team: “she was kind about it, margin 40 %”. She got nothing.", "#close"},
		{"That was all. You know what you need", ""},
	} {
		text := flat(m.PlainText)
		if !strings.Contains(text, step.sees) || m.Subject != "[PRACTICE] My lamp flickers" {
			t.Fatalf("mail %d, %s, lacks %q:\n%s", i+1, m.Subject, step.sees, m.PlainText)
		}
		if i > 0 && !strings.Contains(text, "Practice: a reply goes to Mia Sommer, who is made up.") {
			t.Errorf("mail %d does not say what it is:\n%s", i+1, m.PlainText)
		}
		if step.reply == "" {
			break
		}
		if in := h.answerTo(anna, m, step.reply); in.Outcome != desk.OutcomeAgent {
			t.Fatalf("%q: %s (%s)", step.reply, in.Outcome, in.Reason)
		}
		_, m = h.newest(desk.OutboxNotice, anna)
	}
	h.Pass(time.Hour)
	h.none(desk.OutboxAnswer)
	if n := len(h.kinds(first)); n != messages || len(h.Events()) != events {
		t.Errorf("%d messages, %d events, before %d and %d", n, len(h.Events()), messages, events)
	}
}

// A program that answers whatever comes is not practised with for ever.
func TestPracticeEnds(t *testing.T) {
	h := open(t)
	h.customerWrites()
	h.agentAnswers(anna, "#practice")
	_, m := h.newest(desk.OutboxNotice, anna)
	for range 12 {
		h.answerTo(anna, m, "#help")
		_, m = h.newest(desk.OutboxNotice, anna)
	}
	if !strings.Contains(m.PlainText, "That was all.") {
		t.Error(m.PlainText)
	}
}

// Each new agent is welcomed once, with the way to a practice; a question goes to the lead.
func TestNewAgentsAreWelcomed(t *testing.T) {
	h := open(t)
	h.Settings.Mode = desk.ModeLive
	run := func() {
		t.Helper()
		if _, err := (&schedule.Service{Home: h.Home()}).Run(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	welcomes := func(to string) (found []*email.Mail) {
		for _, o := range h.Due() {
			if m := h.sent(o); strings.HasPrefix(m.Subject, "Welcome to") && o.To[0] == to {
				found = append(found, m)
			}
		}
		return found
	}
	h.Settings.Agents = h.Settings.Agents[:1]
	run()
	run()
	h.Settings.Agents = append(h.Settings.Agents, desk.Agent{ID: "ben", Name: "Ben Okafor", Addresses: []string{ben}})
	run()
	run()
	if a, b := len(welcomes(anna)), len(welcomes(ben)); a != 1 || b != 1 {
		t.Fatalf("Anna has %d, Ben %d", a, b)
	}
	m := welcomes(ben)[0]
	for _, want := range []string{"Goes to Anna Winter. No customer sees it.", "Welcome, Ben. You answer " +
		"customers by replying to mail.", "reply with the word practice",
		"Questions? Reply to this mail. Anna Winter answers."} {
		if !strings.Contains(flat(m.PlainText), want) {
			t.Errorf("%q is not in\n%s", want, m.PlainText)
		}
	}
	h.answerTo(ben, m, "Where do I find the price list?")
	_, asks := h.newest(desk.OutboxNotice, anna)
	if asks.Subject != "Ben Okafor asks" || !strings.Contains(asks.PlainText, "Where do I find the price list?") ||
		asks.ReplyTo[0].Address != ben {
		t.Errorf("%s:\n%s", asks.Subject, asks.PlainText)
	}
	for _, say := range []string{"practice", "Practice please.", "#practice", "Übung"} {
		h.answerTo(ben, m, say)
		if _, p := h.newest(desk.OutboxNotice, ben); !strings.HasPrefix(p.Subject, "[PRACTICE]") {
			t.Errorf("%q begins %q", say, p.Subject)
		}
	}
	if n := len(h.Events()); n != 0 {
		t.Errorf("%d events", n)
	}
	// Who was told of mail before is not new; and it can be switched off.
	h = open(t)
	h.Settings.Mode, h.Settings.WelcomeOff = desk.ModeLive, true
	run()
	if len(welcomes(anna)) != 0 {
		t.Error("it is off")
	}
}

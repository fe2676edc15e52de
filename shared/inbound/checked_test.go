package inbound_test

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

var away = desk.Verdicts{SPF: desk.VerdictProcessing, DKIM: desk.VerdictProcessing, DMARC: desk.VerdictProcessing,
	Spam: desk.VerdictPass, Virus: desk.VerdictPass}

// A customer whose mail comes while DNS is away is on the agents' desks at once, with the truth
// about it, and is acknowledged when the check
// succeeds, once, unless somebody was faster.
func TestACustomersMailThatDNSTellsOfLater(t *testing.T) {
	for name, tc := range map[string]struct {
		before func(w *world, in desk.Inbound)
		found  desk.Verdicts
		want   int
	}{
		"it is the customer's": {nil, pass, 1},
		"it is not":            {nil, desk.Verdicts{SPF: desk.VerdictFail, DMARC: desk.VerdictFail}, 0},
		"it was answered since": {func(w *world, in desk.Inbound) { w.answered(in.Conversation, "a@shop.example") },
			pass, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := acknowledging(t)
			m := erika
			m.verdicts = &away
			d := w.arrives(m)
			d.CheckedLater = true
			in, err := w.Receive(t.Context(), d)
			if err != nil || in.Outcome != desk.OutcomeThreaded {
				t.Fatalf("%+v, %v", in, err)
			}
			told := w.to("anna", in.ID)
			if items, _ := w.acknowledged(); len(items) > 0 || len(told) != 1 ||
				!strings.Contains(told[0].Text, "who sent it is not checked yet: DNS did not answer") ||
				strings.Contains(told[0].Text, "anybody could have") {
				t.Fatalf("acknowledged %d times; Anna reads\n%s", len(items), told[0].Text)
			}
			if tc.before != nil {
				tc.before(w, in)
			}
			d.Verdicts, d.CheckedLater = tc.found, false
			for range 2 {
				if err := w.Checked(t.Context(), d); err != nil {
					t.Fatal(err)
				}
			}
			if items, _ := w.acknowledged(); len(items) != tc.want {
				t.Errorf("acknowledged %d times, want %d", len(items), tc.want)
			}
			if got := w.messages(in.Conversation)[0].Verified; got != (tc.found == pass) {
				t.Errorf("the history says confirmed: %v", got)
			}
			if ms := w.messages(in.Conversation); len(w.to("anna", in.ID)) != 1 || ms[0].Inbound != in.ID {
				t.Errorf("%d messages, and Anna was told %d times", len(ms), len(w.to("anna", in.ID)))
			}
		})
	}
}

// The agents' next mail shows the message that was checked since as a confirmed sender's.
func TestHistorySaysWhatWasFoundOutLater(t *testing.T) {
	w := newWorld(t)
	m := erika
	m.verdicts = &away
	d := w.arrives(m)
	d.CheckedLater = true
	in, err := w.Receive(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	d.Verdicts, d.CheckedLater = pass, false
	if err := w.Checked(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	again := erika
	again.id, again.body, again.headers = "more@customer.example", "It leaks still.", "In-Reply-To: <"+erika.id+
		">\r\nReferences: <"+erika.id+">\r\n"
	more := w.receive(again)
	told := w.to("anna", more.ID)
	if more.Conversation != in.Conversation || len(told) != 1 || strings.Contains(told[0].Text, "not confirmed") {
		t.Errorf("%+v; Anna reads\n%v", more, told)
	}
}

// On AWS nothing is checked again: SES's PROCESSING_FAILED stands, and only the words tell the truth.
func TestAnAgentsMailThatDNSDidNotTellOf(t *testing.T) {
	w := newWorld(t)
	in := w.receive(erika)
	reply := mail{from: "anna@team.example", subject: "Re: It leaks", id: "x@team.example", body: "Tighten it.",
		recipients: []string{w.agentAddress(in.Conversation, "anna")}, verdicts: &away}
	got := w.receive(reply)
	if got.Outcome != desk.OutcomeHeld || !strings.Contains(got.Reason, "DNS did not answer") {
		t.Errorf("%s: %s", got.Outcome, got.Reason)
	}
	m := erika
	m.from, m.id, m.verdicts = "Joe <joe@elsewhere.example>", "joe@elsewhere.example", &away
	told := w.to("anna", w.receive(m).ID)
	if len(told) != 1 || !strings.Contains(told[0].Text, "could not be checked: DNS did not answer") {
		t.Errorf("Anna reads\n%s", told[0].Text)
	}
}

// A colleague at a customer's reply address is held while nobody vouches, and judged anew when DNS is back.
func TestAStrangersMailThatDNSTellsOfLater(t *testing.T) {
	w := newWorld(t)
	in := w.receive(erika)
	to, _ := w.answered(in.Conversation, "a@shop.example")
	d := w.arrives(mail{from: "Carl <carl@customer.example>", subject: "Re: It leaks", id: "carl@customer.example",
		body: "I am her colleague.", recipients: []string{to}, verdicts: &away})
	held, err := w.Receive(t.Context(), d)
	if err != nil || held.Outcome != desk.OutcomeHeld || held.Hold != desk.HoldUnverified {
		t.Fatalf("%+v, %v", held, err)
	}
	d.Verdicts = pass
	for range 2 {
		if err := w.Checked(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	after, err := w.Store.Inbound(t.Context(), d.ID)
	if err != nil || after.Outcome != desk.OutcomeThreaded || after.Conversation == in.Conversation ||
		len(w.to("anna", d.ID)) != 1 {
		t.Errorf("%+v, %v; Anna was told %d times", after, err, len(w.to("anna", d.ID)))
	}
}

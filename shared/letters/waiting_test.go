package letters_test

import (
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/waiting"
)

// What agents are told of those who wait.
func TestLettersOfWhoWaits(t *testing.T) {
	w := writer(t)
	s := w.Settings
	s.Mailboxes[0].Within, s.Tiers = 4*time.Hour, []desk.Tier{{ID: "partner", Name: "Partner", Customers: []string{"@customer.example"}}}
	s.Mailboxes[0].Tiers = map[string]time.Duration{"partner": 2 * time.Hour}
	mb, anna := s.Mailboxes[0], s.Agents[0]
	conv := conversation(t, 1)
	conv.Opened = friday.Add(-100 * time.Minute)
	msg := desk.Message{Conversation: conv.ID, Sequence: 1, Kind: desk.KindCustomer, From: conv.Customer, At: conv.Opened, Subject: conv.Subject, Text: shortText, Verified: true, Inbound: "mail/1", Evidence: desk.Evidence{Rule: desk.EvidenceNew}}
	p, ok := waiting.PromiseOf(s, conv)
	if !ok {
		t.Fatal("nothing is promised")
	}
	ready, err := w.Reminder(desk.DerivedID("reminder-free"), anna, mb, conv, msg, p, waiting.WhyFree, letters.Context{New: true})
	golden(t, "reminder-free", ready, err)
	w.Now = friday.Add(time.Hour)
	conv.Owner = "anna"
	ready, err = w.Reminder(desk.DerivedID("reminder-late"), anna, mb, conv, msg, p, waiting.WhyYours, letters.Context{New: true})
	golden(t, "reminder-late", ready, err)
	ready, err = w.Notification(desk.DerivedID("promised-late"), anna, mb, conv, msg, letters.Context{New: true})
	golden(t, "promised-late", ready, err)
}

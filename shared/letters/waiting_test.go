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
	s.Mailboxes[0].Within, s.Tiers = 4*time.Hour, []desk.Tier{
		{ID: "partner", Name: "Partner", Customers: []string{"@customer.example"}}}
	s.Mailboxes[0].Tiers = map[string]time.Duration{"partner": 2 * time.Hour}
	mb, anna := s.Mailboxes[0], s.Agents[0]
	conv := conversation(t, 1)
	conv.Opened = friday.Add(-100 * time.Minute)
	msg := desk.Message{Conversation: conv.ID, Sequence: 1, Kind: desk.KindCustomer, From: conv.Customer,
		At: conv.Opened, Subject: conv.Subject, Text: shortText, Verified: true, Inbound: "mail/1",
		Evidence: desk.Evidence{Rule: desk.EvidenceNew}}
	p, ok := waiting.PromiseOf(s, conv)
	if !ok {
		t.Fatal("nothing is promised")
	}
	ready, err := w.Reminder(desk.DerivedID("reminder-free"), anna, mb, conv, msg, p, waiting.WhyFree,
		letters.Context{New: true})
	golden(t, "reminder-free", ready, err)
	w.Now = friday.Add(time.Hour)
	conv.Owner = "anna"
	ready, err = w.Reminder(desk.DerivedID("reminder-late"), anna, mb, conv, msg, p, waiting.WhyYours,
		letters.Context{New: true})
	golden(t, "reminder-late", ready, err)
	ready, err = w.Notification(desk.DerivedID("promised-late"), anna, mb, conv, msg, letters.Context{New: true})
	golden(t, "promised-late", ready, err)

	w.Now = friday
	s.Mailboxes[0].Within = 0
	s.Mailboxes[0].Tiers, mb.Tiers = nil, nil
	conv.State, conv.Messages, conv.Answers, conv.Customer.Name = desk.StateAnswered, 2, 1, "Erika Muster"
	more := letters.Context{History: []desk.Message{
		{Conversation: conv.ID, Sequence: 2, Kind: desk.KindAnswer, Agent: "anna", At: friday.Add(-time.Hour),
			Text: parcelText}}}
	off := desk.PutOff{Until: friday, By: "anna"}
	ready, err = w.Returned(desk.DerivedID("returned"), anna, mb, conv, msg, off, more)
	golden(t, "returned", ready, err)
	ready, err = w.Reminded(desk.DerivedID("reminded"), anna, mb, conv, msg,
		desk.Reminder{At: friday, By: "anna", Said: "call the carrier"}, more)
	golden(t, "reminded", ready, err)
	ready, err = w.Pending(desk.DerivedID("pending"), anna, mb, conv, msg,
		desk.Pending{By: "anna", Ask: friday.AddDate(0, 0, 3), Close: friday.AddDate(0, 0, 7)}, more)
	golden(t, "pending", ready, err)
	woken := conv
	woken.State, woken.Messages, woken.CustomerMessages = desk.StateOpen, 3, 2
	again := msg
	again.Sequence, again.At, again.Text = 3, friday.Add(-time.Minute),
		"They have still not come. Can you call the carrier?"
	ready, err = w.Notification(desk.DerivedID("woken"), anna, mb, woken, again,
		letters.Context{Woken: desk.PutOff{Until: friday.AddDate(0, 0, 4), By: "anna"},
			History: append([]desk.Message{msg}, more.History...)})
	golden(t, "woken", ready, err)
	ready, _, err = w.FollowUp(desk.DerivedID("follow-up"), mb, conv,
		letters.FollowUp{Language: "en", Closes: friday.AddDate(0, 0, 7)})
	golden(t, "follow-up", ready, err)
	mb.Signature = "Brightwater, 12 Harbour Road, Bristol"
	ready, _, err = w.FollowUp(desk.DerivedID("follow-up-de"), mb, conv,
		letters.FollowUp{Language: "de-AT", Closes: friday.AddDate(0, 0, 7)})
	golden(t, "follow-up-de", ready, err)
}

// The mail that a day begins with.
func TestLettersOfTheMorning(t *testing.T) {
	w := writer(t)
	w.Now = time.Date(2026, 11, 6, 7, 0, 0, 0, time.UTC)
	mb, anna := w.Settings.Mailboxes[0], w.Settings.Agents[0]
	entry := func(n byte, name, text string, since, due time.Time) letters.MorningEntry {
		c := conversation(t, n)
		c.Customer.Name = name
		return letters.MorningEntry{Conversation: c,
			Message: desk.Message{Sequence: 1, Kind: desk.KindCustomer, Text: text}, Since: since, Due: due}
	}
	now := w.Now
	m := letters.Morning{Mine: 4, All: 1, Today: 2, Longest: now.Add(-16 * time.Hour),
		First: "waits 7 hours of 8, a customer for 4 years",
		Due: []letters.MorningEntry{entry(1, "Olga Peters",
			"Twelve of the lamps in my hotel flicker since last night, and guests complain. What can we do today?",
			now.Add(-time.Hour), now.Add(3*time.Hour)),
			entry(2, "Clara Hoff", "The replacement lamp hums as well, even louder at half light.",
				now.Add(-30*time.Minute), now.Add(4*time.Hour))},
		Then: []letters.MorningEntry{entry(3, "田中さくら", "日本で使えるプラグアダプターはありますか。", now.Add(-16*time.Hour),
			now.Add(73*time.Hour)),
			entry(4, "Hugo Brandt", "Please send me the invoice again.", now.Add(-15*time.Hour), time.Time{})},
		Free: []letters.MorningEntry{entry(5, "Iris Wolf", "I send the lamp back, as agreed with nobody.",
			now.Add(-15*time.Hour), now.Add(-time.Hour))},
		Thanks: []desk.Message{{From: desk.Person{Name: "Paul Klein"}, At: now.Add(-17 * time.Hour),
			Text: "You saved my Saturday, thank you!"}},
		Answered: 14, Since: now.Add(-24 * time.Hour)}
	ready, _, err := w.Morning(desk.DerivedID("morning"), anna, mb, m)
	golden(t, "morning", ready, err)
	m.Due, m.Then, m.Mine, m.Today, m.Answered = nil, nil, 0, 0, 0
	m.Lead = &letters.MorningLead{Held: 3, Late: 2, Free: 1, Wait: 17}
	ready, _, err = w.Morning(desk.DerivedID("morning-lead"), anna, mb, m)
	golden(t, "morning-lead", ready, err)
}

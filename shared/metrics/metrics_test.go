package metrics_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/metrics"
	"github.com/replywell/replywell/shared/store"
)

// happened records events at the world's time.
func happened(w *bench.World, es ...desk.Event) {
	w.Helper()
	for i := range es {
		es[i].Schema, es[i].Occurred, es[i].Recorded, es[i].Mailbox = desk.EventSchema, w.Now(), w.Now(), "support"
		es[i].ID = desk.DerivedID(string(es[i].Kind), string(es[i].Conversation), w.Now().String())
	}
	if err := w.Store.Commit(w.Context(), &store.Change{Events: es}); err != nil {
		w.Fatal(err)
	}
}

// aWeek records a week that begins at the world's start, and moves past it.
func aWeek(t *testing.T) (*bench.World, *metrics.Service) {
	w := bench.New(t)
	happened(w, desk.Event{Kind: desk.EventOpened, Conversation: "a"},
		desk.Event{Kind: desk.EventOpened, Conversation: "b"}, desk.Event{Kind: desk.EventSuggested, Conversation: "a"})
	w.Pass(2 * time.Hour)
	happened(w, desk.Event{Kind: desk.EventAnswered, Conversation: "a", Answers: 1, FirstWait: 2 * time.Hour},
		desk.Event{Kind: desk.EventArticleSent, Conversation: "a"})
	happened(w, desk.Event{Kind: desk.EventSolved, Conversation: "a", Answers: 1, Exchanges: 1})
	w.Pass(24 * time.Hour)
	happened(w, desk.Event{Kind: desk.EventAnswered, Conversation: "b", Answers: 1, FirstWait: 26 * time.Hour},
		desk.Event{Kind: desk.EventSolved, Conversation: "b", Answers: 3, Exchanges: 3})
	w.Pass(7 * 24 * time.Hour) // into the next week, which is not to count
	happened(w, desk.Event{Kind: desk.EventOpened, Conversation: "c"})
	return w, &metrics.Service{Home: w.Home()}
}

func report(w *bench.World) *email.Mail {
	w.Helper()
	var found *email.Mail
	for _, o := range w.Due() {
		if o.Kind != desk.OutboxReport {
			continue
		}
		if found != nil {
			w.Fatal("the week was posted twice")
		}
		raw, err := w.Blobs.Get(w.Context(), o.Raw)
		if err != nil {
			w.Fatal(err)
		}
		found = email.Read(raw, o.EnvelopeFrom)
	}
	if found == nil {
		w.Fatal("no report is on its way")
	}
	return found
}

func TestWeeklyReport(t *testing.T) {
	w, s := aWeek(t)
	for range 3 { // a schedule may start twice
		if err := s.PostLast(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	m := report(w)
	if m.To[0].Address != "anna@team.lantern.example" || m.Subject != "Support, 2 March to 8 March 2026" {
		t.Errorf("to %v, subject %q", m.To, m.Subject)
	}
	for _, want := range []string{"Nobody waits for an answer\n", "Half within 2 hours", "Nine in ten within 1 day 2 h",
		"Solved at the first answer: 1 of 2", "too few to say more"} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("%q does not stand in\n%s", want, m.Text)
		}
	}
	for _, person := range []string{"Anna", "Ben ", "Erika"} {
		if strings.Contains(m.Text, person) {
			t.Errorf("the report names %s", person)
		}
	}
}

// 52 of 70 still wait: that is said first, and half within is not reached.
func TestTheReportIsTrueToThoseWhoWait(t *testing.T) {
	w := bench.New(t)
	start := w.Now()
	for i := range 70 {
		c := &desk.Conversation{ID: desk.ConversationID(fmt.Sprintf("c%02d", i)), Mailbox: "support",
			Customer: desk.Person{Address: fmt.Sprintf("c%d@example.org", i)}, Opened: w.Now(), Activity: w.Now()}
		c.CustomerWrote(w.Now(), "", nil)
		opened := desk.Event{ID: "opened" + string(c.ID), Kind: desk.EventOpened, Conversation: c.ID,
			Mailbox: "support", Schema: desk.EventSchema, Occurred: w.Now(), Recorded: w.Now()}
		if err := w.Store.Commit(w.Context(), &store.Change{Conversation: c, Events: []desk.Event{opened}}); err !=
			nil {
			t.Fatal(err)
		}
		w.Pass(time.Minute)
		if i%4 == 0 {
			c.Answered(w.Now(), "anna", 24*time.Hour)
			answered := desk.Event{ID: "answered" + string(c.ID), Kind: desk.EventAnswered, Conversation: c.ID,
				Mailbox: "support", Schema: desk.EventSchema, Occurred: w.Now(), Recorded: w.Now(), Opened: c.Opened,
				Answers: 1, FirstWait: time.Minute}
			if err := w.Store.Commit(w.Context(), &store.Change{Conversation: c,
				Events: []desk.Event{answered}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.Pass(start.Add(7 * 24 * time.Hour).Sub(w.Now()))
	s := &metrics.Service{Home: w.Home()}
	if err := s.PostLast(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := report(w)
	for _, want := range []string{"52 customers wait for an answer, the oldest since Mon 2 Mar",
		"70 customers, of whom 18 got a first answer"} {
		if !strings.Contains(strings.Join(strings.Fields(m.Text), " "), want) {
			t.Errorf("%q does not stand in\n%s", want, m.Text)
		}
	}
	for line := range strings.Lines(m.Text) {
		if strings.HasPrefix(line, "First answer: half within") && !strings.Contains(line, "not yet") {
			t.Error(line)
		}
	}
}

// A team's week begins at its own midnight, also across the change to summer time.
func TestWeekInTheTeamsTimeZone(t *testing.T) {
	w := bench.New(t) // Europe/Berlin
	at := func(s string) {
		when, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		w.Pass(when.Sub(w.Now()))
	}
	at("2026-03-22T23:30:00Z") // Monday 00:30 in Berlin: inside
	happened(w, desk.Event{Kind: desk.EventOpened, Conversation: "a"})
	at("2026-03-29T21:59:00Z") // Sunday 23:59 in Berlin, summer time by now: inside
	happened(w, desk.Event{Kind: desk.EventOpened, Conversation: "b"})
	at("2026-03-29T22:01:00Z") // Monday 00:01: the next week
	happened(w, desk.Event{Kind: desk.EventOpened, Conversation: "c"})
	s := &metrics.Service{Home: w.Home()}
	z, _ := time.LoadLocation("Europe/Berlin")
	week, err := s.Week(t.Context(), w.Settings, time.Date(2026, 3, 23, 0, 0, 0, 0, z))
	if err != nil || week.Mailboxes[0].Now.Opened != 2 {
		t.Errorf("%+v, %v", week.Mailboxes[0].Now, err)
	}
}

// The report tells what suggestions were worth, and which articles are missing.
func TestSuggestionsAndGapsInTheReport(t *testing.T) {
	w := bench.New(t)
	for i := range 4 {
		kind := desk.SentAsIs
		if i == 3 {
			kind = desk.Ignored
		}
		happened(w, desk.Event{Kind: desk.EventAnswered, Conversation: desk.ConversationID(string(rune('a' + i))),
			Answers: 1, Reactions: []desk.Reaction{{Article: "x", Kind: kind, Confidence: 0.6},
				{Article: "y", Kind: desk.OtherSent, Confidence: 0.2}}})
	}
	w.Pass(7 * 24 * time.Hour)
	s := &metrics.Service{Home: w.Home(),
		Gaps: func(context.Context) ([]desk.Gap, error) {
			return []desk.Gap{{Mails: 12, Words: []string{"student", "discount"},
				DraftArticle: "---\ntitle: \"Student discount\"\naudience: internal\n---\nSend a photo of your " +
					"card.\n"}}, nil
		}}
	if err := s.PostLast(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := report(w)
	for _, want := range []string{"3 of 4", "Articles that are missing",
		"12 mails in eight weeks were about “student, discount”", "Send a photo of your card."} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("%q does not stand in\n%s", want, m.Text)
		}
	}
	if len(m.Attachments) != 1 || m.Attachments[0].Filename != "student-discount.md" {
		t.Errorf("attached: %+v", m.Attachments)
	}
	if strings.Contains(m.HTML, "anna") && strings.Contains(m.HTML, "ben") {
		t.Error("the report is about single people")
	}
}

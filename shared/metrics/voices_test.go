package metrics_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/metrics"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine/enginetest"
)

// The report says what went wrong and what was thanked for in the customers' words: the
// sentence that says what happened, not the one that swears, of those who came back or
// wrote again, without what is a person's; nothing of those who merely asked.
func TestWhatWentWrongAsCustomersSayIt(t *testing.T) {
	w := bench.Over(t, enginetest.NewMemory())
	s := &metrics.Service{Home: w.Home()}
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	w.Pass(start.Add(30 * time.Hour).Sub(w.Now()))
	n := 0
	wrote := func(text string, thanks bool, kinds ...desk.EventKind) string {
		n++
		c := &desk.Conversation{ID: idOf(n), Mailbox: "support", Opened: w.Now(),
			Customer: desk.Person{Name: "Erika Muster", Address: "erika@example.org"}}
		var events []desk.Event
		for i, k := range kinds {
			e := c.Tell(k, fmt.Sprint(n, i), w.Now(), w.Now())
			e.Contacts, e.Exchanges = 3, 1
			events = append(events, e)
		}
		if err := w.Store.Commit(t.Context(), &store.Change{Conversation: c, Events: events,
			Messages: []desk.Message{{Conversation: c.ID, Sequence: 1, Kind: desk.KindCustomer, From: c.Customer,
				At: w.Now(), Text: text, Thanks: thanks}}}); err != nil {
			t.Fatal(err)
		}
		w.Pass(time.Minute)
		return c.ID.Reference()
	}
	reopened := wrote("This is ridiculous!!! I am Erika Muster. You sent the lamp without its power supply again. "+
		"I am really tired of waiting.", false, desk.EventReopened, desk.EventReceived)
	twice := wrote("Hello,\n\nthe driver left my parcel in the rain and the box fell apart.\n\nErika Muster", false,
		desk.EventReceived, desk.EventReceived)
	wrote("Do you deliver lamps to the island of Texel in winter?", false, desk.EventOpened)
	wrote("Where is it?", false, desk.EventReopened) // says nothing
	thanked := wrote("Thank you. You were the first shop that wrote back when it said it would!\n\nErika Muster", true,
		desk.EventThanked)
	w.Pass(start.AddDate(0, 0, 8).Sub(w.Now()))
	week, err := s.Week(t.Context(), w.Settings, start)
	if err != nil {
		t.Fatal(err)
	}
	m := week.Mailboxes[0]
	if len(m.Wrong) != 2 || len(m.ThankedFor) != 1 {
		t.Fatalf("%+v, %+v", m.Wrong, m.ThankedFor)
	}
	for i, want := range []struct{ ref, said string }{{reopened, "without its power supply"},
		{twice, "the box fell apart"}} {
		if got := m.Wrong[i]; got.Conversation != want.ref || !strings.Contains(got.Said, want.said) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if got := m.ThankedFor[0]; got.Conversation != thanked || !strings.Contains(got.Said, "wrote back") {
		t.Errorf("%+v", got)
	}
	if all := fmt.Sprint(m.Wrong, m.ThankedFor); strings.Contains(all, "Erika") || strings.Contains(all, "ridiculous") {
		t.Error(all)
	}
	// Nothing of it in the week after.
	week, err = s.Week(t.Context(), w.Settings, start.AddDate(0, 0, 7))
	if err != nil || len(week.Mailboxes[0].Wrong)+len(week.Mailboxes[0].ThankedFor) > 0 {
		t.Errorf("%+v, %v", week.Mailboxes[0], err)
	}
}

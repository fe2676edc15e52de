package metrics_test

import (
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/metrics"
	"github.com/replywell/replywell/shared/wiring"
)

// A desk of which nothing is told yet, and one in its first week, ask for few things that are
// not there: when the desk looked back once, it noted when anything began.
func TestAFreshDeskAsksForLittle(t *testing.T) {
	w := bench.New(t)
	w.At(time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC))
	schedule := wiring.Schedule(w.Home())
	for range 25 {
		if _, err := schedule.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.Pass(time.Minute)
	}
	s := &metrics.Service{Home: w.Home()}
	asks := func(what string, most int) {
		t.Helper()
		w.Engine.Requests()
		if err := s.RollUpDays(t.Context()); err != nil {
			t.Fatal(err)
		}
		from := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
		week, err := s.Span(t.Context(), w.Settings, from, from.AddDate(0, 0, 7), from.AddDate(0, 0, 14))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(w.Engine.Requests()); n > most {
			t.Errorf("%s: %d requests", what, n)
		} else {
			t.Logf("%s: %d requests; opened %d", what, n, week.Mailboxes[0].Now.Opened)
		}
	}
	asks("with no mail", 50)
	happened(w, desk.Event{Kind: desk.EventOpened, Conversation: "a"})
	w.Pass(4 * 24 * time.Hour)
	asks("in the first week", 140) // the four days are rolled up
	w.Pass(time.Hour)
	asks("and an hour later", 50)
}

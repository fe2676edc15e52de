package metrics_test

import (
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/metrics"
)

// The days that are over are rolled up once, and then a report reads one item and a
// part of each; a day of which something may still be written is not.
func TestRollingUpTheDaysThatAreOver(t *testing.T) {
	w := bench.New(t)
	s := &metrics.Service{Home: w.Home()}
	days := func() int {
		heads, err := w.Store.Totals(t.Context(), w.Now().AddDate(-1, 0, 0), w.Now())
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, h := range heads {
			if h.Events > 0 {
				n++
			}
		}
		return n
	}
	roll := func() {
		t.Helper()
		if err := s.RollUpDays(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		happened(w, desk.Event{Kind: desk.EventOpened, Conversation: "a"})
		w.Pass(24 * time.Hour)
	}
	// half past midnight: yesterday is not settled
	w.Pass(-w.Now().Sub(w.Now().Truncate(24*time.Hour)) + 30*time.Minute)
	roll()
	if days() != 19 {
		t.Errorf("%d days of 19", days())
	}
	w.Pass(time.Hour)
	roll()
	if days() != 20 {
		t.Errorf("%d days of 20", days())
	}
	w.Engine.Requests()
	roll()
	if n := len(w.Engine.Requests()); n > 2 {
		t.Errorf("with nothing to do there are %d requests", n)
	}
}

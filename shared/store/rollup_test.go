package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
)

// A day gives its events in the order in which they were recorded, each once: one that
// was written again on a later day belongs to the first.
func TestADayOfEvents(t *testing.T) {
	onEach(t, func(w *world) {
		w.clock.at = time.Date(2026, 3, 2, 23, 50, 0, 0, time.UTC)
		write := func(id string, kind desk.EventKind, occurred time.Time) {
			w.Helper()
			w.commit(&store.Change{Events: []desk.Event{{ID: id, Kind: kind, Occurred: occurred, Conversation: "c"}}})
		}
		first := w.clock.at
		write("b", desk.EventReceived, first)
		write("a", desk.EventOpened, first)
		write("z", desk.EventReceived, first)
		write("z", desk.EventReceived, first)
		w.clock.at = first.Add(time.Hour) // the next day
		write("a", desk.EventOpened, first)
		write("c", desk.EventReceived, w.clock.at)
		w.clock.at = first.AddDate(0, 0, 9)
		write("c", desk.EventReceived, first.Add(time.Hour))
		// A held mail is let in now: it happened, and was held, long ago.
		w.commit(&store.Change{Events: []desk.Event{
			{ID: "late", Kind: desk.EventReceived, Occurred: first, Recorded: first, Conversation: "c"}}})
		for n, want := range map[int]string{0: "a b z", 1: "c", 9: "late", 5: ""} {
			events, err := w.Day(w.Context(), first.AddDate(0, 0, n))
			w.must(err)
			var got []string
			for _, e := range events {
				got = append(got, e.ID)
			}
			if strings.Join(got, " ") != want {
				w.Errorf("on the %dth day: %q, want %q", n, got, want)
			}
		}
	})
}

// A roll-up of any size is read as it was written; written anew it is the new one; and
// the totals are read without it.
func TestRollUps(t *testing.T) {
	onEach(t, func(w *world) {
		d := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
		if _, err := w.RollUp(w.Context(), d); !errors.Is(err, store.ErrNotFound) {
			w.Fatalf("a day without: %v", err)
		}
		rng := rand.New(rand.NewPCG(1, 1))
		for _, size := range []int{0, 10, 700_000, 700_000, 300} {
			data := make([]byte, size)
			for i := range data {
				data[i] = byte(rng.Uint32())
			}
			r := store.RollUp{Day: d, Form: 1, Events: size, Totals: []byte{1, 2, 0}, Data: data}
			w.must(w.SetRollUp(w.Context(), r))
			w.must(w.SetRollUp(w.Context(), r))
			got, err := w.RollUp(w.Context(), d.Add(5*time.Hour))
			w.must(err)
			if !bytes.Equal(got.Data, data) || got.Events != size || !got.Day.Equal(d) ||
				!bytes.Equal(got.Totals, r.Totals) {
				w.Errorf("%d bytes: read %d, %d events", size, len(got.Data), got.Events)
			}
		}
		for _, day := range []string{"2025-12-31", "2026-01-01", "2026-12-31"} {
			at, _ := time.Parse(time.DateOnly, day)
			w.must(w.SetRollUp(w.Context(), store.RollUp{Day: at, Form: 1, Events: 7}))
		}
		heads, err := w.Totals(w.Context(), time.Date(2025, 12, 31, 5, 0, 0, 0, time.UTC), d)
		w.must(err)
		var days []string
		for _, h := range heads {
			days = append(days, fmt.Sprintf("%s:%d", h.Day.Format(time.DateOnly), h.Events))
		}
		if strings.Join(days, " ") != "2025-12-31:7 2026-01-01:7 2026-03-02:300" {
			w.Errorf("%v", days)
		}
	})
}

// A writer that is ended between any two writes leaves the roll-up of before, and the
// next one makes it whole.
func TestARollUpThatIsEndedHalfway(t *testing.T) {
	for n := range 5 {
		cut := &cutOff{Engine: openBolt(t), after: -1}
		w := newWorld(t, cut)
		d := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
		before, after := bytes.Repeat([]byte("before"), 80_000), bytes.Repeat([]byte("afterw"), 90_000)
		w.must(w.SetRollUp(w.Context(), store.RollUp{Day: d, Form: 1, Events: 1, Data: before}))
		cut.after = n
		failed := w.SetRollUp(w.Context(), store.RollUp{Day: d, Form: 1, Events: 2, Data: after}) != nil
		cut.after = -1
		got, err := w.RollUp(w.Context(), d)
		w.must(err)
		if whole := bytes.Equal(got.Data, before) && got.Events == 1 || bytes.Equal(got.Data, after) &&
			got.Events == 2; !whole {
			t.Errorf("ended after %d writes (%v): %d events, %d bytes", n, failed, got.Events, len(got.Data))
		}
		w.must(w.SetRollUp(w.Context(), store.RollUp{Day: d, Form: 1, Events: 2, Data: after}))
		if got, err = w.RollUp(w.Context(), d); err != nil || !bytes.Equal(got.Data, after) {
			t.Errorf("after %d writes and another try: %v", n, err)
		}
	}
}

// cutOff is an engine that writes no more after so many writes; -1 is without end.
type cutOff struct {
	engine.Engine
	after int
}

func (c *cutOff) Write(ctx context.Context, writes ...engine.Write) error {
	if c.after == 0 {
		return errors.New("the process was ended")
	}
	if c.after > 0 {
		c.after--
	}
	return c.Engine.Write(ctx, writes...)
}

package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

// What can be learnt from is found by the time it was recorded, bit by bit and
// whole, and nothing else is among it.
func TestLessons(t *testing.T) {
	onEach(t, func(w *world) {
		for i := range 30 {
			e := desk.Event{ID: fmt.Sprintf("e%02d", i), Kind: desk.EventAnswered, Conversation: "c",
				Recorded: day.Add(time.Duration(i) * time.Minute)}
			switch i % 3 {
			case 1:
				e.Kind, e.Reactions = desk.EventReceived,
					[]desk.Reaction{{Article: "a", Kind: desk.CameBack, Answer: 2}}
			case 2:
				e.Kind = desk.EventReceived // teaches nothing
			}
			if err := w.Commit(w.Context(), &store.Change{Events: []desk.Event{e}}); err != nil {
				t.Fatal(err)
			}
		}
		seen := map[string]bool{}
		from, rounds := day.Add(3*time.Minute), 0
		for more := true; more; rounds++ {
			events, rest, err := w.Lessons(w.Context(), from, 3)
			if err != nil || rest && len(events) == 0 || rounds > 30 {
				t.Fatalf("%d events after %v, %v", len(events), from, err)
			}
			for i, e := range events {
				if e.Recorded.Before(from) || i > 0 && e.Recorded.Before(events[i-1].Recorded) {
					t.Errorf("%s, recorded %v, is out of order", e.ID, e.Recorded)
				}
				seen[e.ID] = true
				from = e.Recorded
			}
			if more = rest; more && len(events) == 1 {
				from = from.Add(1)
			}
		}
		for i := range 30 {
			if id := fmt.Sprintf("e%02d", i); seen[id] != (i >= 3 && i%3 != 2) {
				t.Errorf("%s found: %v", id, seen[id])
			}
		}
		if rounds < 2 {
			t.Error("all came at once, though so many were not asked for")
		}
	})
}

func TestLearnedIsWrittenByOneAtATime(t *testing.T) {
	onEach(t, func(w *world) {
		ctx := w.Context()
		if _, err := w.Learned(ctx); !errors.Is(err, store.ErrNotFound) {
			t.Fatal(err)
		}
		first := store.Learned{State: `{"form":2}`, Through: day}
		if err := w.SetLearned(ctx, &first); err != nil || first.Version != 1 {
			t.Fatalf("%+v, %v", first, err)
		}
		if err := w.SetLearned(ctx, &store.Learned{State: "another"}); !errors.Is(err, store.ErrConflict) {
			t.Errorf("a second first one: %v", err)
		}
		got, err := w.Learned(ctx)
		if err != nil || got != first {
			t.Errorf("%+v, %v", got, err)
		}
		late := got
		if err := w.SetLearned(ctx, &got); err != nil {
			t.Fatal(err)
		}
		if err := w.SetLearned(ctx, &late); !errors.Is(err, store.ErrConflict) {
			t.Errorf("over one that was changed since: %v", err)
		}
	})
}

package metrics_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/metrics"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/enginetest"
)

// frail is an engine of which each write fails, now and then, before or after it took
// place.
type frail struct {
	engine.Engine
	rng  *rand.Rand
	odds int // one in so many; 0: none
}

var errEnded = errors.New("the process was ended")

func (f *frail) Write(ctx context.Context, writes ...engine.Write) error {
	if f.odds > 0 && f.rng.IntN(f.odds) == 0 {
		if f.rng.IntN(2) == 0 {
			_ = f.Engine.Write(ctx, writes...)
		}
		return errEnded
	}
	return f.Engine.Write(ctx, writes...)
}

// years is a desk that a year passes over.
type years struct {
	*bench.World
	service *metrics.Service
	frail   *frail
	rng     *rand.Rand
	stored  map[desk.ConversationID]*desk.Conversation
	changed map[desk.ConversationID]desk.Conversation
	again   []desk.Event // events that will be written once more
}

var opening = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

func newYears(t *testing.T, rng *rand.Rand) *years {
	f := &frail{Engine: enginetest.NewMemory(), rng: rng}
	w := bench.Over(t, f)
	settings := *w.Settings
	settings.Mailboxes = append(settings.Mailboxes[:1:1], desk.Mailbox{ID: "billing", Name: "Billing"})
	settings.Hours = berlin
	settings.Report.TimeZone = "Europe/Berlin"
	w.Settings = &settings
	w.Pass(opening.Sub(w.Now()))
	y := &years{World: w, frail: f, rng: rng, stored: map[desk.ConversationID]*desk.Conversation{},
		changed: map[desk.ConversationID]desk.Conversation{}}
	y.service = &metrics.Service{Home: w.Home()}
	return y
}

var berlin = func() (h desk.Hours) {
	h.Zone = "Europe/Berlin"
	for d := 1; d <= 5; d++ {
		h.Week[d] = []desk.Shift{{From: 9 * 60, To: 12*60 + 30}, {From: 13 * 60, To: 17 * 60}}
	}
	return h
}()

// live plays the steps up to the moment, in the order in which they were recorded;
// some events are written again, at once or weeks later, and the days are rolled up
// by somebody whose writes fail.
func (y *years) live(steps []step, until time.Time) []step {
	y.Helper()
	rollUp := y.Now()
	for len(steps) > 0 && steps[0].recorded.Before(until) {
		s := steps[0]
		steps = steps[1:]
		y.Pass(max(0, s.recorded.Sub(y.Now())))
		y.write(s.events)
		y.changed[s.after.ID] = s.after
		switch y.rng.IntN(12) {
		case 0:
			y.write(s.events)
		case 1:
			y.again = append(y.again, s.events...)
		}
		if len(y.again) > 0 && y.rng.IntN(20) == 0 {
			n := y.rng.IntN(len(y.again))
			e := y.again[n]
			e.Recorded = time.Time{}
			y.write([]desk.Event{e})
		}
		if y.Now().Sub(rollUp) > 30*time.Hour {
			rollUp = y.Now()
			y.frail.odds = 1 + y.rng.IntN(6)
			_ = y.service.RollUpDays(y.Context())
			y.frail.odds = 0
			d := y.Now().AddDate(0, 0, -y.rng.IntN(40))
			switch y.rng.IntN(6) {
			case 0: // a roll-up of an older form
				if err := y.Store.SetRollUp(y.Context(), store.RollUp{Day: d, Data: []byte("?")}); err != nil {
					y.Fatal(err)
				}
			case 1:
				if _, err := y.service.RollUp(y.Context(), d); err != nil {
					y.Fatal(err)
				}
			}
		}
	}
	y.Pass(until.Sub(y.Now()))
	return steps
}

func (y *years) write(events []desk.Event) {
	y.Helper()
	if err := y.Store.Commit(y.Context(), &store.Change{Events: append([]desk.Event(nil), events...)}); err != nil {
		y.Fatal(err)
	}
}

// settle stores the conversations as they are by now.
func (y *years) settle() {
	y.Helper()
	for id, c := range y.changed {
		if old := y.stored[id]; old != nil {
			c.Version = old.Version
		}
		change := &store.Change{Conversation: &c}
		if c.Tied.Cause != "" && y.stored[id] == nil {
			change.Causes = []desk.Cause{{Name: c.Tied.Cause, Opened: opening}}
			change.Ties = []desk.Tie{{Cause: c.Tied.Cause, Conversation: id, At: y.Now()}}
		}
		if err := y.Store.Commit(y.Context(), change); err != nil {
			y.Fatal(err)
		}
		y.stored[id] = &c
	}
	clear(y.changed)
}

// A year is played, with duplicates, delays, ends in the middle and roll-ups made
// anew; on the way reports of days, weeks and months say to the last digit what one
// finds who counts slowly.
func TestAYearIsCountedAsItWas(t *testing.T) {
	days, perDay := 365, 14
	if testing.Short() {
		days = 60
	}
	rng := rand.New(rand.NewPCG(2026, 15))
	all := lives(rng, opening, days, perDay, []string{"anna", "ben", "cleo"})
	steps := inOrder(all)
	y := newYears(t, rng)
	zone, _ := time.LoadLocation("Europe/Berlin")
	for d := 9; d < days; d += 11 + rng.IntN(20) {
		midnight := time.Date(2026, 1, 5+d, 0, 0, 0, 0, zone)
		now := midnight.Add(time.Duration(rng.Int64N(int64(40 * time.Hour))))
		steps = y.live(steps, now)
		y.settle()
		slow := slowly{all, berlin, now}
		for _, span := range [][3]time.Time{
			{midnight.AddDate(0, 0, -2), midnight.AddDate(0, 0, -1), midnight},
			{midnight.AddDate(0, 0, -14), midnight.AddDate(0, 0, -7), midnight},
			{midnight.AddDate(0, -2, 0), midnight.AddDate(0, -1, 0), midnight},
		} {
			week, err := y.service.Span(t.Context(), y.Settings, span[0], span[1], span[2])
			if err != nil {
				t.Fatal(err)
			}
			for i, id := range []string{"support", "billing"} {
				compare(t, slow, id, span, week.Mailboxes[i])
			}
		}
	}
}

func compare(t *testing.T, slow slowly, id string, span [3]time.Time, got letters.WeekOfMailbox) {
	t.Helper()
	what := id + ", " + span[1].Format(time.DateTime) + " to " + span[2].Format(time.DateTime)
	if want := slow.figures(id, span[1], span[2]); !reflect.DeepEqual(got.Now, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got.Now, want)
	}
	if want := slow.figures(id, span[0], span[1]); !reflect.DeepEqual(got.Earlier, want) {
		t.Errorf("%s, before:\n got %+v\nwant %+v", what, got.Earlier, want)
	}
	risk, won := slow.fates(id, span[0], span[1], span[2])
	if c := got.Customers; c.AtRisk != len(risk) || c.Won != len(won) {
		t.Errorf("%s: %d at risk and %d won, want %d and %d", what, c.AtRisk, c.Won, len(risk), len(won))
	}
	if want := slow.waiting(id, slow.now); got.Waiting.Customers != want.Customers ||
		!sameTime(got.Waiting.Since, want.Since) {
		t.Errorf("%s: waiting %+v, want %+v", what, got.Waiting, want)
	}
	for _, e := range got.Evenings {
		if want := slow.waiting(id, e.At).Customers; e.Customers != want {
			t.Errorf("%s: %d waited at %v, want %d", what, e.Customers, e.At, want)
		}
	}
	for k, s := range []interface {
		Within(float64) (time.Duration, bool)
	}{got.First, got.FirstEarlier} {
		waits := slow.firstWaits(id, span[1-k], span[2-k])
		for _, share := range []float64{0.25, 0.5, 0.9} {
			at, ok := s.Within(share)
			if want, reached := within(waits, share); at != want || ok != reached {
				t.Errorf("%s: %v of the first answers within %v (%v), want %v (%v)", what, share, at, ok, want, reached)
			}
		}
		if seen := [2]int{got.First.Seen, got.FirstEarlier.Seen}[k]; seen != len(waits) {
			t.Errorf("%s: %d waited, want %d", what, seen, len(waits))
		}
	}
}

// With other names for the agents, each report is the same.
func TestNoReportKnowsWhoAnswered(t *testing.T) {
	var reports []letters.Week
	for _, agents := range [][]string{{"anna", "ben", "cleo"}, {"cleo", "anna", "ben"}, {"x", "y", "z"}} {
		rng := rand.New(rand.NewPCG(7, 7))
		steps := inOrder(lives(rng, opening, 40, 20, agents))
		y := newYears(t, rng)
		y.live(steps, opening.AddDate(0, 0, 38))
		y.settle()
		week, err := y.service.Span(t.Context(), y.Settings, opening.AddDate(0, 0, 21), opening.AddDate(0, 0, 28),
			opening.AddDate(0, 0, 35))
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, week)
	}
	for _, other := range reports[1:] {
		if !reflect.DeepEqual(other, reports[0]) {
			t.Errorf("\n%+v\n%+v", other, reports[0])
		}
	}
}

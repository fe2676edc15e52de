package metrics_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/metrics"
	"github.com/replywell/replywell/shared/store"
)

// moment is one thing that happened to a conversation, so long after the week began.
type moment struct {
	after time.Duration
	kind  desk.EventKind
	of    desk.ConversationID
	e     desk.Event // what else the event says
}

const day, hour = 24 * time.Hour, time.Hour

// Whose first answer counts, and how long it took, in each turn that a conversation
// can take. The week begins at 0, the one before it at minus seven days, and the
// report is written a day after the week.
func TestWhoWaitedHowLong(t *testing.T) {
	w0 := bench.New(t)
	monday := w0.Now().UTC().Truncate(day) // midnight of a Monday
	opened, answered, solved, reopened := desk.EventOpened, desk.EventAnswered, desk.EventSolved, desk.EventReopened
	since := func(d time.Duration) desk.Event { return desk.Event{Opened: monday.Add(d)} }
	first := func(d time.Duration) desk.Event { return desk.Event{Opened: monday.Add(d), Answers: 1} }
	waits := func(id desk.ConversationID, d time.Duration) desk.Conversation {
		c := desk.Conversation{ID: id, Mailbox: "support", Opened: monday.Add(d), Activity: monday.Add(d)}
		c.CustomerWrote(monday.Add(d), "", nil)
		return c
	}
	for _, c := range []struct {
		name       string
		moments    []moment
		now        []desk.Conversation
		seen, over int
		half       time.Duration // 0: not reached
	}{
		{"answered within it", []moment{{0, opened, "a", since(0)}, {2 * hour, answered, "a", first(0)}}, nil, 1, 1,
			2 * hour},
		{"opened in the week before", []moment{{-day, opened, "a", since(-day)},
			{2 * hour, answered, "a", first(-day)}}, nil, 1, 1, 26 * hour},
		{"opened long before", []moment{{2 * hour, answered, "a", first(-30 * day)}}, nil, 1, 1, 30*day + 2*hour},
		{"opened long before, answered between the week and the report",
			[]moment{{7*day + hour, answered, "a", first(-30 * day)}}, nil, 1, 0, 0},
		{"waits still", nil, []desk.Conversation{waits("a", -30*day)}, 1, 0, 0},
		{"came after the week", nil, []desk.Conversation{waits("a", 7*day+hour)}, 0, 0, 0},
		{"closed without an answer in the week before",
			[]moment{{-3 * day, opened, "a", since(-3 * day)}, {-2 * day, solved, "a", since(-3 * day)}}, nil, 0, 0, 0},
		{"opened in the week before, closed without an answer",
			[]moment{{-day, opened, "a", since(-day)}, {day, solved, "a", since(-day)},
				{0, opened, "b", since(0)}, {49 * hour, answered, "b", first(0)}, {0, opened, "c", since(0)},
				{50 * hour, answered, "c", first(0)}}, nil, 3, 2, 49 * hour},
		{"opened long before, closed without an answer", []moment{{day, solved, "a", since(-30 * day)}}, nil, 1, 0, 0},
		{"closed without an answer, asked again, answered",
			[]moment{{0, opened, "a", since(0)}, {hour, solved, "a", since(0)}, {2 * hour, reopened, "a", since(0)},
				{5 * hour, answered, "a", first(0)}}, nil, 1, 1, 5 * hour},
		{"reopened after an answer", []moment{{0, opened, "a", since(0)}, {hour, answered, "a", first(0)},
			{2 * hour, solved, "a", first(0)}, {day, reopened, "a", first(0)},
			{2 * day, answered, "a", desk.Event{Opened: monday, Answers: 2}}}, nil, 1, 1, hour},
		{"joined to another before anybody answered",
			[]moment{{0, opened, "a", since(0)}, {hour, opened, "b", since(hour)}, {3 * hour, answered, "a", first(0)}},
			[]desk.Conversation{{ID: "b", Mailbox: "support", Opened: monday.Add(hour), Into: "a"}}, 1, 1, 3 * hour},
		{"joined, and the other had been answered", []moment{{0, opened, "a", since(0)}},
			[]desk.Conversation{{ID: "a", Mailbox: "support", State: desk.StateAnswered, Opened: monday, Answers: 1,
				FirstAnswer: monday.Add(4 * hour)}}, 1, 1, 4 * hour},
		{"split off with its answer", []moment{{2 * day, opened, "a", desk.Event{Opened: monday, Answers: 1}}},
			[]desk.Conversation{{ID: "a", Mailbox: "support", State: desk.StateAnswered, Opened: monday, Answers: 1,
				FirstAnswer: monday.Add(hour)}}, 1, 1, hour},
		{"the answer was split off, and another one came",
			[]moment{{0, opened, "a", since(0)}, {hour, answered, "a", first(0)}, {2 * day, answered, "a", first(0)}},
			nil, 1, 1, hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := bench.New(t)
			w.Pass(monday.AddDate(0, 0, -8).Sub(w.Now()))
			slices.SortStableFunc(c.moments, func(a, b moment) int { return cmp.Compare(a.after, b.after) })
			for i, m := range c.moments {
				w.Pass(monday.Add(m.after).Sub(w.Now()))
				e := m.e
				e.ID, e.Schema, e.Kind, e.Mailbox, e.Conversation = desk.DerivedID(c.name, string(rune('a'+i))),
					desk.EventSchema, m.kind, "support", m.of
				e.Occurred, e.Recorded = monday.Add(m.after), monday.Add(m.after)
				if err := w.Store.Commit(t.Context(), &store.Change{Events: []desk.Event{e}}); err != nil {
					t.Fatal(err)
				}
			}
			for i := range c.now {
				if err := w.Store.Commit(t.Context(), &store.Change{Conversation: &c.now[i]}); err != nil {
					t.Fatal(err)
				}
			}
			w.Pass(monday.Add(8 * day).Sub(w.Now()))
			s := &metrics.Service{Home: w.Home()}
			week, err := s.Week(t.Context(), w.Settings, monday)
			if err != nil {
				t.Fatal(err)
			}
			got := week.Mailboxes[0].First
			half, reached := got.Within(0.5)
			if got.Seen != c.seen || got.Over != c.over || reached != (c.half > 0) || half != c.half {
				t.Errorf("%d waited, %d got an answer, half within %v (%v); want %d, %d, %v", got.Seen, got.Over, half,
					reached, c.seen, c.over, c.half)
			}
		})
	}
}

package desk

import (
	"reflect"
	"testing"
	"time"
)

var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func ev(id string, kind EventKind, conv string, minute int, change func(*Event)) Event {
	e := Event{ID: id, Kind: kind, Mailbox: "support", Conversation: ConversationID(conv),
		Recorded: monday.Add(time.Duration(minute) * time.Minute)}
	if change != nil {
		change(&e)
	}
	return e
}

func aWeek() []Event {
	answered := func(n int, wait time.Duration) func(*Event) {
		return func(e *Event) { e.Answers, e.Exchanges, e.FirstWait = n, n, wait }
	}
	return []Event{
		// a: solved at the first answer
		ev("1", EventOpened, "a", 0, nil), ev("2", EventSuggested, "a", 0, nil),
		ev("3", EventAnswered, "a", 10, answered(1, 10*time.Minute)),
		ev("4", EventArticleSent, "a", 10, nil), ev("5", EventSolved, "a", 11, answered(1, 0)),
		// b: solved, reopened, solved again with two answers
		ev("6", EventOpened, "b", 0, nil), ev("7", EventAnswered, "b", 30, answered(1, 30*time.Minute)),
		ev("8", EventSolved, "b", 31, answered(1, 0)),
		ev("9", EventReopened, "b", 60, nil), ev("10", EventAnswered, "b", 90, answered(2, 0)),
		ev("11", EventSolved, "b", 91, func(e *Event) { e.Answers, e.Exchanges, e.Reopened = 2, 2, 1 }),
		// c: opened the week before, solved and reopened in this one; its answer bounced
		ev("12", EventSolved, "c", 5, answered(1, 0)), ev("13", EventReopened, "c", 200, nil),
		ev("14", EventBounced, "c", 201, nil),
		// and once more: still one that came back
		ev("14a", EventSolved, "c", 202, answered(1, 0)), ev("14b", EventReopened, "c", 203, nil),
		// d: answered late
		ev("15", EventOpened, "d", 0, nil), ev("16", EventAnswered, "d", 600, answered(1, 10*time.Hour)),
		{ID: "17", Kind: EventHeld, Mailbox: "billing", Recorded: monday},
	}
}

func TestTally(t *testing.T) {
	ta := NewTally(monday, monday.AddDate(0, 0, 7))
	for _, e := range aWeek() {
		ta.Add(e)
	}
	want := Figures{Mailbox: "support", Opened: 3, Solved: 2, SolvedAtFirst: 1, Reopened: 2,
		Exchanges: Spread{1: 1, 2: 1}, Contacts: Spread{},
		Offered: 1, Sent: 1, Bounced: 1}
	if got := ta.Mailbox("support"); !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
	if got := ta.Mailbox("billing"); got.Held != 1 {
		t.Errorf("billing: %+v", got)
	}
	if got := ta.Mailbox("none"); !reflect.DeepEqual(got,
		Figures{Mailbox: "none", Exchanges: Spread{}, Contacts: Spread{}}) {
		t.Errorf("none: %+v", got)
	}
}

// What came back within seven days, of what was solved so long before the end that
// the seven days are over. Days are counted from the span's beginning.
func TestWhoCameBack(t *testing.T) {
	const d = 24 * 60
	for _, c := range []struct {
		name              string
		moments           []int // alternately solved and reopened
		watched, returned int
	}{
		{"solved the week before, quiet since", []int{-3 * d}, 1, 0},
		{"came back on the seventh day", []int{-3 * d, 4 * d}, 1, 1},
		{"a minute later is too late", []int{-3 * d, 4*d + 1}, 1, 0},
		{"solved in the week: its seven days are not over", []int{d, 2 * d}, 0, 0},
		{"solved more than a week before", []int{-8 * d, -2 * d}, 0, 0},
		{"came back, was solved, came back", []int{-6 * d, -5 * d, -4 * d, -3 * d}, 2, 2},
		{"came back, and was solved in the week", []int{-2 * d, d, 2 * d}, 1, 1},
	} {
		ta := NewTally(monday, monday.AddDate(0, 0, 7))
		for i, m := range c.moments {
			kind := EventSolved
			if i%2 == 1 {
				kind = EventReopened
			}
			ta.Add(ev("", kind, "a", m, func(e *Event) { e.Occurred = e.Recorded }))
		}
		if f := ta.Mailbox("support"); f.Watched != c.watched || f.Returned != c.returned {
			t.Errorf("%s: %d of %d, want %d of %d", c.name, f.Returned, f.Watched, c.returned, c.watched)
		}
	}
	ta := NewTally(monday, monday.AddDate(0, 0, 7))
	ta.Add(ev("", EventSolved, "a", -60, nil))
	ta.Add(ev("", EventArranged, "a", -50, func(e *Event) { e.Detail = UndoneClose }))
	if f := ta.Mailbox("support"); f.Watched+f.Returned != 0 {
		t.Errorf("what was closed by mistake: %+v", f)
	}
}

func TestSpread(t *testing.T) {
	s := Spread{1: 6, 2: 3, 5: 1}
	if s.Count() != 10 || s.Mean() != 1.7 || s.Above(1) != 4 || s.Above(5) != 0 || (Spread{}).Mean() != 0 {
		t.Errorf("%d, %v, %d", s.Count(), s.Mean(), s.Above(1))
	}
}

// An id's number tells ids apart, also those of another form.
func TestIDNumber(t *testing.T) {
	seen := map[uint64]ConversationID{}
	for _, id := range []ConversationID{"000000000000", "000000000020", "zzzzzzzzzzzw", "zzzzzzzzzzzg", "a", "b", "",
		"ooooooooooooo", "iiiiiiiiiiii"} {
		n := id.Number()
		if other, ok := seen[n]; ok {
			t.Errorf("%q and %q are both %d", id, other, n)
		}
		if seen[n] = id; id.Valid() != (n < 1<<56) {
			t.Errorf("%q is %d", id, n)
		}
	}
}

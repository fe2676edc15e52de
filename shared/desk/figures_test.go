package desk

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
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
		{ID: "17", Kind: EventHeld, Mailbox: "billing"},
	}
}

func TestTally(t *testing.T) {
	var ta Tally
	for _, e := range aWeek() {
		ta.Add(e)
	}
	want := Figures{Mailbox: "support", Opened: 3, Solved: 2, SolvedAtFirst: 1, Reopened: 2, Exchanges: 1.5,
		Offered: 1, Sent: 1, Bounced: 1}
	if got := ta.Mailbox("support"); got != want {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
	if got := ta.Mailbox("billing"); got != (Figures{Mailbox: "billing", Held: 1}) {
		t.Errorf("billing: %+v", got)
	}
	if got := ta.Mailbox("none"); got != (Figures{Mailbox: "none"}) {
		t.Errorf("none: %+v", got)
	}
}

// Events come in any order, and some come twice: the figures are the same.
func TestTallyOrderProperty(t *testing.T) {
	var want Tally
	for _, e := range aWeek() {
		want.Add(e)
	}
	rapid.Check(t, func(t *rapid.T) {
		var got Tally
		for _, e := range rapid.Permutation(aWeek()).Draw(t, "events") {
			for range rapid.IntRange(1, 3).Draw(t, "times") {
				got.Add(e)
			}
		}
		if !reflect.DeepEqual(got.Mailbox("support"), want.Mailbox("support")) {
			t.Fatalf("%+v", got.Mailbox("support"))
		}
	})
}

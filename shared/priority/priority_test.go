package priority_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/priority"
)

func hours(n float64) time.Duration { return time.Duration(n * float64(time.Hour)) }

// Each line: the first comes before the second.
func TestWhoComesFirst(t *testing.T) {
	four := hours(4)
	for _, x := range []struct {
		why           string
		first, second priority.Case
	}{
		{"who has waited longer", priority.Case{Waited: hours(3), Promised: four},
			priority.Case{Waited: hours(2), Promised: four}},
		{"whose promise ends sooner", priority.Case{Waited: hours(1), Promised: hours(1)},
			priority.Case{Waited: hours(2), Promised: four}},
		{"the quiet one of high potential before the loud one of none",
			priority.Case{Waited: hours(2), Promised: four, Potential: 1},
			priority.Case{Waited: hours(2), Promised: four, Mood: 1}},
		{"the loud one before the calm one", priority.Case{Waited: hours(2), Promised: four, Mood: 1},
			priority.Case{Waited: hours(2), Promised: four}},
		{"an agent's word before both", priority.Case{Promised: four, Word: 1, Mood: 1},
			priority.Case{Promised: four, Potential: 1}},
		{"but not before whose promise was broken long ago", priority.Case{Waited: hours(9), Promised: four, Word: -1},
			priority.Case{Waited: 0, Promised: four, Word: 1, Mood: 1, Potential: 0.2}},
		{"a customer of long standing", priority.Case{Promised: four, Known: hours(24 * 1000)},
			priority.Case{Promised: four}},
	} {
		if x.first.Score() <= x.second.Score() {
			t.Errorf("%s: %v, and %v", x.why, x.first.Score(), x.second.Score())
		}
	}
}

func TestWhatIsSaidOfIt(t *testing.T) {
	for _, x := range []struct {
		c    priority.Case
		want string
	}{
		{priority.Case{Waited: hours(5), Promised: hours(6), Known: hours(24 * 365 * 4)},
			"high: waits 5h0m0s of 6h0m0s, a customer for 4 years"},
		{priority.Case{Waited: hours(1), Promised: hours(6)}, "normal: "},
		{priority.Case{Waited: hours(7), Promised: hours(6), Potential: 0.9},
			"high: waits 7h0m0s, promised within 6h0m0s, may well order again"},
		{priority.Case{Promised: hours(6), Potential: 1, Mood: 1}, "high: may well order again, is upset"},
		{priority.Case{Promised: hours(6), Word: -1}, "low: one of you said that it can wait"},
		{priority.Case{Waited: hours(6), Word: -1}, "low: waits 6h0m0s, one of you said that it can wait"},
	} {
		if got := string(x.c.Level()) + ": " + strings.Join(x.c.Reasons(time.Duration.String), ", "); got != x.want {
			t.Errorf("%+v: %s, want %s", x.c, got, x.want)
		}
	}
}

// anybody is a case with everything but how long they have waited.
func anybody(r *rapid.T, promised time.Duration) priority.Case {
	return priority.Case{
		Promised: promised, Potential: rapid.Float64().Draw(r, "potential"), Mood: rapid.Float64().Draw(r, "mood"),
		Known: time.Duration(rapid.Int64Range(0, 1<<60).Draw(r, "known")), Word: rapid.IntRange(-3, 3).Draw(r, "word"),
	}
}

// However many come, however loud, and whatever they are worth: whoever waits is before
// all who come Bound after them. So they are first once those who came before that have
// been answered, who are so many and no more.
func TestNobodyIsOvertakenForEver(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		promised := time.Duration(rapid.Int64Range(int64(15*time.Minute), int64(14*24*time.Hour)).Draw(r, "promised"))
		if rapid.Bool().Draw(r, "nothing is promised") {
			promised = 0
		}
		quiet := anybody(r, promised)
		loud := anybody(r, promised)
		later := time.Duration(rapid.Int64Range(int64(time.Second), int64(30*24*time.Hour)).Draw(r, "later"))
		since := time.Duration(rapid.Int64Range(0, int64(90*24*time.Hour)).Draw(r, "since"))
		loud.Waited = since
		quiet.Waited = since + quiet.Bound() + later
		if quiet.Score() <= loud.Score() {
			r.Fatalf("%+v (%v) is overtaken by %+v (%v)", quiet, quiet.Score(), loud, loud.Score())
		}
	})
}

// A desk that answers one mail each step, always the first by score, while a loud one
// comes each step: the silent one is answered within the bound.
func TestASilentCustomerInAFlood(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		promised := time.Duration(rapid.Int64Range(int64(time.Hour), int64(48*time.Hour)).Draw(r, "promised"))
		step := promised / time.Duration(rapid.IntRange(2, 40).Draw(r, "steps"))
		quiet := priority.Case{Promised: promised, Potential: rapid.Float64Range(0, 1).Draw(r, "potential"), Word: -1}
		var flood []priority.Case
		for at := step; ; at += step {
			for i := range flood {
				flood[i].Waited += step
			}
			flood = append(flood, priority.Case{Promised: promised, Potential: 1, Mood: 1, Word: 1, Known: 1 << 60})
			quiet.Waited = at
			best := 0
			for i, f := range flood {
				if f.Score() > flood[best].Score() {
					best = i
				}
			}
			if quiet.Score() > flood[best].Score() {
				return
			}
			if flood = append(flood[:best], flood[best+1:]...); at > quiet.Bound()+step {
				r.Fatalf("still not first after %v, and the bound is %v", at, quiet.Bound())
			}
		}
	})
}

func TestHowLoudAMailIs(t *testing.T) {
	for _, x := range []struct {
		subject, text      string
		pressing, reopened int
		want               float64
	}{
		{"The lamp", "It flickers. What can I do?", 0, 0, 0},
		{"The lamp", "Thank you! It works.", 0, 0, 0},
		{"THIRD LAMP THAT FLICKERS!!!", "I am really angry.", 0, 0, 0.7},
		{"Unsere Lampe", "WO IST MEINE LAMPE", 0, 0, 0.4},
		{"USB and LED", "The USB port of the LED lamp is the one that is broken since the move.", 0, 0, 0},
		{"ランプ", "ランプが点滅します。", 0, 0, 0},
		{"The lamp", "And?", 5, 0, 0.4},
		{"The lamp", "It is broken again.", 0, 1, 0.3},
		{"THIRD LAMP AGAIN!!!", "I WANT MY MONEY", 2, 2, 1},
	} {
		if got := priority.Mood(x.subject, x.text, x.pressing, x.reopened); got < x.want-0.001 || got > x.want+0.001 {
			t.Errorf("%s: %v, want %v", x.subject, got, x.want)
		}
	}
}

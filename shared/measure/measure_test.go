package measure_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/measure"
)

func near(a, b float64) bool { return math.Abs(a-b) < 0.0006 }

// The intervals that Newcombe published (1998) for Wilson's method and his tenth.
func TestSharesAsPublished(t *testing.T) {
	for _, c := range []struct {
		share     measure.Share
		low, high float64
	}{
		{measure.Share{Part: 81, Whole: 263}, 0.2553, 0.3662},
		{measure.Share{Part: 15, Whole: 148}, 0.0624, 0.1605},
		{measure.Share{Part: 0, Whole: 20}, 0, 0.1611},
		{measure.Share{Part: 1, Whole: 29}, 0.0061, 0.1718},
	} {
		if b := c.share.Between(); !near(b.Low, c.low) || !near(b.High, c.high) {
			t.Errorf("%+v: %+v, want %v to %v", c.share, b, c.low, c.high)
		}
	}
	for _, c := range []struct {
		now, before measure.Share
		low, high   float64
	}{
		{measure.Share{Part: 56, Whole: 70}, measure.Share{Part: 48, Whole: 80}, 0.0524, 0.3339},
		{measure.Share{Part: 9, Whole: 10}, measure.Share{Part: 3, Whole: 10}, 0.1705, 0.8090},
		{measure.Share{Part: 10, Whole: 10}, measure.Share{Part: 0, Whole: 20}, 0.6791, 1},
	} {
		if b := measure.Difference(c.now, c.before); !near(b.Low, c.low) || !near(b.High, c.high) {
			t.Errorf("%+v against %+v: %+v, want %v to %v", c.now, c.before, b, c.low, c.high)
		}
	}
}

func TestWhatIsSaid(t *testing.T) {
	if (measure.Share{Part: 1, Whole: 1}).Said() || !(measure.Share{Part: 4, Whole: 10}).Said() {
		t.Error("a percentage needs ten observations")
	}
	for _, c := range []struct {
		now, before int
		want        measure.Direction
	}{{29, 17, measure.Unsure}, {34, 17, measure.Higher}, {7, 19, measure.Lower}, {0, 0, measure.Unsure},
		{3, 1, measure.Unsure}, {6, 0, measure.Higher},
		{4, 0, measure.Unsure}, {5, 0, measure.Unsure}, {0, 6, measure.Lower}, {1208, 1100, measure.Higher},
		{100_500, 100_000, measure.Unsure}, {101_000, 100_000, measure.Higher}} {
		if got := measure.Counts(c.now, c.before); got != c.want {
			t.Errorf("%d against %d: %v, want %v", c.now, c.before, got, c.want)
		}
	}
}

// The remission times of Freireich's trial (1963), the example of each textbook:
// six weeks and more, half within 23, censored ones among them.
func TestSurvivalAsPublished(t *testing.T) {
	var waits []measure.Wait
	for _, w := range []int{6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35} {
		waits = append(waits, measure.Wait{Exit: time.Duration(max(w, -w)) * time.Hour, Over: w > 0})
	}
	s := measure.Survive(waits)
	for hours, want := range map[int]float64{5: 1, 6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378,
		23: 0.4482, 40: 0.4482} {
		if got, _ := s.Left(time.Duration(hours) * time.Hour); !near(got, want) {
			t.Errorf("after %d hours %.4f are left, want %.4f", hours, got, want)
		}
	}
	if d, ok := s.Within(0.5); !ok || d != 23*time.Hour {
		t.Errorf("half within %v, %v", d, ok)
	}
	if _, ok := s.Within(0.9); ok || s.Seen != 21 || s.Over != 9 {
		t.Errorf("nine in ten is not reached; %d seen, %d over", s.Seen, s.Over)
	}
	if low, _, reached := s.WithinBetween(0.5); low != 13*time.Hour || reached {
		t.Errorf("half within at least %v, upper end reached %v", low, reached)
	}
}

// 52 of 70 still wait: that half of the answered had one in 26 minutes is not what happened.
func TestThoseWhoWaitCount(t *testing.T) {
	var waits []measure.Wait
	for i := range 18 {
		waits = append(waits, measure.Wait{Exit: time.Duration(10+2*i) * time.Minute, Over: true})
	}
	for range 52 {
		waits = append(waits, measure.Wait{Exit: 8 * time.Hour})
	}
	if d, ok := measure.Survive(waits).Within(0.5); ok {
		t.Errorf("half within %v, though 52 of 70 wait", d)
	}
}

// Without censoring and late entries the curve is the plain share, and a wait that
// was lost sight of never makes it lower.
func TestSurvivalProperties(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var waits []measure.Wait
		n := rapid.IntRange(1, 40).Draw(r, "n")
		for range n {
			waits = append(waits, measure.Wait{Exit: time.Duration(rapid.IntRange(1, 20).Draw(r, "exit")) * time.Minute,
				Over: true})
		}
		s := measure.Survive(waits)
		at := time.Duration(rapid.IntRange(0, 21).Draw(r, "at")) * time.Minute
		longer := 0
		for _, w := range waits {
			if w.Exit > at {
				longer++
			}
		}
		got, between := s.Left(at)
		if math.Abs(got-float64(longer)/float64(n)) > 1e-9 || between.Low > got+1e-9 || between.High < got-1e-9 {
			r.Fatalf("of %d %d wait longer than %v; the curve says %v, between %v", n, longer, at, got, between)
		}
		i := rapid.IntRange(0, n-1).Draw(r, "lost")
		waits[i].Over = false
		if lost, _ := measure.Survive(waits).Left(at); lost < got-1e-9 {
			r.Fatalf("one that was lost sight of makes the curve lower: %v, %v", lost, got)
		}
		before, _ := s.Left(at - time.Minute)
		if before < got {
			r.Fatal("the curve rises")
		}
	})
}

// A few quick answers say nothing of those who have waited longer all along, however
// early the curve looks at them.
func TestAFewQuickOnesAreNotEverybody(t *testing.T) {
	waits := func(quick, old, oldOver int) (out []measure.Wait) {
		for i := range quick {
			out = append(out, measure.Wait{Exit: time.Duration(1+i) * time.Minute, Over: true})
		}
		for i := range old {
			out = append(out, measure.Wait{Entry: 48 * time.Hour, Exit: time.Duration(100+i) * time.Hour,
				Over: i < oldOver})
		}
		return out
	}
	const none = -1
	for _, c := range []struct {
		quick, old, over int
		half, nine       time.Duration
	}{
		{1, 10, 0, none, none},
		{5, 50, 0, none, none},
		{1, 1, 0, none, none},
		// 9 of 11 within 9 minutes is near it; the tenth never stands for all
		{10, 1, 0, 5 * time.Minute, 9 * time.Minute},
		{100, 5, 0, 50 * time.Minute, 90 * time.Minute},
		{20, 0, 0, 10 * time.Minute, 18 * time.Minute},
		{1, 10, 10, 104 * time.Hour, 108 * time.Hour},
	} {
		s := measure.Survive(waits(c.quick, c.old, c.over))
		for share, want := range map[float64]time.Duration{0.5: c.half, 0.9: c.nine} {
			if got, ok := s.Within(share); ok != (want != none) || ok && got != want {
				t.Errorf("%d quick, %d old: %v within %v (%v), want %v", c.quick, c.old, share, got, ok, want)
			}
		}
		if s.Seen != c.quick+c.old || s.Over != c.quick+c.over {
			t.Errorf("%d quick, %d old: %d seen, %d over", c.quick, c.old, s.Seen, s.Over)
		}
	}
}

// Who came in and got an answer at the same moment of working time was at risk then.
func TestAnAnswerAtTheMomentOfEntry(t *testing.T) {
	waits := []measure.Wait{{Entry: time.Hour, Exit: time.Hour, Over: true}}
	for range 3 {
		waits = append(waits, measure.Wait{Exit: 2 * time.Hour})
	}
	if left, _ := measure.Survive(waits).Left(time.Hour); !near(left, 0.75) {
		t.Errorf("%v are left of four, one of whom got an answer", left)
	}
}

// That nobody of many got an answer so far is sure, and is no share without a bound;
// after quick ones that were passed over it is not.
func TestHowSureItIsThatAllWait(t *testing.T) {
	var waits []measure.Wait
	for range 20 {
		waits = append(waits, measure.Wait{Exit: 5 * time.Hour})
	}
	want := measure.Share{Part: 20, Whole: 20}.Between()
	if left, b := measure.Survive(waits).Left(time.Hour); left != 1 || b != want {
		t.Errorf("%v, %+v; want %+v", left, b, want)
	}
	if _, b := measure.Survive(waits).Left(6 * time.Hour); b.Low != 0 {
		t.Errorf("nobody was seen for six hours, and %+v is said of them", b)
	}
	for i := range waits {
		waits[i].Entry = 2 * time.Hour
	}
	for range 5 {
		waits = append(waits, measure.Wait{Exit: time.Minute, Over: true})
	}
	if left, b := measure.Survive(waits).Left(3 * time.Hour); left != 1 || b.Low != 0 {
		t.Errorf("%v, %+v though five had an answer at once", left, b)
	}
}

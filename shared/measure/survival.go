package measure

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Wait is one span of waiting. It was seen from Entry on (0 unless it had begun
// before anybody looked) up to Exit; Over says that it ended there, and was not
// merely lost sight of.
type Wait struct {
	Entry, Exit time.Duration
	Over        bool
}

// Survival is an estimate of how long waiting lasts.
type Survival struct {
	steps          []step
	entries, exits []time.Duration // in order
	passed         time.Duration   // from then on the curve is slower than the truth
	Seen           int             // waits it was made of
	Over           int             // of which so many had ended
}

type step struct {
	at       time.Duration
	left     float64 // the share that waits longer than this
	variance float64 // Greenwood's sum
}

// Survive makes Kaplan and Meier's estimate, with delayed entries. A wait whose
// exit is not after its entry is left out: nothing was seen of it.
//
// Where most come in late, the few who are seen from the beginning would speak for
// all: one quick answer of one takes the curve to zero, and it stays there. So the
// curve does not fall where more are still to come in than are seen, nor to zero
// before all are in. It is slower than the truth then, never quicker (after Lai and
// Ying, 1991, who pass over moments at which few are at risk).
func Survive(waits []Wait) Survival {
	seen := slices.DeleteFunc(slices.Clone(waits), func(w Wait) bool { return w.Exit < w.Entry || w.Exit == w.Entry && !w.Over })
	entries := make([]time.Duration, 0, len(seen))
	for _, w := range seen {
		entries = append(entries, w.Entry)
	}
	slices.Sort(entries)
	slices.SortFunc(seen, func(a, b Wait) int { return cmp.Compare(a.Exit, b.Exit) })
	s := Survival{Seen: len(seen), entries: entries, passed: math.MaxInt64}
	for _, w := range seen {
		s.exits = append(s.exits, w.Exit)
	}
	left, greenwood := 1.0, 0.0
	in, out := 0, 0
	for i := 0; i < len(seen); {
		at := seen[i].Exit
		for in < len(entries) && (entries[in] < at || at == 0 && entries[in] == 0) {
			in++
		}
		ends, leaves, atOnce := 0, 0, 0
		for ; i < len(seen) && seen[i].Exit == at; i++ {
			leaves++
			if at > 0 && seen[i].Entry == at {
				atOnce++
			}
			if seen[i].Over {
				ends++
			}
		}
		risk := in - out + atOnce
		later := len(entries) - in - atOnce
		s.Over += ends
		switch {
		case ends == 0:
		case risk < later || risk == ends && later > 0:
			s.passed = min(s.passed, at)
		default:
			left *= 1 - float64(ends)/float64(risk)
			if risk > ends {
				greenwood += float64(ends) / (float64(risk) * float64(risk-ends))
			} else {
				greenwood = math.Inf(1)
			}
			s.steps = append(s.steps, step{at, left, greenwood})
		}
		out += leaves
	}
	return s
}

// Within is the time in which the share of waits (0 to 1) is over. It is not
// reached where too many last longer than anybody has looked.
func (s Survival) Within(share float64) (d time.Duration, reached bool) {
	for _, st := range s.steps {
		if st.left <= 1-share+1e-12 {
			return st.at, true
		}
	}
	return 0, false
}

// Left is the share that waits longer than d, with its 95 % interval (log-log, as
// Kalbfleisch and Prentice have it; Wilson's where nobody's wait was over by then).
func (s Survival) Left(d time.Duration) (share float64, between Interval) {
	share, variance := 1.0, 0.0
	for _, st := range s.steps {
		if st.at > d {
			break
		}
		share, variance = st.left, st.variance
	}
	switch {
	case share >= 1:
		n := after(s.exits, d) - after(s.entries, d)
		between = Share{n, n}.Between()
	case share <= 0 || math.IsInf(variance, 1):
		between = Interval{0, 1}
	default:
		se := math.Sqrt(variance) / math.Abs(math.Log(share))
		between = Interval{math.Pow(share, math.Exp(z95*se)), math.Pow(share, math.Exp(-z95*se))}
	}
	if d >= s.passed {
		between.Low = 0
	}
	return share, between
}

// WithinBetween is the 95 % interval of Within: the times at which the curve's own
// interval leaves the share. The upper end may not be reached.
func (s Survival) WithinBetween(share float64) (low, high time.Duration, highReached bool) {
	found := false
	for _, st := range s.steps {
		_, b := s.Left(st.at)
		if !found && b.Low <= 1-share {
			low, found = st.at, true
		}
		if b.High <= 1-share {
			return low, st.at, true
		}
	}
	return low, 0, false
}

// after is how many of them, which are in order, are later than d.
func after(sorted []time.Duration, d time.Duration) int {
	i, _ := slices.BinarySearch(sorted, d+1)
	return len(sorted) - i
}

package measure

import "math"

// z95 is the normal deviate of a two-sided 95 %.
const z95 = 1.959963984540054

// Enough is how many observations a percentage needs.
const Enough = 10

// Interval is where a share of 0 to 1 lies, as far as is known.
type Interval struct{ Low, High float64 }

// Share is so many of so many.
type Share struct{ Part, Whole int }

// Said reports whether there are enough observations for a percentage.
func (s Share) Said() bool { return s.Whole >= Enough }

// Value is the share, 0 of nothing.
func (s Share) Value() float64 {
	if s.Whole == 0 {
		return 0
	}
	return float64(s.Part) / float64(s.Whole)
}

// Between is Wilson's score interval at 95 % (1927).
func (s Share) Between() Interval {
	if s.Whole == 0 {
		return Interval{0, 1}
	}
	n, p := float64(s.Whole), s.Value()
	mid := (p + z95*z95/(2*n)) / (1 + z95*z95/n)
	half := z95 / (1 + z95*z95/n) * math.Sqrt(p*(1-p)/n+z95*z95/(4*n*n))
	return Interval{max(0, mid-half), min(1, mid+half)}
}

// Difference is the 95 % interval of how much higher a share is than the one before, by
// Newcombe's method 10 (1998).
func Difference(now, before Share) Interval {
	if now.Whole == 0 || before.Whole == 0 {
		return Interval{-1, 1}
	}
	a, b := now.Between(), before.Between()
	p, q := now.Value(), before.Value()
	return Interval{
		Low:  p - q - math.Hypot(p-a.Low, b.High-q),
		High: p - q + math.Hypot(a.High-p, q-b.Low),
	}
}

// Direction says what is sure about a change.
type Direction int

// What may be said of a change.
const (
	Unsure Direction = iota
	Higher
	Lower
)

// Sure is the direction of an interval that leaves out zero.
func (i Interval) Sure() Direction {
	switch {
	case i.Low > 0:
		return Higher
	case i.High < 0:
		return Lower
	}
	return Unsure
}

// Counts says whether a count is higher than the one before, of spans of equal
// length, beyond what chance explains at 95 %: given their sum, the first is
// binomial of one half where nothing changed. The test is exact, because where one of
// them is nothing the interval of a share is too sure: 4 against 0 is chance once in eight.
func Counts(now, before int) Direction {
	n, high := now+before, max(now, before)
	lg := func(x int) float64 { l, _ := math.Lgamma(float64(x) + 1); return l }
	tail, all := 0.0, lg(n)-float64(n)*math.Ln2
	for k := high; k <= n; k++ {
		p := math.Exp(all - lg(k) - lg(n-k))
		if tail += p; tail > 0.025 || p < 1e-12*tail { // farther out nothing is added
			break
		}
	}
	switch {
	case n == 0 || tail > 0.025:
		return Unsure
	case now > before:
		return Higher
	}
	return Lower
}

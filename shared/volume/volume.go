package volume

import (
	"cmp"
	"math"
	"slices"
	"time"
)

const (
	// leastHistory is how many days of past there must be before anything is said.
	leastHistory = 21
	// leastMails in four weeks, and leastExtra above what was to be expected in the
	// looked-at days, are what a rise needs to be told: three mails are no trend.
	leastMails, leastExtra = 5, 3.0
	// longest is the longest stretch of days that is looked at as one.
	longest = 7
)

// stretches are the last days that are looked at as one, each with the normal
// deviate from which a rise in it is told. Together they cost some ten false alarms
// a year for forty topics, or for more, see among. The short ones are given more of that: a day's level is
// hardly in doubt, and a week's sum shows each error in it.
var stretches = [...]struct {
	days  int
	bound float64
}{{1, 3.32}, {2, 3.48}, {3, 3.65}, {4, 3.77}, {5, 3.64}, {7, 3.75}}

// Topic is one concern's mails by day; the last day is the one that is judged.
type Topic struct {
	Name   string
	Counts []int
}

// Rise is a topic that has risen above its own past.
type Rise struct {
	Topic    int     // index of the topic
	Days     int     // over how many days, up to the last
	Mails    int     // in those days
	Expected float64 // in those days, by its own past and what all topics did
	Z        float64 // how sure: the normal deviate of so many mails by chance
	above    float64 // Z above the stretch's bound
}

// Rises says which topics have risen as of the last day, the surest first. All
// topics have the same number of days; last is the weekday of the last one.
// Topics with too little past, and rises of too few mails, are left out.
func Rises(topics []Topic, last time.Weekday) []Rise {
	out := slices.DeleteFunc(strongest(topics, last), func(r Rise) bool { return r.above < 0 })
	slices.SortStableFunc(out, func(a, b Rise) int { return cmp.Or(cmp.Compare(b.Z, a.Z), cmp.Compare(a.Topic, b.Topic)) })
	return out
}

// strongest gives for each topic the stretch of its last days that is hardest to
// explain by its past, if it is of enough mails to be told.
func strongest(topics []Topic, last time.Weekday) (out []Rise) {
	if len(topics) == 0 || len(topics[0].Counts) < leastHistory+longest {
		return nil
	}
	if past := len(topics[0].Counts) - longest; past > history {
		topics = slices.Clone(topics)
		for k := range topics {
			topics[k].Counts = topics[k].Counts[past-history:]
		}
	}
	p := newPast(len(topics[0].Counts), last)
	fits := p.fitAll(topics)
	live := 0
	for _, t := range topics {
		if sum(t.Counts, 28) >= leastMails {
			live++
		}
	}
	best := make([]Rise, len(topics))
	for i, s := range stretches {
		bound := among(s.bound, live)
		common, sure := together(p, topics, fits, i)
		for k, t := range topics {
			r := judge(p, t, fits[k], i, common, sure)
			r.Topic, r.above = k, r.Z-bound
			if float64(r.Mails)-r.Expected >= leastExtra && sum(t.Counts, 28) >= leastMails && (best[k].Days == 0 || r.above > best[k].above) {
				best[k] = r
			}
		}
	}
	for _, r := range best {
		if r.Days > 0 {
			out = append(out, r)
		}
	}
	return out
}

// usually is for how many topics the bounds are made.
const usually = 40

// among is the bound for each of so many topics that leaves as many false alarms in all
// as the given one does among the usual number.
func among(bound float64, topics int) float64 {
	if topics <= usually {
		return bound
	}
	return math.Sqrt2 * math.Erfcinv(math.Erfc(bound/math.Sqrt2)*usually/float64(topics))
}

// fitAll fits each topic, with what all of them have in common.
func (p *past) fitAll(topics []Topic) []*usual {
	all, own := make([]float64, p.days), make([]float64, p.days)
	for _, t := range topics {
		for d, n := range t.Counts {
			all[d] += float64(n)
		}
	}
	pooled := p.fit(all, nil)
	fits := make([]*usual, len(topics))
	var squares, seen float64
	for k, t := range topics {
		for d, n := range t.Counts {
			own[d] = float64(n)
		}
		fits[k] = p.fit(own, pooled)
		squares += fits[k].squares
		seen += fits[k].seen
	}
	common := max(squares/max(seen, 1), 1)
	for _, u := range fits {
		u.dispersion = max((u.squares+spreadDays*common)/(u.seen+spreadDays), 1)
	}
	return fits
}

// judge compares a topic's last days with what its past lets expect of them.
func judge(p *past, t Topic, f *usual, stretch int, common, sure float64) Rise {
	mean, from := f.ahead(p, stretch)
	mean, from = mean*common, from*common*common
	days := stretches[stretch].days
	mails := sum(t.Counts, days)
	variance := f.dispersion*mean + from + sure*mean*mean
	return Rise{Days: days, Mails: mails, Expected: mean, Z: deviate(mails, mean, variance)}
}

// together estimates by how much all topics lie above their pasts in the last
// days (a launch, a season, a bank holiday), and the variance of that estimate.
// The topics are weighed so that none counts for more than a tenth, and those
// that rose the most are left out on both ends, so that no single spike is taken
// for everybody's.
func together(p *past, topics []Topic, fits []*usual, stretch int) (common, variance float64) {
	type part struct{ mails, mean, noise, z float64 }
	var parts []part
	for k, t := range topics {
		mean, from := fits[k].ahead(p, stretch)
		if mean < 0.5 {
			continue
		}
		v := fits[k].dispersion*mean + from
		n := float64(sum(t.Counts, stretches[stretch].days))
		parts = append(parts, part{n, mean, v, (n - mean) / math.Sqrt(v)})
	}
	if len(parts) < 5 {
		return 1, 0
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.z, b.z) })
	parts = parts[len(parts)/5 : len(parts)-len(parts)/5]
	var mails, mean, noise float64
	for _, q := range parts {
		w := 1 / (q.noise/q.mean + 0.02*q.mean)
		mails += w * q.mails
		mean += w * q.mean
		noise += w * w * q.noise
	}
	ratio, v := mails/mean, noise/(mean*mean)
	// A ratio that chance explains is drawn to 1; one that it does not is believed.
	const before = 0.05 * 0.05
	trust := before / (before + v)
	if far := (ratio - 1) * (ratio - 1) / (before + v); far > 4 {
		trust = 1 - (1-trust)*4/far
	}
	return 1 + trust*(ratio-1), v * trust
}

// sum is that of the last days.
func sum(counts []int, days int) (n int) {
	for _, c := range counts[max(0, len(counts)-days):] {
		n += c
	}
	return n
}

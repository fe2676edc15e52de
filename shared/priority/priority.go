package priority

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// What each part of a score weighs.
const (
	WeighPotential = 0.5
	WeighMood      = 0.3
	WeighLong      = 0.1
	WeighWord      = 0.5
)

// most is what everything but waiting adds at most, and least what it takes.
const (
	most  = WeighPotential + WeighMood + WeighLong + WeighWord
	least = WeighWord
)

// Unpromised is the time in whose place nothing was promised.
const Unpromised = 8 * time.Hour

// longStanding is since when a customer is one of long standing.
const longStanding = 2 * 365 * 24 * time.Hour

// Case is one who waits.
type Case struct {
	Waited    time.Duration // working time since they wait
	Promised  time.Duration // working time in which an answer was promised; 0: nothing was
	Potential float64       // how likely, and how much, they order again; from 0 to 1, 0 where it is not known
	Mood      float64       // how it sounds: from 0, calm, to 1, the loudest there is
	Known     time.Duration // how long they have been a customer; 0 where it is not known
	Word      int           // what an agent said: 1 high, -1 low
}

// Score is how early somebody is to be answered: who has more comes first.
func (c Case) Score() float64 {
	s := c.wait() + WeighPotential*unit(c.Potential) + WeighMood*unit(c.Mood) + WeighWord*float64(min(max(c.Word, -1), 1))
	if c.Known >= longStanding {
		s += WeighLong
	}
	return s
}

// wait is how much of the promised time has passed.
func (c Case) wait() float64 { return float64(max(c.Waited, 0)) / float64(c.within()) }

func (c Case) within() time.Duration {
	if c.Promised > 0 {
		return c.Promised
	}
	return Unpromised
}

func unit(f float64) float64 {
	if f > 0 { // not for NaN
		return min(f, 1)
	}
	return 0
}

// Bound is after how much working time somebody who waits is before everybody who
// comes then or later and was promised no less soon: nobody can be overtaken after it.
func (c Case) Bound() time.Duration {
	return time.Duration((most + least) * float64(c.within()))
}

// Level is a score in a word.
type Level string

// The levels.
const (
	High   Level = "high"
	Normal Level = "normal"
	Low    Level = "low"
)

// Level puts the score into a word: what was promised is nearly over, or as much weighs
// beside the wait.
func (c Case) Level() Level {
	switch s := c.Score(); {
	case c.Word > 0 || s >= 0.75:
		return High
	case c.Word < 0 && s < 0.75:
		return Low
	}
	return Normal
}

// Reasons say what makes the score what it is, each a clause, the weightiest first. said
// writes a length of time. None: it is like any other.
func (c Case) Reasons(said func(time.Duration) string) (out []string) {
	type part struct {
		weighs float64
		says   string
	}
	var parts []part
	switch {
	case c.Promised > 0 && c.Waited > c.Promised:
		parts = append(parts, part{c.wait(), "waits " + said(c.Waited) + ", promised within " + said(c.Promised)})
	case c.Promised > 0 && c.wait() >= 0.5:
		parts = append(parts, part{c.wait(), "waits " + said(c.Waited) + " of " + said(c.Promised)})
	case c.Promised == 0 && c.wait() >= 0.5:
		parts = append(parts, part{c.wait(), "waits " + said(c.Waited)})
	}
	if p := unit(c.Potential); p >= 0.5 {
		parts = append(parts, part{WeighPotential * p, "may well order again"})
	}
	if m := unit(c.Mood); m >= 0.5 {
		parts = append(parts, part{WeighMood * m, "is upset"})
	}
	if c.Known >= longStanding {
		parts = append(parts, part{WeighLong, fmt.Sprintf("a customer for %d years", int(c.Known/(365*24*time.Hour)))})
	}
	switch {
	case c.Word > 0:
		parts = append(parts, part{WeighWord, "one of you said so"})
	case c.Word < 0:
		parts = append(parts, part{WeighWord, "one of you said that it can wait"})
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(b.weighs, a.weighs) })
	for _, p := range parts {
		out = append(out, p.says)
	}
	return out
}

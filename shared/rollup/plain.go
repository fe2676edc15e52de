package rollup

import (
	"math"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// Counted reports whether figures are made of events of this kind.
func Counted(k desk.EventKind) bool {
	switch k {
	case desk.EventDelivered, desk.EventConfirmed, desk.EventRevised:
		return false
	}
	return true
}

// Plain is an event as a roll-up gives it: without its id, its place and who acted,
// with times to the millisecond in UTC, and of a reaction only what it was and
// whether the article had been offered.
func Plain(e desk.Event) desk.Event {
	e.ID, e.Agent, e.Schema, e.Sequence = "", "", desk.EventSchema, 0
	for _, t := range []*time.Time{&e.Occurred, &e.Recorded, &e.Opened, &e.SolvedBefore, &e.Asked} {
		*t = moment(*t)
	}
	e.FirstWait = e.FirstWait.Truncate(time.Millisecond)
	e.Potential = math.Round(min(max(e.Potential, 0), 1)*finely) / finely
	e.Revenue = math.Floor(min(max(e.Revenue, 0), mostRevenue))
	e.Articles, e.Topics = slices.Clone(e.Articles), slices.Clone(e.Topics)
	if len(e.Articles) == 0 {
		e.Articles = nil
	}
	if len(e.Topics) == 0 {
		e.Topics = nil
	}
	var reactions []desk.Reaction
	for _, r := range e.Reactions {
		p := desk.Reaction{Article: r.Article, Kind: r.Kind}
		if r.Confidence > 0 {
			p.Confidence = 1
		}
		reactions = append(reactions, p)
	}
	e.Reactions = reactions
	return e
}

// A potential is kept in so many steps, and a revenue in whole units up to a bound.
const (
	finely      = 1000
	mostRevenue = 1e12
)

func moment(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Millisecond)
}

package topics

import (
	"cmp"
	"slices"
)

const (
	// reachNear is the least cosine with the middle of a rise at which a crumb may be
	// taken in.
	reachNear = 0.2
	// reachTimes is how many times its usual number must have come to a crumb that is
	// taken in, and reachMore to the ones around it on the way outwards, on average.
	reachTimes, reachMore = 5.0, 4.0
	// reachBand is over how many crumbs on the way outwards that average is.
	reachBand = 12.0
	// hardly is what is usual for a crumb that had no mail before, in mails.
	hardly = 0.02
)

// Span is a stretch of time: from the one quarter of an hour up to the other.
type Span struct{ From, To uint32 }

func (p Span) has(c Came, mailbox uint16) bool {
	return c.Mailbox == mailbox && c.Quarter >= p.From && c.Quarter < p.To
}

func (p Span) len() float64 { return float64(p.To) - float64(p.From) }

// Reached is what a rise of a topic takes in.
type Reached struct {
	Crumbs map[int]bool // by their ids
	Mails  int          // that came in the rise
	Usual  float64      // of the crumbs that are not the topic's own: how many are usual in so long
	heart  []float32    // the middle of what came beyond the usual
	middle []float32    // of the space
}

// Reach gives what a rise of a topic in one mailbox takes in: the topic, and what lies
// around it and came with it. What is usual is told by the past.
func (s *Space) Reach(topic string, mailbox uint16, past, rise Span) Reached {
	r := Reached{Crumbs: map[int]bool{}, middle: s.middle(), heart: make([]float32, len(s.Sum))}
	type around struct {
		id          int
		mean        []float32
		near        float32
		came, usual float64
	}
	var others []around
	for _, c := range s.Crumbs {
		came, before := 0, 0
		for _, t := range c.Came {
			if rise.has(t, mailbox) {
				came++
			} else if past.has(t, mailbox) {
				before++
			}
		}
		usual := float64(before) * rise.len() / max(1, past.len())
		if c.Topic == topic {
			r.Crumbs[c.ID] = true
			r.Mails += came
			add(r.heart, c.mean(r.middle), float32(max(0, float64(came)-usual)))
		} else {
			others = append(others, around{id: c.ID, mean: c.mean(r.middle), came: float64(came), usual: usual})
		}
	}
	unit(r.heart)
	for i := range others {
		others[i].near = dot(others[i].mean, r.heart)
	}
	others = slices.DeleteFunc(others, func(o around) bool { return o.near < reachNear })
	slices.SortStableFunc(others, func(a, b around) int { return cmp.Compare(b.near, a.near) })
	var came, usual float64
	var take []around
	last := 0
	for _, o := range others {
		came, usual = came*(1-1/reachBand)+o.came, usual*(1-1/reachBand)+o.usual
		if o.came > reachTimes*(o.usual+hardly) {
			take = append(take, o)
		}
		if came >= 1 && came > reachMore*usual {
			last = len(take)
		}
	}
	for _, o := range take[:last] {
		r.Crumbs[o.id] = true
		r.Mails += int(o.came)
		r.Usual += o.usual
	}
	return r
}

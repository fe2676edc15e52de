package calendar

import (
	"fmt"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// mostKnown bounds the hours that are kept made; a team has a few.
const mostKnown = 64

var known = struct {
	sync.Mutex
	hours map[string]*Hours
}{hours: map[string]*Hours{}}

// For gives the hours that checked settings say, made once. Those that cannot be
// (a zone that is gone since they were checked) are round the clock.
func For(said desk.Hours) *Hours {
	key := fmt.Sprint(said.Zone, said.Week, said.Holidays, said.Closed)
	known.Lock()
	defer known.Unlock()
	if h, ok := known.hours[key]; ok {
		return h
	}
	h, err := Of(said)
	if err != nil {
		h = Always
	}
	if len(known.hours) >= mostKnown {
		clear(known.hours)
	}
	known.hours[key] = h
	return h
}

// AfterDays is the moment so many working days after another: at the same time of
// day, where somebody works then, else when that day's last work before it ends. A
// moment outside of the hours counts from the next shift's beginning.
func (h *Hours) AfterDays(since time.Time, days int) time.Time {
	from, _, ok := h.Shift(since)
	if !ok {
		return since
	}
	if from.Before(since) {
		from = since
	}
	l := from.In(h.zone)
	y, m, d := l.Date()
	for range farthest {
		if days <= 0 {
			break
		}
		d++
		if len(h.shifts(y, m, d)) > 0 {
			days--
		}
	}
	minute := l.Hour()*60 + l.Minute()
	shifts := h.shifts(y, m, d)
	best := shifts[0].From
	for _, s := range shifts {
		if s.From <= minute {
			best = min(minute, s.To)
		}
	}
	return h.clock(y, m, d, best)
}

package calendar

import (
	"fmt"
	"sync"
	"time"

	"github.com/rickar/cal/v2"

	"github.com/replywell/replywell/shared/desk"
)

// farthest bounds how far ahead a moment is looked for: a team that has not one
// working day in two years has made a mistake.
const farthest = 2 * 366

// Hours are the times at which a team works. They may be used by many at once.
type Hours struct {
	zone     *time.Location
	week     [7][]desk.Shift
	always   bool
	holidays *cal.Calendar
	closed   map[string]bool
}

// Of makes hours of what the settings say. Errors name what is wrong: an
// unknown zone, an unknown region of holidays, shifts that overlap, hours
// without a single working day in two years.
func Of(said desk.Hours) (*Hours, error) {
	zone, err := time.LoadLocation(said.Zone)
	if err != nil {
		return nil, fmt.Errorf("the time zone %q is not known; write one of the IANA names, such as Europe/Berlin", said.Zone)
	}
	h := &Hours{zone: zone, week: said.Week, always: said.Always(), closed: map[string]bool{}}
	for day, shifts := range said.Week {
		before := 0
		for _, s := range shifts {
			if s.From < before || s.To <= s.From || s.To > 24*60 {
				return nil, fmt.Errorf("%s: shifts are to follow one another within a day, and %s does not", time.Weekday(day), ShiftText(s))
			}
			before = s.To
		}
	}
	for _, d := range said.Closed {
		if _, err := time.Parse(time.DateOnly, d); err != nil {
			return nil, fmt.Errorf("%q is not a day; write it as 2026-12-24", d)
		}
		h.closed[d] = true
	}
	if said.Holidays != "" {
		list, ok := regions[said.Holidays]
		if !ok {
			return nil, fmt.Errorf("holidays of %q are not known; known are %s", said.Holidays, near(said.Holidays))
		}
		h.holidays = &cal.Calendar{Cacheable: true}
		h.holidays.AddHoliday(list...)
	}
	if !h.always {
		if _, _, ok := h.Shift(time.Date(2026, 1, 1, 0, 0, 0, 0, zone)); !ok {
			return nil, fmt.Errorf("there is not one working day in these hours; each working day is a holiday or closed")
		}
	}
	return h, nil
}

// Always are the hours of a team that works round the clock, in UTC.
var Always = &Hours{zone: time.UTC, always: true}

// Zone is the time zone that the hours are said in.
func (h *Hours) Zone() *time.Location { return h.zone }

// RoundTheClock reports whether the team always works.
func (h *Hours) RoundTheClock() bool { return h.always }

// Open reports whether somebody works at the moment.
func (h *Hours) Open(at time.Time) bool {
	from, _, ok := h.Shift(at)
	return ok && !from.After(at)
}

// Shift gives the shift that holds the moment, or the next one after it. It is
// not ok where none comes within two years. Round the clock it is the day.
func (h *Hours) Shift(at time.Time) (from, to time.Time, ok bool) {
	y, m, d := at.In(h.zone).Date()
	for i := range farthest {
		for _, s := range h.shifts(y, m, d+i) {
			if to := h.clock(y, m, d+i, s.To); to.After(at) {
				return h.clock(y, m, d+i, s.From), to, true
			}
		}
	}
	return time.Time{}, time.Time{}, false
}

// Between is the working time from a moment to a later one; 0 where the second
// is not later.
func (h *Hours) Between(from, to time.Time) (sum time.Duration) {
	if h.always {
		return max(to.Sub(from), 0)
	}
	y, m, d := from.In(h.zone).Date()
	for i := 0; ; i++ {
		if h.clock(y, m, d+i, 0).After(to) {
			return sum
		}
		for _, s := range h.shifts(y, m, d+i) {
			a, b := h.clock(y, m, d+i, s.From), h.clock(y, m, d+i, s.To)
			if a.Before(from) {
				a = from
			}
			if b.After(to) {
				b = to
			}
			sum += max(b.Sub(a), 0)
		}
	}
}

// After is the first moment at which so much working time has passed since
// another. Where none has to pass it is that moment itself, even if nobody works
// then. Where so much does not come within two years it is the end of them.
func (h *Hours) After(since time.Time, working time.Duration) time.Time {
	if h.always || working <= 0 {
		return since.Add(max(working, 0))
	}
	at := since
	for range 4 * farthest {
		from, to, ok := h.Shift(at)
		if !ok {
			return at
		}
		if from.Before(at) {
			from = at
		}
		if has := to.Sub(from); has < working {
			working, at = working-has, to
			continue
		}
		return from.Add(working)
	}
	return at
}

// WorkingDay reports whether anybody works on the day of the moment.
func (h *Hours) WorkingDay(at time.Time) bool {
	y, m, d := at.In(h.zone).Date()
	return len(h.shifts(y, m, d)) > 0
}

// Holiday names the public holiday on the day of the moment; "" is none.
func (h *Hours) Holiday(at time.Time) string {
	if h.holidays == nil {
		return ""
	}
	actual, observed, day := h.holidays.IsHoliday(at.In(h.zone))
	if !actual && !observed {
		return ""
	}
	return day.Name
}

var wholeDay = []desk.Shift{{From: 0, To: 24 * 60}}

// shifts are those of a day, which may be written beyond its month's end.
func (h *Hours) shifts(y int, m time.Month, d int) []desk.Shift {
	if h.always {
		return wholeDay
	}
	noon := time.Date(y, m, d, 12, 0, 0, 0, h.zone)
	list := h.week[noon.Weekday()]
	if len(list) == 0 || h.closed[noon.Format(time.DateOnly)] || h.Holiday(noon) != "" {
		return nil
	}
	return list
}

// clock is the moment at which a clock on the wall shows so many minutes.
func (h *Hours) clock(y int, m time.Month, d, minutes int) time.Time {
	return time.Date(y, m, d, 0, minutes, 0, 0, h.zone)
}

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

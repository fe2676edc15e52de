package when

import (
	"time"
)

// resolve gives the moment that was said, and whether people agree on it.
func (s *said) resolve(c Clock) (at time.Time, sure bool) {
	sure = !s.unsure
	opens := c.Opens
	if opens == 0 {
		opens = nine
	}
	minute := s.minute
	if minute < 0 {
		minute = opens
		if m, is := parts[s.part]; is {
			minute = m
		}
	}
	if s.night && s.year == 0 { // who gives the year as well is precise
		minute, sure = minute+12*60, false
	}
	y, mo, d := c.Now.Date()
	on := func(y int, m time.Month, d int) time.Time {
		return time.Date(y, m, d, 0, minute, 0, 0, c.Now.Location())
	}
	switch {
	case s.span > 0 && s.span < day && s.unit != "days":
		return c.Now.Add(s.span).Truncate(time.Minute), sure && !s.day()
	case s.span > 0 && s.unit == "months":
		return on(y, mo+time.Month(s.span/units["months"]), d), sure
	case s.span > 0 && s.unit != "hours" && s.unit != "minutes":
		return on(y, mo, d+int(s.span/day)), sure
	case s.span > 0:
		return c.Now.Add(s.span).Truncate(time.Minute), sure
	case s.month > 0 && s.date > 0:
		year := s.year
		if year == 0 {
			if year = y; on(year, time.Month(s.month), s.date).Before(c.Now) {
				year++
				sure = sure && on(year, time.Month(s.month), s.date).Sub(c.Now) < 183*day
			}
		}
		at = on(year, time.Month(s.month), s.date)
		if at.Day() != s.date { // there is no such day
			return time.Time{}, false
		}
		return at, sure && (s.weekday < 0 || at.Weekday() == time.Weekday(s.weekday))
	case s.month > 0 || s.date > 0 && s.weekday < 0 && s.ahead < 0:
		if s.month == 0 { // "the 8th"
			if at = on(y, mo, s.date); !at.After(c.Now) {
				at = on(y, mo+1, s.date)
			}
			return at, sure && at.Day() == s.date
		}
		if at = on(y, time.Month(s.month), 1); !at.After(c.Now) {
			at = on(y+1, time.Month(s.month), 1)
		}
		return at, false
	case s.ahead >= 0:
		if s.ahead == 0 && s.minute < 0 && s.part == "" {
			return time.Time{}, false // "today", and when?
		}
		return on(y, mo, d+s.ahead), sure
	case s.weekday >= 0:
		n := (s.weekday - int(c.Now.Weekday()) + 7) % 7
		if n == 0 {
			return on(y, mo, d+7), sure && s.next
		}
		if monday := (int(c.Now.Weekday())+6)%7 + n; s.next && monday < 7 { // still in this week
			return on(y, mo, d+n+7), false
		}
		return on(y, mo, d+n), sure
	case s.next && s.unit == "weeks":
		return on(y, mo, d+7-(int(c.Now.Weekday())+6)%7), sure
	case s.next && s.unit == "months":
		return on(y, mo+1, 1), sure
	case s.minute >= 0 || s.part != "":
		if at = on(y, mo, d); !at.After(c.Now) {
			at = on(y, mo, d+1)
		}
		return at, sure
	}
	return time.Time{}, false
}

// later is what may be meant by a time that is over.
func (s *said) later(at, now time.Time) time.Time {
	step := func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }
	if s.month > 0 {
		step = func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }
	}
	for range 400 {
		if at.After(now) {
			return at
		}
		at = step(at)
	}
	return at
}

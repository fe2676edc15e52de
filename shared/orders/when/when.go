package when

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Clock is what a time is read by.
type Clock struct {
	Now   time.Time // in the time zone of who wrote
	Opens int       // when their work begins, in minutes after midnight; 0 is nine o'clock
}

// Reading is a time that was read.
type Reading struct {
	At     time.Time // where it is sure
	Likely time.Time // where it is not: what may be meant; zero is nothing
	Over   bool      // it is not sure because it is over
	Rest   string    // what stands behind the time
}

// farthest bounds how far ahead a time may be.
const farthest = 366 * 24 * time.Hour

// Layout is how a reading is written so that it is read again.
const Layout = "Mon 2 Jan 2006, 15:04"

const nine = 9 * 60

var (
	amount    = regexp.MustCompile(`^(\d{1,3})([.,]5)?(\pL+)$`)
	number    = regexp.MustCompile(`^\d{1,4}$`)
	ordinal   = regexp.MustCompile(`^(\d{1,2})(st|nd|rd|th|\.)$`)
	clockTime = regexp.MustCompile(`^(\d{1,2})[:.](\d{2})(am|pm|h|uhr)?$`)
	hourTime  = regexp.MustCompile(`^(\d{1,2})(am|pm|uhr)$`)
	isoDate   = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
	dotDate   = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})?$`)
	dotPair   = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})$`)
	slashDate = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?$`)
)

var weekdays = map[string]time.Weekday{"sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6}

var months = map[string]time.Month{"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12}

var units = map[string]time.Duration{"minutes": time.Minute, "hours": time.Hour, "days": day, "weeks": 7 * day, "months": 30 * day}

var parts = map[string]int{"noon": 12 * 60, "afternoon": 14 * 60, "evening": 18 * 60}

var counts = map[string]int{"one": 1, "two": 2, "three": 3}

const day = 24 * time.Hour

// said is what was understood so far; -1 is nothing.
type said struct {
	span             time.Duration // from now on
	unit             string
	ahead            int // days from today
	weekday          int
	month, date      int
	year             int
	minute           int    // of the day
	part             string // of the day
	next, at, unsure bool
	night            bool // an hour at which nobody works, and the same after noon is
	half, counted    bool // "half an", and a number that was a word
	pending          int  // a number that waits for what follows it
}

// Read reads the time that a text begins with. ok is false where it begins with none.
func Read(text string, c Clock) (r Reading, ok bool) {
	if len(text) > 500 {
		text = text[:500]
	}
	ws := strings.Fields(strings.NewReplacer(",", " ", ";", " ; ").Replace(text))
	s := said{ahead: -1, weekday: -1, minute: -1, pending: -1}
	used := s.words(ws)
	r.Rest = strings.TrimSpace(strings.TrimPrefix(strings.Join(ws[used:], " "), ";"))
	if used == 0 || !s.any() {
		return Reading{}, false
	}
	at, sure := s.resolve(c)
	switch {
	case at.IsZero():
		return Reading{}, false
	case !at.After(c.Now):
		r.Over = true
		if later := s.later(at, c.Now); later.Sub(c.Now) <= farthest {
			r.Likely = later
		}
	case at.Sub(c.Now) > farthest:
		return Reading{Rest: r.Rest}, true
	case sure:
		r.At = at
	default:
		r.Likely = at
	}
	return r, true
}

// any reports whether a time was said.
func (s *said) any() bool {
	return s.span > 0 || s.ahead >= 0 || s.weekday >= 0 || s.month > 0 || s.date > 0 || s.minute >= 0 || s.part != "" || s.next && s.unit != ""
}

// words understands as many words as belong to a time, and gives how many they are.
func (s *said) words(ws []string) (used int) {
	for i := 0; i < len(ws); {
		n, ok := s.word(ws, i)
		if !ok {
			break
		}
		i += n
		if s.pending < 0 && (s.any() || i < len(ws)) {
			used = i
		}
	}
	if s.pending >= 0 { // "3", and nothing: days are what people put off by
		switch {
		case s.at && s.minute < 0 && s.pending < 24:
			s.minute = 60 * s.pending
			s.night = s.pending > 0 && s.pending < 6
		case s.day() && s.minute < 0 && s.pending < 24:
			s.minute = 60 * s.pending
			s.night = s.pending > 0 && s.pending < 6
		case !s.any() && s.pending > 0 && !s.counted:
			s.span, s.unit, s.unsure = time.Duration(s.pending)*day, "days", true
		default:
			return used
		}
		used++
	}
	if !s.any() {
		return 0
	}
	return used
}

// day reports whether a day was said.
func (s *said) day() bool { return s.ahead >= 0 || s.weekday >= 0 || s.date > 0 && s.month > 0 }

// word understands the word at i, with those that belong to it.
func (s *said) word(ws []string, i int) (n int, ok bool) {
	w := strings.ToLower(strings.Trim(ws[i], "()!\"'“”"))
	if w == "" {
		return 0, false
	}
	if s.figures(strings.TrimSuffix(w, ",")) {
		return 1, true
	}
	bare := strings.TrimRight(w, ".:?")
	if bare == "" {
		return 0, false
	}
	at := append(append([]string(nil), ws[:i]...), bare)
	at = append(at, ws[i+1:]...)
	means, n, slip := words().at(at, i)
	for _, what := range means {
		if s.means(what) {
			s.unsure = s.unsure || slip
			return n, true
		}
	}
	return 0, false
}

// figures understands a word of figures.
func (s *said) figures(w string) bool {
	num := func(x string) int { n, _ := strconv.Atoi(x); return n }
	if m := clockTime.FindStringSubmatch(w); m != nil && s.minute < 0 && num(m[1]) < 24 && num(m[2]) < 60 {
		if p := dotPair.FindStringSubmatch(w); p != nil && !s.at && !s.day() && num(p[1]) > 0 && num(p[2]) > 0 && num(p[2]) <= 12 {
			s.date, s.month, s.unsure = num(p[1]), num(p[2]), true // "8.12": rather a day
			return true
		}
		return s.clock(num(m[1]), num(m[2]), m[3])
	}
	if m := hourTime.FindStringSubmatch(w); m != nil && s.minute < 0 && num(m[1]) < 24 {
		return s.clock(num(m[1]), 0, m[2])
	}
	if m := isoDate.FindStringSubmatch(w); m != nil {
		return s.on(num(m[1]), num(m[2]), num(m[3]))
	}
	if m := dotDate.FindStringSubmatch(w); m != nil {
		return s.on(fullYear(m[3]), num(m[2]), num(m[1]))
	}
	if m := dotPair.FindStringSubmatch(w); m != nil && num(m[2]) <= 12 {
		return s.on(0, num(m[2]), num(m[1]))
	}
	if m := slashDate.FindStringSubmatch(w); m != nil {
		a, b := num(m[1]), num(m[2])
		if a > 12 { // the day first
			return s.on(fullYear(m[3]), b, a)
		}
		s.unsure = s.unsure || a != b && b <= 12
		if b > 12 {
			return s.on(fullYear(m[3]), a, b)
		}
		return s.on(fullYear(m[3]), b, a)
	}
	if m := ordinal.FindStringSubmatch(w); m != nil && s.date == 0 && s.pending < 0 && num(m[1]) > 0 && num(m[1]) <= 31 {
		s.date = num(m[1])
		return true
	}
	if m := amount.FindStringSubmatch(w); m != nil && s.span == 0 && s.pending < 0 {
		for _, what := range words().means[plain(m[3])] {
			if unit, is := units[what]; is && (num(m[1]) > 0 || m[2] != "") {
				if what == "hours" && s.at && m[2] == "" && num(m[1]) < 24 { // "à 14h"
					return s.clock(num(m[1]), 0, "h")
				}
				s.span, s.unit = time.Duration(num(m[1]))*unit, what
				if m[2] != "" {
					s.span += unit / 2
				}
				return true
			}
		}
	}
	if number.MatchString(w) && s.pending < 0 {
		n := num(w)
		switch {
		case n > 1999 && s.date > 0 && s.month > 0 && s.year == 0:
			s.year = n
		case s.month > 0 && s.date == 0 && n > 0 && n <= 31:
			s.date = n
		default:
			s.pending = n
		}
		return true
	}
	return false
}

// fullYear is a year of two or four figures; 0 of none.
func fullYear(s string) int {
	n, _ := strconv.Atoi(s)
	if len(s) == 2 {
		n += 2000
	}
	return n
}

func (s *said) on(year, month, date int) bool {
	if s.month > 0 || s.date > 0 || month < 1 || month > 12 || date < 1 || date > 31 {
		return false
	}
	s.year, s.month, s.date = year, month, date
	return true
}

// clock takes a time of day; half is "am", "pm" or none of them.
func (s *said) clock(hour, minute int, half string) bool {
	switch {
	case half == "pm" && hour < 12:
		hour += 12
	case half == "am" && hour == 12:
		hour = 0
	case half == "" && hour > 0 && hour < 6 && s.part == "":
		s.night = true
	}
	s.minute = hour*60 + minute
	return true
}

// means takes what a word means, if it goes with what was said.
func (s *said) means(what string) bool {
	if w, is := weekdays[what]; is {
		if s.weekday >= 0 || s.ahead >= 0 || s.span > 0 {
			return false
		}
		s.weekday = int(w)
		return true
	}
	if m, is := months[what]; is {
		if s.month > 0 || s.date == 0 && s.pending < 0 && s.any() {
			return false
		}
		if s.month = int(m); s.pending > 0 && s.pending <= 31 {
			s.date, s.pending = s.pending, -1
		}
		return true
	}
	if unit, is := units[what]; is {
		switch {
		case s.half && what == "hours":
			s.half = false
			return true
		case s.pending > 0 && s.span == 0:
			s.span, s.unit, s.pending = time.Duration(s.pending)*unit, what, -1
			return true
		case s.next && !s.any() && (what == "weeks" || what == "months"):
			s.unit = what
			return true
		}
		return false
	}
	if m, is := parts[what]; is {
		if s.part != "" || s.span > 0 || s.minute >= 0 && what == "noon" {
			return false
		}
		if s.part = what; s.pending > 0 && s.pending <= 12 && s.minute < 0 { // "3 in the afternoon"
			s.minute, s.pending = 60*s.pending, -1
		}
		if s.minute >= 0 && s.minute < 12*60 && m > 12*60 {
			s.minute += 12 * 60
			s.night = false
		}
		return true
	}
	if n, is := counts[what]; is {
		if s.pending >= 0 || s.any() {
			return false
		}
		s.pending, s.counted = n, true
		return true
	}
	switch what {
	case "today", "tomorrow", "after-tomorrow":
		if s.day() || s.span > 0 {
			return false
		}
		s.ahead = map[string]int{"today": 0, "tomorrow": 1, "after-tomorrow": 2}[what]
	case "morning":
		if !s.day() && !s.next || s.part != "" {
			return false
		}
		s.part = what
	case "next":
		s.next = true
	case "half":
		if s.any() {
			return false
		}
		s.span, s.unit, s.half = time.Hour/2, "minutes", true
	case "am", "pm", "o'clock":
		if s.pending < 0 || s.pending > 23 || s.minute >= 0 {
			return what == "am" && s.pending < 0 // German "am"
		}
		n := s.pending
		s.pending = -1
		if what == "o'clock" {
			what = "uhr"
		}
		return s.clock(n, 0, what)
	case "at":
		s.at = true
	case "this", "filler":
	default:
		return false
	}
	return true
}

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

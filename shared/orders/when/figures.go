package when

import (
	"regexp"
	"strconv"
	"time"
)

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

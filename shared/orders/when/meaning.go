package when

import (
	"time"
)

var weekdays = map[string]time.Weekday{"sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6}

var months = map[string]time.Month{"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12}

var units = map[string]time.Duration{"minutes": time.Minute, "hours": time.Hour, "days": day, "weeks": 7 * day, "months": 30 * day}

var parts = map[string]int{"noon": 12 * 60, "afternoon": 14 * 60, "evening": 18 * 60}

// ahead are the days that have a name of their own, in days from today.
var ahead = map[string]int{"today": 0, "tomorrow": 1, "after-tomorrow": 2}

var counts = map[string]int{"one": 1, "two": 2, "three": 3}

// means takes what a word means, if it goes with what was said.
func (s *said) means(what string) bool {
	if w, is := weekdays[what]; is {
		return s.onWeekday(w)
	}
	if m, is := months[what]; is {
		return s.inMonth(m)
	}
	if unit, is := units[what]; is {
		return s.ofUnit(what, unit)
	}
	if m, is := parts[what]; is {
		return s.inPart(what, m)
	}
	if n, is := counts[what]; is {
		return s.ofCount(n)
	}
	return s.joins(what)
}

func (s *said) onWeekday(w time.Weekday) bool {
	if s.weekday >= 0 || s.ahead >= 0 || s.span > 0 {
		return false
	}
	s.weekday = int(w)
	return true
}

func (s *said) inMonth(m time.Month) bool {
	if s.month > 0 || s.date == 0 && s.pending < 0 && s.any() {
		return false
	}
	if s.month = int(m); s.pending > 0 && s.pending <= 31 {
		s.date, s.pending = s.pending, -1
	}
	return true
}

// ofUnit takes "hours" and the like: behind a number, behind "half an", or in "next week".
func (s *said) ofUnit(what string, unit time.Duration) bool {
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

// inPart takes a part of the day, which begins at so many minutes.
func (s *said) inPart(what string, begins int) bool {
	if s.part != "" || s.span > 0 || s.minute >= 0 && what == "noon" {
		return false
	}
	if s.part = what; s.pending > 0 && s.pending <= 12 && s.minute < 0 { // "3 in the afternoon"
		s.minute, s.pending = 60*s.pending, -1
	}
	if s.minute >= 0 && s.minute < 12*60 && begins > 12*60 {
		s.minute += 12 * 60
		s.night = false
	}
	return true
}

// ofCount takes a number that is a word.
func (s *said) ofCount(n int) bool {
	if s.pending >= 0 || s.any() {
		return false
	}
	s.pending, s.counted = n, true
	return true
}

// joins takes the small words that join the others.
func (s *said) joins(what string) bool {
	switch what {
	case "today", "tomorrow", "after-tomorrow":
		if s.day() || s.span > 0 {
			return false
		}
		s.ahead = ahead[what]
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
	case "till":
		s.till = true
	case "this", "filler":
	default:
		return false
	}
	return true
}

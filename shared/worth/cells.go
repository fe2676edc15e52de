package worth

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// share reads a potential: 0.8, 0,8 or 80 %.
func share(s string) (float64, bool) {
	n, percent := strings.CutSuffix(s, "%")
	n = strings.Replace(strings.TrimSpace(n), ",", ".", 1)
	p, err := strconv.ParseFloat(n, 64)
	if percent {
		p /= 100
	}
	return p, err == nil && p >= 0 && p <= 1
}

// number reads an amount as spreadsheets write it: 12000, 12,000.50, 12.000,50, 12 000,
// € 12.000. A single separator with three figures behind it parts thousands.
func number(s string) (float64, bool) {
	s = strings.TrimFunc(s, func(r rune) bool { return !(r >= '0' && r <= '9') && r != '-' && r != '.' && r != ',' })
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "'", "", "’", "").Replace(s)
	dot, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	last := max(dot, comma)
	if last >= 0 {
		sign := s[last : last+1]
		whole, rest := s[:last], s[last+1:]
		decimal := dot >= 0 && comma >= 0 || len(rest) != 3 && !strings.Contains(whole, sign)
		if strings.Contains(whole, sign) && len(rest) != 3 {
			return 0, false // 1.00.5
		}
		whole = strings.NewReplacer(".", "", ",", "").Replace(whole)
		if s = whole + rest; decimal {
			s = whole + "." + rest
		}
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil && !math.IsInf(n, 0) && !math.IsNaN(n)
}

// date reads a day, a month or a year. Which of two figures is the month must be plain.
func date(s string) (time.Time, bool) {
	for _, form := range []string{"2006-01-02", "2006-1-2", "2006-01", "2006", "2.1.2006", "2006/1/2", "2006-01-02 15:04:05", time.RFC3339, "2 Jan 2006", "Jan 2, 2006", "2 January 2006", "January 2, 2006"} {
		if t, err := time.Parse(form, s); err == nil {
			return t, plausible(t)
		}
	}
	day, errDay := time.Parse("2/1/2006", s)
	month, errMonth := time.Parse("1/2/2006", s)
	switch {
	case errDay == nil && errMonth == nil && !day.Equal(month):
		return time.Time{}, false
	case errDay == nil:
		return day, plausible(day)
	case errMonth == nil:
		return month, plausible(month)
	}
	return time.Time{}, false
}

func plausible(t time.Time) bool { return t.Year() >= 1900 && t.Year() < 2200 }

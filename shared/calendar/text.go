package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// ParseShifts reads the shifts of a day as people write them: "9:00-12:30
// 13:30-18:00", "9-17", "8:30 - 12, 13 - 17", "closed".
func ParseShifts(s string) ([]desk.Shift, error) {
	text := strings.TrimSpace(strings.ToLower(s))
	if text == "" || text == "closed" || text == "off" {
		return nil, nil
	}
	text = strings.NewReplacer("–", "-", " to ", "-", " and ", " ", ",", " ", ";", " ").Replace(text)
	for _, gap := range []string{" -", "- "} {
		for strings.Contains(text, gap) {
			text = strings.ReplaceAll(text, gap, "-")
		}
	}
	var out []desk.Shift
	for _, word := range strings.Fields(text) {
		a, b, ok := strings.Cut(word, "-")
		from, err := minutes(a)
		to, err2 := minutes(b)
		if !ok || err != nil || err2 != nil {
			return nil, fmt.Errorf("%q is not read as working hours; write them as \"9:00-12:30 13:30-18:00\", or \"closed\"", s)
		}
		if to <= from {
			return nil, fmt.Errorf("%q: a shift ends on the day on which it begins; write one that spans midnight as two, the second for the next day", s)
		}
		if len(out) > 0 && from < out[len(out)-1].To {
			return nil, fmt.Errorf("%q: the shifts overlap or are not in order", s)
		}
		out = append(out, desk.Shift{From: from, To: to})
	}
	return out, nil
}

// minutes reads "9", "9:30" and "24:00".
func minutes(s string) (int, error) {
	h, m, found := strings.Cut(s, ":")
	hour, err := strconv.Atoi(h)
	if err != nil {
		return 0, err
	}
	minute := 0
	if found {
		if minute, err = strconv.Atoi(m); err != nil || len(m) != 2 {
			return 0, fmt.Errorf("%q is no time", s)
		}
	}
	if hour < 0 || minute < 0 || minute > 59 || hour*60+minute > 24*60 {
		return 0, fmt.Errorf("%q is no time of a day", s)
	}
	return hour*60 + minute, nil
}

// ShiftText writes a shift as it is read: "9:00-12:30".
func ShiftText(s desk.Shift) string {
	return fmt.Sprintf("%d:%02d-%d:%02d", s.From/60, s.From%60, s.To/60, s.To%60)
}

// weekdays are the names that a day of the week goes by.
var weekdays = map[string]time.Weekday{}

func init() {
	for d := time.Sunday; d <= time.Saturday; d++ {
		name := strings.ToLower(d.String())
		weekdays[name], weekdays[name[:3]] = d, d
	}
}

// ParseDays reads the days that a line of hours is for: "monday", "mon-fri",
// "sat, sun", "fri-mon".
func ParseDays(s string) ([]time.Weekday, error) {
	var out []time.Weekday
	for _, word := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ',' || r == ' ' }) {
		a, b, span := strings.Cut(strings.ReplaceAll(word, "–", "-"), "-")
		from, ok := weekdays[a]
		to, ok2 := weekdays[b]
		if !span {
			to, ok2 = from, true
		}
		if !ok || !ok2 {
			return nil, fmt.Errorf("%q is not read as days of the week; write them as \"mon-fri\" or \"sat, sun\"", s)
		}
		for d := from; ; d = (d + 1) % 7 {
			out = append(out, d)
			if d == to {
				break
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no day of the week stands there; write them as \"mon-fri\" or \"sat, sun\"")
	}
	return out, nil
}

// Say writes a week's hours in words: "Mon to Fri, 9:00-17:00". Round the clock is "".
func Say(h desk.Hours) string {
	if h.Always() {
		return ""
	}
	shifts := func(d int) string {
		var out []string
		for _, s := range h.Week[d%7] {
			out = append(out, ShiftText(s))
		}
		return strings.Join(out, " and ")
	}
	var out []string
	for from := 1; from <= 7; {
		to := from
		for to < 7 && shifts(to+1) == shifts(from) {
			to++
		}
		if text := shifts(from); text != "" {
			days := time.Weekday(from % 7).String()[:3]
			switch {
			case to == from+1:
				days += " and " + time.Weekday(to % 7).String()[:3]
			case to > from:
				days += " to " + time.Weekday(to % 7).String()[:3]
			}
			out = append(out, days+", "+text)
		}
		from = to + 1
	}
	return strings.Join(out, "; ")
}

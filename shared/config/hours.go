package config

import (
	"strings"

	"github.com/replywell/replywell/shared/calendar"
	"github.com/replywell/replywell/shared/desk"
)

// hours reads when people work. A line of days is "mon-fri 9:00-12:30
// 13:30-18:00"; a later line holds against an earlier one.
func (r *reader) hours(v value) (h desk.Hours) {
	before := len(r.problems)
	days := v.line
	r.fields(v.node, "hours", fieldSet{
		"time_zone": func(v value) { h.Zone = v.timeZone() },
		"holidays":  func(v value) { h.Holidays = strings.ToLower(v.text()) },
		"closed": func(v value) {
			for _, d := range v.list() {
				if day := d.date(); !day.IsZero() {
					h.Closed = append(h.Closed, day.Format("2006-01-02"))
				}
			}
		},
		"days": func(v value) {
			days = v.line
			for _, e := range v.list() {
				text := e.text()
				on, times, _ := strings.Cut(text, " ")
				list, err := calendar.ParseDays(on)
				if err != nil {
					e.bad("%v", err)
					continue
				}
				if strings.TrimSpace(times) == "" {
					e.bad("%q has no times; write \"%s 9:00-17:00\", or \"%s closed\"", text, on, on)
					continue
				}
				shifts, err := calendar.ParseShifts(times)
				if err != nil {
					e.bad("%v", err)
					continue
				}
				for _, d := range list {
					h.Week[d] = shifts
				}
			}
		},
	}, "days")
	if len(r.problems) > before {
		return h
	}
	if h.Always() {
		r.say(days, "hours: no day has a shift; leave hours out if you work round the clock")
	} else if _, err := calendar.Of(h); err != nil {
		r.say(v.line, "hours: %v", err)
	}
	return h
}

// hoursIn gives all the hours of a document, to be filled in.
func hoursIn(s *desk.Settings) []*desk.Hours {
	out := []*desk.Hours{&s.Hours}
	for i := range s.Mailboxes {
		out = append(out, &s.Mailboxes[i].Hours)
	}
	for i := range s.Agents {
		out = append(out, &s.Agents[i].Hours)
	}
	return out
}

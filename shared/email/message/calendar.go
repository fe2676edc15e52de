package message

import (
	"strings"
	"time"
)

// calendarText writes an invitation (RFC 5545) as lines that a person reads:
// what, when, where, who. It is the text of a mail that has no other.
func calendarText(s string) string {
	var out strings.Builder
	s = strings.NewReplacer("\n ", "", "\n\t", "").Replace(s)
	event := map[string]string{}
	inEvent := false
	for _, line := range strings.Split(s, "\n") {
		head, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		name, params, _ := strings.Cut(strings.ToUpper(head), ";")
		switch {
		case name == "METHOD":
			event["METHOD"] = strings.ToUpper(strings.TrimSpace(value))
		case name == "BEGIN" && (value == "VEVENT" || value == "VTODO"):
			inEvent = true
		case name == "BEGIN":
			inEvent = inEvent && value != "VALARM"
		case inEvent && event[name] == "":
			event[name] = unescapeCalendar(value)
			if name == "DTSTART" || name == "DTEND" {
				event[name] = calendarTime(value, head)
			}
			if name == "ORGANIZER" && strings.Contains(params, "CN=") {
				event[name] = calendarName(head, value)
			}
		}
	}
	for _, f := range []struct{ label, text string }{{calendarMethod(event["METHOD"]), event["SUMMARY"]}, {"When", event["DTSTART"]},
		{"Until", event["DTEND"]}, {"Where", event["LOCATION"]}, {"Organizer", strings.TrimPrefix(event["ORGANIZER"], "mailto:")}} {
		if f.text != "" {
			out.WriteString(f.label + ": " + f.text + "\n")
		}
	}
	if d := strings.TrimSpace(event["DESCRIPTION"]); d != "" {
		out.WriteString("\n" + d + "\n")
	}
	return out.String()
}

func calendarMethod(m string) string {
	switch m {
	case "REPLY":
		return "Answer to an invitation"
	case "CANCEL":
		return "Cancelled"
	case "COUNTER":
		return "Another time is proposed"
	}
	return "Invitation"
}

func unescapeCalendar(s string) string {
	return strings.NewReplacer(`\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(strings.TrimSpace(s))
}

// calendarName takes the common name from ORGANIZER;CN=name:mailto:address.
func calendarName(head, value string) string {
	_, cn, _ := strings.Cut(head, "=")
	cn, _, _ = strings.Cut(cn, ";")
	addr := strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(value), "mailto:"), "MAILTO:")
	return strings.Trim(cn, `"`) + " <" + addr + ">"
}

// calendarTime writes 20260102T150405Z as 2026-01-02 15:04, with its zone.
func calendarTime(value, head string) string {
	value = strings.TrimSpace(value)
	zone := ""
	if _, tz, ok := strings.Cut(head, "TZID="); ok {
		tz, _, _ = strings.Cut(tz, ";")
		zone = " (" + strings.Trim(tz, `"`) + ")"
	}
	for layout, out := range map[string]string{"20060102T150405Z": "2006-01-02 15:04 UTC", "20060102T150405": "2006-01-02 15:04", "20060102": "2006-01-02"} {
		if t, err := time.Parse(layout, value); err == nil {
			return t.Format(out) + zone
		}
	}
	return value
}

package message

import (
	"strings"
	"time"
)

// armour recognises PGP messages that stand in plain text (RFC 9580 section 6).
func (r *reader) armour(text string) {
	t := strings.TrimSpace(text[:min(len(text), 4096)])
	switch {
	case r.m.Wrapper != "":
	case strings.HasPrefix(t, "-----BEGIN PGP MESSAGE-----"):
		r.m.Wrapper = "pgp-encrypted"
	case strings.HasPrefix(t, "-----BEGIN PGP SIGNED MESSAGE-----"):
		r.m.Wrapper = "pgp-signed"
	}
}

// embedded takes uuencoded and yEnc files out of a text, and attaches them.
func (r *reader) embedded(e *entity) string {
	text := e.text
	if strings.Contains(text, "begin ") {
		text = r.uuFiles(text)
	}
	if strings.Contains(text, "=ybegin ") {
		if f, ok := findYEnc(e.data); ok { // its bytes are no text: they come from before the charset
			if a := strings.Index(text, "=ybegin "); a >= 0 {
				after := ""
				if z := strings.Index(text[a:], "\n=yend"); z >= 0 {
					_, after, _ = strings.Cut(text[a+z+1:], "\n")
				}
				text = text[:a] + after
			}
			r.files = append(r.files, r.inText(decodeWords(f.name, ""), f.data))
			r.warn.add("yenc", "a yEnc file stood in the text")
		}
	}
	return text
}

// uuFiles attaches the uuencoded files in a text, and returns the rest of it.
func (r *reader) uuFiles(text string) string {
	b := []byte(text)
	var out []byte
	for {
		begin, end, ok := findUU(b)
		if !ok {
			break
		}
		data, _ := decodeUU(b[begin.dataAt:end])
		r.files = append(r.files, r.inText(begin.name, data))
		r.warn.add("uuencode", "a uuencoded file stood in the text")
		out = append(out, b[:begin.at]...)
		b = b[end:]
	}
	return string(append(out, b...))
}

// inText is a file that stood in a text.
func (r *reader) inText(name string, data []byte) *file {
	f := &file{name: cleanFilename(name), kind: orOctets(typeByName(name)), data: data}
	if f.name == "" {
		f.name = r.inventName(&entity{kind: f.kind, data: data})
	}
	return f
}

// enriched reads text/enriched (RFC 1896): commands in angle brackets are
// dropped, "<<" is one bracket, a single line break is a space.
func enriched(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		switch {
		case strings.HasPrefix(s[i:], "<<"):
			out.WriteByte('<')
			i += 2
		case s[i] == '<':
			end := strings.IndexByte(s[i:min(len(s), i+100)], '>')
			if end < 0 {
				out.WriteByte('<')
				i++
				continue
			}
			if strings.EqualFold(s[i:i+end+1], "<param>") {
				if z := strings.Index(s[i:min(len(s), i+1000)], "</param>"); z > 0 {
					end = z + len("</param>") - 1
				}
			}
			i += end + 1
		case s[i] == '\n':
			n := 0
			for i < len(s) && s[i] == '\n' {
				n++
				i++
			}
			if n == 1 {
				out.WriteByte(' ')
			} else {
				out.WriteString(strings.Repeat("\n", n-1))
			}
		default:
			out.WriteByte(s[i])
			i++
		}
	}
	return out.String()
}

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

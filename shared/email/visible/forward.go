package visible

import (
	"net/mail"
	"strings"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// readForwarded reads the header of the forwarded mail, and its text below. The
// header is looked for in the first eight lines.
func (d *document) readForwarded() *Forwarded {
	f := &Forwarded{}
	body := d.forwarded
	for i, seen := d.forwarded, 0; i < len(d.lines) && seen < 8; i++ {
		if d.lines[i].blank() {
			continue
		}
		seen++
		if end, ok := d.headerAt(i); ok {
			d.readFields(f, i, end)
			body = end
			break
		}
		body = i + 1
		if ms, _ := d.label(d.lines[i].text); ms == nil && seen > 3 {
			body = d.forwarded + 1
			break
		}
	}
	var sb strings.Builder
	for _, l := range d.lines[min(body, len(d.lines)):] {
		if l.depth > 0 || d.html {
			sb.WriteString(l.text)
		} else {
			sb.WriteString(strings.TrimRight(l.raw, " \t"))
		}
		sb.WriteByte('\n')
	}
	f.Text = strings.TrimSpace(sb.String())
	return f
}

// readFields takes the sender, date and subject from a header block. A line
// without a label goes on with the value above it.
func (d *document) readFields(f *Forwarded, i, end int) {
	var to *string
	var from string
	for ; i < end; i++ {
		fields := d.fieldsOf(d.lines[i].text)
		if fields == nil && to != nil && !d.lines[i].blank() {
			*to = strings.TrimSpace(*to + " " + d.lines[i].text)
		}
		for _, l := range fields {
			var field phrasebook.Field
			for _, m := range l.meanings {
				field |= m.Field
			}
			to = nil
			switch {
			case field&phrasebook.From != 0 && from == "":
				to = &from
			case field&(phrasebook.Date|phrasebook.Sent) != 0 && f.Date == "":
				to = &f.Date
			case field&phrasebook.Subject != 0 && f.Subject == "":
				to = &f.Subject
			}
			if to != nil {
				*to = l.value
			}
		}
	}
	f.FromName, f.FromAddress = person(from)
}

// person reads "Ann Example <ann@example.com>" as mail programs write it, also
// "[mailto:ann@example.com]" and a bare name or address.
func person(s string) (name, address string) {
	s = strings.TrimSpace(s)
	if a, err := mail.ParseAddress(s); err == nil {
		return a.Name, a.Address
	}
	at := addressAt(s)
	if at < 0 {
		return strings.Trim(s, "\"' "), ""
	}
	const stops = " <>[]()\"',;:"
	start := strings.LastIndexAny(s[:at], stops) + 1
	end := len(s)
	if i := strings.IndexAny(s[at:], stops); i >= 0 {
		end = at + i
	}
	name, _, _ = strings.Cut(s[:start], "[mailto")
	name, _, _ = strings.Cut(name, "<")
	return strings.Trim(name, " <>[]()\"',;:"), s[start:end]
}

package visible

import (
	"net/mail"
	"strings"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// label reads a line as "Label: value". It gives what the label means, nil if it
// is none, and the value. Labels stand in the first 60 bytes.
func (d *document) label(text string) ([]phrasebook.Meaning, string) {
	i := strings.IndexAny(text[:min(len(text), 60)], ":：")
	if i <= 0 {
		return nil, ""
	}
	_, n := utf8.DecodeRuneInString(text[i:])
	if n == 1 && text[i] != ':' { // the bound cut a wide colon in two
		return nil, ""
	}
	name := strings.TrimLeft(text[:i], "-_*•|> \t")
	if n := len(name); n == 0 || n > 40 {
		return nil, ""
	}
	return d.book.Label(strings.TrimRight(name, "_ \t")), strings.Trim(text[i+n:], "*_| \t")
}

// headerBlock is what was found of a run of header lines, per language.
type headerBlock struct {
	fields  [phrasebook.MaxLanguages]phrasebook.Field
	address bool // a value holds an address
	dated   bool // a date field's value looks like a date
}

func (h *headerBlock) note(ms []phrasebook.Meaning, value string) {
	for _, m := range ms {
		h.fields[m.Lang] |= m.Field
		if m.Field&(phrasebook.Sent|phrasebook.Date) != 0 && strings.ContainsAny(value, "0123456789") {
			h.dated = true
		}
	}
	if hasAddress(value) {
		h.address = true
	}
}

// isHeader tells whether the labels found, in any one language, are those of a
// mail's header and not of a travel plan ("From: Berlin, To: Rome, Date: ...").
func (h *headerBlock) isHeader() bool {
	const from, sent, date, to, subject = phrasebook.From, phrasebook.Sent, phrasebook.Date, phrasebook.To, phrasebook.Subject
	for _, f := range h.fields {
		has := func(want phrasebook.Field) bool { return f&want == want }
		dated := f&(sent|date) != 0
		switch {
		case has(from|subject) && (dated || has(to) || h.address),
			has(to|subject) && dated,
			has(from|sent) && h.dated,
			has(from) && dated && h.address,
			has(to) && dated && h.address && h.dated,
			has(from|to) && h.address,
			has(subject) && dated && h.address:
			return true
		}
	}
	return false
}

// maxTries bounds how many lines are looked at as the beginning of a header, and
// how many as the end of an attribution, closely. Real mail has a handful.
const maxTries = 4000

// headerAt looks for a header block that begins at line i: lines with labels,
// perhaps with values that were wrapped, or blank lines between. It gives the
// line after it. It looks at 24 lines at most.
func (d *document) headerAt(i int) (end int, ok bool) {
	if i < d.noHeader || d.headers >= maxTries {
		return 0, false
	}
	ms, value := d.label(d.lines[i].text)
	if ms == nil {
		return d.unknownHeader(i, value)
	}
	if d.lines[i].rule {
		return 0, false
	}
	d.headers++
	var h headerBlock
	depth := d.lines[i].depth
	h.note(ms, value)
	d.moreLabels(&h, value)
	end = i + 1
	j := i + 1
	for loose := 0; j < len(d.lines) && j < i+24; j++ {
		l := &d.lines[j]
		if l.depth != depth && !l.blank() {
			break
		}
		if ms, value := d.label(l.text); ms != nil {
			h.note(ms, value)
			d.moreLabels(&h, value)
			end, loose = j+1, 0
			continue
		}
		if hasAddress(l.text) && len(l.text) < 200 && loose == 0 {
			h.address = true
		}
		if loose++; loose > 2 || (l.blank() && h.isHeader() && !d.labelSoon(j)) {
			break
		}
	}
	if !h.isHeader() {
		d.noHeader = min(j, i+12) // a part of what is no header is none either
		return end, false
	}
	return end, true
}

// unknownHeader finds a header block in a language that the phrasebook does not
// have, by its shape alone: in an answer or a forward, set off by blank lines, four
// to eight labels that begin with somebody's name and address, and go on with a
// date with its time and another address.
func (d *document) unknownHeader(i int, value string) (end int, ok bool) {
	if !d.reply && !d.forward || i == 0 || !d.lines[i-1].blank() && !d.lines[i-1].rule && !isRule(d.lines[i-1].text, 3) || !strings.HasSuffix(value, ">") || !hasAddress(value) {
		return 0, false
	}
	d.headers++
	dated, addressed := false, false
	for end = i; end < len(d.lines) && !d.lines[end].blank() && end <= i+8; end++ {
		l := &d.lines[end]
		name, value, found := strings.Cut(l.text, ":")
		if !found || l.depth != d.lines[i].depth || len(name) > 60 || len(strings.Fields(name)) > 3 || strings.ContainsAny(name, "0123456789.,!?@") {
			return 0, false
		}
		switch {
		case end == i:
		case hasAddress(value):
			addressed = true
		case len(value) < 120 && strings.Contains(value, ":") && d.dateIn(value, words(value)) >= 0:
			dated = true
		}
	}
	return end, dated && addressed && end-i >= 4 && end-i <= 8
}

// labelSoon tells whether the next line that is not blank has a label too.
func (d *document) labelSoon(i int) bool {
	i = d.next(i)
	if i >= len(d.lines) {
		return false
	}
	ms, _ := d.label(d.lines[i].text)
	return ms != nil
}

// moreLabels notes further labels on the same line.
func (d *document) moreLabels(h *headerBlock, value string) {
	for _, l := range d.labelsIn(value) {
		h.note(l.meanings, l.value)
	}
}

// hasAddress tells whether an "@" stands between letters or digits.
func hasAddress(s string) bool { return addressAt(s) >= 0 }

// addressAt gives the place of the first such "@", -1 if there is none.
func addressAt(s string) int {
	for i := 0; ; {
		j := strings.IndexByte(s[i:], '@')
		if j < 0 {
			return -1
		}
		i += j
		if i > 0 && i+1 < len(s) && wordByte(s[i-1]) && wordByte(s[i+1]) {
			return i
		}
		i++
	}
}

func wordByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b >= utf8.RuneSelf || b == '_' || b == '-' || b == '+'
}

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

package message

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/charset"
)

// Get gives the first value of the named field, or "". Names do not mind case.
func (h Header) Get(name string) string {
	for i := range h {
		if strings.EqualFold(h[i].Name, name) {
			return h[i].Value
		}
	}
	return ""
}

// Has tells whether the field is there, even when its value is empty.
func (h Header) Has(name string) bool {
	for i := range h {
		if strings.EqualFold(h[i].Name, name) {
			return true
		}
	}
	return false
}

// Values gives every value of the named field, in order.
func (h Header) Values(name string) []string {
	var vs []string
	for i := range h {
		if strings.EqualFold(h[i].Name, name) {
			vs = append(vs, h[i].Value)
		}
	}
	return vs
}

// rawField is a field as it came: unfolded, in the bytes of the mail.
type rawField struct{ name, value string }

// rawHeader is the header of the mail or of a part, before any decoding.
type rawHeader []rawField

func (h rawHeader) get(name string) (string, bool) {
	for i := range h {
		if strings.EqualFold(h[i].name, name) {
			return h[i].value, true
		}
	}
	return "", false
}

// guess names the charset of raw 8-bit fields by all of them together: one alone
// is often too short to tell. "" where there are none.
func (h rawHeader) guess() string {
	var all []byte
	for _, f := range h {
		if !utf8.ValidString(f.value) {
			all = append(append(all, f.value...), '\n')
		}
	}
	if len(all) == 0 {
		return ""
	}
	return h.hints(charset.Hints{}, "").Decode(all, "").Used
}

// maxHints is how many charsets and languages are remembered.
const maxHints = 20

// hints adds what the header says of charsets and languages: those of encoded
// words, and Content-Language (RFC 3282).
func (h rawHeader) hints(known charset.Hints, declared string) charset.Hints {
	if declared != "" && len(known.Charsets) == 0 {
		known.Charsets = append(known.Charsets, declared)
	}
	for _, f := range h {
		if i := strings.Index(f.value, "=?"); i >= 0 && len(known.Charsets) < maxHints {
			if w, ok := wordAt(f.value, i); ok {
				known.Charsets = append(known.Charsets, w.charset)
			}
		}
		if strings.EqualFold(f.name, "Content-Language") && len(known.Languages) < maxHints {
			known.Languages = append(known.Languages, strings.Split(f.value, ",")[0])
		}
	}
	return known
}

// decode makes the header that callers see. hint is the charset that the
// body declares: raw 8-bit fields are mostly in the same.
func (h rawHeader) decode(hint string, warn *warnings) Header {
	out := make(Header, len(h))
	for i, f := range h {
		raw := f.value
		if !utf8.ValidString(raw) {
			raw = charset.Decode([]byte(raw), hint).Text
			warn.add("header-8bit", "the field "+f.name+" has raw 8-bit text that is not UTF-8")
		}
		out[i] = Field{Name: f.name, Raw: raw, Value: decodeWords(f.value, hint)}
	}
	return out
}

// nextLine cuts the first line off b. A line ends with LF, CRs and LF, or CR.
func nextLine(b []byte) (line, rest []byte) {
	i := bytes.IndexByte(b, '\n')
	end := i
	if i < 0 {
		end = len(b)
	}
	if r := bytes.IndexByte(b[:end], '\r'); r >= 0 {
		j := r
		for j < end && b[j] == '\r' {
			j++
		}
		if j < end || i < 0 { // a CR on its own
			return b[:r], b[r+1:]
		}
		return b[:r], b[i+1:]
	}
	if i < 0 {
		return b, nil
	}
	return b[:i], b[i+1:]
}

// fieldName gives the name if the line begins a header field (RFC 5322
// section 2.2; white space before the colon is the obsolete form).
func fieldName(line []byte) (string, int) {
	i := bytes.IndexByte(line[:min(len(line), maxFieldName)], ':')
	if i <= 0 || line[0] == '-' {
		return "", 0
	}
	name := bytes.TrimRight(line[:i], " \t")
	for _, c := range name {
		if c <= ' ' || c >= 0x7F {
			return "", 0
		}
	}
	return string(name), i + 1
}

// tagged tells a line of "tag=value; tag=value" whose colon stands in a value,
// as in the lists of signatures that lost their indent ("h=from:to:subject;").
func tagged(name string) bool { return strings.ContainsAny(name, "=;") }

// known are names of fields that real headers have. They tell a header from
// prose that happens to have a colon.
var known = map[string]bool{"from": true, "to": true, "cc": true, "bcc": true, "subject": true, "date": true, "message-id": true, "sender": true,
	"reply-to": true, "in-reply-to": true, "references": true, "mime-version": true, "received": true, "return-path": true, "delivered-to": true,
	"comments": true, "keywords": true, "errors-to": true, "precedence": true, "priority": true, "importance": true, "organization": true,
	"user-agent": true, "thread-topic": true, "thread-index": true, "auto-submitted": true, "status": true, "envelope-to": true,
	"newsgroups": true, "lines": true, "mailing-list": true, "original-recipient": true, "disposition-notification-to": true, "encoding": true,
	"reporting-mta": true, "final-recipient": true, "feedback-type": true, "delivery-date": true, "apparently-to": true, "accept-language": true}

func isKnown(name string) bool {
	n := strings.ToLower(name)
	if known[n] {
		return true
	}
	for _, p := range []string{"x-", "content-", "list-", "resent-", "arc-", "dkim-", "received-", "authentication-", "domainkey", "original-", "ironport-"} {
		if strings.HasPrefix(n, p) {
			return true
		}
	}
	return false
}

// headerReader takes the header off the front of a mail or a part.
type headerReader struct {
	fields rawHeader
	folded strings.Builder // continuation lines of the last field
	tail   byte            // how the last field ends so far
	known  int             // fields with a known name
	warn   *warnings
	sure   int // so many bytes before the end of the mail the unindented lines of the field at hand end
}

func (r *headerReader) field(name, value string) {
	r.flush()
	if isKnown(name) {
		r.known++
	}
	value = strings.Trim(value, " \t")
	r.fields = append(r.fields, rawField{name, value})
	r.ends(value)
}

func (r *headerReader) continuation(line []byte) {
	if r.folded.Len() == 0 {
		r.folded.WriteString(r.fields[len(r.fields)-1].value)
	}
	if r.folded.Len() > 0 {
		r.folded.WriteByte(' ')
	}
	line = bytes.Trim(line, " \t")
	r.folded.Write(line)
	r.ends(string(line[max(0, len(line)-1):]))
}

func (r *headerReader) ends(value string) {
	if value != "" {
		r.tail = value[len(value)-1]
	}
}

func (r *headerReader) flush() {
	if r.folded.Len() > 0 {
		r.fields[len(r.fields)-1].value = r.folded.String()
		r.folded.Reset()
	}
}

// splitHeader reads the header block at the start of b. top says that b is a
// whole mail, where an mbox separator may stand first. It returns the fields,
// the body, and whether there was a header at all.
func splitHeader(b []byte, top bool, warn *warnings) (rawHeader, []byte) {
	r := &headerReader{warn: warn}
	rest := b
	for len(rest) > 0 {
		line, next := nextLine(rest)
		blank := len(bytes.TrimLeft(line, " \t\x00")) == 0
		switch {
		case blank && len(r.fields) > 0 && foldedAhead(next): // an empty line inside a folded field
			warn.add("header-wrap", "a header field was broken by an empty line")
		case blank && len(line) == 0, blank && (len(r.fields) == 0 || !headerAhead(next, 1)):
			if len(r.fields) == 0 && top && headerAhead(bytes.TrimLeft(next, " \t\r\n"), 1) { // blank lines before the header
				rest = next
				continue
			}
			r.flush()
			if len(r.fields) > 0 && r.known == 0 && !top {
				return nil, b
			}
			return r.fields, next
		case blank: // white space on a line of its own, amid the header
		case len(r.fields) >= MaxFields && (line[0] == ' ' || line[0] == '\t'):
		case (line[0] == ' ' || line[0] == '\t') && len(r.fields) > 0:
			r.continuation(line)
		default:
			if !r.line(bytes.TrimLeft(line, " \t"), next, top) {
				r.flush()
				return r.end(b, rest, top)
			}
		}
		rest = next
	}
	r.flush()
	return r.end(b, nil, top)
}

// line takes one line that begins at the margin; false where the body begins.
func (r *headerReader) line(line, next []byte, top bool) bool {
	name, colon := fieldName(line)
	if name != "" && len(r.fields) > 0 && r.goesOn(name, line[colon:]) {
		r.warn.add("header-wrap", "a header line was broken without indent")
		r.continuation(line)
		return true
	}
	switch {
	case name != "" && len(r.fields) >= MaxFields:
		r.warn.add("header-fields", "there are more header fields than are listed")
		return true
	case name != "":
		r.field(name, string(line[colon:]))
		return true
	case top && isMboxLine(line) && (len(r.fields) == 0 || headerAhead(next, 1)):
		r.warn.add("mbox-line", "the mail begins with an mbox separator")
		return true
	case len(r.fields) == 0:
		if top && headerAhead(next, 1) {
			r.warn.add("header-junk", "the first line is no header field")
			return true
		}
		return false
	}
	if r.tail == ';' || r.tail == ',' || r.wrapAhead(next) {
		r.warn.add("header-wrap", "a header line was broken without indent")
		r.continuation(line)
		return true
	}
	return false
}

// goesOn tells whether a line that has the form of a field is the rest of the
// field before it, which is not complete.
func (r *headerReader) goesOn(name string, rest []byte) bool {
	switch r.tail {
	case ';', ',':
		return tagged(name) || !spaced(rest) && !isKnown(name) && bytes.IndexByte(rest, ':') >= 0
	case ':':
		return !spaced(rest) && r.names()
	}
	return false
}

// names tells whether the field at hand has come to a list of field names in a
// signature, "h=from:to:".
func (r *headerReader) names() bool {
	value := r.fields[len(r.fields)-1].value
	if r.folded.Len() > 0 {
		value = r.folded.String()
	}
	tag, _, ok := strings.Cut(value[strings.LastIndexByte(value, ';')+1:], "=")
	return ok && len(strings.TrimSpace(tag)) <= 2
}

// spaced tells whether the colon of a field is followed as mailers do it.
func spaced(rest []byte) bool { return len(rest) == 0 || rest[0] == ' ' || rest[0] == '\t' }

// wrapAhead tells whether the lines at hand belong to the field before them: a
// field by a known name follows, and what stands before it is no prose. Three
// lines may be anything; more have to be of one word each, as what programs
// break: a signature, a list of ids.
func (r *headerReader) wrapAhead(b []byte) bool {
	if r.sure > 0 && len(b) >= r.sure {
		return true
	}
	for n := 0; n < maxWrapped && len(b) > 0; n++ {
		head := b[:min(len(b), 64<<10)]
		line, next := nextLine(head)
		if len(line) == 0 {
			return false
		}
		if name, _ := fieldName(line); name != "" && isKnown(name) {
			r.sure = len(b)
			return true
		}
		if n >= 3 && len(bytes.Fields(line)) > 1 && !bytes.HasSuffix(line, []byte(";")) {
			return false
		}
		b = b[len(head)-len(next):]
	}
	return false
}

// end is the header that no blank line closes.
func (r *headerReader) end(whole, body []byte, top bool) (rawHeader, []byte) {
	if r.known == 0 && (!top || len(body) > 0 || len(r.fields) < 2) {
		if top && len(whole) > 0 {
			r.warn.add("header-missing", "there is no header; all of the mail is its body")
		}
		return nil, whole
	}
	if len(body) > 0 {
		r.warn.add("header-unclosed", "no blank line stands between header and body")
	}
	return r.fields, body
}

func isMboxLine(line []byte) bool {
	return bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From "))
}

// foldedAhead tells whether continuation lines stand next, and a header field
// by a known name right after them: no body begins so.
func foldedAhead(b []byte) bool {
	for n := 0; n < 10 && len(b) > 0 && (b[0] == ' ' || b[0] == '\t'); n++ {
		line, next := nextLine(b[:min(len(b), 64<<10)])
		if len(bytes.TrimSpace(line)) == 0 {
			return false
		}
		b = next
		if headerAhead(b, 1) {
			return true
		}
	}
	return false
}

// headerAhead tells whether one of the next n lines, before a blank one, is a
// header field by a known name.
func headerAhead(b []byte, n int) bool {
	for ; n > 0 && len(b) > 0; n-- {
		var line []byte
		line, b = nextLine(b[:min(len(b), 64<<10)])
		if len(line) == 0 {
			return false
		}
		if name, _ := fieldName(line); name != "" && isKnown(name) {
			return true
		}
	}
	return false
}

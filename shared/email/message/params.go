package message

import (
	"sort"
	"strconv"
	"strings"

	"github.com/replywell/replywell/shared/email/charset"
)

// parseParams reads "value; name=value; ..." of Content-Type and
// Content-Disposition (RFC 2045 section 5.1, RFC 2183, RFC 2231), in whatever
// state it comes. The value and the names are in lower case; the first of two
// equal names wins.
func parseParams(s, hint string) (string, map[string]string) {
	p := paramReader{s: s}
	value := strings.ToLower(strings.TrimSpace(strings.ToValidUTF8(p.head(), "")))
	raw := map[string]string{}
	for n := 0; n < 1000; n++ {
		name, v, ok := p.next()
		if !ok {
			break
		}
		if _, twice := raw[name]; !twice && name != "" {
			raw[strings.ToValidUTF8(name, "")] = v
		}
	}
	return value, joinContinuations(raw, hint)
}

type paramReader struct {
	s string
	i int
}

// head is everything before the first parameter. Where the semicolon was
// forgotten ("text/plain charset=utf-8") white space ends it too.
func (p *paramReader) head() string {
	end := len(p.s)
	if i := strings.IndexByte(p.s, ';'); i >= 0 {
		end = i
	}
	head := p.s[:end]
	p.i = min(end+1, len(p.s))
	if eq := strings.IndexByte(head, '='); eq >= 0 {
		sp := strings.LastIndexAny(strings.TrimRight(head[:eq], " \t"), " \t")
		p.i = sp + 1 // no value at all where sp < 0: "name=x.pdf"
		return head[:max(sp, 0)]
	}
	return stripComments(head)
}

// next gives the next name and value, the value unquoted.
func (p *paramReader) next() (string, string, bool) {
	for p.i < len(p.s) && strings.IndexByte("; \t,", p.s[p.i]) >= 0 {
		p.i++
	}
	if p.i >= len(p.s) {
		return "", "", false
	}
	rest := p.s[p.i:]
	eq := strings.IndexAny(rest, "=;")
	if eq < 0 || rest[eq] == ';' {
		if eq < 0 {
			eq = len(rest) - 1
		}
		p.i += eq + 1
		return "", "", true
	}
	name := strings.ToLower(strings.TrimSpace(rest[:eq]))
	if sp := strings.LastIndexAny(name, " \t"); sp >= 0 { // (comment) name
		name = name[sp+1:]
	}
	p.i += eq + 1
	for p.i < len(p.s) && (p.s[p.i] == ' ' || p.s[p.i] == '\t' || p.s[p.i] == '=' && !strings.HasPrefix(p.s[p.i:], "=?") && strings.HasPrefix(p.s[p.i+1:], "\"")) {
		p.i++
	}
	if p.i < len(p.s) && p.s[p.i] == '"' {
		return name, p.quoted(), true
	}
	return name, p.bare(strings.Contains(name, "name")), true
}

// quoted reads a quoted value. A quote that is not followed by the end, a
// semicolon or white space belongs to the value: nobody escapes file names.
func (p *paramReader) quoted() string {
	var out strings.Builder
	for i := p.i + 1; i < len(p.s); i++ {
		c := p.s[i]
		switch {
		case c == '\\' && i+1 < len(p.s) && (p.s[i+1] == '"' || p.s[i+1] == '\\') && !closes(p.s, i+1):
			i++
			out.WriteByte(p.s[i])
		case c == '"' && closes(p.s, i):
			p.i = i + 1
			return out.String()
		default:
			out.WriteByte(c)
		}
	}
	// Never closed: up to the next parameter.
	rest := p.s[p.i+1:]
	if i := strings.IndexByte(rest, ';'); i >= 0 {
		p.i += 1 + i
		return strings.TrimSpace(rest[:i])
	}
	p.i = len(p.s)
	return strings.TrimSpace(rest)
}

// closes tells whether the quote at s[i] ends a value.
func closes(s string, i int) bool {
	if s[i] != '"' {
		return false
	}
	rest := strings.TrimLeft(s[i+1:min(len(s), i+80)], " \t")
	if rest == "" || rest[0] == ';' || rest[0] == ',' || rest[0] == '(' {
		return true
	}
	if s[i+1] != ' ' && s[i+1] != '\t' {
		return false
	}
	eq := strings.IndexAny(rest, "=\" ;") // name= follows without a semicolon
	return eq > 0 && rest[eq] == '='
}

// bare reads an unquoted value. It may have spaces, if no other parameter
// begins there; in a file name, parentheses are no comment.
func (p *paramReader) bare(file bool) string {
	rest := p.s[p.i:]
	end := strings.IndexByte(rest, ';')
	if end < 0 {
		end = len(rest)
	}
	v := rest[:end]
	if strings.Contains(v, "=?") { // an encoded word, which may hold anything
		p.i += end
		return strings.TrimSpace(v)
	}
	if eq := strings.IndexByte(v, '='); eq > 0 {
		if sp := strings.LastIndexAny(v[:eq], " \t"); sp > 0 && strings.TrimSpace(v[:sp]) != "" && isParamName(v[sp+1:eq]) {
			v, end = v[:sp], sp
		}
	}
	p.i += end
	if !file {
		v = stripComments(v)
	}
	return strings.TrimSpace(v)
}

func isParamName(s string) bool {
	switch strings.TrimRight(strings.ToLower(s), "*0123456789") {
	case "charset", "name", "filename", "boundary", "format", "delsp", "size", "type", "start", "micalg", "protocol", "method", "smime-type":
		return true
	}
	return false
}

// stripComments removes RFC 822 comments from a value outside quotes.
func stripComments(s string) string {
	if strings.IndexByte(s, '(') < 0 {
		return s
	}
	var out strings.Builder
	depth := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '(':
			depth++
		case s[i] == ')' && depth > 0:
			depth--
		case depth == 0:
			out.WriteByte(s[i])
		}
	}
	if depth > 0 { // no comment after all
		return s
	}
	return out.String()
}

// continued is one piece of a value that RFC 2231 section 3 splits.
type continued struct {
	index    int
	extended bool // percent-encoded
	value    string
}

// joinContinuations puts name*0, name*1*... together and decodes all values.
// The extended form wins over the plain one, which is there for old readers.
func joinContinuations(raw map[string]string, hint string) map[string]string {
	out := make(map[string]string, len(raw))
	split := map[string][]continued{}
	for name, v := range raw {
		base, rest, star := strings.Cut(name, "*")
		if !star {
			out[name] = decodeParam(v, hint)
			continue
		}
		s := continued{value: v, extended: rest == "" || strings.HasSuffix(rest, "*")}
		if n, err := strconv.Atoi(strings.TrimSuffix(rest, "*")); err == nil {
			s.index = n
		}
		split[base] = append(split[base], s)
	}
	for base, segs := range split {
		sort.Slice(segs, func(i, j int) bool {
			return segs[i].index < segs[j].index || segs[i].index == segs[j].index && segs[i].value < segs[j].value
		})
		if v := joinSegments(segs, hint); v != "" || out[base] == "" {
			out[base] = v
		}
	}
	return out
}

func joinSegments(segs []continued, hint string) string {
	cs := ""
	extended := false
	var b []byte
	for i, s := range segs {
		v := s.value
		if !s.extended {
			b = append(b, v...)
			continue
		}
		extended = true
		if i == 0 {
			if a := strings.SplitN(v, "'", 3); len(a) == 3 {
				cs, v = a[0], a[2]
			}
		}
		b = append(b, unpercent(v)...)
	}
	if strings.Contains(string(b), "=?") {
		return decodeWords(string(b), hint)
	}
	if !extended || cs == "" {
		cs = hint
	}
	return cleanLine(charset.Decode(b, cs).Text)
}

// decodeParam decodes a plain value: mailers put encoded words and raw 8-bit
// text there, though neither is allowed.
func decodeParam(v, hint string) string {
	if strings.Contains(v, "=?") {
		return decodeWords(v, hint)
	}
	if a := strings.SplitN(v, "''", 2); len(a) == 2 && charset.Known(a[0]) && strings.Contains(a[1], "%") { // an extended value whose star was forgotten
		return cleanLine(charset.Decode(unpercent(a[1]), a[0]).Text)
	}
	return cleanLine(literal(v, hint))
}

func unpercent(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			out = append(out, byte(unhex(s[i+1])<<4|unhex(s[i+2])))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}

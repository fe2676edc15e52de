package message

import (
	"strings"

	"golang.org/x/net/idna"
)

// ASCII gives the address with its domain in the form that DNS and SMTP use
// (RFC 5890 A-labels), so that "info@bücher.example" and
// "info@xn--bcher-kva.example" compare equal. Where the domain is no domain
// name the address is returned as it is.
func (a Address) ASCII() string { return a.withDomain(idna.Lookup.ToASCII) }

// Readable gives the address with its domain as people write it.
func (a Address) Readable() string { return a.withDomain(idna.Display.ToUnicode) }

func (a Address) withDomain(form func(string) (string, error)) string {
	at := strings.LastIndexByte(a.Address, '@')
	if at < 0 {
		return a.Address
	}
	d, err := form(a.Address[at+1:])
	if err != nil {
		return a.Address
	}
	return a.Address[:at+1] + d
}

// ParseAddressList reads the value of an address field (RFC 5322 section 3.4,
// with the obsolete forms of section 4.4) as it stands in the mail, unfolded.
// It is tolerant: groups are flattened; commas, dots and at signs in unquoted
// names, missing angle brackets, semicolons between addresses, routes, raw
// 8-bit text and broken encoded words cost at most the one address that they
// stand in. At most MaxAddresses are returned.
func ParseAddressList(s string) []Address {
	list, _ := parseAddresses(s, "", MaxAddresses)
	return list
}

// parseAddresses is ParseAddressList with the charset hint of the mail; more
// tells that there were more than limit.
func parseAddresses(s, hint string, limit int) (list []Address, more bool) {
	p := addressReader{s: s, hint: hint}
	for p.i < len(p.s) {
		it := p.item()
		if p.pending.text() != "" || len(p.pending.words) > 0 {
			if it.angle != "" && it.bracket && len(it.words) > 0 { // "Smith, John <john@x>": the comma was part of the name
				words := append(p.pending.words, piece{text: ", ", glue: true})
				it.words = append(words, it.words...)
			} else {
				list = p.emit(list, p.pending)
			}
			p.pending = item{}
		}
		if len(list) >= limit {
			return list[:limit], true
		}
		if !it.bracket && !it.hasAt() && it.sep == ',' && len(it.words) > 0 && len(it.words) < 12 {
			p.pending = it
			continue
		}
		list = p.emit(list, it)
	}
	if len(p.pending.words) > 0 {
		list = p.emit(list, p.pending)
	}
	if len(list) > limit {
		return list[:limit], true
	}
	return list, false
}

// piece is one word of a name: an atom, a quoted string, or encoded words.
type piece struct {
	text   string // undecoded
	quoted bool
	glue   bool // stands directly after the piece before it
}

// item is what stands between two commas.
type item struct {
	words   []piece
	comment string
	angle   string
	bracket bool // there were angle brackets
	sep     byte // what ended the item: ',' ';' or 0
}

func (it item) hasAt() bool {
	for _, w := range it.words {
		if !w.quoted && strings.Contains(w.text, "@") {
			return true
		}
	}
	return false
}

func (it item) text() string {
	var b strings.Builder
	for i, w := range it.words {
		if i > 0 && !w.glue {
			b.WriteByte(' ')
		}
		b.WriteString(w.text)
	}
	return b.String()
}

type addressReader struct {
	s, hint  string
	i        int
	pending  item
	noQuote  bool // no closing quote stands ahead any more
	noAngle  bool // no '>' stands ahead any more
	noParen  bool // no ')' stands ahead any more
	reparsed bool

	noGroupEnd bool // no ';' stands ahead any more
}

// item reads up to the next separator.
func (p *addressReader) item() item {
	var it item
	space := true
	for p.i < len(p.s) {
		c := p.s[p.i]
		switch {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0:
			p.i++
			space = true
			continue
		case c == ',' || c == ';':
			p.i++
			it.sep = c
			return it
		case c == ':' && !it.bracket && !it.hasAt() && !it.scheme() && p.group(): // a group: its name is nobody's address
			p.i++
			it = item{}
			space = true
			continue
		case c == '(' && p.commentAhead():
			if text := p.comment(); it.comment == "" {
				it.comment = text
			}
			continue
		case c == '<' && p.angle(&it):
			if p.i < len(p.s) && it.angle != "" && !p.separatorAhead() && p.angleAhead() {
				it.sep = ',' // "a <a@x> b <b@x>": the comma was forgotten
				return it
			}
			continue
		case c == '"':
			if text, ok := p.quoted(); ok {
				it.words = append(it.words, piece{text: text, quoted: true, glue: !space})
				space = false
				continue
			}
			p.i++
			continue
		}
		it.words = append(it.words, piece{text: p.atom(), glue: !space})
		space = false
	}
	return it
}

// scheme tells whether what stands before a colon is "mailto".
func (it item) scheme() bool {
	return len(it.words) == 1 && strings.EqualFold(it.words[0].text, "mailto")
}

// group tells whether the colon at hand ends the name of a group. Without the
// semicolon that must close it, it may as well be part of a person's name.
func (p *addressReader) group() bool {
	if !p.noGroupEnd && strings.IndexByte(p.s[p.i:], ';') >= 0 {
		return true
	}
	p.noGroupEnd = true
	rest := p.s[p.i+1 : min(len(p.s), p.i+200)]
	i := strings.IndexAny(rest, "<,")
	return i < 0 || rest[i] == ','
}

// separatorAhead tells whether the item ends here, or only a comment follows.
func (p *addressReader) separatorAhead() bool {
	rest := strings.TrimLeft(p.s[p.i:min(len(p.s), p.i+200)], " \t>")
	return rest == "" || rest[0] == ',' || rest[0] == ';' || rest[0] == '('
}

// angleAhead tells whether another address in brackets begins before the next separator.
func (p *addressReader) angleAhead() bool {
	rest := p.s[p.i:min(len(p.s), p.i+200)]
	i := strings.IndexAny(rest, "<,;")
	return i >= 0 && rest[i] == '<'
}

// atom reads up to white space or a special. Encoded words are read whole,
// whatever stands in them.
func (p *addressReader) atom() string {
	start := p.i
	for p.i < len(p.s) {
		c := p.s[p.i]
		if c == '=' {
			if w, ok := wordAt(p.s, p.i); ok {
				p.i = w.end
				continue
			}
		}
		if c == '[' && p.i > start && p.s[p.i-1] == '@' { // domain literal
			if n := strings.IndexByte(p.s[p.i:min(len(p.s), p.i+80)], ']'); n > 0 {
				p.i += n + 1
				continue
			}
		}
		if p.i > start && strings.IndexByte(" \t\r\n\x00,;<\"(:", c) >= 0 {
			break
		}
		p.i++
	}
	return p.s[start:p.i]
}

// quoted reads a quoted string; false where its end is missing, or is clearly
// the beginning of the next one.
func (p *addressReader) quoted() (string, bool) {
	if p.noQuote {
		return "", false
	}
	var out strings.Builder
	for i := p.i + 1; i < len(p.s); i++ {
		switch c := p.s[i]; {
		case c == '\\' && i+1 < len(p.s):
			i++
			out.WriteByte(p.s[i])
		case c == '"':
			text := out.String()
			closed := strings.HasPrefix(strings.TrimLeft(p.s[i+1:], " \t\r\n"), "<") // as a name must be before its address
			if at := strings.Index(text, ">,"); !closed && at > 0 && strings.ContainsRune(text[:at], '<') && strings.ContainsRune(text[:at], '@') {
				return "", false
			}
			p.i = i + 1
			return text, true
		default:
			out.WriteByte(c)
		}
	}
	p.noQuote = true
	return "", false
}

// commentAhead tells whether the parenthesis at hand is ever closed.
func (p *addressReader) commentAhead() bool {
	if !p.noParen && strings.IndexByte(p.s[p.i:], ')') < 0 {
		p.noParen = true
	}
	return !p.noParen
}

func (p *addressReader) comment() string {
	var out strings.Builder
	depth := 0
	for ; p.i < len(p.s); p.i++ {
		c := p.s[p.i]
		switch {
		case c == '\\' && p.i+1 < len(p.s):
			p.i++
			out.WriteByte(p.s[p.i])
			continue
		case c == '(':
			if depth++; depth == 1 {
				continue
			}
		case c == ')':
			if depth--; depth == 0 {
				p.i++
				return strings.TrimSpace(out.String())
			}
		}
		out.WriteByte(c)
	}
	return strings.TrimSpace(out.String())
}

// maxAngle is how far the end of an address in brackets is looked for, in bytes.
const maxAngle = 2000

// angle reads <address>. Where '>' is missing the address ends at the next
// separator. False where '<' begins no address.
func (p *addressReader) angle(it *item) bool {
	rest := p.s[p.i+1 : min(len(p.s), p.i+1+maxAngle)]
	end := -1
	if !p.noAngle {
		if end = strings.IndexByte(rest, '>'); end < 0 {
			p.noAngle = len(rest) < maxAngle
		}
	}
	if q := strings.IndexByte(rest[:max(end, 0)], '"'); q >= 0 { // <"odd > local"@x>
		if q2 := strings.IndexByte(rest[q+1:], '"'); q2 >= 0 && q+1+q2 > end {
			if e := strings.IndexByte(rest[q+1+q2:], '>'); e >= 0 {
				end = q + 1 + q2 + e
			}
		}
	}
	next := p.i + 1 + end + 1
	if sep := strings.IndexAny(rest, ",;"); end < 0 || sep >= 0 && sep < end && rest[0] != '@' && strings.Contains(rest[sep:end], "<") {
		if sep < 0 {
			sep = len(rest)
		}
		end, next = sep, p.i+1+sep
	}
	text := strings.TrimSpace(rest[:end])
	p.i = next
	if it.bracket && it.angle != "" && strings.Contains(it.angle, "@") {
		return true // a second bracket after the address says nothing more
	}
	if it.angle != "" { // what stood in the first bracket was part of the name
		it.words = append(it.words, piece{text: it.angle})
	}
	it.bracket, it.angle = true, strings.Trim(text, "<> \t")
	for p.i < len(p.s) && p.s[p.i] == '>' {
		p.i++
	}
	return true
}

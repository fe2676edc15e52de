package compose

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"github.com/replywell/replywell/shared/email/message"
)

// softLine and hardLine are RFC 5322's bounds for a line without its CRLF
// (section 2.1.1): 78 should, 998 must not be exceeded.
const (
	softLine = 78
	hardLine = 998

	maxSubject = 2000 // octets; what a subject has beyond is cut
	maxName    = 2000 // the same of a display name
)

// headerWriter writes header fields, folded.
type headerWriter struct{ bytes.Buffer }

// field writes tokens as one field, folding between them where a line would
// grow too long. A token keeps the separator that belongs to it ("a@b,").
func (w *headerWriter) field(name string, tokens ...string) {
	w.WriteString(name)
	w.WriteByte(':')
	column := len(name) + 1
	for i, t := range tokens {
		if i > 0 && column+1+len(t) > softLine {
			w.WriteString("\r\n")
			column = 0
		}
		w.WriteByte(' ')
		w.WriteString(t)
		column += 1 + len(t)
	}
	w.WriteString("\r\n")
}

// text writes an unstructured field (RFC 5322 section 3.2.5).
func (w *headerWriter) text(name, value string) {
	if plainText(value) {
		w.field(name, strings.Split(value, " ")...)
		return
	}
	w.field(name, encodedWords(value, len(name)+2)...)
}

// addresses writes an address list.
func (w *headerWriter) addresses(name string, list ...message.Address) error {
	var tokens []string
	for i, a := range list {
		spec, err := encodeAddrSpec(a.Address)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if a.Name != "" {
			column := softLine
			if i == 0 {
				column = len(name) + 2
			}
			tokens = append(tokens, phrase(cut(a.Name, maxName), column)...)
			spec = "<" + spec + ">"
		}
		if i < len(list)-1 {
			spec += ","
		}
		tokens = append(tokens, spec)
	}
	w.field(name, tokens...)
	return nil
}

// cut bounds what strangers chose: a longer value ends in "…".
func cut(s string, octets int) string {
	if len(s) <= octets {
		return s
	}
	for octets > 0 && !utf8.RuneStart(s[octets]) {
		octets--
	}
	return s[:octets] + "…"
}

// ids writes message ids in angle brackets.
func (w *headerWriter) ids(name string, ids ...string) {
	tokens := make([]string, len(ids))
	for i, id := range ids {
		tokens[i] = "<" + id + ">"
	}
	w.field(name, tokens...)
}

// plainText tells whether a value may stand in a header as it is: printable
// ASCII that is no encoded word, with single spaces (folding must not change
// it) and no word longer than a line.
func plainText(s string) bool {
	word := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ':
			if i == 0 || i == len(s)-1 || s[i-1] == ' ' {
				return false
			}
			word = 0
		case c < ' ' || c > '~':
			return false
		default:
			if word++; word > hardLine/2 {
				return false
			}
		}
	}
	return !strings.Contains(s, "=?")
}

// phrase writes a display name: atoms, a quoted string, or encoded words.
func phrase(name string, column int) []string {
	if !plainText(name) || len(name) > hardLine/2 {
		return encodedWords(name, column)
	}
	if strings.ContainsFunc(name, func(r rune) bool { return r != ' ' && !atext(r) }) {
		quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name)
		return strings.Split(`"`+quoted+`"`, " ")
	}
	return strings.Split(name, " ")
}

// encodedWords writes text as encoded words (RFC 2047 section 2), each of whole
// characters and at most 75 long, the first one shorter by what stands before
// it on its line. Of B and Q the one that needs less is taken.
func encodedWords(s string, column int) []string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	var quoted int
	for i := range len(s) {
		if qSafe(s[i]) {
			quoted++
		} else {
			quoted += 3
		}
	}
	q := quoted <= (len(s)+2)/3*4+len(s)/3
	var words []string
	const overhead = len("=?utf-8?q??=")
	for s != "" {
		room := 75 - overhead
		if len(words) == 0 {
			room = max(softLine-column-overhead, 16)
		}
		n := 0
		for used := 0; n < len(s); {
			_, size := utf8.DecodeRuneInString(s[n:])
			if q {
				for _, c := range []byte(s[n : n+size]) {
					if used += 3; qSafe(c) {
						used -= 2
					}
				}
			} else {
				used = (n + size + 2) / 3 * 4
			}
			if used > room && n > 0 {
				break
			}
			n += size
		}
		words = append(words, encodedWord(s[:n], q))
		s = s[n:]
	}
	return words
}

func encodedWord(s string, q bool) string {
	if !q {
		return "=?utf-8?b?" + base64.StdEncoding.EncodeToString([]byte(s)) + "?="
	}
	var b strings.Builder
	b.WriteString("=?utf-8?q?")
	for _, c := range []byte(s) {
		switch {
		case c == ' ':
			b.WriteByte('_')
		case qSafe(c):
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	b.WriteString("?=")
	return b.String()
}

// qSafe are the signs that may stand for themselves in an encoded word of a
// phrase, the strictest place (RFC 2047 section 5 (3)). A space becomes "_".
func qSafe(c byte) bool {
	return c == ' ' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!*+-/", c) >= 0
}

// atext is RFC 5322 section 3.2.3.
func atext(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
}

// encodeAddrSpec checks an address and writes it for a header: the domain in
// its ASCII form (RFC 5890), the local part quoted if it must be.
func encodeAddrSpec(address string) (string, error) {
	if err := checkLine(address); err != nil {
		return "", fmt.Errorf("the address %w", err)
	}
	at := strings.LastIndexByte(address, '@')
	if at < 1 || at == len(address)-1 {
		return "", fmt.Errorf("%q is no address: it needs something before and after an @", clip(address))
	}
	if len(address) > maxAddressLen {
		return "", fmt.Errorf("the address %q is too long (%d characters, at most %d)", clip(address), len(address), maxAddressLen)
	}
	local, domain := address[:at], address[at+1:]
	ascii := domain
	if strings.ContainsFunc(domain, func(r rune) bool { return r > '~' }) {
		var err error
		if ascii, err = idna.Lookup.ToASCII(domain); err != nil {
			return "", fmt.Errorf("the domain of %q cannot be written in mail: %w", clip(address), err)
		}
	}
	if !domainForm(ascii) {
		return "", fmt.Errorf("the domain of %q has not the form of one", clip(address))
	}
	if strings.ContainsFunc(local, func(r rune) bool { return r > '~' || r < ' ' }) {
		return "", fmt.Errorf("%q has letters outside ASCII before the @, which the mail service cannot deliver to", clip(address))
	}
	dotAtom := !strings.HasPrefix(local, ".") && !strings.HasSuffix(local, ".") && !strings.Contains(local, "..") &&
		!strings.ContainsFunc(local, func(r rune) bool { return !atext(r) && r != '.' })
	if !dotAtom {
		unquoted := local
		if len(local) >= 2 && local[0] == '"' && local[len(local)-1] == '"' {
			unquoted = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(local[1 : len(local)-1])
		}
		local = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(unquoted) + `"`
	}
	return local + "@" + ascii, nil
}

// domainForm tells whether a domain is a dot-atom, or an address literal in
// brackets (RFC 5322 section 3.4.1).
func domainForm(domain string) bool {
	if inner, ok := strings.CutPrefix(domain, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		return ok && inner != "" && !strings.ContainsFunc(inner, func(r rune) bool { return !atext(r) && r != '.' && r != ':' })
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || strings.ContainsFunc(label, func(r rune) bool { return !atext(r) }) {
			return false
		}
	}
	return true
}

// parameter writes one parameter of a structured MIME field: a token, a quoted
// string, or RFC 2231's extended form in pieces that fit a line (sections 3, 4).
func parameter(name, value string) []string {
	ascii := !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) && !strings.Contains(value, "=?")
	if ascii && len(value) <= softLine-len(name)-6 {
		if formatted := mime.FormatMediaType("x/x", map[string]string{name: value}); formatted != "" {
			return []string{strings.TrimPrefix(formatted, "x/x; ")}
		}
	}
	value = strings.ToValidUTF8(value, "\uFFFD")
	const room = 48
	var pieces []string
	var b strings.Builder
	for _, r := range value {
		enc := percent(string(r))
		if b.Len()+len(enc) > room {
			pieces = append(pieces, b.String())
			b.Reset()
		}
		b.WriteString(enc)
	}
	pieces = append(pieces, b.String())
	if len(pieces) == 1 {
		return []string{name + "*=utf-8''" + pieces[0]}
	}
	for i, p := range pieces {
		if i == 0 {
			p = "utf-8''" + p
		}
		pieces[i] = fmt.Sprintf("%s*%d*=%s", name, i, p)
	}
	return pieces
}

// percent encodes all but RFC 2231's attribute-char (the safe part of it).
func percent(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c < 0x80 && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._", c) >= 0) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

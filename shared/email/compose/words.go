package compose

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"
)

// softLine and hardLine are RFC 5322's bounds for a line without its CRLF
// (section 2.1.1): 78 should, 998 must not be exceeded.
const (
	softLine = 78
	hardLine = 998
	wordLine = 76 // of a line with an encoded word (RFC 2047 section 2)
)

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
func phrase(name string, column int) string {
	if !plainText(name) || len(name) > hardLine/2 {
		return encodedWords(name, column)
	}
	if strings.ContainsFunc(name, func(r rune) bool { return r != ' ' && !atext(r) }) {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
	}
	return name
}

// encodedWords writes text as encoded words (RFC 2047 section 2), each of whole
// characters and at most 75 long, the first one shorter by what stands before
// it on its line. Of B and Q the one that needs less is taken.
func encodedWords(s string, column int) string {
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
			room = max(wordLine-column-overhead, 16)
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
	return strings.Join(words, " ")
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

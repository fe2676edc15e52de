package article

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable is a text as it can be printed in a line: what would begin another line,
// move the cursor, or turn the direction of writing around is escaped as Go
// writes it, so that nothing can look like another name or another line of ours.
func Printable(s string) string {
	if !misleads(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		if unprintable(r, size) {
			q := strconv.QuoteToASCII(s[i : i+size])
			b.WriteString(q[1 : len(q)-1])
		} else {
			b.WriteString(s[i : i+size])
		}
	}
	return b.String()
}

// misleads reports whether a text cannot be printed as it is.
func misleads(s string) bool {
	for i, r := range s {
		if _, size := utf8.DecodeRuneInString(s[i:]); unprintable(r, size) {
			return true
		}
	}
	return false
}

func unprintable(r rune, size int) bool {
	switch {
	case r == '\t':
		return false
	case r == utf8.RuneError && size == 1, unicode.IsControl(r):
		return true
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // they turn text around (UAX 9)
		return true
	}
	return r == 0x2028 || r == 0x2029 // lines and paragraphs end with them
}

package page

import "strings"

// What is taken out of others' text before it stands anywhere.

// OneLine makes a stranger's text fit for a header value or a heading: line
// breaks, NUL and other control characters, and the marks that turn the
// direction of writing around, become single spaces or go.
func OneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\u2028' || r == '\u2029':
			return ' '
		case hidden(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}

// hidden are marks that are not seen and can make a text read otherwise than it
// is: direction overrides and isolates (Unicode TR 36 section 2.8), byte order mark.
func hidden(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\ufeff'
}

// Lines gives valid UTF-8 with LF line ends, without NUL, and without empty
// lines at its end.
func Lines(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return strings.TrimRight(strings.ReplaceAll(s, "\x00", "\uFFFD"), "\n")
}

// cleanText gives valid text with LF line ends and no control characters, nor
// marks that turn the direction of writing around.
func cleanText(s string) string { return withoutControls(Lines(s)) }

func withoutControls(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (r < ' ' || r >= 0x7f && r < 0xa0) || hidden(r) {
			return -1
		}
		return r
	}, s)
}

// clip keeps a picture's description short.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "..."
	}
	return s
}

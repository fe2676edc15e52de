package page

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/rivo/uniseg"
)

// Count writes a number with its noun: "1 message", "12 messages", "no messages".
func Count(n int, one, many string) string {
	switch n {
	case 0:
		return "no " + many
	case 1:
		return "1 " + one
	}
	return Thousands(n) + " " + many
}

// Thousands writes a number with a comma every three digits.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Size writes a number of octets as people say it: "812 bytes", "14 kB", "3.2 MB".
func Size(octets int64) string {
	switch {
	case octets == 1:
		return "1 byte"
	case octets < 1000:
		return fmt.Sprintf("%d bytes", octets)
	case octets < 999_500:
		return fmt.Sprintf("%.0f kB", float64(octets)/1e3)
	case octets < 9_950_000:
		return fmt.Sprintf("%.1f MB", float64(octets)/1e6)
	}
	return fmt.Sprintf("%.0f MB", float64(octets)/1e6)
}

// Duration writes a time span in its largest one or two units: "40 seconds",
// "5 minutes", "2 h 30 min", "3 days". Negative spans are written as nothing.
func Duration(d time.Duration) string {
	d = max(d, 0)
	days, hours, minutes := int(d/(24*time.Hour)), int(d/time.Hour)%24, int(d/time.Minute)%60
	switch {
	case d < time.Minute:
		return Count(max(1, int(d/time.Second)), "second", "seconds")
	case d < time.Hour:
		return Count(minutes, "minute", "minutes")
	case days == 0 && minutes == 0:
		return Count(hours, "hour", "hours")
	case days == 0:
		return fmt.Sprintf("%d h %d min", hours, minutes)
	case days < 3 && hours > 0:
		return fmt.Sprintf("%s %d h", Count(days, "day", "days"), hours)
	}
	return Count(days, "day", "days")
}

// When writes a moment so that it reads the same everywhere: the month as a
// word, the hour of 24, the time zone named.
func When(t time.Time) string {
	return t.Format("Mon 2 Jan 2006, 15:04 MST")
}

// Excerpt gives the beginning of a text on one line, at most so many characters
// as a reader counts them, cut at a word where it can be.
func Excerpt(text string, characters int) string {
	line := OneLine(text)
	if characters < 1 {
		return ""
	}
	if len(line) < characters {
		return line
	}
	end, n, space := 0, 0, 0
	for from, to := 0, 0; from < len(line); from = to {
		to = from + firstCharacter(line[from:])
		if n++; n > characters-1 && to < len(line) {
			if space > end/2 {
				end = space
			}
			return strings.TrimRightFunc(line[:end], func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }) + "…"
		}
		if line[from] == ' ' {
			space = from
		}
		end = to
	}
	return line
}

// firstCharacter is how many bytes the first character of a text takes, as a reader
// counts: of two plain letters the first is one.
func firstCharacter(s string) int {
	if printable(s[0]) && (len(s) == 1 || printable(s[1])) {
		return 1
	}
	first, _, _, _ := uniseg.FirstGraphemeClusterInString(s, -1)
	return len(first)
}

func printable(b byte) bool { return b >= ' ' && b < 0x7f }

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

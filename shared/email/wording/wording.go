package wording

import (
	"strings"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/language"
)

// Fold prepares text for comparison: lower case, plain apostrophes and colons,
// plain spaces, a run of blanks as one blank, no invisible characters, no space
// at the ends. Line breaks stay. Tables are written folded.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	s = strings.ToLower(s)
	for i := 0; i < len(s); {
		if n := plainRun(s[i:]); n > 0 {
			if blank {
				b.WriteByte(' ')
				blank = false
			}
			b.WriteString(s[i : i+n])
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch r {
		case '\u2019', '\u2018', '\u00b4', '`':
			r = '\''
		case '\uff1a':
			r = ':'
		case '\u00a0', '\u202f', '\u3000', '\t', ' ':
			blank = true
			continue
		case '\u200b', '\ufeff', '\u00ad', '\u200e', '\u200f', '\r':
			continue
		case '\n':
			blank = false
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

// ContainsAny tells whether any of the phrases stands in s. It takes one pass
// over s for each phrase: callers bound s.
func ContainsAny(s string, phrases []string) bool {
	for _, p := range phrases {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}

// Count tells how many of the phrases stand in s.
func Count(s string, phrases []string) int {
	n := 0
	for _, p := range phrases {
		if strings.Contains(s, p) {
			n++
		}
	}
	return n
}

// HasAnyPrefix tells whether s begins with any of the phrases.
func HasAnyPrefix(s string, phrases []string) bool {
	for _, p := range phrases {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// SplitAddress gives local part and domain in lower case; the domain is "" where
// there is no "@".
func SplitAddress(address string) (local, domain string) {
	address = strings.ToLower(strings.TrimSpace(address))
	if i := strings.LastIndexByte(address, '@'); i >= 0 {
		return address[:i], address[i+1:]
	}
	return address, ""
}

var separators = strings.NewReplacer("-", "", "_", "", ".", "", "=", "")

// Squash takes separators and a "+tag" out of a local part.
func Squash(local string) string {
	if i := strings.IndexByte(local, '+'); i > 0 {
		local = local[:i]
	}
	return separators.Replace(local)
}

// IsNoReply tells whether a local part in lower case says that nobody reads
// there: "noreply", "no-reply-billing", "billing.noreply"; not "arno.reply".
func IsNoReply(local string) bool {
	s := Squash(local)
	for _, n := range language.Phrases(language.NoReply) {
		if strings.HasPrefix(s, n) {
			return true
		}
		if !strings.HasSuffix(s, n) {
			continue
		}
		// A word of its own: there is a separator before it.
		if at := strings.LastIndex(local, n[:2]); at > 0 && strings.IndexByte("-_.=+", local[at-1]) >= 0 {
			return true
		}
	}
	return false
}

// plainRun is how many bytes at the beginning of s stand for themselves.
func plainRun(s string) int {
	n := 0
	for n < len(s) && s[n] > ' ' && s[n] < 0x80 && s[n] != '`' {
		n++
	}
	return n
}

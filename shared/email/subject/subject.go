package subject

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// Subject is a subject without what was put around it.
type Subject struct {
	Base    string // in the form for comparing; "" if nothing is left
	Reply   bool   // it bore a prefix that means an answer
	Forward bool   // it bore one that means a forward
}

// Bounds on what is read: subjects are a stranger's.
const (
	maxBytes    = 2000 // of a subject; more does not count
	maxPrefixes = 40   // taken off
	maxPrefix   = 40   // bytes of one, as it stands
)

// Read takes a subject apart. It never fails; reading its own Base again
// changes nothing.
func Read(s string) (out Subject) {
	if len(s) > maxBytes {
		s = strings.ToValidUTF8(s[:maxBytes], "")
	}
	rest := fold(s)
	for range maxPrefixes {
		after, reply, forward, ok := cutPrefix(rest)
		if !ok {
			if after, ok = cutTag(rest); !ok {
				break
			}
		}
		out.Reply, out.Forward, rest = out.Reply || reply, out.Forward || forward, after
	}
	for {
		before, ok := strings.CutSuffix(rest, "(fwd)")
		if !ok {
			break
		}
		rest, out.Forward = strings.TrimSpace(before), true
	}
	out.Base = rest
	return out
}

// Same reports whether two subjects are the same and not empty.
func Same(a, b string) bool {
	x, y := Read(a), Read(b)
	return x.Base != "" && x.Base == y.Base
}

// fold puts aside case, width (NFKC) and blanks.
func fold(s string) string {
	return strings.Join(strings.Fields(phrasebook.Fold(norm.NFKC.String(phrasebook.Fold(s)))), " ")
}

// cutPrefix takes "re:", "re[2]:", "re (2) :", "re^2:", "aw :" or "回复:" off.
func cutPrefix(s string) (rest string, reply, forward, ok bool) {
	i := strings.IndexByte(s, ':') // NFKC has made one of the wide colon
	if i <= 0 || i > maxPrefix {
		return s, false, false, false
	}
	word := strings.TrimSpace(s[:i])
	reply, forward = phrasebook.Default().Prefix(word)
	if !reply && !forward {
		word = strings.TrimRight(word, "[]()^*-0123456789 .")
		reply, forward = phrasebook.Default().Prefix(word)
	}
	return strings.TrimSpace(s[i+1:]), reply, forward, reply || forward
}

// cutTag takes a tag in square brackets off the front, if anything else is left.
func cutTag(s string) (rest string, ok bool) {
	if !strings.HasPrefix(s, "[") {
		return s, false
	}
	i := strings.IndexByte(s, ']')
	if i < 0 || i > 60 {
		return s, false
	}
	rest = strings.TrimSpace(s[i+1:])
	return rest, rest != ""
}

// Telling reports whether the subject says what the mail is about: at least two
// words, or five characters of a script that sets no blanks between words, and
// not only words that stand over anything.
func (s Subject) Telling() bool {
	words, wide, generic := 0, 0, 0
	for _, w := range strings.FieldsFunc(s.Base, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) }) {
		if wideScript(w) {
			wide += utf8.RuneCountInString(w)
		}
		words++
		if anything()[w] {
			generic++
		}
	}
	return generic < words && (words-generic >= 2 || wide >= 5 || words >= 2 && hasDigit(s.Base))
}

func hasDigit(s string) bool { return strings.ContainsFunc(s, unicode.IsDigit) }

func wideScript(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

package desk

import (
	"regexp"
	"strings"
	"unicode"
)

// What stands in an article between these marks, each on a line of its own, is
// for the team alone.
const (
	PassageOpens  = ":::internal"
	PassageCloses = ":::"
)

// MarksPassage reports whether the mark of a passage for the team alone stands
// anywhere in a text, as a person reads it: what is like a colon counts as one,
// what is not seen does not count, and a colon may be missing. What a customer is
// to read must not have one.
func MarksPassage(text string) bool {
	text = Colons(text)
	return internal.MatchString(text) && passageMark.MatchString(text)
}

// StrayMark reports whether any mark of such a passage, opening or closing, stands
// in a text that was made of an article.
func StrayMark(text string) bool {
	return strings.Contains(Colons(text), PassageCloses) || MarksPassage(text)
}

// passageMark finds the opening mark. "std::internal" is none. internal finds
// quickly where there cannot be one.
var (
	internal    = regexp.MustCompile(`(?i):\s*internal`)
	passageMark = regexp.MustCompile(`(?i):\s*:\s*:\s*internal|(?:^|[^\pL\pN_]):\s*:\s*internal`)
)

// Colons writes every sign that looks like a colon as one, and leaves out signs
// that are not seen.
func Colons(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) < 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '：' || r == '﹕' || r == '∶' || r == '꞉' || r == 'ː' || r == '︓':
			return ':'
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)
}

package priority

import (
	"regexp"
	"strings"
	"unicode"
)

var shouted = regexp.MustCompile(`[!?]*![!?]+`)

// Mood is how loud somebody is, from 0 to 1, by what can be seen in any language: words
// in capitals, rows of exclamation marks, mails while no answer has come (pressing says
// how many before this one), and that what was solved is not (reopened says how often).
// Who writes calmly about something bad is not loud; that shows in what else weighs.
func Mood(subject, text string, pressing, reopened int) float64 {
	all := subject + "\n" + text
	m := 0.0
	if shouted.MatchString(all) {
		m += 0.3
	}
	words, loud, seen := 0, 0, map[string]bool{}
	for w := range strings.FieldsFuncSeq(all, func(r rune) bool { return !unicode.IsLetter(r) }) {
		upper := strings.ToUpper(w)
		if len([]rune(w)) < 3 || upper == strings.ToLower(w) { // no capitals in this writing
			continue
		}
		if words++; w == upper && len([]rune(w)) > 3 { // shorter ones are names of things: USB, LED
			loud++
			seen[w] = true
		}
	}
	if len(seen) >= 2 && loud*3 >= words {
		m += 0.4
	}
	m += 0.2*float64(min(pressing, 2)) + 0.3*float64(min(reopened, 2))
	return min(m, 1)
}

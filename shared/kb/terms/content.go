package terms

import (
	"strings"
	"unicode"
)

// Content gives the words of a text that say something, as the ranking compares
// them: without function words and courtesies, in their stems, each once, in the
// order in which they come. Of a long text the beginning counts.
func Content(text string) (out []string) {
	seen := map[string]bool{}
	for _, w := range Words(text, maxContent) {
		number := !strings.ContainsFunc(w.Folded, unicode.IsLetter)
		if w.Stop || seen[w.Stem] || number && len(w.Folded) > 2 { // an order's or a telephone's; a day is short
			continue
		}
		seen[w.Stem] = true
		out = append(out, w.Stem)
	}
	return out
}

// maxContent bounds how many words of a text are looked at.
const maxContent = 400

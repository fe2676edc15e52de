package kb

import (
	"strings"
	"unicode"
)

// Content gives the words of a text that say something, as the ranking compares
// them: without function words and courtesies, in their stems, each once, in the
// order in which they come. Of a long text the beginning counts.
func Content(text string) (out []string) {
	seen := map[string]bool{}
	for _, w := range words(text, maxContent) {
		number := !strings.ContainsFunc(w.folded, unicode.IsLetter)
		if w.stop || seen[w.stem] || number && len(w.folded) > 2 { // an order's or a telephone's; a day is short
			continue
		}
		seen[w.stem] = true
		out = append(out, w.stem)
	}
	return out
}

// maxContent bounds how many words of a text are looked at.
const maxContent = 400

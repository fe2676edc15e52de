package terms

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/replywell/replywell/shared/language"
)

// commonWords are the function words of each language, folded.
var commonWords = sync.OnceValue(func() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, l := range language.All() {
		for _, w := range l.Phrases(language.FunctionWords) {
			if out[l.Code] == nil {
				out[l.Code] = map[string]bool{}
			}
			out[l.Code][w] = true
		}
	}
	return out
})

// LanguageOfWords is the language that a text's function words are of; "" where they
// do not tell.
func LanguageOfWords(ws []string) string {
	best, at, second := 0, "", 0
	all := commonWords()
	for _, l := range slices.Sorted(maps.Keys(all)) {
		n := 0
		for _, w := range ws {
			if all[l][strings.ToLower(w)] {
				n++
			}
		}
		if n > best {
			best, at, second = n, l, best
		} else if n > second {
			second = n
		}
	}
	if best*10 < len(ws) || best == second {
		return ""
	}
	return at
}

var anyURL = regexp.MustCompile(`\(?https?://\S+`)

// WithoutAddresses takes web addresses out of a text.
func WithoutAddresses(s string) string { return anyURL.ReplaceAllString(s, "") }

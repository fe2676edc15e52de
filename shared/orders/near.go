package orders

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
	"github.com/replywell/replywell/shared/desk"
)

// likeness says how surely a word means a command.
type likeness int

const (
	unlike likeness = iota
	near            // a slip of the finger away from it
	like            // another word for it
	exact           // its name
)

// maxWord bounds the words that are compared with the commands, in bytes.
const maxWord = 40

// meant finds the command that a word behind a "#" stands for.
func meant(word string) (name string, how likeness) {
	word = fold(word)
	if word == "" || len(word) > maxWord {
		return "", unlike
	}
	if m, ok := words().commands[word]; ok {
		if m.sure {
			return m.name, exact
		}
		return m.name, like
	}
	if name := slip(word); name != "" {
		return name, near
	}
	return "", unlike
}

// spelt are the names that slips are looked for in, in a fixed order: what is
// written day by day first.
var spelt = sync.OnceValue(func() (out []string) {
	daily := []string{"note", "close", "send", "learn", "help", "answer", "send-anyway", "split", "merge", "remove", "undo", "show"}
	seen := map[string]bool{}
	for _, w := range append(daily, slices.Sorted(maps.Keys(words().commands))...) {
		if words().commands[w].sure && utf8.RuneCountInString(w) >= 4 && !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
})

// slip finds the command that a word is one slip away from: a letter too much,
// too little, another one, or two that changed places; two slips in long words.
func slip(word string) string {
	if utf8.RuneCountInString(word) < 3 {
		return ""
	}
	best, least := "", 3
	for _, w := range spelt() {
		n := min(utf8.RuneCountInString(w), utf8.RuneCountInString(word))
		most := 1
		if n >= 7 {
			most = 2
		}
		if d := slips(word, w); d <= most && d < least {
			best, least = words().commands[w].name, d
		}
	}
	return best
}

// slips counts edits, with two neighbours that changed places as one, and a
// letter that a key repeated as one.
func slips(a, b string) int {
	ra, rb := []rune(a), []rune(b)
	if len(ra)-len(rb) > 4 || len(rb)-len(ra) > 2 {
		return 9
	}
	d := levenshtein.ComputeDistance(a, b)
	if d == 2 && len(ra) == len(rb) {
		for i := 0; i+1 < len(ra); i++ {
			if ra[i] != rb[i] {
				if ra[i] == rb[i+1] && ra[i+1] == rb[i] && string(ra[i+2:]) == string(rb[i+2:]) {
					return 1
				}
				break
			}
		}
	}
	if d > 1 && string(slices.Compact(ra)) == string(slices.Compact(rb)) {
		return 1
	}
	return d
}

// glued finds a command that the next word is written to without a blank:
// "#notehe", "#close-it".
func glued(word string) (name, rest string) {
	word = fold(word)
	for _, n := range []string{desk.CommandNote, desk.CommandClose, desk.CommandSend, "notiz"} {
		if r, ok := strings.CutPrefix(word, n); ok && r != "" && len(word) <= maxWord {
			return words().commands[n].name, r
		}
	}
	return "", ""
}

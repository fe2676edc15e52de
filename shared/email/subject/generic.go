package subject

import (
	_ "embed" // the table
	"strings"
)

//go:embed generic.txt
var genericTable string

// anything are words that stand over any mail, folded.
var anything = func() map[string]bool {
	out := map[string]bool{}
	for l := range strings.Lines(genericTable) {
		l, _, _ = strings.Cut(l, "#")
		for _, w := range strings.Fields(l) {
			out[fold(w)] = true
		}
	}
	return out
}()

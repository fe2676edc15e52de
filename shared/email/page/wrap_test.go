package page

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever is said, no line is too wide that could be broken.
func TestNoLineIsTooWide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`([a-zA-Z>.-]{0,12} {1,3}){0,40}`),
			rapid.StringMatching(`(>* ?[a-z ]{0,90}\n){0,6}`),
			rapid.StringMatching(`[a-z 請求書が届、。가나다ไทย]{0,200}`),
			rapid.SampledFrom([]string{"-- ", "From x", "> ", ">", " \n-- \n", "a\n-- \n> -- \nb"})).Draw(t, "text")
		flowed, _ := Document{Blocks: []Block{Body{Text: text}, Quote{"x", "y", text}, Original{"z", text, ""},
			Bullets{[]string{text}}}}.Flowed()
		for l := range strings.SplitSeq(flowed, "\n") {
			if w := width(strings.TrimRight(l, " ")); w > Columns+1 {
				words := breakable(strings.TrimLeft(l, "> -"))
				if len(words) > 1 && width(words[0]) < Columns/2 {
					t.Fatalf("%d columns: %q", w, l)
				}
			}
		}
	})
}

package page

import (
	"slices"
	"strings"
	"testing"

	"github.com/rivo/uniseg"
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

// Plain letters are counted without the tables of Unicode, and come to the same.
func FuzzCharactersAreCountedAsUnicodeDoes(f *testing.F) {
	for _, s := range []string{"plain", "e\u0301te", "a\u0301", "👩‍👩‍👧 family", "🇩🇪🇫🇷", "a\r\nb", "日本語 text",
		"\u200dx", "x\u200d", "ก็", "a\x00b", "\xffa", "~\u0308"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := width(s), uniseg.StringWidth(s); got != want {
			t.Errorf("width(%q) is %d, want %d", s, got, want)
		}
		var got []string
		for rest := s; rest != ""; {
			n := firstCharacter(rest)
			got, rest = append(got, rest[:n]), rest[n:]
		}
		var want []string
		for g := uniseg.NewGraphemes(s); g.Next(); {
			want = append(want, g.Str())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q has the characters %q, want %q", s, got, want)
		}
	})
}

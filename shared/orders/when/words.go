package when

import (
	"strings"
	"sync"
	"unicode"

	"github.com/agnivade/levenshtein"
	"golang.org/x/text/unicode/norm"

	"github.com/replywell/replywell/shared/language"
)

// vocabulary leads from words, as plain letters with blanks, to what they mean.
type vocabulary struct {
	means   map[string][]string
	longest int // in words
}

var words = sync.OnceValue(func() vocabulary {
	v := vocabulary{means: map[string][]string{}}
	for _, l := range language.All() {
		for _, line := range l.Phrases(language.TimeWords) {
			what, said, _ := strings.Cut(line, ":")
			for w := range strings.FieldsSeq(said) {
				w = strings.ReplaceAll(w, "_", " ")
				v.longest = max(v.longest, len(strings.Fields(w)))
				for _, form := range []string{plain(w), plain(umlauts.Replace(w))} {
					if !has(v.means[form], what) {
						v.means[form] = append(v.means[form], what)
					}
				}
			}
		}
	}
	return v
})

// umlauts are as who has no such keys writes them.
var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")

// plain is a word in small letters without accents.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(strings.ToLower(strings.ReplaceAll(s, "’", "'"))))
}

func has(list []string, what string) bool {
	for _, x := range list {
		if x == what {
			return true
		}
	}
	return false
}

// at gives what the words from i on mean, how many of them they are, and whether
// the last one is a slip away from what it was taken for.
func (v vocabulary) at(ws []string, i int) (means []string, n int, slip bool) {
	for n = min(v.longest, len(ws)-i); n > 0; n-- {
		if m, ok := v.means[plain(strings.Join(ws[i:i+n], " "))]; ok {
			return m, n, false
		}
	}
	word := plain(ws[i])
	if len(word) < 4 || len(word) > 20 {
		return nil, 0, false
	}
	best := 3
	for w, m := range v.means {
		if len(w) < 4 || m[0] == "filler" || m[0] == "till" {
			continue
		}
		if d := slips(word, w); d < best && d <= 1+len(w)/8 || d == best && means != nil && m[0] < means[0] {
			best, means, n = d, m, 1
		}
	}
	return means, n, means != nil
}

// slips counts edits, with two neighbours that changed places as one.
func slips(a, b string) int {
	d := levenshtein.ComputeDistance(a, b)
	if d == 2 && len(a) == len(b) {
		for i := 0; i+1 < len(a); i++ {
			if a[i] != b[i] {
				if a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:] {
					return 1
				}
				break
			}
		}
	}
	return d
}

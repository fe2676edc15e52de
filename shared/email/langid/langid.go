package langid

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/abadojack/whatlanggo"

	"github.com/replywell/replywell/shared/language"
)

const (
	mostWords   = 300  // words of a text that are looked at
	least       = 1.0  // what the best language must have
	leastWords  = 2    // different words of it: one alone may be a name or a loan
	ahead       = 1.4  // and how many times what the next one has
	longEnough  = 80   // letters from which threes of them tell
	sureOfThree = 0.95 // the confidence from which they are believed
	perLetter   = 0.5  // what a word with a letter of one language counts for it
)

// words and letters are the languages that each may speak for.
type speaks struct {
	words   map[string][]string
	letters map[rune][]string
}

var read = sync.OnceValue(func() speaks {
	s := speaks{map[string][]string{}, map[rune][]string{}}
	for _, l := range language.All() {
		for _, w := range l.Phrases(language.FunctionWords) {
			s.words[w] = append(s.words[w], l.Code)
		}
		for _, w := range l.Phrases(language.Letters) {
			for _, r := range w {
				s.letters[r] = append(s.letters[r], l.Code)
			}
		}
	}
	return s
})

// kin are languages whose readers understand each other: to be taken for the other
// costs less than not to be told at all.
var kin = map[string]string{"da": "nb", "cs": "sk", "id": "ms", "hr": "sr"}

// families counts languages, kin as one.
func families(tags []string) int {
	n := len(tags)
	for _, t := range tags {
		if slices.Contains(tags, kin[t]) {
			n--
		}
	}
	return n
}

// link is what is no language: web and mail addresses.
var link = regexp.MustCompile(`\S*(?:://|www\.|@)\S*`)

// Of gives the language of a text as a BCP 47 tag without region, "de"; "" where
// it does not tell. Lines that quote (">") do not count. Its time is linear in the
// length of the text, and bounded.
func Of(text string) string {
	text = unquoted(text)
	if tag := byScript(text); tag != "" {
		return tag
	}
	scores, seen := map[string]float64{}, map[string]map[string]bool{}
	tells := func(tags []string, w string, much float64) {
		for _, tag := range tags {
			scores[tag] += much / float64(families(tags))
			if seen[tag] == nil {
				seen[tag] = map[string]bool{}
			}
			seen[tag][w] = true
		}
	}
	known := read()
	n := 0
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune("'’¿¡", r)
	}) {
		if n++; n > mostWords {
			break
		}
		w = strings.Trim(strings.ReplaceAll(w, "’", "'"), "'")
		tells(known.words[strings.Trim(w, "¿¡")], w, 1)
		for _, r := range w {
			tells(known.letters[r], w, perLetter)
		}
	}
	best, next := "", 0.0
	for tag, s := range scores {
		if best == "" || s > scores[best] || s == scores[best] && tag < best {
			best = tag
		}
	}
	for tag, s := range scores {
		if tag != best && kin[tag] != best && kin[best] != tag {
			next = max(next, s)
		}
	}
	if best != "" && scores[best] >= least && scores[best] >= ahead*next && len(seen[best]) >= leastWords {
		return best
	}
	return byThrees(text)
}

func unquoted(text string) string {
	var b strings.Builder
	for l := range strings.SplitSeq(text, "\n") {
		if !strings.HasPrefix(strings.TrimSpace(l), ">") {
			b.WriteString(link.ReplaceAllString(l, " "))
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// scripts are those that one of our languages alone is written in.
var scripts = []struct {
	tag   string
	table *unicode.RangeTable
}{{"ja", unicode.Hiragana}, {"ja", unicode.Katakana}, {"ko", unicode.Hangul}, {"zh", unicode.Han}, {"el", unicode.Greek}, {"he", unicode.Hebrew}, {"ar", unicode.Arabic}, {"th", unicode.Thai}}

// byScript tells the language by the script of most letters. Japanese has Chinese
// characters too, and some of its own in every sentence.
func byScript(text string) string {
	letters, of := 0, map[string]int{}
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		if letters++; letters > 4*mostWords {
			break
		}
		for _, s := range scripts {
			if unicode.Is(s.table, r) {
				of[s.tag]++
				break
			}
		}
	}
	if n := of["ja"] + of["zh"]; n*2 > letters && of["ja"]*10 > n {
		return "ja"
	}
	for _, s := range scripts {
		if of[s.tag]*2 > letters && !(s.tag == "ar" && strings.ContainsAny(text, "پچژگی")) {
			return s.tag
		}
	}
	return ""
}

// threes are the languages that whatlanggo may find here.
var threes = map[whatlanggo.Lang]string{whatlanggo.Eng: "en", whatlanggo.Deu: "de", whatlanggo.Fra: "fr", whatlanggo.Spa: "es", whatlanggo.Ita: "it", whatlanggo.Por: "pt", whatlanggo.Nld: "nl",
	whatlanggo.Pol: "pl", whatlanggo.Swe: "sv", whatlanggo.Dan: "da", whatlanggo.Nob: "nb", whatlanggo.Fin: "fi", whatlanggo.Ces: "cs", whatlanggo.Tur: "tr", whatlanggo.Hun: "hu", whatlanggo.Ron: "ro",
	whatlanggo.Est: "et", whatlanggo.Hrv: "hr", whatlanggo.Rus: "ru", whatlanggo.Ukr: "uk", whatlanggo.Vie: "vi", whatlanggo.Bul: "bg"}

var whitelist = func() map[whatlanggo.Lang]bool {
	w := map[whatlanggo.Lang]bool{}
	for l := range threes {
		w[l] = true
	}
	return w
}()

func byThrees(text string) string {
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if letters < longEnough {
		return ""
	}
	if len(text) > 4000 {
		text = strings.ToValidUTF8(text[:4000], "")
	}
	if i := whatlanggo.DetectWithOptions(text, whatlanggo.Options{Whitelist: whitelist}); i.Confidence >= sureOfThree {
		return threes[i.Lang]
	}
	return ""
}

package article

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/kb/terms"
)

// Reading is how hard a text is to read.
type Reading struct {
	Language string  // BCP 47, two letters; "": not known
	Words    int     // addresses and numbers left out
	Sentence float64 // words in a sentence, on average
	Ease     float64 // Flesch's reading ease: 100 is very easy, 0 very hard
	Lix      float64 // where the language has no formula of its own
	Hard     bool
	Long     []string // the longest words, up to three
}

// Thresholds of plain language. Flesch's own table calls 60 to 70 plain
// English, 50 to 60 fairly difficult and 30 to 50 difficult; a support answer
// has product names and addresses in it, so the warning starts at 50. Björnsson's
// table calls a LIX above 50 difficult (official texts).
const (
	easeHard       = 50.0
	lixHard        = 50.0
	leastMeasured  = 30 // words: below, the measures say nothing
	longSentence   = 30 // words; plain-language guides say 15 to 20 on average
	longArticle    = 350
	shortArticle   = 6
	longWord       = 6 // LIX: a long word has more letters
	leastLongWords = 10
	mostSentence   = 100 // words, on average: above, the sentences do not end, and the measures say nothing
)

// formula is reading ease = base - sentence*(words a sentence) - syllable*(syllables a word).
type formula struct{ base, sentence, syllable float64 }

// formulas are Flesch's reading ease as it was fitted to each language: Flesch
// 1948 (English), Amstad 1978 (German), Kandel and Moles 1958 (French),
// Fernández-Huerta 1959 (Spanish), Franchina and Vacca 1986 (Italian), Douma 1960
// (Dutch), Martins and others 1996 (Portuguese).
var formulas = map[string]formula{
	"en": {206.835, 1.015, 84.6}, "de": {180, 1, 58.5}, "fr": {207, 1.015, 73.6}, "es": {206.84, 1.02, 60},
	"it": {217, 1.3, 60}, "nl": {206.84, 0.93, 77}, "pt": {248.835, 1.015, 84.6},
}

var listMark = regexp.MustCompile(`^\s*(\d+\.|-)\s+`)

// ReadingOf measures a text as it is sent. Language may be "".
func ReadingOf(text, language string) Reading {
	r := Reading{}
	var ws []string
	sentences := 0
	for _, l := range strings.Split(terms.WithoutAddresses(text), "\n") {
		for _, s := range terms.SplitSentences(listMark.ReplaceAllString(l, "")) {
			before := len(ws)
			for _, w := range terms.Split(s) {
				if strings.IndexFunc(w, unicode.IsLetter) >= 0 {
					ws = append(ws, w)
				}
			}
			if len(ws) > before {
				sentences++
			}
		}
	}
	r.Words = len(ws)
	r.Language, _, _ = strings.Cut(strings.ToLower(language), "-")
	if r.Language == "" {
		r.Language = terms.LanguageOfWords(ws)
	}
	if sentences == 0 {
		return r
	}
	r.Sentence = float64(len(ws)) / float64(sentences)
	syllables, long := 0, 0
	for _, w := range ws {
		syllables += syllablesIn(terms.Fold(w), r.Language)
		if n := utf8.RuneCountInString(w); n > longWord {
			long++
			if n >= leastLongWords && !slices.Contains(r.Long, w) {
				r.Long = append(r.Long, w)
			}
		}
	}
	slices.SortStableFunc(r.Long, func(a, b string) int { return utf8.RuneCountInString(b) - utf8.RuneCountInString(a) })
	r.Long = r.Long[:min(3, len(r.Long))]
	if f, ok := formulas[r.Language]; ok {
		r.Ease = f.base - f.sentence*r.Sentence - f.syllable*float64(syllables)/float64(len(ws))
		r.Hard = r.Words >= leastMeasured && r.Ease < easeHard
		return r
	}
	r.Lix = r.Sentence + 100*float64(long)/float64(len(ws))
	r.Hard = r.Words >= leastMeasured && r.Lix > lixHard
	return r
}

// syllablesIn counts groups of vowels, and takes off an English e that is not heard.
func syllablesIn(folded, language string) int {
	n, last := 0, false
	for _, c := range folded {
		vowel := strings.ContainsRune("aeiouy", c)
		if vowel && !last {
			n++
		}
		last = vowel
	}
	if language == "en" && n > 1 && strings.HasSuffix(folded, "e") && !strings.HasSuffix(folded, "le") {
		n--
	}
	return max(1, n)
}

// hint says in words what makes a text hard, and what to do; "" where nothing does.
func (r Reading) hint() string {
	if !r.Hard {
		return ""
	}
	measure := fmt.Sprintf("reading ease %.0f, and plain language has %.0f or more", r.Ease, easeHard)
	if r.Lix > 0 {
		measure = fmt.Sprintf("LIX %.0f, and plain language has at most %.0f", r.Lix, lixHard)
	}
	what := fmt.Sprintf("hard to read (%s): %.0f words in a sentence on average", measure, r.Sentence)
	if r.Sentence > mostSentence {
		what = fmt.Sprintf("hard to read: hardly a sentence ends, with %.0f words in one on average", r.Sentence)
	}
	if len(r.Long) > 0 {
		what += ", and long words such as " + strings.Join(r.Long, ", ")
	}
	return what + "; write shorter sentences, and the words that customers use"
}

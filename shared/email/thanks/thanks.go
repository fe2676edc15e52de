package thanks

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

// vocabulary is what one language thanks with.
type vocabulary struct {
	code           string
	thanks, beside map[string]bool
	phrases        []string // of a script without blanks: all of both, the longest first
}

// vocabularies are those of all languages that have one, made once.
var vocabularies = sync.OnceValue(func() (out []vocabulary) {
	for _, l := range language.All() {
		v := vocabulary{code: l.Code, thanks: map[string]bool{}, beside: map[string]bool{}}
		v.add(v.thanks, l.Phrases(language.Thanks))
		v.add(v.beside, l.Phrases(language.ThanksBeside))
		slices.SortFunc(v.phrases, func(a, b string) int { return len(b) - len(a) })
		if len(v.thanks) > 0 {
			out = append(out, v)
		}
	}
	return out
})

func (v *vocabulary) add(set map[string]bool, words []string) {
	for _, w := range words {
		w = wording.Fold(w)
		set[w] = true
		if strings.ContainsFunc(w, unspaced) {
			v.phrases = append(v.phrases, w)
		}
	}
}

// Bounds on a mere thank-you: people who say more want something.
const (
	maxBytes = 600
	maxWords = 40
)

// Mere reports whether a mail's new text, without quotes and signature, only
// thanks, and the code of the language in which it does. names are the people
// who may be named in it: its author, and those it may be written to.
func Mere(text string, names ...string) (code string, mere bool) {
	if len(text) > maxBytes || strings.ContainsAny(text, "?？؟;@/#%$€£") || strings.ContainsFunc(text, unicode.IsDigit) {
		return "", false
	}
	text = strings.TrimSpace(text)
	known := map[string]bool{}
	for _, n := range names {
		for _, w := range split(n) {
			known[wording.Fold(w)] = true
		}
	}
	for _, v := range vocabularies() {
		if v.mere(text, known) {
			return v.code, true
		}
	}
	return "", false
}

func (v vocabulary) mere(text string, names map[string]bool) bool {
	if len(v.phrases) > 0 && strings.ContainsFunc(text, unspaced) {
		return v.unspacedMere(text)
	}
	thanked, n := false, 0
	for _, w := range split(text) {
		n++
		f := wording.Fold(strings.Trim(w, "-'’"))
		switch {
		case f == "":
		case v.thanks[f]:
			thanked = true
		case !v.beside[f] && !names[f]:
			return false
		}
	}
	return thanked && n <= maxWords
}

// split gives the words of a text in a script with blanks.
func split(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\'' && r != '’' && r != '-'
	})
}

// unspacedMere takes the phrases away, the longest first; only marks may be left.
func (v vocabulary) unspacedMere(text string) bool {
	rest, thanked := wording.Fold(text), false
	for _, p := range v.phrases {
		if strings.Contains(rest, p) {
			rest = strings.ReplaceAll(rest, p, "\x00")
			thanked = thanked || v.thanks[p]
		}
	}
	return thanked && !strings.ContainsFunc(rest, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// unspaced tells whether a letter is of a script that is written without blanks
// between words, or, as Hangul, with endings that change the word.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

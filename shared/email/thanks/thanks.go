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
	phrases        []string   // of a script without blanks: all of both, the longest first
	parts          [][]string // of sentences, as words, the longest first; anyWord is any
	not            map[string]bool
}

// vocabularies are those of all languages that have one, made once.
var vocabularies = sync.OnceValue(func() (out []vocabulary) {
	for _, l := range language.All() {
		v := vocabulary{code: l.Code, thanks: map[string]bool{}, beside: map[string]bool{}}
		v.add(v.thanks, l.Phrases(language.Thanks))
		v.add(v.beside, l.Phrases(language.ThanksBeside))
		for _, h := range []language.Heading{language.Days, language.Months} { // "you saved my Saturday"
			v.add(v.beside, l.Phrases(h))
		}
		for _, p := range l.Phrases(language.ThanksPhrase) {
			v.parts = append(v.parts, folded(p))
		}
		slices.SortStableFunc(v.parts, func(a, b []string) int { return len(b) - len(a) })
		v.not = map[string]bool{}
		for _, p := range l.Phrases(language.Not) {
			v.not[wording.Fold(p)] = true
		}
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
	for _, clause := range clauses(text) {
		list := folded(clause)
		n += len(list)
		for len(list) > 0 {
			if part := v.part(list); part > 0 {
				thanked = thanked || slices.ContainsFunc(list[:part], func(w string) bool { return v.thanks[w] })
				list = list[part:]
				continue
			}
			switch w := list[0]; {
			case v.thanks[w]:
				thanked = true
			case !v.beside[w] && !names[w]:
				return false
			}
			list = list[1:]
		}
	}
	return thanked && n <= maxWords
}

// anyWord stands for one word in a part of a sentence.
const anyWord = "…"

// part is how many words a list begins with that are a part of a sentence of the table.
func (v vocabulary) part(list []string) int {
	for _, p := range v.parts {
		if len(p) <= len(list) && !slices.ContainsFunc(list[:len(p)], func(w string) bool { return v.not[w] }) &&
			slices.EqualFunc(p, list[:len(p)], func(want, has string) bool { return want == anyWord || want == has }) {
			return len(p)
		}
	}
	return 0
}

// clauses are a text's sentences, and what their marks part them into.
func clauses(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".,;:!¡()\n–—\"“”„", r) })
}

// folded are the words of a text as they are compared.
func folded(text string) (out []string) {
	for _, w := range split(text) {
		if f := wording.Fold(strings.Trim(w, "-'’")); f != "" {
			out = append(out, f)
		}
	}
	return out
}

// split gives the words of a text in a script with blanks.
func split(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\'' && r != '’' && r != '-' && r != '…'
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

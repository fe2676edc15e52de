package thanks

import (
	_ "embed" // the table
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/replywell/replywell/shared/email/wording"
)

//go:embed words.txt
var table string

// language is one section of the table.
type language struct {
	code           string
	thanks, beside map[string]bool
	phrases        []string // of a script without blanks: all of both, the longest first
}

// languages is the table, read once. A mistake in it is found by the tests and
// stops the program.
var languages = sync.OnceValue(func() []language {
	ls, err := parse(table)
	if err != nil {
		panic("thanks: words.txt: " + err.Error())
	}
	return ls
})

func parse(table string) ([]language, error) {
	var out []language
	for n, l := range strings.Split(table, "\n") {
		l = strings.TrimSpace(l)
		switch {
		case l == "" || l[0] == '#':
			continue
		case l[0] == '[':
			out = append(out, language{code: strings.Trim(l, "[]"), thanks: map[string]bool{}, beside: map[string]bool{}})
			continue
		}
		key, words, _ := strings.Cut(l, ":")
		if len(out) == 0 {
			return nil, fmt.Errorf("line %d: %q stands before the first [section]", n+1, key)
		}
		last := &out[len(out)-1]
		set, ok := map[string]map[string]bool{"thanks": last.thanks, "beside": last.beside}[key]
		if !ok {
			return nil, fmt.Errorf("line %d: %q is neither thanks nor beside", n+1, key)
		}
		for _, w := range strings.Fields(words) {
			w = wording.Fold(w)
			set[w] = true
			if strings.ContainsFunc(w, unspaced) {
				last.phrases = append(last.phrases, w)
			}
		}
		slices.SortFunc(last.phrases, func(a, b string) int { return len(b) - len(a) })
	}
	return out, nil
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
	for _, l := range languages() {
		if l.mere(text, known) {
			return l.code, true
		}
	}
	return "", false
}

func (l language) mere(text string, names map[string]bool) bool {
	if len(l.phrases) > 0 && strings.ContainsFunc(text, unspaced) {
		return l.unspacedMere(text)
	}
	thanked, n := false, 0
	for _, w := range split(text) {
		n++
		f := wording.Fold(strings.Trim(w, "-'’"))
		switch {
		case f == "":
		case l.thanks[f]:
			thanked = true
		case !l.beside[f] && !names[f]:
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
func (l language) unspacedMere(text string) bool {
	rest, thanked := wording.Fold(text), false
	for _, p := range l.phrases {
		if strings.Contains(rest, p) {
			rest = strings.ReplaceAll(rest, p, "\x00")
			thanked = thanked || l.thanks[p]
		}
	}
	return thanked && !strings.ContainsFunc(rest, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// unspaced tells whether a letter is of a script that is written without blanks
// between words, or, as Hangul, with endings that change the word.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

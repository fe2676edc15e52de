package phrasebook

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words is a set of phrases that are looked for among the words of a line.
type Words struct {
	first  map[string][][]string // by first word: the words of the phrase
	joined map[rune][]string     // scripts without blanks: by first rune
}

func newWords() Words { return Words{map[string][][]string{}, map[rune][]string{}} }

func (w Words) add(phrase string) {
	if r, _ := utf8.DecodeRuneInString(phrase); Unspaced(r) && !strings.Contains(phrase, " ") {
		w.joined[r] = append(w.joined[r], phrase)
		return
	}
	f := strings.FieldsFunc(phrase, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	w.first[f[0]] = append(w.first[f[0]], f)
}

// At gives how many of the folded words from the i-th on are a phrase of the
// set: the longest; 0 for none.
func (w Words) At(words []string, i int) int {
	best := 0
	for _, p := range w.first[words[i]] {
		if len(p) <= best || i+len(p) > len(words) {
			continue
		}
		n := 1
		for n < len(p) && words[i+n] == p[n] {
			n++
		}
		if n == len(p) {
			best = n
		}
	}
	if best == 0 && w.within(words[i]) {
		return 1
	}
	return best
}

// within tells whether a word of a script without blanks contains a phrase.
func (w Words) within(word string) bool {
	for i, r := range word {
		for _, p := range w.joined[r] {
			if strings.HasPrefix(word[i:], p) {
				return true
			}
		}
	}
	return false
}

// Unspaced tells whether a rune belongs to a script that is written without
// blanks between words.
func Unspaced(r rune) bool {
	return r >= 0x2E80 && (unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r) || unicode.Is(unicode.Hangul, r))
}

// prefixes is a set of phrases that lines begin with, by first rune.
type prefixes map[rune][]string

func (p prefixes) add(phrase string) {
	r, _ := utf8.DecodeRuneInString(phrase)
	p[r] = append(p[r], phrase)
}

// longest gives the length of the longest phrase that s begins with, ending at
// the end of a word.
func (p prefixes) longest(s string) int {
	r, _ := utf8.DecodeRuneInString(s)
	best := 0
	for _, f := range p[r] {
		if len(f) > best && strings.HasPrefix(s, f) && wordEnds(s, len(f)) {
			best = len(f)
		}
	}
	return best
}

// wordEnds tells whether no word runs on across the byte position i of s. A
// script without blanks ends a word anywhere.
func wordEnds(s string, i int) bool {
	if i >= len(s) {
		return true
	}
	next, _ := utf8.DecodeRuneInString(s[i:])
	last, _ := utf8.DecodeLastRuneInString(s[:i])
	return !unicode.IsLetter(next) || Unspaced(last)
}

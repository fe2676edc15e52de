package orders

import (
	_ "embed" // the table
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed grammar.txt
var smallWords string

// classes are the kinds of small words in grammar.txt; "you" comes from words.txt.
var classes = []string{"the", "this", "our", "we", "i", "it", "them", "be", "will", "not", "at", "and", "who", "polite", "guess", "chat", "people", "inner", "do", "more", "wants", "calls", "you"}

// small is the small words of one language: for each word a bit for each of its classes.
type small map[string]uint32

// grammars is the table, read once. A mistake in it is found by the tests and stops
// the program.
var grammars = sync.OnceValue(func() []small {
	out, err := parseSmall(smallWords)
	if err != nil {
		panic("orders: grammar.txt: " + err.Error())
	}
	return out
})

func parseSmall(table string) (out []small, err error) {
	for n, l := range strings.Split(table, "\n") {
		switch {
		case l == "" || l[0] == '#':
			continue
		case l[0] == '[':
			words, code := small{}, strings.Trim(l, "[]")
			for _, g := range wordsForYou(code) {
				words[g] |= 1 << (len(classes) - 1)
			}
			out = append(out, words)
			continue
		}
		class, list, _ := strings.Cut(l, ":")
		k := slices.Index(classes, class)
		if k < 0 || len(out) == 0 {
			return nil, fmt.Errorf("line %d: %q is no class of a language", n+1, l)
		}
		for _, w := range strings.Fields(fold(list)) {
			out[len(out)-1][w] |= 1 << k
		}
	}
	return out, nil
}

// wordsForYou gives the words for "you" of a language.
func wordsForYou(code string) (out []string) {
	for _, g := range words().languages {
		if g.code == code {
			for w := range g.you {
				out = append(out, w)
			}
		}
	}
	return out
}

// elided gives a text's words, with "l'usine" as two.
func elided(text string) (out []string) {
	for _, w := range wordsOf(text) {
		if i := strings.IndexByte(w, '\''); i > 0 && i <= 2 && len(w) > i+3 {
			out = append(out, w[:i+1], w[i+1:])
			continue
		}
		out = append(out, w)
	}
	return out
}

// Form is what the grammar of a short text shows, as numbers: how it looks on the
// screen, which classes of small words stand in it, which at its beginning, and how
// many of its words are small. Who writes a telegram leaves them out.
func Form(text string) []float64 {
	text = strings.TrimSpace(text)
	ws := elided(text)
	language, bits := small(nil), make([]uint32, len(ws))
	most := -1
	for _, g := range grammars() {
		n := 0
		for _, w := range ws {
			if g[w] != 0 {
				n++
			}
		}
		if n > most {
			language, most = g, n
		}
	}
	all := uint32(0)
	for i, w := range ws {
		bits[i] = language[w]
		all |= bits[i]
	}
	last, _ := utf8.DecodeLastRuneInString(text)
	n := float64(len(ws))
	out := []float64{
		number(startsLower(text)), number(last == '.'), number(last == '?'), number(last == '!'), number(unicode.IsLetter(last) || unicode.IsDigit(last)),
		math.Log1p(n), math.Min(n, 4) / 4, number(strings.Contains(text, "\n")), number(strings.Contains(text, ",")), number(strings.ContainsAny(text, "0123456789")),
		number(strings.Contains(text, "://")), number(strings.Contains(text, ":")), number(strings.Contains(text, ". ")),
		number(titled(text)), number(strings.Contains(text, "?")),
		float64(most) / max(n, 1),
		number(all&(bit("i")|bit("we")|bit("our")|bit("you")) == 0), // neither of the two who write to each other stands in it
		number(all&(bit("the")|bit("our")) == 0),
	}
	for k := range classes {
		out = append(out, number(all&(1<<k) != 0))
	}
	for i := range 2 { // the words that it begins with
		for k := range classes {
			out = append(out, number(i < len(bits) && bits[i]&(1<<k) != 0))
		}
		out = append(out, number(i < len(bits) && bits[i] == 0))
	}
	for _, ending := range []string{"s", "ed", "ing"} {
		out = append(out, number(len(ws) > 0 && bits[0] == 0 && strings.HasSuffix(ws[0], ending)))
	}
	return out
}

// titled reports whether each word begins with a capital, as in a heading.
func titled(text string) bool {
	ws := strings.Fields(text)
	for _, w := range ws {
		if c, _ := utf8.DecodeRuneInString(w); !unicode.IsUpper(c) {
			return false
		}
	}
	return len(ws) > 1
}

func bit(class string) uint32 { return 1 << slices.Index(classes, class) }

func number(x bool) float64 {
	if x {
		return 1
	}
	return 0
}

package kb

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is one word of a text.
type word struct {
	written string // as its author wrote it
	folded  string // lower case, no accents
	stem    string // folded, common endings off
	stop    bool   // says little by itself
}

// split gives the words of a text. Scripts without spaces between words are
// split into overlapping pairs of characters.
func split(s string) (out []string) {
	if !isASCII(s) {
		s = norm.NFKC.String(s)
	}
	start, last := -1, rune(0)
	flush := func(end int) {
		if start >= 0 {
			out = append(out, strings.ReplaceAll(strings.ReplaceAll(s[start:end], "'", ""), "’", ""))
			start = -1
		}
	}
	for i, r := range s {
		switch {
		case r >= 0xe00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
			flush(i)
			if last != 0 {
				out = append(out, string([]rune{last, r}))
			}
			last = r
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r) || start >= 0 && (r == '\'' || r == '’' || unicode.Is(unicode.Mn, r)):
			if start < 0 {
				start = i
			}
		default:
			flush(i)
		}
		last = 0
	}
	flush(len(s))
	return out
}

// words reads a text into at most so many words.
func words(s string, most int) []word {
	parts := split(s)
	parts = parts[:min(most, len(parts))]
	out := make([]word, 0, len(parts))
	for _, p := range parts {
		f := fold(p)
		if f == "" {
			continue
		}
		out = append(out, word{written: p, folded: f, stem: stem(f), stop: stopWords[f] || utf8.RuneCountInString(f) < 2})
	}
	return out
}

// fold brings a word to lower case without accents, so that "Rücksendung" and
// "rucksendung" are one word.
func fold(w string) string {
	w = strings.ToLower(w)
	if isASCII(w) {
		return w
	}
	var sb strings.Builder
	for _, r := range norm.NFD.String(w) {
		if !unicode.Is(unicode.Mn, r) {
			sb.WriteRune(r)
		}
	}
	return sb.String()
}

// stem takes English endings off, lightly: charge, charges, charged and
// charging become one; what is left need not be a word.
func stem(w string) string {
	if len(w) < 4 || !isASCII(w) {
		return w
	}
	switch {
	case strings.HasSuffix(w, "ies") && len(w) > 4:
		return w[:len(w)-3] + "i"
	case strings.HasSuffix(w, "sses"):
		w = w[:len(w)-2]
	case strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "is"):
		w = w[:len(w)-1]
	}
	for _, end := range [...]string{"ing", "ed"} {
		rest, ok := strings.CutSuffix(w, end)
		if ok && len(rest) >= 3 && strings.ContainsAny(rest, "aeiouy") {
			w = rest
			if n := len(w); w[n-1] == w[n-2] && !strings.ContainsRune("lsz", rune(w[n-1])) {
				w = w[:n-1]
			}
			break
		}
	}
	if n := len(w); n > 3 && w[n-1] == 'e' {
		w = w[:n-1]
	}
	if n := len(w); n > 2 && w[n-1] == 'y' {
		w = w[:n-1] + "i"
	}
	return w
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// stopWords are function words and courtesies. They are no evidence by
// themselves, though the classifier sees them in pairs ("how to", "not yet").
var stopWords = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`a about after all also am an and any are as at be because been before but by can cannot cant could did do does dont
		for from get got had has have hello hi dear thanks thank regards best kind please how i if im in into is it its ive just like me more my no not now of on
		one or our out so some than that the their them then there they this to too up us was we were what when where which who why will with would you your
		der die das ein eine und ich ist nicht mit auf zu fur von bitte hallo danke le la les un une et je est pas pour de des du merci bonjour
		el los una y que en por para gracias hola`) {
		m[w] = true
	}
	return m
}()

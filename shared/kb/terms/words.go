package terms

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/replywell/replywell/shared/language"
)

// Word is one word of a text.
type Word struct {
	Written string // as its author wrote it
	Folded  string // lower case, no accents
	Stem    string // folded, common endings off
	Stop    bool   // says little by itself
}

// Split gives the words of a text. Scripts without spaces between words are
// split into overlapping pairs of characters.
func Split(s string) (out []string) {
	if !IsASCII(s) {
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

// Words reads a text into at most so many words.
func Words(s string, most int) []Word {
	parts := Split(s)
	parts = parts[:min(most, len(parts))]
	out := make([]Word, 0, len(parts))
	for _, p := range parts {
		f := Fold(p)
		if f == "" {
			continue
		}
		out = append(out, Word{Written: p, Folded: f, Stem: stem(f), Stop: stopWords()[f] || utf8.RuneCountInString(f) < 2})
	}
	return out
}

// Fold brings a word to lower case without accents, so that "Rücksendung" and
// "rucksendung" are one word.
func Fold(w string) string {
	w = strings.ToLower(w)
	if IsASCII(w) {
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
	if len(w) < 4 || !IsASCII(w) {
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

func IsASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// stopWords are function words and courtesies of several languages, but for those
// that say something in English ("plus", "son"). They are no evidence by themselves,
// though the classifier sees them in pairs ("how to", "not yet").
var stopWords = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for _, l := range language.All() {
		for w := range StopWords(l) {
			all[w] = true
		}
	}
	return all
})

// StopWords are those of one language, folded.
func StopWords(l *language.Language) map[string]bool {
	out := map[string]bool{}
	for _, w := range l.Phrases(language.StopWords) {
		out[Fold(w)] = true
	}
	return out
}

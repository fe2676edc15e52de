package guard

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is one word of a text: a hash of its folded letters, and where it stands.
// A sign of a script that is written without spaces is a word by itself, of
// half the weight.
type word struct {
	hash       uint64
	start, end int32 // bytes of the text
	weight     int32
}

// full is the weight of a word; half is that of a sign of a script without spaces.
const (
	full = 2
	half = 1
)

// FNV-1a (Fowler, Noll, Vo), 64 bits.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// words reads a text as what is compared: case, accents, wide and narrow forms,
// punctuation, quote marks, wrapping and invisible signs make no difference. An
// apostrophe or a hyphen joins what stands around it, so that "e-mail" is
// "email". Time is linear.
func words(text string) []word {
	out := make([]word, 0, len(text)/6+1)
	cur := word{hash: fnvOffset, start: -1}
	end := func() {
		if cur.start >= 0 {
			cur.weight = full
			out = append(out, cur)
		}
		cur = word{hash: fnvOffset, start: -1}
	}
	add := func(r rune, at, next int) {
		if cur.start < 0 {
			cur.start = int32(at)
		}
		cur.end = int32(next)
		for s := uint32(r); s > 0; s >>= 8 {
			cur.hash = (cur.hash ^ uint64(s&0xff)) * fnvPrime
		}
	}
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			switch {
			case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
				add(rune(c), i, i+1)
			case c >= 'A' && c <= 'Z':
				add(rune(c)+('a'-'A'), i, i+1)
			case c == '\'' || c == '-' || c == '`':
			default:
				end()
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case spaceless(r):
			end()
			add(r, i, i+n)
			cur.weight = half
			out = append(out, cur)
			cur = word{hash: fnvOffset, start: -1}
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			for _, d := range decomposed(text[i:i+n], r) {
				add(unicode.ToLower(d), i, i+n)
			}
		case joins(r):
		default:
			end()
		}
		i += n
	}
	end()
	return out
}

// decomposed gives the letters of one, without accents and wide forms.
func decomposed(s string, r rune) []rune {
	d := norm.NFKD.PropertiesString(s).Decomposition()
	if d == nil {
		return []rune{r}
	}
	out := make([]rune, 0, 4)
	for len(d) > 0 {
		x, n := utf8.DecodeRune(d)
		if !unicode.Is(unicode.Mn, x) {
			out = append(out, x)
		}
		d = d[n:]
	}
	return out
}

// joins tells what neither ends a word nor is a part of it: accents that stand
// apart, invisible signs, apostrophes and hyphens.
func joins(r rune) bool {
	switch r {
	case '\u2019', '\u2018', '\u02bc', '\u2010', '\u2011', '\u00ad', '\u00b4':
		return true
	}
	return unicode.In(r, unicode.Mn, unicode.Cf)
}

// spaceless tells the scripts that are written without spaces between words.
func spaceless(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan)
}

// has tells whether one run of words stands in another, and where.
func has(in, part []word) (at int, found bool) {
	if len(part) == 0 {
		return 0, false
	}
	for i := 0; i+len(part) <= len(in); i++ {
		if in[i].hash == part[0].hash && sameRun(in[i:i+len(part)], part) {
			return i, true
		}
	}
	return 0, false
}

func sameRun(a, b []word) bool {
	for i := range b {
		if a[i].hash != b[i].hash {
			return false
		}
	}
	return true
}

// weigh sums the weight of words.
func weigh(ws []word) (sum int32) {
	for _, w := range ws {
		sum += w.weight
	}
	return sum
}

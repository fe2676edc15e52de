package charset

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"
)

// pairsText has, for each language, which letters stand together in its words
// and how often: two letters and a sign, 'A' for the most frequent and one sign
// further for each half bit. A space is the edge of a word. Counted from the
// profiles of the langdetect project (Apache-2.0), which are of Wikipedia; is,
// be, sr, gl, eu and ga from the words of translated programs.
//
//go:embed pairs.txt
var pairsText string

// Costs, in half bits: how much less likely a text is for having it.
const (
	costUnseen  = 34 // two letters of the language that never stand together
	costForeign = 70 // a letter that the language has not: more than two of the above
	costSign    = 18 // a sign that texts have: a quotation mark, a euro
	costOdd     = 36 // any other sign
	costInside  = 24 // a sign between two letters, or a closing one before a word
	costBeside  = 12 // a sign beside another
	costPair    = 24 // a guillemet without the other
	costControl = 80 // a control character, or a byte that means nothing
	costCase    = 16 // a capital behind a small letter
	costCapital = 4  // a capital behind another
	bonusHint   = 24 // the mail names the charset or the language elsewhere
)

// language is the letters of one and the costs of their pairs. Letter 0 is the
// edge of a word.
type language struct {
	name  string
	index map[rune]uint8
	n     int
	cost  []uint8
}

// What a byte is, beside the letters of a language.
const (
	isForeign = 255 - iota
	isSign
	isOdd
	isControl
	special = isControl
)

// reading is a charset read as one language.
type reading struct {
	at       int // index of the candidate
	language *language
	prior    int
	class    [256]uint8
	upper    [256]bool
	closing  [256]bool // stands behind words, and may stand in one: an apostrophe
	pair     [256]int8 // 1 for one guillemet, -1 for the other
}

// written says which languages are written in which of the candidates, and how
// much less often than Western ones they stand undeclared in mail, in half bits.
var written = map[string]struct {
	languages string
	prior     int
}{
	"windows-1252": {"en de fr es pt it nl sv da no fi is ca gl eu af ga sq et", 0},
	"iso-8859-15":  {"fr fi et de es it nl", 10},
	"windows-1250": {"cs sk pl hu ro hr sl sq", 3},
	"iso-8859-2":   {"cs sk pl hu ro hr sl sq", 4},
	"windows-1251": {"ru uk bg mk be sr", 2},
	"koi8-r":       {"ru", 4},
	"koi8-u":       {"uk", 5},
	"ibm866":       {"ru be bg uk", 12},
	"iso-8859-5":   {"ru uk bg mk be sr", 12},
	"windows-1253": {"el", 2},
	"iso-8859-7":   {"el", 3},
	"windows-1254": {"tr", 4},
	"windows-1255": {"he", 2},
	"windows-1256": {"ar fa ur", 2},
	"iso-8859-6":   {"ar", 6},
	"windows-1257": {"lt lv et", 5},
	"windows-874":  {"th", 2},
	"macintosh":    {"de fr es pt it nl sv da en", 24},
	"ibm850":       {"de fr es pt it nl sv da en", 22},
	"ibm852":       {"cs sk pl hu hr sl", 22},
}

// usualSigns stand in ordinary text.
const usualSigns = "\u00a0«»“”„‘’–—…€£¿¡°§№™®©•"

// rare are languages with few speakers who write so: without more to speak for
// them they yield to their neighbours.
const rare = " cy sq ga eu af gl is sr mk ur "

// readings are made once, when a guess first needs them: a millisecond, 250 kB.
func readings(candidates []candidate) []reading {
	languages := map[string]*language{}
	for _, line := range strings.Split(strings.TrimSpace(pairsText), "\n") {
		name, pairs, _ := strings.Cut(line, "\t")
		languages[name] = newLanguage(name, []rune(pairs))
	}
	for _, l := range languages {
		l.borrow(languages["en"])
	}
	var out []reading
	for at, c := range candidates {
		w, ok := written[c.name]
		if !ok {
			continue
		}
		for _, name := range strings.Fields(w.languages) {
			l := languages[name]
			r := reading{at: at, language: l, prior: w.prior}
			if strings.Contains(rare, " "+name+" ") {
				r.prior += 6
			}
			for i := range r.class {
				ch := rune(i)
				if i >= 0x80 {
					ch = c.enc.(*charmap.Charmap).DecodeByte(byte(i))
				}
				r.class[i], r.upper[i], r.closing[i] = l.class(ch), unicode.IsUpper(ch), ch == '\u2019'
				switch ch {
				case '«':
					r.pair[i] = 1
				case '»':
					r.pair[i] = -1
				}
			}
			out = append(out, r)
		}
	}
	return out
}

func newLanguage(name string, pairs []rune) *language {
	l := &language{name: name, index: map[rune]uint8{' ': 0}}
	for i := 0; i+2 < len(pairs); i += 3 {
		for _, c := range pairs[i : i+2] {
			if _, ok := l.index[c]; !ok {
				l.index[c] = uint8(len(l.index))
			}
		}
	}
	for c := 'a'; c <= 'z'; c++ {
		if _, ok := l.index[c]; !ok {
			l.index[c] = uint8(len(l.index))
		}
	}
	l.n = len(l.index)
	l.cost = make([]uint8, l.n*l.n)
	for i := range l.cost {
		l.cost[i] = costUnseen
	}
	l.cost[0] = 0
	for i := 0; i+2 < len(pairs); i += 3 {
		l.cost[int(l.index[pairs[i]])*l.n+int(l.index[pairs[i+1]])] = uint8(pairs[i+2] - 'A')
	}
	return l
}

// borrow takes over what English says of pairs of ASCII letters: every language
// has English words and names in it.
func (l *language) borrow(en *language) {
	if l == en {
		return
	}
	ascii := append([]rune{' '}, []rune("abcdefghijklmnopqrstuvwxyz")...)
	for _, a := range ascii {
		for _, b := range ascii {
			at := int(l.index[a])*l.n + int(l.index[b])
			l.cost[at] = min(l.cost[at], en.cost[int(en.index[a])*en.n+int(en.index[b])]+6)
		}
	}
	l.cost[0] = 0
}

func (l *language) class(c rune) uint8 {
	if i, ok := l.index[unicode.ToLower(c)]; ok && c != ' ' {
		return i
	}
	switch {
	case c < 0x80:
		return 0
	case c == '\uFFFD' || c < 0xA0:
		return isControl
	case unicode.IsLetter(c) || unicode.IsMark(c):
		return isForeign
	case strings.ContainsRune(usualSigns, c):
		return isSign
	}
	return isOdd
}

// weigh is the cost of the bytes read so, and how much of it is of the pairs
// that have a byte beyond ASCII, and how many those are.
func (r *reading) weigh(b []byte) (cost, high, pairs int) {
	l := r.language
	prev, lower, capital, prevHigh := 0, false, false, false
	guillemets := 0
	word := func(i int) bool { return i >= 0 && i < len(b) && r.class[b[i]] > 0 && r.class[b[i]] < special }
	for i := 0; i <= len(b); i++ {
		c := byte(' ')
		if i < len(b) {
			c = b[i]
		}
		class, extra := int(r.class[c]), 0
		if class >= special {
			switch class {
			case isForeign:
				extra = costForeign
			case isSign:
				extra = costSign
			case isOdd:
				extra = costOdd
			default:
				extra = costControl
			}
			if class == isSign || class == isOdd {
				guillemets += int(r.pair[c])
				switch {
				case word(i+1) && word(i-1) != r.closing[c]:
					extra += costInside
				case prevHigh && !word(i-1):
					extra += costBeside
				}
			}
			class = 0
		}
		switch {
		case !r.upper[c]:
		case lower:
			extra += costCase
		case capital:
			extra += costCapital
		}
		pair := int(l.cost[prev*l.n+class]) + extra
		cost += pair
		if c >= 0x80 || prevHigh {
			high += pair
			pairs++
		}
		prev, lower, capital, prevHigh = class, class > 0 && !r.upper[c], r.upper[c], c >= 0x80
	}
	return cost + costPair*max(guillemets, -guillemets), high, pairs
}

// Hints is what a mail says elsewhere of the charset of an undeclared text.
type Hints struct {
	Charsets  []string // of its encoded words, of its other parts
	Languages []string // Content-Language
}

// best is the reading that costs least; fit is what a pair with a byte beyond
// ASCII costs in it, in half bits.
func (h Hints) best(b []byte) (r *reading, fit float64) {
	names := candidates()
	all := known.readings
	charsets, languages := map[string]bool{}, map[string]bool{}
	for _, c := range h.Charsets {
		charsets[canonical(c)] = true
	}
	for _, l := range h.Languages {
		l, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(l)), "-")
		if l == "nb" || l == "nn" {
			l = "no"
		}
		languages[l] = true
	}
	least := 0
	far := farBehind(all, b)
	for i := range all {
		if far(i) {
			continue
		}
		cost, high, pairs := all[i].weigh(b)
		cost += all[i].prior
		if charsets[names[all[i].at].name] {
			cost -= bonusHint
		}
		if languages[all[i].language.name] {
			cost -= bonusHint
		}
		if r == nil || cost < least {
			r, least, fit = &all[i], cost, float64(high)/float64(max(pairs, 1))
		}
	}
	return r, fit
}

// farBehind tells which readings have lost on the first bytes already.
func farBehind(all []reading, b []byte) func(i int) bool {
	const first, behind = 200, 200
	if len(b) <= 2*first {
		return func(int) bool { return false }
	}
	costs := make([]int, len(all))
	for i := range all {
		costs[i], _, _ = all[i].weigh(b[:first])
	}
	least := slices.Min(costs)
	return func(i int) bool { return costs[i] > least+behind }
}

package charset

import (
	"bytes"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// sampleSize is how many bytes around 8-bit characters a guess looks at.
const sampleSize = 4096

// pairSample is how many bytes are read in every language, and context how many
// of them stand before and behind one beyond ASCII at most.
const (
	pairSample = 1024
	context    = 60
)

// candidate is a charset that a guess considers. Where two fit equally well
// the earlier one wins.
type candidate struct {
	name string
	enc  encoding.Encoding
	// pair judges one character of a two-byte charset; nil for one-byte ones.
	pair func(lead, trail byte) float64
	// languages in Latin letters that are written in it; see alphabets.
	languages string
}

// known are what is guessed among. They are made where a guess first needs them,
// and in a function, so that a program which never guesses does not hold their tables.
var known struct {
	sync.Once
	candidates []candidate
	syllables  map[[2]byte]bool
	readings   []reading
}

func candidates() []candidate {
	known.Do(func() {
		known.candidates = []candidate{
			{"windows-1252", charmap.Windows1252, nil, "de fr es pt it nl sv da is"},
			{"iso-8859-15", charmap.ISO8859_15, nil, ""},
			{"windows-1250", charmap.Windows1250, nil, "cs pl hu ro hr"},
			{"iso-8859-2", charmap.ISO8859_2, nil, "cs pl hu ro hr"},
			{"windows-1251", charmap.Windows1251, nil, ""},
			{"koi8-r", charmap.KOI8R, nil, ""},
			{"koi8-u", charmap.KOI8U, nil, ""},
			{"ibm866", charmap.CodePage866, nil, ""},
			{"iso-8859-5", charmap.ISO8859_5, nil, ""},
			{"windows-1253", charmap.Windows1253, nil, ""},
			{"iso-8859-7", charmap.ISO8859_7, nil, ""},
			{"windows-1254", charmap.Windows1254, nil, "tr"},
			{"windows-1255", charmap.Windows1255, nil, ""},
			{"windows-1256", charmap.Windows1256, nil, ""},
			{"iso-8859-6", charmap.ISO8859_6, nil, ""},
			{"windows-1257", charmap.Windows1257, nil, "lt lv et"},
			{"windows-874", charmap.Windows874, nil, ""},
			{"macintosh", charmap.Macintosh, nil, "de fr es pt it nl sv da"},
			{"ibm850", charmap.CodePage850, nil, "de fr es pt it nl sv da"},
			{"ibm852", charmap.CodePage852, nil, ""},
			{"euc-kr", korean.EUCKR, koreanPair, ""},
			{"gb18030", simplifiedchinese.GB18030, gbPair, ""},
			{"big5", traditionalchinese.Big5, big5Pair, ""},
			{"euc-jp", japanese.EUCJP, eucJPPair, ""},
			{"shift_jis", japanese.ShiftJIS, sjisPair, ""},
		}
		known.syllables = syllables()
		known.readings = readings(known.candidates)
	})
	return known.candidates
}

// alphabets are the letters beyond a-z of languages in Latin letters.
var alphabets = map[string]string{
	"de": "äöüß", "fr": "àâçéèêëîïôùûœæ", "es": "áéíñóúü", "pt": "áâãàçéêíóôõúü", "it": "àèéìòù", "nl": "éëïóöèü",
	"sv": "åäöé", "da": "æøåé", "is": "áðéíóúýþæö", "cs": "áčďéěíňóřšťúůýžľĺŕôä", "pl": "ąćęłńóśźż", "hu": "áéíóöőúüű",
	"ro": "ăâîșțşţ", "hr": "čćđšž", "tr": "çğıöşüâîi̇", "lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūž", "et": "äöüõšž",
}

// graded scores a two-byte character by its lead byte: frequent characters
// stand in the rows from first to last, signs in the rows before.
func graded(lead, first, last byte, common float64) float64 {
	switch {
	case lead >= first && lead <= last:
		return common
	case lead >= 0xA1 && lead < 0xA4:
		return 2
	}
	return -1
}

// syllables are the most frequent ones of Korean. Chinese and Korean share their
// rows, so that a short text can only be told apart by what is frequent.
func syllables() map[[2]byte]bool {
	out := map[[2]byte]bool{}
	for _, r := range "이다는의에을가고하한지니로도사기서어자해요세습인아시안주문대은를정부나일수전있없그리라게제면들합확보스" {
		if b, err := korean.EUCKR.NewEncoder().Bytes([]byte(string(r))); err == nil && len(b) == 2 {
			out[[2]byte{b[0], b[1]}] = true
		}
	}
	return out
}

func koreanPair(lead, trail byte) float64 {
	if known.syllables[[2]byte{lead, trail}] {
		return 5.2
	}
	return graded(lead, 0xB0, 0xC8, 3.8)
}

func gbPair(lead, trail byte) float64 {
	if trail < 0xA1 {
		return -1
	}
	return graded(lead, 0xB0, 0xD7, 4.2)
}

// big5Pair prefers the second bytes that only Big5 has.
func big5Pair(lead, trail byte) float64 {
	if trail < 0x7F && lead >= 0xA4 && lead <= 0xC6 {
		return 4.8
	}
	return graded(lead, 0xA4, 0xC6, 3.8)
}

func eucJPPair(lead, _ byte) float64 {
	switch {
	case lead == 0xA4 || lead == 0xA5:
		return 4.6
	case lead == 0xA1 || lead == 0xA3:
		return 2
	case lead >= 0xB0 && lead <= 0xCF:
		return 3.6
	}
	return -1
}

func sjisPair(lead, trail byte) float64 {
	switch {
	case lead == 0x82 && trail >= 0x9F, lead == 0x83 && trail <= 0x96:
		return 4.6
	case lead == 0x81 || lead == 0x82:
		return 2
	case lead >= 0x88 && lead <= 0x97:
		return 3.6
	}
	return -1
}

// notOneByte is what a pair beyond ASCII costs at least, in half bits, where
// text in a two-byte charset is read in a one-byte one: letters stand together
// that no language puts so.
// Where ASCII letters stand around single bytes, as in the words of Latin
// languages, it takes more; where all stretches have an even length, less.
const (
	notOneByte = 24
	notLatin   = 30
	evenOnly   = 21
)

// limit says which of those holds.
func limit(b []byte) float64 {
	runs, glued, even := 0, 0, true
	letter := func(i int) bool { return i >= 0 && i < len(b) && b[i]|0x20 >= 'a' && b[i]|0x20 <= 'z' }
	for i := 0; i < len(b); i++ {
		if b[i] < 0x80 {
			continue
		}
		from := i
		for i < len(b) && b[i] >= 0x80 {
			i++
		}
		runs++
		if i-from == 1 && (letter(from-1) || letter(i)) {
			glued++
		}
		even = even && (i-from)%2 == 0
	}
	switch {
	case glued*2 > runs:
		return notLatin
	case even:
		return evenOnly
	}
	return notOneByte
}

// guess names the most plausible charset of 8-bit text that is not UTF-8.
func (h Hints) guess(b []byte) Result {
	s := sample(b)
	r, fit := h.best(around(b))
	c := candidates()[r.at]
	if two, ok := h.twoBytes(s); ok && fit > limit(s) {
		c = two
	}
	return decodeWith(c.enc, c.name, b)
}

// twoBytes is the most plausible two-byte charset; false where a one-byte one
// is more so, by its characters alone.
func (h Hints) twoBytes(s []byte) (two candidate, ok bool) {
	best := -1e9
	for _, c := range candidates() {
		v := c.score(s)
		if c.pair != nil && h.names(c.name) {
			v += 1.5
		}
		if v > best+1e-9 {
			best, two = v, c
		}
	}
	return two, two.pair != nil
}

func (h Hints) names(charset string) bool {
	for _, c := range h.Charsets {
		if canonical(c) == charset {
			return true
		}
	}
	return false
}

// around collects the bytes beyond ASCII with what stands around them in their
// lines: the lines above and below may be in another language.
func around(b []byte) []byte {
	out := make([]byte, 0, min(len(b), pairSample+4*context))
	end := 0 // of what was taken
	for i, c := range b {
		if c < 0x80 || i < end {
			continue
		}
		if len(out) >= pairSample {
			break
		}
		from := max(end, i-context)
		if n := bytes.LastIndexByte(b[from:i], '\n'); n >= 0 {
			from += n + 1
		}
		if len(out) > 0 && from > end {
			out = append(out, ' ')
		}
		if end = min(len(b), i+context); bytes.IndexByte(b[i:end], '\n') >= 0 {
			end = i + bytes.IndexByte(b[i:end], '\n')
		}
		out = append(out, b[from:end]...)
	}
	return out
}

// sample collects the lines that have 8-bit bytes, up to sampleSize.
func sample(b []byte) []byte {
	if len(b) <= sampleSize {
		return b
	}
	out := make([]byte, 0, sampleSize)
	for len(b) > 0 && len(out) < sampleSize {
		n := 0
		high := false
		for n < len(b) && b[n] != '\n' {
			high = high || b[n] >= 0x80
			n++
		}
		n = min(n+1, len(b))
		if high {
			out = append(out, b[:min(n, sampleSize-len(out))]...)
		}
		b = b[n:]
	}
	return out
}

// score is the plausibility per 8-bit byte: about 2 for ordinary text, below 0
// for nonsense.
func (c candidate) score(b []byte) float64 {
	if c.pair != nil {
		return c.scorePairs(b)
	}
	out, err := c.enc.NewDecoder().Bytes(b)
	if err != nil {
		return -100
	}
	sum, n := scoreRunes(string(out))
	latin := map[string]int{}
	total := 0
	for _, r := range string(out) {
		if r < 0x80 || !unicode.Is(unicode.Latin, r) {
			continue
		}
		total++
		low := unicode.ToLower(r)
		for _, l := range strings.Fields(c.languages) {
			if strings.ContainsRune(alphabets[l], low) {
				latin[l]++
			}
		}
	}
	covered := 0
	for _, k := range latin {
		covered = max(covered, k)
	}
	sum += 2*float64(covered) - 1.5*float64(total-covered)
	return sum / float64(max(n, 1))
}

func (c candidate) scorePairs(b []byte) float64 {
	sum, n := 0.0, 0
	for i := 0; i < len(b); i++ {
		lead := b[i]
		if lead < 0x80 {
			continue
		}
		n++
		if c.name == "shift_jis" && lead >= 0xA1 && lead <= 0xDF { // half-width kana: one byte
			sum -= 0.5
			continue
		}
		if i+1 >= len(b) { // cut off in the middle
			continue
		}
		trail := b[i+1]
		if trail < 0x30 || (trail < 0x40 && c.name != "gb18030") || (c.name[:3] == "euc" && trail < 0xA1 && lead != 0x8E && c.name != "euc-kr") {
			sum -= 8
			continue
		}
		n++
		i++
		sum += c.pair(lead, trail)
	}
	return sum / float64(max(n, 1))
}

// scoreRunes judges everything but Latin letters, which depend on the language.
// It returns the sum and the number of characters beyond ASCII.
func scoreRunes(s string) (sum float64, n int) {
	var prev rune = ' '
	run := 0 // Latin letters beyond ASCII in a row
	for _, r := range s {
		if r >= 0x80 {
			n++
			sum += scoreRune(r, prev)
		} else if unicode.IsLetter(r) && prev >= 0x80 && unicode.IsLetter(prev) && !unicode.Is(unicode.Latin, prev) {
			sum -= 2 // scripts mixed inside a word
		}
		if r >= 0x80 && unicode.Is(unicode.Latin, r) {
			if run++; run > 2 {
				sum -= 3
			}
		} else {
			run = 0
		}
		prev = r
	}
	return sum, n
}

const (
	commonSigns = "\u00a0«»“”„‘’‚–—…€•©®™°·§№¿¡£´"
	frequent    = "оеаинтсрвлαοιετσνηυרויאלהתمالينорىבש"
)

func scoreRune(r, prev rune) float64 {
	switch {
	case r == utf8.RuneError || r < 0xA0:
		return -10
	case strings.ContainsRune(commonSigns, r):
		return 1
	case !unicode.IsLetter(r) && !unicode.IsMark(r):
		return -2
	case unicode.Is(unicode.Latin, r):
		if unicode.IsUpper(r) && unicode.IsLower(prev) {
			return -3
		}
		return 0
	}
	v := 1.6
	switch {
	case unicode.IsMark(r) && !unicode.IsLetter(prev) && !unicode.IsMark(prev): // an accent on nothing
		v -= 3
	case strings.ContainsRune("ךםןףץ", prev) && unicode.Is(unicode.Hebrew, r): // a final letter inside a word
		v -= 3
	}
	if prev < 0x80 && unicode.IsLetter(prev) || unicode.IsLetter(prev) && script(prev) != script(r) {
		v -= 2.5
	}
	if unicode.IsUpper(r) {
		v -= 0.6
		if unicode.IsLower(prev) {
			v -= 3
		}
	}
	if strings.ContainsRune(frequent, unicode.ToLower(r)) {
		v += 0.6
	}
	return v
}

// script names the scripts that the one-byte charsets can write.
func script(r rune) int {
	switch {
	case r < 0x370:
		return 0
	case r < 0x400:
		return 1 // Greek
	case r < 0x530:
		return 2 // Cyrillic
	case r < 0x600:
		return 3 // Hebrew
	case r < 0x700:
		return 4 // Arabic
	}
	return 5 // Thai
}

package embed

import (
	"encoding/binary"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// unigram cuts sentences into the pieces that are together most likely (Kudo,
// 2018, as SentencePiece does it). Its tables lie in the model's file and are
// searched there, so that reading the model builds nothing.
type unigram struct {
	table, ends, vocabulary []byte
	scores                  []float32
	first, last, unknown    int32
	longest                 int     // bytes of a piece
	strange                 float32 // what a character that no piece has costs
}

func newUnigram(get func(string) *tensor) *unigram {
	u := &unigram{table: get("table").raw, ends: get("ends").raw, vocabulary: get("vocabulary").raw, scores: get("scores").f}
	special := get("special").raw
	if len(special) < 12 || len(u.table) == 0 || len(u.ends) != 4*len(u.scores) {
		return u // get has noted what is missing
	}
	at := func(i int) int32 { return int32(binary.LittleEndian.Uint32(special[4*i:])) }
	u.first, u.last, u.unknown = at(0), at(1), at(2)
	before, least := 0, float32(0)
	for i := range u.scores {
		end := u.end(i)
		u.longest, before = max(u.longest, end-before), end
		least = min(least, u.scores[i])
	}
	u.strange = least - 10
	return u
}

func (u *unigram) end(i int) int {
	if i < 0 {
		return 0
	}
	return int(binary.LittleEndian.Uint32(u.ends[4*i:]))
}

// The hash is FNV-1a of 32 bits, which can be carried on from a piece to a longer one.
const fnvStart, fnvPrime = uint32(2166136261), uint32(16777619)

func (u *unigram) find(hash uint32, piece string) (int32, bool) {
	for mask := uint32(len(u.table)/4 - 1); ; hash++ {
		i := int32(binary.LittleEndian.Uint32(u.table[4*(hash&mask):])) - 1
		if i < 0 {
			return 0, false
		}
		if string(u.vocabulary[u.end(int(i)-1):u.end(int(i))]) == piece {
			return i, true
		}
	}
}

// space is what stands for one in pieces (U+2581).
const space = "▁"

// normal brings a text into the form that the pieces have: NFKC, no control
// characters, each run of white space one mark, and one before the first word.
func normal(s string) string {
	var b strings.Builder
	gap := true
	for _, r := range norm.NFKC.String(s) {
		switch {
		case unicode.IsSpace(r) || r == 0x200b || r == 0x2581:
			gap = true
			continue
		case unicode.IsControl(r), r == 0xfeff, r == 0x200e, r == 0x200f, r == 0xad, r == utf8.RuneError:
			continue
		}
		if gap {
			b.WriteString(space)
			gap = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// cut gives a sentence's pieces between the marks for its start and end, at most
// so many in all, or nil for one that is empty.
func (u *unigram) cut(sentence string, most int) []int32 {
	if len(sentence) > mostBytes {
		sentence = strings.ToValidUTF8(sentence[:mostBytes], "")
	}
	s := normal(sentence)
	if s == "" {
		return nil
	}
	type step struct {
		score float32
		from  int
		piece int32
	}
	best := make([]step, len(s)+1)
	for i := range best {
		best[i].score = float32(math.Inf(-1))
	}
	best[0].score = 0
	for at, r := range s {
		from, hash, single := best[at].score, fnvStart, at+utf8.RuneLen(r)
		known := false
		for end := at; end < len(s) && end-at < u.longest; {
			_, size := utf8.DecodeRuneInString(s[end:])
			for _, c := range []byte(s[end : end+size]) {
				hash = (hash ^ uint32(c)) * fnvPrime
			}
			end += size
			if i, ok := u.find(hash, s[at:end]); ok {
				known = known || end == single
				if v := from + u.scores[i]; v > best[end].score {
					best[end] = step{v, at, i}
				}
			}
		}
		if v := from + u.strange; !known && v > best[single].score {
			best[single] = step{v, at, u.unknown}
		}
	}
	n := 0
	for at := len(s); at > 0; at = best[at].from {
		n++
	}
	ids := make([]int32, n+2)
	ids[0] = u.first
	for at := len(s); at > 0; at = best[at].from {
		ids[n] = best[at].piece
		n--
	}
	if len(ids) > most {
		ids = ids[:most]
	}
	ids[len(ids)-1] = u.last
	return ids
}

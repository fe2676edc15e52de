package embed

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// pieces cuts sentences into the pieces of words that the model knows
// (WordPiece, Wu et al., 2016).
type pieces struct {
	ids                  map[string]int32
	first, last, unknown int32
}

const (
	// MostPieces is how many pieces of a sentence are read.
	MostPieces  = 128
	mostBytes   = 4096 // of a sentence
	longestWord = 40   // bytes; a longer one is no word
)

func newPieces(vocabulary []string) *pieces {
	p := &pieces{ids: make(map[string]int32, len(vocabulary))}
	for i, s := range vocabulary {
		p.ids[s] = int32(i)
	}
	p.first, p.last, p.unknown = p.ids["[CLS]"], p.ids["[SEP]"], p.ids["[UNK]"]
	return p
}

// mostStrange is the share of a sentence's words and signs, one in so many,
// above which it is taken for one that the model cannot read: another script.
const mostStrange = 3

// cut gives a sentence's pieces between the marks for its start and end, at most
// so many in all, or nil for one that is empty or mostly of another script.
func (p *pieces) cut(sentence string, most int) []int32 {
	if len(sentence) > mostBytes {
		sentence = strings.ToValidUTF8(sentence[:mostBytes], "")
	}
	ids := append(make([]int32, 0, 32), p.first)
	all, unknown := 0, 0
	for _, w := range plainWords(sentence) {
		all++
		before := len(ids)
		if ids = p.word(ids, w); len(ids) == before {
			ids = append(ids, p.unknown)
			unknown++
		}
		if len(ids) >= most-1 {
			ids = ids[:most-1]
			break
		}
	}
	if all == 0 || unknown*mostStrange > all {
		return nil
	}
	return append(ids, p.last)
}

// word adds the longest pieces that the vocabulary has, from the left. A word
// that cannot be split so has none.
func (p *pieces) word(ids []int32, w string) []int32 {
	if len(w) > longestWord {
		return ids
	}
	before := len(ids)
	var marked [longestWord + 2]byte
	for at := 0; at < len(w); {
		end := len(w)
		for ; end > at; end-- {
			s := append(marked[:0], "##"...)
			s = append(s, w[at:end]...)
			if at == 0 {
				s = s[2:]
			}
			if id, ok := p.ids[string(s)]; ok {
				ids = append(ids, id)
				break
			}
		}
		if end == at {
			return ids[:before]
		}
		at = end
	}
	return ids
}

// plainWords brings a text to lower case without accents and cuts it at spaces
// and around each punctuation mark.
func plainWords(s string) (out []string) {
	s = norm.NFD.String(strings.ToLower(s))
	start := -1
	flush := func(end int) {
		if start >= 0 {
			out = append(out, s[start:end])
			start = -1
		}
	}
	plain := strings.Builder{}
	for _, r := range s {
		if !unicode.Is(unicode.Mn, r) {
			plain.WriteRune(r)
		}
	}
	s = plain.String()
	for i, r := range s {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			flush(i)
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if start < 0 {
				start = i
			}
		default:
			flush(i)
			out = append(out, string(r))
		}
	}
	flush(len(s))
	return out
}

// Knows tells whether a word, in lower case without accents, is in the vocabulary whole.
// Only of models that cut words by WordPiece.
func (m *Model) Knows(word string) bool {
	p, ok := m.pieces.(*pieces)
	if !ok {
		return false
	}
	_, whole := p.ids[word]
	return whole
}

package embed

import (
	"math"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// pieces is a SentencePiece unigram vocabulary: a text is cut so that the sum of
// the pieces' log probabilities is largest (Kudo, 2018).
type pieces struct {
	byText  map[string]piece
	longest int // bytes
}

type piece struct {
	id    int32
	score float32
}

const (
	space        = "\u2581"
	reserved     = 6   // the first ids are marks, not pieces
	unknown      = 0   // the id of what no piece covers
	unknownScore = -20 // below any piece's
	mostPieces   = 128 // the model reads no more of a sentence
	mostBytes    = 2048
)

func newPieces(raw [][2]any) *pieces {
	p := &pieces{byText: make(map[string]piece, len(raw))}
	for i, r := range raw {
		text, _ := r[0].(string)
		score, _ := r[1].(float64)
		if i >= reserved && text != "" {
			p.byText[text] = piece{int32(i), float32(score)}
			p.longest = max(p.longest, len(text))
		}
	}
	return p
}

// cut gives the ids of a sentence's pieces, and how many of its characters no piece covers.
func (p *pieces) cut(s string) (ids []int32, strange int) {
	if len(s) > mostBytes {
		s = strings.ToValidUTF8(s[:mostBytes], "")
	}
	s = space + strings.ReplaceAll(norm.NFKC.String(strings.TrimSpace(s)), " ", space)
	type step struct {
		score float32
		from  int32
		id    int32
	}
	steps := make([]step, len(s)+1)
	for i := range steps {
		steps[i].score = float32(math.Inf(-1))
	}
	steps[0].score = 0
	for i := 0; i < len(s); {
		_, width := utf8.DecodeRuneInString(s[i:])
		base := steps[i].score
		for end := i + 1; end <= min(len(s), i+p.longest); end++ {
			if e, ok := p.byText[s[i:end]]; ok && base+e.score > steps[end].score {
				steps[end] = step{base + e.score, int32(i), e.id}
			}
		}
		if end := i + width; base+unknownScore > steps[end].score {
			steps[end] = step{base + unknownScore, int32(i), unknown}
		}
		i += width
	}
	for at := len(s); at > 0; at = int(steps[at].from) {
		id := steps[at].id
		if id == unknown {
			strange++
			if n := len(ids); n > 0 && ids[n-1] == unknown {
				continue
			}
		}
		ids = append(ids, id)
	}
	for i, j := 0, len(ids)-1; i < j; i, j = i+1, j-1 {
		ids[i], ids[j] = ids[j], ids[i]
	}
	return ids[:min(mostPieces, len(ids))], strange
}

package kb

import (
	"math"
	"strings"
)

// query is a mail as the index compares it.
type query struct {
	sentences []sentence
	words     vector // not yet weighed by rarity
	pieces    vector
	dense     []float32   // the whole mail; nil without a model
	parts     [][]float32 // its sentences
}

// read prepares a mail. The sentences that say something count fully, courtesies
// hardly; only the former go through the model.
func (x *Index) read(subject, text string) *query {
	q := &query{sentences: sentences(subject, text)}
	for _, s := range q.sentences {
		q.words = wordFeatures(q.words, s.words, s.weight)
		q.pieces = pieceFeatures(q.pieces, s.words, s.weight)
	}
	q.words, q.pieces = gather(q.words), gather(q.pieces)
	if x.model == nil {
		return q
	}
	left := embedWords
	sum := make([]float32, x.model.Dims())
	for _, s := range q.sentences {
		if s.weight < 1 || left <= 0 {
			continue
		}
		text := firstWords(s.text, left)
		left -= len(s.words)
		v := x.model.Embed(text)
		if v == nil {
			continue
		}
		q.parts = append(q.parts, v)
		w := float32(math.Sqrt(float64(min(len(s.words), 25))))
		for i, y := range v {
			sum[i] += w * y
		}
	}
	q.dense = unitLength(sum)
	return q
}

func firstWords(s string, most int) string {
	f := strings.Fields(s)
	return strings.Join(f[:min(most, len(f))], " ")
}

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
	var texts []string
	var said []sentence
	for _, s := range q.sentences {
		if s.weight < 1 || left <= 0 {
			continue
		}
		texts, said = append(texts, firstWords(s.text, left)), append(said, s)
		left -= len(s.words)
	}
	sum := make([]float32, x.model.Dims())
	for i, v := range embedAll(x.model, texts) {
		if v == nil {
			continue
		}
		q.parts = append(q.parts, v)
		w := float32(math.Sqrt(float64(min(len(said[i].words), 25))))
		for j, y := range v {
			sum[j] += w * y
		}
	}
	q.dense = unitLength(sum)
	return q
}

func firstWords(s string, most int) string {
	f := strings.Fields(s)
	return strings.Join(f[:min(most, len(f))], " ")
}

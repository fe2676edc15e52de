package evidence

import (
	"math"

	"github.com/replywell/replywell/shared/kb/terms"
)

// Query is a mail as an index compares it.
type Query struct {
	Sentences []terms.Sentence
	words     terms.Vector // not yet weighed by rarity
	pieces    terms.Vector
	dense     []float32   // the whole mail; nil without a model
	parts     [][]float32 // its sentences
	home      bool        // of a history: in another language than what is compared with it, see Across
}

// asForeign is a mail of the history as one in another language would ask the same: of
// its own language, without its words.
func (q *Query) asForeign() *Query {
	if !q.home || q.dense == nil {
		return q
	}
	return &Query{Sentences: q.Sentences, dense: q.dense, parts: q.parts}
}

// reader reads mails.
type reader struct {
	model  Embedder  // nil: words only
	middle []float32 // see senses
	// near is how near a sentence comes to anything that is answered; nil: nothing is known of that.
	near func(meaning []float32, s terms.Sentence) float32
}

// read prepares a mail. The sentences that say something count fully, courtesies
// hardly, and only the former go through the model. What people tell around their
// question counts by how far it is about anything that is answered here, see about.
func (r reader) read(subject, text string) *Query {
	q := &Query{Sentences: terms.Sentences(subject, text)}
	if r.model != nil {
		r.embed(q)
	}
	for _, s := range q.Sentences {
		q.words = terms.WordFeatures(q.words, s.Words, s.Weight)
		q.pieces = terms.PieceFeatures(q.pieces, s.Words, s.Weight)
	}
	q.words, q.pieces = terms.Gather(q.words), terms.Gather(q.pieces)
	return q
}

// embed gives a mail its meaning, and its sentences their weights.
func (r reader) embed(q *Query) {
	left := embedWords
	var texts []string
	var said []int
	for i, s := range q.Sentences {
		if s.Weight < 1 || left <= 0 {
			continue
		}
		texts, said = append(texts, asQuery(r.model, terms.FirstWords(s.Text, left))), append(said, i)
		left -= len(s.Words)
	}
	vectors := embedAll(r.model, texts)
	for i, v := range vectors {
		vectors[i] = centred(v, r.middle)
	}
	share := r.about(vectors, func(i int) terms.Sentence { return q.Sentences[said[i]] })
	sum := make([]float32, r.model.Dims())
	for i, v := range vectors {
		if v == nil {
			continue
		}
		q.parts = append(q.parts, v)
		s := &q.Sentences[said[i]]
		w := float32(math.Sqrt(float64(min(len(s.Words), 25)))) * share[i]
		for j, y := range v {
			sum[j] += w * y
		}
		s.Weight = max(terms.CourtesyWeight, s.Weight*share[i])
	}
	q.dense = unitLength(sum)
}

// about says how much each sentence of a mail counts. One that is like no article and
// like no past mail says little about which article, wherever it stands and however
// it is put; the mail's sentence that is most like one counts fully, and the others by how near
// they come to it.
func (r reader) about(meanings [][]float32, of func(i int) terms.Sentence) []float32 {
	out, top := make([]float32, len(meanings)), float32(0)
	if len(meanings) > 1 && r.near != nil {
		for i, s := range meanings {
			if s != nil {
				out[i] = r.near(s, of(i))
			}
			top = max(top, out[i])
		}
	}
	for i, v := range out {
		out[i] = 1
		if top > 0 {
			out[i] = max(terms.CourtesyWeight, min(1, (v/top-farFrom)/(nearTo-farFrom)))
		}
	}
	return out
}

const (
	// A sentence that comes less than farFrom as near as the nearest counts as a courtesy,
	// one from nearTo on fully.
	farFrom, nearTo = 0.5, 0.9
)

// Sense is what a mail means, as an index with this model compares it before it is
// looked at from the middle; nil where the model understands nothing of it.
func Sense(model Embedder, subject, text string) []float32 {
	return reader{model: model}.read(subject, text).dense
}

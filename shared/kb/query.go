package kb

import (
	"math"

	"github.com/replywell/replywell/shared/kb/terms"
)

// query is a mail as the index compares it.
type query struct {
	sentences []terms.Sentence
	words     terms.Vector // not yet weighed by rarity
	pieces    terms.Vector
	dense     []float32   // the whole mail; nil without a model
	parts     [][]float32 // its sentences
}

// read prepares a mail. The sentences that say something count fully, courtesies
// hardly, and only the former go through the model. What people tell around their
// question counts by how far it is about anything that is answered here, see about.
func (x *Index) read(subject, text string) *query {
	q := &query{sentences: terms.Sentences(subject, text)}
	if x.model != nil {
		x.embed(q)
	}
	for _, s := range q.sentences {
		q.words = terms.WordFeatures(q.words, s.Words, s.Weight)
		q.pieces = terms.PieceFeatures(q.pieces, s.Words, s.Weight)
	}
	q.words, q.pieces = terms.Gather(q.words), terms.Gather(q.pieces)
	return q
}

// embed gives a mail its meaning, and its sentences their weights.
func (x *Index) embed(q *query) {
	left := embedWords
	var texts []string
	var said []int
	for i, s := range q.sentences {
		if s.Weight < 1 || left <= 0 {
			continue
		}
		texts, said = append(texts, asQuery(x.model, terms.FirstWords(s.Text, left))), append(said, i)
		left -= len(s.Words)
	}
	vectors := embedAll(x.model, texts)
	if x.vectors != nil {
		for i, v := range vectors {
			vectors[i] = centred(v, x.vectors.middle)
		}
	}
	share := x.about(vectors, func(i int) terms.Sentence { return q.sentences[said[i]] })
	sum := make([]float32, x.model.Dims())
	for i, v := range vectors {
		if v == nil {
			continue
		}
		q.parts = append(q.parts, v)
		s := &q.sentences[said[i]]
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
func (x *Index) about(meanings [][]float32, of func(i int) terms.Sentence) []float32 {
	out, top := make([]float32, len(meanings)), float32(0)
	if len(meanings) > 1 && x.vectors != nil {
		for i, s := range meanings {
			out[i] = x.nearest(s, of(i))
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

// nearest is how near a sentence comes to anything that is answered. Of many articles
// it is compared with those that have its words.
func (x *Index) nearest(meaning []float32, s terms.Sentence) float32 {
	v := x.vectors
	if meaning == nil {
		return 0
	}
	top := 0.0
	look := func(a int) {
		top = max(top, v.near(v.title, a, meaning))
		for i := v.first[a]; i < v.first[a+1]; i++ {
			top = max(top, v.near(v.passages, int(i), meaning))
		}
		if x.mail != nil {
			top = max(top, x.centre().near(a, meaning, v.dims))
		}
	}
	if len(x.articles) <= fewArticles {
		for a := range x.articles {
			look(a)
		}
	} else {
		scores := make([]float32, len(x.articles))
		x.text.Cosines(x.text.Unit(terms.Gather(terms.WordFeatures(nil, s.Words, 1))), scores)
		var order []int
		for a, c := range scores {
			if c > 0 {
				order = append(order, a)
			}
		}
		for _, a := range terms.Best(order, scores, perScorer) {
			look(a)
		}
	}
	return float32(max(0, top))
}

const (
	// A sentence that comes less than farFrom as near as the nearest counts as a courtesy,
	// one from nearTo on fully.
	farFrom, nearTo = 0.5, 0.9
)

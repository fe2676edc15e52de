package kb

import "math"

// BM25's constants as its authors give them, and how much more a title's or a
// topic's word says (fields are weighed before saturation: BM25F).
const (
	k1          = 1.2
	b           = 0.75
	titleWeight = 3.0
	topicWeight = 2.0
)

// termBuilder computes BM25's part of each word of each article beforehand, so
// that a query only adds up.
type termBuilder struct {
	vectors []vector
	length  []float64
	df      map[uint32]int
}

func (t *termBuilder) add(title, topics, body []word) {
	var v vector
	n := 0.0
	field := func(ws []word, weight float32) {
		for _, w := range ws {
			if !w.stop {
				v = append(v, entry{wordPlace(w.stem), weight})
				n += float64(weight)
			}
		}
	}
	field(title, titleWeight)
	field(topics, topicWeight)
	field(body, 1)
	v = gather(v)
	if t.df == nil {
		t.df = map[uint32]int{}
	}
	for _, e := range v {
		t.df[e.place]++
	}
	t.vectors, t.length = append(t.vectors, v), append(t.length, n)
}

func (t *termBuilder) build() *postings {
	average := 0.0
	for _, n := range t.length {
		average += n / float64(len(t.length))
	}
	inner := builder{df: map[uint32]uint32{}}
	for i, v := range t.vectors {
		for j, e := range v {
			tf := float64(e.weight)
			v[j].weight = float32(tf * (k1 + 1) / (tf + k1*(1-b+b*t.length[i]/average)))
		}
		inner.vectors = append(inner.vectors, v)
	}
	for place, n := range t.df {
		inner.df[place] = uint32(n)
	}
	return inner.invert(inner.vectors)
}

// termRarity is BM25's inverse document frequency.
func termRarity(df, n int) float32 {
	return float32(math.Log(1 + (float64(n)-float64(df)+0.5)/(float64(df)+0.5)))
}

// query weighs the words of a mail for terms: repeating adds little. The sum of
// the weights is what an article that has every word once could reach.
func (p *postings) query(ss []sentence) (v vector, whole float32) {
	for _, s := range ss {
		for _, w := range s.words {
			if !w.stop {
				v = append(v, entry{wordPlace(w.stem), s.weight})
			}
		}
	}
	v = gather(v)
	for i, e := range v {
		if e.weight > 1 {
			e.weight = 1 + float32(math.Log(float64(e.weight)))
		}
		v[i].weight = e.weight * termRarity(p.documentsWith(e.place), p.documents)
		whole += v[i].weight
	}
	return v, whole
}

package terms

import "math"

// BM25's constants as its authors give them, and how much more a title's or a
// topic's word says (fields are weighed before saturation: BM25F).
const (
	k1          = 1.2
	b           = 0.75
	titleWeight = 3.0
	topicWeight = 2.0
)

// TermBuilder computes BM25's part of each word of each article beforehand, so
// that a query only adds up.
type TermBuilder struct {
	vectors []Vector
	length  []float64
	df      map[uint32]int
}

func (t *TermBuilder) Add(title, topics, body []Word) {
	var v Vector
	n := 0.0
	field := func(ws []Word, weight float32) {
		for _, w := range ws {
			if !w.Stop {
				v = append(v, Entry{WordPlace(w.Stem), weight})
				n += float64(weight)
			}
		}
	}
	field(title, titleWeight)
	field(topics, topicWeight)
	field(body, 1)
	v = Gather(v)
	if t.df == nil {
		t.df = map[uint32]int{}
	}
	for _, e := range v {
		t.df[e.Place]++
	}
	t.vectors, t.length = append(t.vectors, v), append(t.length, n)
}

func (t *TermBuilder) Build() *Postings {
	average := 0.0
	for _, n := range t.length {
		average += n / float64(len(t.length))
	}
	inner := Builder{df: map[uint32]uint32{}}
	for i, v := range t.vectors {
		for j, e := range v {
			tf := float64(e.Weight)
			v[j].Weight = float32(tf * (k1 + 1) / (tf + k1*(1-b+b*t.length[i]/average)))
		}
		inner.Vectors = append(inner.Vectors, v)
	}
	for place, n := range t.df {
		inner.df[place] = uint32(n)
	}
	return inner.Invert(inner.Vectors)
}

// termRarity is BM25's inverse document frequency.
func termRarity(df, n int) float32 {
	return float32(math.Log(1 + (float64(n)-float64(df)+0.5)/(float64(df)+0.5)))
}

// Query weighs the words of a mail for terms: repeating adds little. The sum of
// the weights is what an article that has every word once could reach.
func (p *Postings) Query(ss []Sentence) (v Vector, whole float32) {
	for _, s := range ss {
		for _, w := range s.Words {
			if !w.Stop {
				v = append(v, Entry{WordPlace(w.Stem), s.Weight})
			}
		}
	}
	v = Gather(v)
	for i, e := range v {
		if e.Weight > 1 {
			e.Weight = 1 + float32(math.Log(float64(e.Weight)))
		}
		v[i].Weight = e.Weight * termRarity(p.documentsWith(e.Place), p.documents)
		whole += v[i].Weight
	}
	return v, whole
}

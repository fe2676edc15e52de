package kb

import (
	"math"
	"slices"
)

// postings is an inverted index of unit vectors: for each place that occurs,
// the documents that have it and with what weight. Weights are kept in a byte,
// against a scale of their document's own; the loss is below what ranking notices.
type postings struct {
	documents int
	keys      []uint32 // the places that occur, ascending
	start     []uint32 // keys[i]'s documents are at start[i]..start[i+1]
	ids       []uint32
	weights   []uint8
	scale     []float32 // by document
}

// builder collects vectors before they are weighed: rarity is known at the end.
type builder struct {
	vectors []vector
	df      map[uint32]uint32
}

func (b *builder) add(v vector) {
	if b.df == nil {
		b.df = map[uint32]uint32{}
	}
	for _, e := range v {
		b.df[e.place]++
	}
	b.vectors = append(b.vectors, v)
}

// build weighs the vectors and inverts them. The vectors are left as unit vectors.
func (b *builder) build() *postings {
	n := len(b.vectors)
	for id, v := range b.vectors {
		b.vectors[id] = unit(v, func(place uint32) float32 { return rarity(int(b.df[place]), n) })
	}
	return b.invert(b.vectors)
}

// invert turns weighed vectors into postings.
func (b *builder) invert(vectors []vector) *postings {
	p := &postings{documents: len(vectors), scale: make([]float32, len(vectors))}
	total := 0
	for place, n := range b.df {
		p.keys = append(p.keys, place)
		total += int(n)
	}
	slices.Sort(p.keys)
	p.start = make([]uint32, len(p.keys)+1)
	at := make(map[uint32]uint32, len(p.keys))
	for i, k := range p.keys {
		p.start[i+1] = p.start[i] + b.df[k]
		at[k] = p.start[i]
	}
	p.ids, p.weights = make([]uint32, total), make([]uint8, total)
	for id, v := range vectors {
		top := float32(0)
		for _, e := range v {
			top = max(top, e.weight)
		}
		p.scale[id] = top / 255
		for _, e := range v {
			i := at[e.place]
			p.ids[i], p.weights[i] = uint32(id), uint8(e.weight/top*255+0.5)
			at[e.place] = i + 1
		}
	}
	return p
}

// rarity is a feature's weight when df of n documents have it.
func rarity(df, n int) float32 {
	return float32(math.Log(1 + (float64(n)+1)/(float64(df)+0.5)))
}

func (p *postings) find(place uint32) (from, to uint32) {
	i, ok := slices.BinarySearch(p.keys, place)
	if !ok {
		return 0, 0
	}
	return p.start[i], p.start[i+1]
}

// rarity of a place; one that occurs nowhere has the highest.
func (p *postings) rarity(place uint32) float32 {
	from, to := p.find(place)
	return rarity(int(to-from), p.documents)
}

// unit weighs a query as the documents are weighed. It changes v.
func (p *postings) unit(v vector) vector { return unit(v, p.rarity) }

// mostFeatures bounds a query: its rarest features by weight are compared.
const mostFeatures = 600

// strongest keeps the features that weigh most, in order of place.
func strongest(v vector, most int) vector {
	if len(v) <= most {
		return v
	}
	v = v.clone()
	slices.SortFunc(v, func(a, b entry) int {
		switch {
		case a.weight > b.weight:
			return -1
		case a.weight < b.weight:
			return 1
		}
		return int(a.place) - int(b.place)
	})
	v = v[:most]
	slices.SortFunc(v, func(a, b entry) int { return int(a.place) - int(b.place) })
	return v
}

// mostVisits bounds the work of one query: the features that weigh most are
// compared until so many entries were looked at. In all but the largest
// knowledge bases that is all of them.
const mostVisits = 300_000

// cosines adds to out, which has a number for each document, the cosine of q
// with every document.
func (p *postings) cosines(q vector, out []float32) {
	for _, e := range p.affordable(strongest(q, mostFeatures)) {
		from, to := p.find(e.place)
		ids, weights := p.ids[from:to], p.weights[from:to]
		for i, id := range ids {
			out[id] += e.weight * float32(weights[i])
		}
	}
	for i, s := range p.scale {
		out[i] *= s
	}
}

// affordable leaves out the features that weigh least when all together stand
// in too many documents.
func (p *postings) affordable(q vector) vector {
	visits := 0
	for _, e := range q {
		from, to := p.find(e.place)
		visits += int(to - from)
	}
	for n := len(q); visits > mostVisits && n > 16; n = n * 3 / 4 {
		q = strongest(q, n)
		visits = 0
		for _, e := range q {
			from, to := p.find(e.place)
			visits += int(to - from)
		}
	}
	return q
}

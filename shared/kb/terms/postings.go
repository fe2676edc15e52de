package terms

import (
	"math"
	"slices"

	"github.com/replywell/replywell/shared/kb/internal/wire"
)

// Postings is an inverted index of unit vectors: for each place that occurs,
// the documents that have it and with what weight. Weights are kept in a byte,
// against a scale of their document's own; the loss is below what ranking
// notices (docs/performance.md).
//
// A place's documents stand in entries as steps from one to the next, in one to
// four bytes (see step), each with its weight behind it: most lists are dense,
// and an entry of two bytes is what lets a large team's history fit into a small
// function's memory.
type Postings struct {
	documents int
	keys      []uint32 // the places that occur, ascending
	start     []uint32 // keys[i]'s entries are at start[i]..start[i+1]
	count     []uint32 // how many documents have keys[i], those left out included
	entries   []uint8
	Scale     []float32 // by document
}

// Builder collects vectors before they are weighed: rarity is known at the end.
type Builder struct {
	Vectors []Vector
	df      map[uint32]uint32
}

func (b *Builder) Add(v Vector) {
	if b.df == nil {
		b.df = map[uint32]uint32{}
	}
	for _, e := range v {
		b.df[e.Place]++
	}
	b.Vectors = append(b.Vectors, v)
}

// Build weighs the vectors and inverts them. The vectors are left as unit vectors.
func (b *Builder) Build() *Postings {
	n := len(b.Vectors)
	for id, v := range b.Vectors {
		b.Vectors[id] = Unit(v, func(place uint32) float32 { return rarity(int(b.df[place]), n) })
	}
	return b.Invert(b.Vectors)
}

// Where there are more than manyEntries, entries that weigh less than leastKept,
// of 255 that their document's greatest weighs, are left out. They are a third
// of all and add next to nothing to any cosine: on the public sets the first of
// a ranking changes in one mail of two hundred, and as often for the better.
const (
	leastKept   = 16
	manyEntries = 1 << 20
)

// Invert turns weighed vectors into postings.
func (b *Builder) Invert(vectors []Vector) *Postings {
	p := &Postings{documents: len(vectors), Scale: make([]float32, len(vectors))}
	total := 0
	for place, n := range b.df {
		p.keys = append(p.keys, place)
		total += int(n)
	}
	slices.Sort(p.keys)
	at := make(map[uint32]uint32, len(p.keys))
	first := make([]uint32, len(p.keys)+1)
	p.count = make([]uint32, len(p.keys))
	for i, k := range p.keys {
		p.count[i] = b.df[k]
		first[i+1] = first[i] + b.df[k]
		at[k] = uint32(i)
	}
	least := float32(0)
	if total > manyEntries {
		least = leastKept
	}
	ids, weights := make([]uint32, total), make([]uint8, total)
	used := slices.Clone(first[:len(p.keys)])
	for id, v := range vectors {
		top := float32(0)
		for _, e := range v {
			top = max(top, e.Weight)
		}
		p.Scale[id] = top / 255
		for _, e := range v {
			if w := e.Weight / top * 255; w >= least {
				i := at[e.Place]
				ids[used[i]], weights[used[i]] = uint32(id), uint8(w+0.5)
				used[i]++
			}
		}
	}
	p.start = make([]uint32, len(p.keys)+1)
	for i := range p.keys {
		next := uint32(0)
		for j := first[i]; j < used[i]; j++ {
			p.entries = append(appendStep(p.entries, ids[j]-next), weights[j])
			next = ids[j]
		}
		p.start[i+1] = uint32(len(p.entries))
	}
	p.entries = slices.Clip(p.entries)
	return p
}

// appendStep writes a number below 2^28: in one byte below 128, else in two
// below 2^14, in three below 2^21, or in four. The first byte's leading ones tell.
func appendStep(to []uint8, n uint32) []uint8 {
	switch {
	case n < 1<<7:
		return append(to, uint8(n))
	case n < 1<<14:
		return append(to, 0x80|uint8(n>>8), uint8(n))
	case n < 1<<21:
		return append(to, 0xc0|uint8(n>>16), uint8(n>>8), uint8(n))
	}
	return append(to, 0xe0|uint8(n>>24), uint8(n>>16), uint8(n>>8), uint8(n))
}

// rarity is a feature's weight when df of n documents have it.
func rarity(df, n int) float32 {
	return float32(math.Log(1 + (float64(n)+1)/(float64(df)+0.5)))
}

// find gives where a place stands among the keys.
func (p *Postings) find(place uint32) (i int, ok bool) { return slices.BinarySearch(p.keys, place) }

// Has tells whether any document has a place.
func (p *Postings) Has(place uint32) bool {
	_, ok := p.find(place)
	return ok
}

// documentsWith is how many documents have a place.
func (p *Postings) documentsWith(place uint32) int {
	if i, ok := p.find(place); ok {
		return int(p.count[i])
	}
	return 0
}

// Rarity of a place; one that occurs nowhere has the highest.
func (p *Postings) Rarity(place uint32) float32 {
	return rarity(p.documentsWith(place), p.documents)
}

// Unit weighs a query as the documents are weighed. It changes v.
func (p *Postings) Unit(v Vector) Vector { return Unit(v, p.Rarity) }

// mostFeatures bounds a query: its rarest features by weight are compared.
const mostFeatures = 600

// Strongest keeps the features that weigh most, in order of place.
func Strongest(v Vector, most int) Vector {
	if len(v) <= most {
		return v
	}
	v = v.Clone()
	slices.SortFunc(v, func(a, b Entry) int {
		switch {
		case a.Weight > b.Weight:
			return -1
		case a.Weight < b.Weight:
			return 1
		}
		return int(a.Place) - int(b.Place)
	})
	v = v[:most]
	slices.SortFunc(v, func(a, b Entry) int { return int(a.Place) - int(b.Place) })
	return v
}

// mostVisits bounds the work of one query, in bytes of entries: the features
// that weigh most are compared until so many were looked at. In all but the
// largest knowledge bases that is all of them.
const mostVisits = 600_000

// Cosines adds to out, which has a number for each document, the cosine of q
// with every document.
func (p *Postings) Cosines(q Vector, out []float32) {
	for _, l := range p.affordable(Strongest(q, mostFeatures)) {
		add(l.entries, l.weight, out)
	}
	for i, s := range p.Scale {
		out[i] *= s
	}
}

// add adds one list's weights, times the query's, to the documents' sums.
func add(entries []uint8, weight float32, out []float32) {
	id := uint32(0)
	for len(entries) > 1 {
		b := uint32(entries[0])
		switch {
		case b < 0x80:
			id += b
			entries = entries[1:]
		case b < 0xc0 && len(entries) > 2:
			id += b&0x3f<<8 | uint32(entries[1])
			entries = entries[2:]
		case b < 0xe0 && len(entries) > 3:
			id += b&0x1f<<16 | uint32(entries[1])<<8 | uint32(entries[2])
			entries = entries[3:]
		case len(entries) > 4:
			id += b&0xf<<24 | uint32(entries[1])<<16 | uint32(entries[2])<<8 | uint32(entries[3])
			entries = entries[4:]
		default:
			return
		}
		if int(id) >= len(out) {
			return // only in a file that is no snapshot of ours
		}
		out[id] += weight * float32(entries[0])
		entries = entries[1:]
	}
}

// list is the entries of one feature of a query.
type list struct {
	entries []uint8
	weight  float32
}

// affordable gives the lists of a query's features, without those that weigh
// least when all together are too long.
func (p *Postings) affordable(q Vector) []list {
	out := make([]list, 0, len(q))
	visits := 0
	for _, e := range q {
		if i, ok := p.find(e.Place); ok && e.Weight != 0 {
			l := list{p.entries[p.start[i]:p.start[i+1]], e.Weight}
			out, visits = append(out, l), visits+len(l.entries)
		}
	}
	if visits <= mostVisits {
		return out
	}
	slices.SortStableFunc(out, func(a, b list) int { return CompareDown(a.weight, b.weight, 0, 0) })
	for len(out) > 16 && visits > mostVisits {
		visits -= len(out[len(out)-1].entries)
		out = out[:len(out)-1]
	}
	return out
}

func (p *Postings) Write(w *wire.Writer) {
	w.Uint32s(p.keys)
	w.Uint32s(p.start)
	w.Uint32s(p.count)
	w.Bytes(p.entries)
	w.Floats(p.Scale)
}

func ReadPostings(r *wire.Reader, documents int) *Postings {
	p := &Postings{documents: documents, keys: r.Uint32s(), start: r.Uint32s(), count: r.Uint32s(), entries: r.Bytes(), Scale: r.Floats()}
	if r.Err == nil && (len(p.Scale) != documents || len(p.start) != len(p.keys)+1 || len(p.count) != len(p.keys) || int(p.start[len(p.keys)]) != len(p.entries)) {
		r.Err = wire.ErrCut
	}
	return p
}

// Weigh weighs vectors by rarity among the documents that are known already.
func (p *Postings) Weigh(b Builder) *Postings {
	for i, v := range b.Vectors {
		b.Vectors[i] = p.Unit(v)
	}
	return b.Invert(b.Vectors)
}

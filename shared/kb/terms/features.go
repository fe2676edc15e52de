package terms

import (
	"math"
	"slices"
)

// A text is compared by what stands in it: words and pairs of words (kind
// word), and pieces of three to five characters of each word (kind piece), which
// forgive spelling and endings. A feature is known by its hash; two that share
// one are not told apart, which at 2^20 places is rare enough to cost nothing
// measurable (Weinberger et al., "Feature Hashing for Large Scale Multitask
// Learning", 2009).
const (
	placeBits  = 20
	places     = 1 << placeBits
	MostWords  = 400 // of one text
	shortPiece = 3
	longPiece  = 5
)

// Entry is one feature of a text with how much it weighs.
type Entry struct {
	Place  uint32
	Weight float32
}

// Vector is a text's features, by place, each once.
type Vector []Entry

const (
	fnvStart = 14695981039346656037
	fnvPrime = 1099511628211
)

func hashString(h uint64, s string) uint64 {
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h
}

func place(h uint64) uint32 {
	h ^= h >> 32
	h *= 0x9e3779b97f4a7c15
	return uint32(h >> (64 - placeBits))
}

// WordPlace is where a stem's feature stands.
func WordPlace(stem string) uint32 { return place(hashString(fnvStart^1, stem)) }

// WordFeatures adds words and pairs of neighbours; pairs weigh half.
func WordFeatures(v Vector, ws []Word, scale float32) Vector {
	for i, w := range ws {
		weight := scale
		if w.Stop {
			weight *= stopWeight
		}
		v = append(v, Entry{WordPlace(w.Stem), weight})
		if i > 0 {
			h := hashString(hashString(fnvStart^2, ws[i-1].Stem)*fnvPrime, w.Stem)
			v = append(v, Entry{place(h), scale * pairWeight})
		}
	}
	return v
}

const (
	pairWeight = 0.5
	stopWeight = 0.3
)

// PieceFeatures adds the pieces of three to five characters of every word,
// with a mark at its start and end.
func PieceFeatures(v Vector, ws []Word, scale float32) Vector {
	for _, w := range ws {
		weight := scale
		if w.Stop {
			weight *= stopWeight
		}
		s := " " + w.Folded + " "
		for i := range len(s) {
			h := uint64(fnvStart ^ 3)
			for j := i; j < min(len(s), i+longPiece); j++ {
				h = (h ^ uint64(s[j])) * fnvPrime
				if j-i+1 >= shortPiece {
					v = append(v, Entry{place(h), weight})
				}
			}
		}
	}
	return v
}

// Gather sorts a vector by place and adds up what stands at the same one.
func Gather(v Vector) Vector {
	slices.SortFunc(v, func(a, b Entry) int { return int(a.Place) - int(b.Place) })
	n := 0
	for i, e := range v {
		if i > 0 && v[n-1].Place == e.Place {
			v[n-1].Weight += e.Weight
			continue
		}
		v[n] = e
		n++
	}
	return v[:n]
}

// Unit weighs each feature by its rarity and scales the vector to length one.
// Occurrences count by their logarithm.
func Unit(v Vector, rarity func(place uint32) float32) Vector {
	sum := 0.0
	for i := range v {
		w := v[i].Weight
		if w > 1 {
			w = 1 + float32(math.Log(float64(w)))
		}
		w *= rarity(v[i].Place)
		v[i].Weight = w
		sum += float64(w) * float64(w)
	}
	if sum == 0 {
		return v[:0]
	}
	k := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i].Weight *= k
	}
	return v
}

// Clone is for callers that weigh the same features in several ways.
func (v Vector) Clone() Vector { return slices.Clone(v) }

package terms

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// Lists of any documents with any weights come back as they were added up.
func TestPostingsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 400).Draw(t, "documents")
		var b Builder
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		for range n {
			var v Vector
			for p := range uint32(20) {
				if random.IntN(4) == 0 {
					v = append(v, Entry{p * 1000, 1 + random.Float32()})
				}
			}
			b.Add(v)
		}
		p := b.Build()
		q := Vector{{3000, 0.5}, {7000, 2}, {8000, 1}, {123, 1}}
		out := make([]float32, n)
		p.Cosines(q, out)
		for i, v := range b.Vectors {
			want := float32(0)
			for _, e := range v {
				for _, f := range q {
					if e.Place == f.Place {
						want += e.Weight * f.Weight
					}
				}
			}
			if math.Abs(float64(out[i]-want)) > 0.03 {
				t.Fatalf("document %d: %v; want %v", i, out[i], want)
			}
		}
		for _, step := range []uint32{0, 127, 128, 1<<14 - 1, 1 << 14, 1<<21 - 1, 1 << 21, 1<<28 - 1} {
			sums := make([]float32, 2)
			entries := append(appendStep(nil, 1), 10)
			if step > 1 { // out of range of the sums: must end, and not panic
				add(append(append(entries, appendStep(nil, step)...), 9), 1, sums)
			}
			if step > 1 && sums[1] != 10 {
				t.Fatalf("%v", sums)
			}
		}
	})
}

package evidence

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// A sketch's cosine is the cosine, but for what four bits lose.
func TestSketchKeepsCosines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dims := rapid.SampledFrom([]int{255, 512, 768}).Draw(t, "dims")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		vector := func() []float32 {
			v := make([]float32, dims)
			for i := range v {
				v[i] = float32(random.NormFloat64())
			}
			return unitLength(v)
		}
		a, q := vector(), vector()
		for i := range q { // so that they have something in common
			q[i] = 0.6*q[i] + 0.5*a[i]
		}
		q = unitLength(q)
		var s sketch
		s.add(nil, dims)
		s.add(a, dims)
		want := 0.0
		for i := range a {
			want += float64(a[i]) * float64(q[i])
		}
		if got := s.near(1, q, dims); math.Abs(got-want) > 0.04 || s.near(0, q, dims) != 0 || s.near(2, q, dims) != 0 {
			t.Fatalf("%v; want %v", got, want)
		}
	})
}

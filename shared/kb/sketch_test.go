package kb

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

// other is an embedding model that a team could use instead.
type other struct{ quickSense }

func (other) Name() string { return "another 1" }

func TestASnapshotOfAnotherModelIsRankedByWords(t *testing.T) {
	articles, err := lampShop()
	if err != nil {
		t.Fatal(err)
	}
	data, err := Build(articles, nil, other{}).Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	x, err := Open(data, Model())
	if err != nil || x.OtherModel() != "another 1" {
		t.Fatalf("%v", err)
	}
	const mail = "Where do I find the tracking number of my parcel?"
	want, got := Build(articles, nil, nil).Score("", mail, nil, 3), x.Score("", mail, nil, 3)
	if len(got.Suggestions) == 0 || got.Suggestions[0] != want.Suggestions[0] {
		t.Errorf("%+v; by words %+v", got, want)
	}
}

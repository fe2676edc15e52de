package simd

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// numbersOf are n numbers as they stand between an encoder's layers, and a few that do not.
func numbersOf(random *rand.Rand, n int) []float32 {
	odd := []float32{0, float32(math.Copysign(0, -1)), 6, -6, 5.9999995, -5.9999995, 1e-12, -1e-12, 40, -40, 1e-40}
	out := make([]float32, n)
	for i := range out {
		if out[i] = float32(random.NormFloat64() * 3); random.IntN(9) == 0 {
			out[i] = odd[random.IntN(len(odd))]
		}
	}
	return out
}

// same tells whether two rows are, to the bit.
func same(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
}

func TestKernelsGiveWhatPlainGoGives(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	if len(every) == 0 {
		t.Log("this machine has no kernels of its own")
	}
	for _, k := range every {
		for n := range 140 {
			const width = 3 * headSize
			qkv := numbersOf(random, n*3*width)
			want, got := make([]float32, n*width), make([]float32, n*width)
			attend(nil, qkv, want, n, width, new(Scratch))
			if attend(k, qkv, got, n, width, new(Scratch)); !same(want, got) {
				t.Fatalf("%s, attention of %d rows: other numbers than plain Go's", k.name, n)
			}

			row := numbersOf(random, n)
			want, got = slices.Clone(row), slices.Clone(row)
			gelu(nil, want)
			if gelu(k, got); !same(want, got) {
				t.Fatalf("GELU of %v: %v; want %v", row, got, want)
			}

			wantBytes, gotBytes := make([]int8, n), make([]int8, n)
			wantUnit := quantise(nil, row, wantBytes)
			gotUnit := quantise(k, row, gotBytes)
			if wantUnit != gotUnit || !slices.Equal(wantBytes, gotBytes) {
				t.Fatalf("%v as bytes: %v of %v; want %v of %v", row, gotBytes, gotUnit, wantBytes, wantUnit)
			}

			sums := make([]int32, n)
			for i := range sums {
				sums[i] = random.Int32N(1<<25) - 1<<24
			}
			scale, bias := numbersOf(random, n), numbersOf(random, n)
			dequantise(nil, want, sums, 0.013, scale, bias)
			if dequantise(k, got, sums, 0.013, scale, bias); !same(want, got) {
				t.Fatalf("%v as numbers: %v; want %v", sums, got, want)
			}
		}
	}
}

// The exponential is the nearest number of 32 bits, as the library's is.
func TestExponentials(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for _, x := range []float32{0, -0.5, -87, -88, -100, -103.9, -104, -1000, float32(math.Inf(-1))} {
		if got, want := exp(x), float32(math.Exp(float64(x))); got != want {
			t.Errorf("e to %v: %v; want %v", x, got, want)
		}
	}
	for range 1_000_000 {
		x := -105 * float32(random.Float64())
		if got, want := exp(x), float32(math.Exp(float64(x))); got != want {
			t.Fatalf("e to %v: %v; want %v", x, got, want)
		}
	}
}

func BenchmarkAttend(b *testing.B) {
	const width, n = 12 * headSize, 128
	random := rand.New(rand.NewPCG(3, 4))
	qkv, mixed := numbersOf(random, n*3*width), make([]float32, n*width)
	for _, k := range append(every, nil) {
		name := "plain Go"
		if k != nil {
			name = k.name
		}
		b.Run(name, func(b *testing.B) {
			s := new(Scratch)
			for b.Loop() {
				attend(k, qkv, mixed, n, width, s)
			}
		})
	}
}

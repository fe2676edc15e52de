package matmul

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// products are all sums, one by one.
func products(w, x []int8, in, out, count int) []int32 {
	s := make([]int32, count*out)
	for t := range count {
		for i := range in {
			for c := range out {
				s[t*out+c] += int32(x[t*in+i]) * int32(w[i*out+c])
			}
		}
	}
	return s
}

func packed(k kernel, w, x []int8, in, out, count int) []int32 {
	var r Rows
	r.Reset(7, 999) // left of another use
	for i := range r.x {
		r.x[i] = 99
	}
	r.Reset(count, in)
	for t := range count {
		copy(r.Row(t), x[t*in:(t+1)*in])
	}
	s := make([]int32, count*out)
	Pack(w, in, out).with(k, &r, func(t, col int, sums []int32) { copy(s[t*out+col:(t+1)*out], sums) })
	return s
}

func TestEveryKernelIsExact(t *testing.T) {
	t.Logf("this machine's kernel is %s", Kernel())
	random := rand.New(rand.NewPCG(1, 2))
	for _, k := range kernels {
		for _, size := range [][3]int{{1, 1, 1}, {4, 16, 4}, {5, 17, 3}, {16, 16, 1}, {63, 33, 6}, {384, 48, 9},
			{64, 80, 13}, {48, 64, 21}, {1536, 20, 5}, {MostIn, 2, 2}} {
			in, out, count := size[0], size[1], size[2]
			for _, values := range [][]int8{{-127, 127}, {127}, {-127}, {-127, -126, -64, -1, 0, 1, 64, 127}} {
				w, x := make([]int8, in*out), make([]int8, in*count)
				for _, s := range [][]int8{w, x} {
					for i := range s {
						s[i] = values[random.IntN(len(values))]
					}
				}
				if want, got := products(w, x, in, out, count),
					packed(k, w, x, in, out, count); !slices.Equal(want, got) {
					t.Fatalf("%s, %d rows, %d columns, %d activations of %v: other sums than one by one", k.name, in,
						out, count, values)
				}
			}
		}
	}
}

func FuzzKernels(f *testing.F) {
	f.Add(uint16(384), uint16(16), uint8(4), []byte("a seed of bytes"))
	f.Add(uint16(7), uint16(31), uint8(5), []byte{0x81, 0x7f, 0})
	f.Fuzz(func(t *testing.T, in, out uint16, count uint8, data []byte) {
		rows, columns, n := int(in%600)+1, int(out%70)+1, int(count%9)+1
		fill := func(n, from int) []int8 {
			s := make([]int8, n)
			for i := range s {
				if len(data) > 0 {
					s[i] = max(-127, int8(data[(i+from)%len(data)]))
				}
			}
			return s
		}
		w, x := fill(rows*columns, 0), fill(rows*n, 1)
		want := products(w, x, rows, columns, n)
		for _, k := range kernels {
			if got := packed(k, w, x, rows, columns, n); !slices.Equal(want, got) {
				t.Fatalf("%s: %v; want %v", k.name, got, want)
			}
		}
	})
}

// BenchmarkTimes multiplies 48 rows by the longest matrix of a MiniLM layer.
func BenchmarkTimes(b *testing.B) {
	const in, out, count = 1536, 384, 48
	w := make([]int8, in*out)
	for i := range w {
		w[i] = int8(i%255 - 127)
	}
	m := Pack(w, in, out)
	var r Rows
	r.Reset(count, in)
	for i := range r.x {
		r.x[i] = int8(i%253 - 126)
	}
	for _, k := range kernels {
		b.Run(k.name, func(b *testing.B) {
			for b.Loop() {
				m.with(k, &r, func(int, int, []int32) {})
			}
			b.ReportMetric(float64(in*out*count)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "products/ns")
		})
	}
}

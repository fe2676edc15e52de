package embed

import "math"

// matrix is a weight matrix of bytes, row by row, where the program's file has
// it: no other form of it is kept, so it costs no memory beside the file's pages.
//
// It is multiplied without vector instructions, two products at a time. Two
// columns share a float64, 26 bits apart: one multiplication by a whole number of
// 7 bits and sign gives both products, and a sum of up to 2080 of them stays below
// 2080*127*127 < 2^25, so that neither runs into the other and both together stay
// far below 2^53, up to which a float64 holds whole numbers. Every sum is exact,
// so it is the same whether a processor rounds between multiplying and adding
// (amd64) or not (arm64). Whole numbers could share a word by threes, but a
// Neoverse N1 multiplies words of 64 bits only once in three cycles and float64
// twice in one.
type matrix struct {
	in, out     int
	w           []int8
	scale, bias []float32
}

const (
	lane     = 26   // bits between the two sums in a float64
	mostRows = 2080 // of a matrix: mostRows*127*127 < 1<<(lane-1)
	abreast  = 4    // pieces multiplied together, by
	columns  = 4    // columns: eight sums, which fit into amd64's sixteen registers
)

// words are two rows of four columns, values two rows of four pieces.
type (
	words  [columns]float64
	values [2 * abreast]float64
)

func newMatrix(w, bias *tensor) *matrix {
	return &matrix{in: w.Rows, out: w.Cols, w: w.b, scale: w.scale, bias: bias.f}
}

// activations are pieces' rows as whole numbers, four rows after the other, and
// what one unit of each row is worth. w are the columns that they are multiplied
// by at the moment, widened once for all pieces.
type activations struct {
	x     []values
	scale []float32
	w     [2][]words
}

// take reads count rows of n numbers. Each is scaled so that its largest is 127.
func (a *activations) take(rows []float32, n, count int) {
	pairs := (n + 1) / 2
	a.x = grow(a.x, (count+abreast-1)/abreast*pairs)
	a.scale = grow(a.scale, count)
	for i := range a.w {
		a.w[i] = grow(a.w[i], pairs)
	}
	if count%abreast != 0 || n%2 != 0 {
		clear(a.x)
	}
	const sign, half = 1 << 31, 0x3f000000 // of a float32: the bit, and a half
	for t := range count {
		row, x := rows[t*n:(t+1)*n], a.x[t/abreast*pairs:(t/abreast+1)*pairs]
		bits := math.Float32bits(1e-9)
		for _, v := range row {
			bits = max(bits, math.Float32bits(v)&^sign)
		}
		top := math.Float32frombits(bits)
		k := 127 / top
		a.scale[t] = top / 127
		for i, v := range row {
			v = float32(v * k)
			v += math.Float32frombits(math.Float32bits(v)&sign | half)
			x[i/2][i%2*abreast+t%abreast] = float64(int32(v))
		}
	}
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// times writes rows·m + bias: count rows of m.in numbers give count rows of m.out.
func (m *matrix) times(rows []float32, count int, a *activations, out []float32) {
	a.take(rows, m.in, count)
	pairs := len(a.w[0])
	for col := 0; col < m.out; col += 2 * columns {
		m.widen(col, &a.w)
		for t := 0; t < count; t += abreast {
			x := a.x[t/abreast*pairs:][:pairs]
			for k, w := range a.w {
				sums := dot(w, x)
				for i := range min(abreast, count-t) {
					m.finish(sums[2*i], sums[2*i+1], col+k*columns, a.scale[t+i], out[(t+i)*m.out:][:m.out])
				}
			}
		}
	}
}

// finish takes the four columns' sums from col on out of two words and writes
// what they are worth, as far as there are columns.
func (m *matrix) finish(v, w float64, col int, unit float32, out []float32) {
	for _, v := range [...]int64{int64(v), int64(w)} {
		low := v << (64 - lane) >> (64 - lane)
		for _, s := range [...]int64{low, (v - low) >> lane} {
			if col < len(out) {
				out[col] = float32(float32(s)*unit*m.scale[col]) + m.bias[col]
			}
			col++
		}
	}
}

// widen reads eight columns from col on, from which a processor's cache has as
// many bytes at hand. Beyond the matrix they are zero.
func (m *matrix) widen(col int, to *[2][]words) {
	first, second := to[0], to[1][:len(to[0])]
	if m.in%2 != 0 || col+2*columns > m.out {
		m.widenEdge(col, first)
		m.widenEdge(col+columns, second)
		return
	}
	for i := range first {
		a, b := (*[8]int8)(m.w[col:]), (*[8]int8)(m.w[col+m.out:])
		first[i] = words{join(a[0], a[1]), join(a[2], a[3]), join(b[0], b[1]), join(b[2], b[3])}
		second[i] = words{join(a[4], a[5]), join(a[6], a[7]), join(b[4], b[5]), join(b[6], b[7])}
		col += 2 * m.out
	}
}

func (m *matrix) widenEdge(col int, to []words) {
	at := func(row, col int) int8 {
		if row >= m.in || col >= m.out {
			return 0
		}
		return m.w[row*m.out+col]
	}
	for i := range to {
		for k := range to[i] {
			row, col := 2*i+k/2, col+k%2*2
			to[i][k] = join(at(row, col), at(row, col+1))
		}
	}
}

// join puts two columns' weights into a word.
func join(low, high int8) float64 { return float64(int64(low) + int64(high)<<lane) }

// dot gives the sums of the products of four pieces, one after the other, with
// two words each.
func dot(w []words, x []values) [2 * abreast]float64 {
	var a0, a1, b0, b1, c0, c1, d0, d1 float64
	x = x[:len(w)]
	for i := range w {
		w, x := &w[i], &x[i]
		w0, w1 := w[0], w[1]
		x0, x1, x2, x3 := x[0], x[1], x[2], x[3]
		a0 += w0 * x0
		a1 += w1 * x0
		b0 += w0 * x1
		b1 += w1 * x1
		c0 += w0 * x2
		c1 += w1 * x2
		d0 += w0 * x3
		d1 += w1 * x3
		w0, w1 = w[2], w[3]
		x0, x1, x2, x3 = x[4], x[5], x[6], x[7]
		a0 += w0 * x0
		a1 += w1 * x0
		b0 += w0 * x1
		b1 += w1 * x1
		c0 += w0 * x2
		c1 += w1 * x2
		d0 += w0 * x3
		d1 += w1 * x3
	}
	return [2 * abreast]float64{a0, a1, b0, b1, c0, c1, d0, d1}
}

package embed

// matrix is a weight matrix of bytes, packed for multiplication without vector
// instructions. Three neighbouring columns stand in one word, 21 bits apart, so
// that a multiplication by one whole number of at most 7 bits and sign gives
// three products. 64 of them add up to at most 64*127*127 = 1,032,256 < 2^20, so
// no sum runs into its neighbour before it is taken out.
type matrix struct {
	in, out int
	words   []int64 // for each pair of words, all rows: row 0's two words, row 1's, …
	scale   []float32
	bias    []float32
}

const (
	lane    = 21 // bits between the sums in a word
	lanes   = 3
	pair    = 2 * lanes // columns done together
	stride  = 64        // products that a lane holds
	abreast = 4         // sentences' pieces done together
)

func newMatrix(w, bias *tensor) *matrix {
	m := &matrix{in: w.Rows, out: w.Cols, scale: w.scale, bias: bias.f}
	groups := (m.out + pair - 1) / pair
	m.words = make([]int64, groups*m.in*2)
	at := func(row, col int) int64 {
		if col >= m.out {
			return 0
		}
		return int64(w.b[row*m.out+col])
	}
	for g := range groups {
		for row := range m.in {
			for k := range 2 {
				col := g*pair + k*lanes
				m.words[(g*m.in+row)*2+k] = at(row, col) + at(row, col+1)<<lane + at(row, col+2)<<(2*lane)
			}
		}
	}
	return m
}

// activations are the rows of up to four pieces as whole numbers, interleaved,
// each with what one unit is worth.
type activations struct {
	x     []int64 // [in][abreast]
	scale [abreast]float32
}

// take reads up to four rows of n numbers. Each is scaled so that its largest is 127.
func (a *activations) take(rows []float32, n, count int) {
	if cap(a.x) < n*abreast {
		a.x = make([]int64, n*abreast)
	}
	a.x = a.x[:n*abreast]
	clear(a.x)
	for t := range count {
		row := rows[t*n : (t+1)*n]
		top := float32(1e-9)
		for _, v := range row {
			top = max(top, v, -v)
		}
		k := 127 / top
		a.scale[t] = top / 127
		for i, v := range row {
			v *= k
			if v < 0 {
				a.x[i*abreast+t] = int64(v - 0.5)
			} else {
				a.x[i*abreast+t] = int64(v + 0.5)
			}
		}
	}
}

// times writes rows·m + bias: count rows of m.in numbers give count rows of m.out.
func (m *matrix) times(rows []float32, count int, a *activations, out []float32) {
	for t := 0; t < count; t += abreast {
		n := min(abreast, count-t)
		a.take(rows[t*m.in:], m.in, n)
		m.block(a, n, out[t*m.out:])
	}
}

func (m *matrix) block(a *activations, count int, out []float32) {
	for g := 0; g*pair < m.out; g++ {
		var sums [abreast][pair]int32
		words := m.words[g*m.in*2 : (g+1)*m.in*2]
		x := a.x
		for len(words) > 0 {
			n := min(stride, len(words)/2)
			dot(words[:2*n], x[:abreast*n], &sums)
			words, x = words[2*n:], x[abreast*n:]
		}
		for t := range count {
			for k, s := range sums[t] {
				if col := g*pair + k; col < m.out {
					out[t*m.out+col] = float32(s)*a.scale[t]*m.scale[col] + m.bias[col]
				}
			}
		}
	}
}

// dot adds up to 64 rows' products for six columns and four pieces.
func dot(words, x []int64, sums *[abreast][pair]int32) {
	var a0, a1, b0, b1, c0, c1, d0, d1 int64
	for len(words) >= 2 && len(x) >= 4 {
		w0, w1 := words[0], words[1]
		x0, x1, x2, x3 := x[0], x[1], x[2], x[3]
		a0 += w0 * x0
		a1 += w1 * x0
		b0 += w0 * x1
		b1 += w1 * x1
		c0 += w0 * x2
		c1 += w1 * x2
		d0 += w0 * x3
		d1 += w1 * x3
		words, x = words[2:], x[4:]
	}
	spread(a0, a1, &sums[0])
	spread(b0, b1, &sums[1])
	spread(c0, c1, &sums[2])
	spread(d0, d1, &sums[3])
}

// spread takes the six sums out of two words.
func spread(v, w int64, to *[pair]int32) {
	const low = 64 - lane
	for i := range lanes {
		s := v << low >> low
		to[i] += int32(s)
		v = (v - s) >> lane
		s = w << low >> low
		to[lanes+i] += int32(s)
		w = (w - s) >> lane
	}
}

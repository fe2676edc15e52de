package matmul

// MostIn is how many rows a matrix may have: the sum of this many products of
// two bytes, one of them taken as unsigned, stays within 32 bits.
const MostIn = 1 << 15

const (
	panel   = 16 // columns that are multiplied at a time
	group   = 4  // rows whose products an instruction adds up
	rowPad  = 16 // rows are filled up to a multiple of this
	abreast = 4  // rows of activations that are multiplied at a time

	// A kernel with registers enough takes twice as much of both at a time.
	panels = 2
	broad  = 2 * abreast
)

// Sums are the products' sums of [abreast] rows of activations with a panel, or of
// [broad] rows with two panels side by side.
type sums [broad * panels * panel]int32

// Matrix is a matrix of signed bytes, none of them -128, packed for the
// kernels. It is never changed, so it is safe for concurrent use.
type Matrix struct {
	In, Out int
	stride  int // In, filled up
	w       []int8
	offset  []int32 // 128 times each column's sum: what taking activations as unsigned adds
}

// Pack brings a matrix of in rows and out columns, row by row, into the form
// that [Matrix.Times] multiplies with. It panics where w is shorter than that,
// or has more than MostIn rows: matrices are part of the program.
func Pack(w []int8, in, out int) *Matrix {
	if in < 1 || out < 1 || in > MostIn || len(w) < in*out {
		panic("matmul: not a matrix of at most 32768 rows")
	}
	m := &Matrix{In: in, Out: out, stride: up(in, rowPad)}
	count := up(out, panel) / panel
	m.w, m.offset = make([]int8, count*panel*m.stride), make([]int32, count*panel)
	for i := range in {
		row := w[i*out : (i+1)*out]
		at := i/group*(panel*group) + i%group
		for p := range count {
			to := m.w[p*panel*m.stride+at:]
			for c, v := range row[p*panel : min(out, (p+1)*panel)] {
				to[c*group] = v
				m.offset[p*panel+c] += int32(v) << 7
			}
		}
	}
	return m
}

func up(n, to int) int { return (n + to - 1) / to * to }

// Rows are activations as signed bytes, none of them -128: rows of equal length
// below each other. The zero value has none. It keeps its memory from one use to
// the next.
type Rows struct {
	stride, count int
	x             []int8
}

// Reset makes room for count rows of n bytes, all zero.
func (r *Rows) Reset(count, n int) {
	r.stride, r.count = up(n, rowPad), count
	size := up(count, broad) * r.stride
	if cap(r.x) < size {
		r.x = make([]int8, size)
		return
	}
	r.x = r.x[:size]
	clear(r.x)
}

// Row is the memory of row t, and room to its end that must stay zero.
func (r *Rows) Row(t int) []int8 { return r.x[t*r.stride : (t+1)*r.stride] }

// Times calls each with the sums of row t's products with 16 or 32 columns, from
// column on: as many of them as the matrix has columns are of use. The rows must
// be as long as the matrix has rows. sums is only good during the call.
func (m *Matrix) Times(r *Rows, each func(t, column int, sums []int32)) { m.with(best, r, each) }

func (m *Matrix) with(k kernel, r *Rows, each func(t, column int, sums []int32)) {
	if r.stride != m.stride {
		panic("matmul: rows of another length than the matrix has rows")
	}
	var s sums
	width := len(m.offset)
	for col := 0; col < width; {
		t := 0
		if k.broad != nil && col+panels*panel <= width {
			w, offset := m.w[col*m.stride:(col+panels*panel)*m.stride], (*[panels * panel]int32)(m.offset[col:])
			for ; t+abreast < r.count; t += broad {
				k.broad(&s, offset, w, r.x[t*r.stride:(t+broad)*r.stride])
				for i := range min(broad, r.count-t) {
					each(t+i, col, s[i*panels*panel:(i+1)*panels*panel])
				}
			}
			if t < r.count {
				m.panel(k, r, col, t, &s, each)
				m.panel(k, r, col+panel, t, &s, each)
			}
			col += panels * panel
			continue
		}
		m.panel(k, r, col, 0, &s, each)
		col += panel
	}
}

// panel multiplies sixteen columns with the rows from one on.
func (m *Matrix) panel(k kernel, r *Rows, col, from int, s *sums, each func(t, column int, sums []int32)) {
	w := m.w[col*m.stride : (col+panel)*m.stride]
	for t := from; t < r.count; t += abreast {
		k.run(s, w, r.x[t*r.stride:(t+abreast)*r.stride])
		for i := range min(abreast, r.count-t) {
			row := s[i*panel : (i+1)*panel]
			if k.unsigned {
				for c := range row {
					row[c] -= m.offset[col+c]
				}
			}
			each(t+i, col, row)
		}
	}
}

// kernel is one way to get sums: of a panel's bytes w, and abreast rows x, which
// are as long as the panel.
type kernel struct {
	name     string
	unsigned bool // run takes 128 more for each activation
	run      func(s *sums, w, x []int8)
	// broad gets those of two panels and twice the rows, less what it takes too much; nil:
	// there are not registers enough.
	broad func(s *sums, offset *[panels * panel]int32, w, x []int8)
}

// best is the fastest kernel of this processor, and kernels all that it has.
var (
	kernels = append(fast(), kernel{name: "plain Go", run: plain})
	best    = kernels[0]
)

// Kernel says in words which kernel this machine uses.
func Kernel() string { return best.name }

// plain is the reference: what the kernels do, said in Go.
func plain(s *sums, w, x []int8) {
	n := len(x) / abreast
	for c := range panel {
		var a, b, d, e int32
		x0, x1, x2, x3 := x[:n], x[n:2*n], x[2*n:3*n], x[3*n:4*n]
		for w := w[c*group:]; len(x0) >= group && len(x1) >= group && len(x2) >= group && len(x3) >= group && len(w) >= group; {
			w0, w1, w2, w3 := int32(w[0]), int32(w[1]), int32(w[2]), int32(w[3])
			a += w0*int32(x0[0]) + w1*int32(x0[1]) + w2*int32(x0[2]) + w3*int32(x0[3])
			b += w0*int32(x1[0]) + w1*int32(x1[1]) + w2*int32(x1[2]) + w3*int32(x1[3])
			d += w0*int32(x2[0]) + w1*int32(x2[1]) + w2*int32(x2[2]) + w3*int32(x2[3])
			e += w0*int32(x3[0]) + w1*int32(x3[1]) + w2*int32(x3[2]) + w3*int32(x3[3])
			x0, x1, x2, x3 = x0[group:], x1[group:], x2[group:], x3[group:]
			w = w[min(len(w), panel*group):]
		}
		s[c], s[panel+c], s[2*panel+c], s[3*panel+c] = a, b, d, e
	}
}

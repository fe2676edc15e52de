package embed

import (
	"github.com/replywell/replywell/shared/kb/embed/matmul"
	"github.com/replywell/replywell/shared/kb/embed/simd"
)

// matrix is a weight matrix of bytes. scale is what one unit of each column is worth.
type matrix struct {
	w           *matmul.Matrix
	scale, bias []float32
}

func newMatrix(w, bias *tensor) *matrix {
	if len(w.b) == 0 || len(w.scale) < w.Cols || len(bias.f) < w.Cols { // the file lacks it, which whoever asked for it says
		return nil
	}
	return &matrix{w: matmul.Pack(w.b, w.Rows, w.Cols), scale: w.scale, bias: bias.f}
}

// activations are pieces' rows as whole numbers, and what one unit of each row
// is worth.
type activations struct {
	rows  matmul.Rows
	scale []float32
}

// take reads count rows of n numbers. Each is scaled so that its largest is 127.
func (a *activations) take(rows []float32, n, count int) {
	a.rows.Reset(count, n)
	a.scale = grow(a.scale, count)
	for t := range count {
		a.scale[t] = simd.Quantise(rows[t*n:(t+1)*n], a.rows.Row(t)[:n])
	}
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// times writes rows·m + bias: count rows of m.w.In numbers give count rows of m.w.Out.
func (m *matrix) times(rows []float32, count int, a *activations, out []float32) {
	a.take(rows, m.w.In, count)
	m.w.Times(&a.rows, func(t, col int, sums []int32) {
		unit, to := a.scale[t], out[t*m.w.Out+col:(t+1)*m.w.Out]
		to = to[:min(len(to), len(sums))]
		simd.Dequantise(to, sums, unit, m.scale[col:], m.bias[col:])
	})
}

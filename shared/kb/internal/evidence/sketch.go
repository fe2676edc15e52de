package evidence

import (
	"math"

	"github.com/replywell/replywell/shared/kb/internal/wire"
)

// sketch is a table of directions, four bits a number: of a unit vector of some
// hundred dimensions each component says little, and what is lost by rounding
// them averages out. A cosine is off by about 0.1/sqrt(dimensions), 0.004 at 768
// (a tenth of a component's size is lost, in either direction).
type sketch struct {
	rows   []uint8   // two numbers a byte, the first in the upper half; 8 is zero
	length []float32 // by row, 1/length; 0: there is no vector
}

// levelWidth is the width of a level against the components' standard deviation:
// the one that loses least for sixteen levels and normally distributed values
// (Max, "Quantizing for minimum distortion", 1960).
const levelWidth = 0.335

// add appends a vector; one that is not of the right length stands for none.
func (s *sketch) add(x []float32, dims int) {
	sum := 0.0
	if len(x) == dims {
		for _, v := range x {
			sum += float64(v) * float64(v)
		}
	}
	if sum == 0 {
		s.rows, s.length = append(s.rows, make([]uint8, sketchRow(dims))...), append(s.length, 0)
		return
	}
	k := 1 / (levelWidth * math.Sqrt(sum/float64(dims)))
	level := func(i int) int {
		if i >= dims {
			return 0
		}
		return int(max(-8, min(7, math.Round(float64(x[i])*k))))
	}
	length := 0
	for i := 0; i < dims; i += 2 {
		a, b := level(i), level(i+1)
		length += a*a + b*b
		s.rows = append(s.rows, uint8(a+8)<<4|uint8(b+8))
	}
	s.length = append(s.length, float32(1/math.Sqrt(float64(max(1, length)))))
}

// sketchRow is how many bytes a vector takes.
func sketchRow(dims int) int { return (dims + 1) / 2 }

// halves are the two numbers of each byte.
var halves = func() (t [256][2]float32) {
	for b := range t {
		t[b] = [2]float32{float32(b>>4) - 8, float32(b&15) - 8}
	}
	return t
}()

// near gives the cosine of q, which has length one, with row i; 0 where there is none.
func (s *sketch) near(i int, q []float32, dims int) float64 {
	if i >= len(s.length) || s.length[i] == 0 || len(q) != dims {
		return 0
	}
	row := s.rows[i*sketchRow(dims) : (i+1)*sketchRow(dims)]
	var a, b float32
	for len(q) >= 4 && len(row) >= 2 {
		x, y := &halves[row[0]], &halves[row[1]]
		a += q[0]*x[0] + q[2]*y[0]
		b += q[1]*x[1] + q[3]*y[1]
		q, row = q[4:], row[2:]
	}
	for j, v := range q {
		a += v * halves[row[j/2]][j%2]
	}
	return float64((a + b) * s.length[i])
}

// vector puts row i into out, which has a place for each dimension; false where there is none.
func (s *sketch) vector(i int, out []float32) bool {
	if i >= len(s.length) || s.length[i] == 0 {
		return false
	}
	row := s.rows[i*sketchRow(len(out)) : (i+1)*sketchRow(len(out))]
	for j := range out {
		out[j] = halves[row[j/2]][j%2] * s.length[i]
	}
	return true
}

// copy appends another's row i; one that the other does not have stands for none.
func (s *sketch) copy(from *sketch, i, dims int) {
	n := sketchRow(dims)
	if i >= len(from.length) {
		s.add(nil, dims)
		return
	}
	s.rows = append(s.rows, from.rows[i*n:(i+1)*n]...)
	s.length = append(s.length, from.length[i])
}

func (s *sketch) write(w *wire.Writer) {
	w.Bytes(s.rows)
	w.Floats(s.length)
}

func openSketch(r *wire.Reader, dims int) sketch {
	s := sketch{rows: r.Bytes(), length: r.Floats()}
	if r.Err == nil && len(s.rows) != len(s.length)*sketchRow(dims) {
		r.Err = wire.ErrCut
	}
	return s
}

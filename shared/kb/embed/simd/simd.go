package simd

import "math"

const (
	lanes     = 8
	headSize  = 32  // numbers of a query, a key, a value
	geluEnd   = 6   // from here on GELU is zero or the number itself
	geluSteps = 256 // to one
)

// kernels are what a processor has instructions of its own for. n counts numbers and is
// a multiple of eight, of 32 for peak and round; strides count bytes.
type kernels struct {
	name    string
	scores  func(out, q, k *float32, stride, n int)
	softmax func(w *float32, n int)
	mix     func(out, w, v *float32, stride, n int)
	gelu    func(x, table *float32, n int)
	peak    func(x *float32, n int) uint32
	round   func(to *int8, x *float32, n int, k float32)
	numbers func(to *float32, sums *int32, scale, bias *float32, n int, unit float32)
}

// fast are the kernels of this machine; nil: plain Go.
var fast = func() (k *kernels) {
	if n := len(every); n > 0 {
		k = every[n-1]
	}
	return k
}()

// Scratch is room for [Attend]. The zero value has none; it keeps its memory from one
// use to the next.
type Scratch struct {
	queries, out [lanes * headSize]float32
	weights      []float32
}

// Attend is the dot-product attention of n rows to each other (Vaswani et al., 2017): a
// row of qkv has the queries of all heads, then the keys, then the values, of width
// numbers each, 32 for a head. Queries are scaled beforehand. The heads' means are
// written to mixed, width numbers a row.
func Attend(qkv, mixed []float32, n, width int, s *Scratch) { attend(fast, qkv, mixed, n, width, s) }

func attend(k *kernels, qkv, mixed []float32, n, width int, s *Scratch) {
	if n == 0 {
		return
	}
	qkv, mixed = qkv[:n*3*width], mixed[:n*width]
	if need := lanes * (n + 1); cap(s.weights) < need {
		s.weights = make([]float32, need)
	}
	if k == nil {
		attendPlain(qkv, mixed, s.weights[:n], width)
		return
	}
	weights := s.weights[:lanes*(n+1)]
	stride := 3 * width * 4
	for h := 0; h < width; h += headSize {
		for t := 0; t < n; t += lanes {
			count := min(lanes, n-t)
			for l := range count {
				q := (*[headSize]float32)(qkv[(t+l)*3*width+h:])
				for i, v := range q {
					s.queries[i*lanes+l] = v
				}
			}
			k.scores(&weights[0], &s.queries[0], &qkv[width+h], stride, n)
			k.softmax(&weights[0], n)
			k.mix(&s.out[0], &weights[0], &qkv[2*width+h], stride, n)
			for l := range count {
				copy(mixed[(t+l)*width+h:(t+l)*width+h+headSize], s.out[l*headSize:])
			}
		}
	}
}

func attendPlain(qkv, mixed, weights []float32, width int) {
	const size = headSize
	n := len(weights)
	clear(mixed)
	for h := 0; h < width; h += size {
		for t := range n {
			q := (*[size]float32)(qkv[t*3*width+h:])
			top := float32(math.Inf(-1))
			for s := range n {
				k := (*[size]float32)(qkv[s*3*width+width+h:])
				var a, b, c, d float32
				for i := 0; i < size; i += 4 {
					a += float32(q[i] * k[i])
					b += float32(q[i+1] * k[i+1])
					c += float32(q[i+2] * k[i+2])
					d += float32(q[i+3] * k[i+3])
				}
				weights[s] = a + b + (c + d)
				top = max(top, weights[s])
			}
			sum := float32(0)
			for s, v := range weights {
				weights[s] = exp(v - top)
				sum += weights[s]
			}
			o := (*[size]float32)(mixed[t*width+h:])
			for s, v := range weights {
				v /= sum
				for i, y := range (*[size]float32)(qkv[s*3*width+2*width+h:]) {
					o[i] += float32(v * y)
				}
			}
		}
	}
}

// The exponential of a number that is not above zero, as two to a whole number times a
// Taylor series of twelve steps, in float64: what is lost is far below a float32's last
// bit. Below least it is zero.
const (
	least  = -104
	toTwo  = 1 / math.Ln2
	twoTop = 6.93147180369123816490e-01 // of the logarithm of two, so short that whole numbers times it are exact
	twoEnd = 1.90821492927058770002e-10
	whole  = 3 << 51 // added to a number, its last bits are the nearest whole one
)

var taylor = [...]float64{1. / 479001600, 1. / 39916800, 1. / 3628800, 1. / 362880, 1. / 40320, 1. / 5040, 1. / 720, 1. / 120, 1. / 24,
	1. / 6, 1. / 2, 1, 1}

func exp(x float32) float32 {
	d := max(float64(x), least)
	t := float64(d*toTwo) + whole
	k := t - whole
	r := d - float64(k*twoTop)
	r -= float64(k * twoEnd)
	p := taylor[0]
	for _, c := range taylor[1:] {
		p = float64(p*r) + c
	}
	return float32(math.Float64frombits(math.Float64bits(p) + math.Float64bits(t)<<52))
}

// GELU replaces each number by itself times the share of a normal distribution below it
// (Hendrycks and Gimpel, 2016), from a table between which values are read off by a
// straight line; the error is below 1e-5.
func GELU(x []float32) { gelu(fast, x) }

func gelu(k *kernels, x []float32) {
	if n := len(x) / lanes * lanes; k != nil && n > 0 {
		k.gelu(&x[0], &geluTable[0], n)
		x = x[n:]
	}
	for i, v := range x {
		x[i] = geluPlain(v)
	}
}

func geluPlain(x float32) float32 {
	switch {
	case x <= -geluEnd:
		return 0
	case x >= geluEnd:
		return x
	}
	at := (x + geluEnd) * geluSteps
	i := int(at)
	low, high := geluTable[i], geluTable[i+1]
	return low + float32((high-low)*(at-float32(i)))
}

var geluTable = func() []float32 {
	out := make([]float32, 2*geluEnd*geluSteps+2)
	for i := range out {
		x := float64(i)/geluSteps - geluEnd
		out[i] = float32(x * 0.5 * math.Erfc(-x/math.Sqrt2))
	}
	return out
}()

// Quantise writes a row as bytes, so that its largest is 127 or -127, and gives what one
// unit is worth. to must be as long.
func Quantise(row []float32, to []int8) (unit float32) { return quantise(fast, row, to) }

const (
	sign = 1 << 31    // of a float32's bits
	half = 0x3f000000 // the bits of a half
	tiny = 0x3089705f // those of 1e-9, so that a row of zeros has a unit
)

func quantise(k *kernels, row []float32, to []int8) float32 {
	to = to[:len(row)]
	bits, n := uint32(tiny), 0
	if k != nil {
		if n = len(row) / 32 * 32; n > 0 {
			bits = max(bits, k.peak(&row[0], n))
		}
	}
	for _, v := range row[n:] {
		bits = max(bits, math.Float32bits(v)&^sign)
	}
	top := math.Float32frombits(bits)
	by := 127 / top
	if n > 0 {
		k.round(&to[0], &row[0], n, by)
	}
	for i := n; i < len(row); i++ {
		v := float32(row[i] * by)
		v += math.Float32frombits(math.Float32bits(v)&sign | half)
		to[i] = int8(int32(v))
	}
	return top / 127
}

// Dequantise writes sums of products as numbers: each times the unit of its row and the
// scale of its column, and its column's bias. All must be as long as to.
func Dequantise(to []float32, sums []int32, unit float32, scale, bias []float32) {
	dequantise(fast, to, sums, unit, scale, bias)
}

func dequantise(k *kernels, to []float32, sums []int32, unit float32, scale, bias []float32) {
	sums, scale, bias = sums[:len(to)], scale[:len(to)], bias[:len(to)]
	i := 0
	if k != nil {
		if i = len(to) / lanes * lanes; i > 0 {
			k.numbers(&to[0], &sums[0], &scale[0], &bias[0], i, unit)
		}
	}
	for ; i < len(to); i++ {
		to[i] = float32(float32(sums[i])*unit*scale[i]) + bias[i]
	}
}

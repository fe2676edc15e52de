package embed

import (
	"math"
	"strconv"
	"strings"
)

// Model is a sentence encoder. It is never changed after it is read, so it is
// safe for concurrent use.
type Model struct {
	pieces *pieces
	table  *tensor // a row for each piece
	timing []float32
	widen  *matrix
	layers [2]layer
	last   *matrix
}

// Dims is the length of a vector.
func (m *Model) Dims() int { return m.last.out }

type layer struct {
	width, heads       int // of the attention
	attention, feed    norm32
	qkv, out, up, down *matrix
}

// norm32 is a layer normalisation (Ba et al., 2016).
type norm32 struct{ scale, bias []float32 }

const heads = 4

func (m *Model) build(get func(string) *tensor) {
	matrixOf := func(name string) *matrix { return newMatrix(get(name), get(name+".bias")) }
	m.table, m.timing = get("pieces"), get("timing").f
	m.widen, m.last = matrixOf("0.widen"), matrixOf("last")
	for i := range m.layers {
		n := strconv.Itoa(i) + "."
		normOf := func(part string) norm32 {
			return norm32{get(n + part + ".norm.scale").f, get(n + part + ".norm.bias").f}
		}
		l := layer{heads: heads, attention: normOf("attention"), feed: normOf("feed"),
			qkv: matrixOf(n + "qkv"), out: matrixOf(n + "out"), up: matrixOf(n + "conv1"), down: matrixOf(n + "conv2")}
		l.width = l.out.in
		m.layers[i] = l
	}
}

// mostStrange is the share of a sentence's characters, one in so many, above
// which it is taken for one that the model cannot read: another script.
const mostStrange = 5

// Embed gives a sentence's vector, of length one, or nil for one that is empty
// or that the model cannot read. At most 128 pieces are read.
func (m *Model) Embed(sentence string) []float32 {
	if strings.TrimSpace(sentence) == "" {
		return nil
	}
	ids, strange := m.pieces.cut(sentence)
	if len(ids) == 0 || strange*mostStrange > len([]rune(sentence)) {
		return nil
	}
	n := len(ids)
	width := m.table.Cols
	x := make([]float32, n*width)
	for t, id := range ids {
		row := x[t*width : (t+1)*width]
		for i, b := range m.table.b[int(id)*width : (int(id)+1)*width] {
			row[i] = 2 * float32(b) * m.table.scale[id]
		}
		for i, f := range m.timing { // sine in the first half, cosine in the second
			s, c := math.Sincos(float64(t) * float64(f))
			row[i] += float32(s)
			row[len(m.timing)+i] += float32(c)
		}
	}
	var a activations
	for i := range m.layers {
		var residual []float32
		if i == 0 {
			residual = make([]float32, n*m.widen.out)
			m.widen.times(x, n, &a, residual)
		} else {
			residual = x
		}
		x = m.layers[i].run(x, residual, n, &a)
	}
	mean := make([]float32, m.last.in)
	for t := range n {
		for i := range mean {
			mean[i] += x[t*m.last.in+i] / float32(n)
		}
	}
	out := make([]float32, m.last.out)
	m.last.times(mean, 1, &a, out)
	length := 0.0
	for i, v := range out {
		v := math.Tanh(float64(v))
		out[i] = float32(v)
		length += v * v
	}
	for i := range out {
		out[i] /= float32(math.Sqrt(length))
	}
	return out
}

// run is one transformer layer (Vaswani et al., 2017), normalised before each part.
func (l *layer) run(x, residual []float32, n int, a *activations) []float32 {
	qkv := make([]float32, n*3*l.width)
	l.qkv.times(l.attention.apply(x, len(x)/n), n, a, qkv)
	out := make([]float32, n*l.out.out)
	l.out.times(attend(qkv, n, l.width, l.heads), n, a, out)
	for i := range out {
		out[i] += residual[i]
	}
	up := make([]float32, n*l.up.out)
	l.up.times(l.feed.apply(out, l.out.out), n, a, up)
	for i, v := range up {
		up[i] = max(0, v)
	}
	down := make([]float32, n*l.down.out)
	l.down.times(up, n, a, down)
	for i := range out {
		out[i] += down[i]
	}
	return out
}

// attend is the dot-product attention of every piece to every piece.
func attend(qkv []float32, n, width, heads int) []float32 {
	out := make([]float32, n*width)
	size := width / heads
	scale := float32(1 / math.Sqrt(float64(size)))
	weights := make([]float32, n)
	for h := range heads {
		for t := range n {
			q := qkv[t*3*width+h*size:][:size]
			top := float32(math.Inf(-1))
			for s := range n {
				k := qkv[s*3*width+width+h*size:][:size]
				dot := float32(0)
				for i, v := range q {
					dot += v * k[i]
				}
				weights[s] = dot * scale
				top = max(top, weights[s])
			}
			sum := float32(0)
			for s, w := range weights {
				weights[s] = float32(math.Exp(float64(w - top)))
				sum += weights[s]
			}
			o := out[t*width+h*size:][:size]
			for s, w := range weights {
				w /= sum
				for i, v := range qkv[s*3*width+2*width+h*size:][:size] {
					o[i] += w * v
				}
			}
		}
	}
	return out
}

func (m norm32) apply(x []float32, width int) []float32 {
	out := make([]float32, len(x))
	for at := 0; at < len(x); at += width {
		row := x[at : at+width]
		mean, spread := float32(0), float32(0)
		for _, v := range row {
			mean += v
		}
		mean /= float32(width)
		for _, v := range row {
			spread += (v - mean) * (v - mean)
		}
		k := float32(1 / math.Sqrt(float64(spread)/float64(width)+1e-6))
		for i, v := range row {
			out[at+i] = (v-mean)*k*m.scale[i] + m.bias[i]
		}
	}
	return out
}

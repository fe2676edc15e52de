package embed

import (
	"math"
	"slices"
	"strconv"
)

// Model is a sentence encoder: a transformer of six layers that reads a
// sentence as a whole (Devlin et al., 2019; Wang et al., "MiniLM", 2020). It is
// never changed after it is read, so it is safe for concurrent use.
type Model struct {
	pieces *pieces
	table  *tensor // a row for each piece
	places *tensor // a row for each place in the sentence
	start  norm32
	layers [6]layer
}

type layer struct {
	qkv, out, up, down *matrix
	attention, feed    norm32
}

// norm32 is a layer normalisation (Ba et al., 2016).
type norm32 struct{ scale, bias []float32 }

const heads = 12

// Dims is the length of a vector.
func (m *Model) Dims() int { return m.table.Cols }

func (m *Model) build(get func(string) *tensor) {
	normOf := func(name string) norm32 { return norm32{get(name + ".scale").f, get(name + ".bias").f} }
	m.table, m.places, m.start = get("pieces"), get("places"), normOf("start")
	for i := range m.layers {
		n := strconv.Itoa(i) + "."
		matrixOf := func(name string) *matrix { return newMatrix(get(n+name), get(n+name+".bias")) }
		m.layers[i] = layer{qkv: matrixOf("qkv"), out: matrixOf("out"), up: matrixOf("up"), down: matrixOf("down"),
			attention: normOf(n + "attention"), feed: normOf(n + "feed")}
	}
}

// Embed gives a sentence's vector, of length one, or nil for one that is empty
// or that the model cannot read. At most MostPieces pieces are read.
func (m *Model) Embed(sentence string) []float32 {
	ids := m.pieces.cut(sentence, MostPieces)
	if ids == nil {
		return nil
	}
	n, width := len(ids), m.table.Cols
	x := make([]float32, n*width)
	for t, id := range ids {
		row, scale, place := x[t*width:(t+1)*width], m.table.scale[id], m.places.f[t*width:(t+1)*width]
		for i, b := range m.table.b[int(id)*width : (int(id)+1)*width] {
			row[i] = float32(b)*scale + place[i]
		}
	}
	m.start.apply(x, width)
	w := workspace{qkv: make([]float32, n*3*width), mixed: make([]float32, n*width), up: make([]float32, n*4*width), weights: make([]float32, n)}
	for i := range m.layers {
		m.layers[i].run(x, n, width, &w)
	}
	out := make([]float32, width)
	for t := range n {
		for i := range out {
			out[i] += x[t*width+i]
		}
	}
	length := 0.0
	for _, v := range out {
		length += float64(v) * float64(v)
	}
	k := float32(1 / math.Sqrt(length))
	for i := range out {
		out[i] *= k
	}
	return out
}

// workspace is what the layers write between their parts.
type workspace struct {
	a                       activations
	qkv, mixed, up, weights []float32
}

// run is one transformer layer (Vaswani et al., 2017), normalised after each
// part. It changes x.
func (l *layer) run(x []float32, n, width int, w *workspace) {
	l.qkv.times(x, n, &w.a, w.qkv)
	attend(w.qkv, n, width, w)
	out := w.qkv[:n*width] // no longer needed
	l.out.times(w.mixed, n, &w.a, out)
	for i, v := range out {
		x[i] += v
	}
	l.attention.apply(x, width)
	l.up.times(x, n, &w.a, w.up)
	for i, v := range w.up {
		w.up[i] = gelu(v)
	}
	l.down.times(w.up, n, &w.a, out)
	for i, v := range out {
		x[i] += v
	}
	l.feed.apply(x, width)
}

// attend is the dot-product attention of every piece to every piece. Queries
// are scaled beforehand, in the model's file.
func attend(qkv []float32, n, width int, w *workspace) {
	const size = 32
	clear(w.mixed)
	for h := range heads {
		for t := range n {
			q := (*[size]float32)(qkv[t*3*width+h*size:])
			top := float32(math.Inf(-1))
			for s := range n {
				k := (*[size]float32)(qkv[s*3*width+width+h*size:])
				var a, b, c, d float32
				for i := 0; i < size; i += 4 {
					a += float32(q[i] * k[i])
					b += float32(q[i+1] * k[i+1])
					c += float32(q[i+2] * k[i+2])
					d += float32(q[i+3] * k[i+3])
				}
				w.weights[s] = a + b + (c + d)
				top = max(top, w.weights[s])
			}
			sum := float32(0)
			for s, v := range w.weights {
				w.weights[s] = float32(math.Exp(float64(v - top)))
				sum += w.weights[s]
			}
			o := (*[size]float32)(w.mixed[t*width+h*size:])
			for s, v := range w.weights {
				v /= sum
				for i, y := range (*[size]float32)(qkv[s*3*width+2*width+h*size:]) {
					o[i] += float32(v * y)
				}
			}
		}
	}
}

func (m norm32) apply(x []float32, width int) {
	for at := 0; at < len(x); at += width {
		row := x[at : at+width]
		mean, spread := float32(0), float32(0)
		for _, v := range row {
			mean += v
		}
		mean /= float32(width)
		for _, v := range row {
			spread += float32((v - mean) * (v - mean))
		}
		k := float32(1 / math.Sqrt(float64(spread)/float64(width)+1e-12))
		for i, v := range row {
			row[i] = float32((v-mean)*k*m.scale[i]) + m.bias[i]
		}
	}
}

// gelu is x times the share of a normal distribution below x (Hendrycks and
// Gimpel, 2016), from a table between which values are read off by a straight
// line; the error is below 1e-5.
func gelu(x float32) float32 {
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

const (
	geluEnd   = 6
	geluSteps = 256 // to one
)

var geluTable = func() []float32 {
	out := make([]float32, 2*geluEnd*geluSteps+2)
	for i := range out {
		x := float64(i)/geluSteps - geluEnd
		out[i] = float32(x * 0.5 * math.Erfc(-x/math.Sqrt2))
	}
	return slices.Clip(out)
}()

package embed

import (
	"math"
	"slices"
	"strconv"
	"sync"
)

// Model is a sentence encoder: a transformer of six or twelve layers that reads a
// sentence as a whole (Devlin et al., 2019; Wang et al., "MiniLM", 2020). It is
// never changed after it is read, so it is safe for concurrent use.
type Model struct {
	pieces tokeniser
	table  *tensor // a row for each piece
	rare   *tensor // of those beyond the table; nil where there are none
	places *tensor // a row for each place in the sentence
	start  norm32
	layers []layer
}

// tokeniser cuts a sentence into the numbers of its pieces, at most so many, with
// the marks for its start and end; nil for one that the model cannot read.
type tokeniser interface {
	cut(sentence string, most int) []int32
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

func (m *Model) build(get func(string) *tensor, layers int) {
	normOf := func(name string) norm32 { return norm32{get(name + ".scale").f, get(name + ".bias").f} }
	m.table, m.places, m.start = get("pieces"), get("places"), normOf("start")
	m.layers = make([]layer, layers)
	for i := range m.layers {
		n := strconv.Itoa(i) + "."
		matrixOf := func(name string) *matrix { return newMatrix(get(n+name), get(n+name+".bias")) }
		m.layers[i] = layer{qkv: matrixOf("qkv"), out: matrixOf("out"), up: matrixOf("up"), down: matrixOf("down"),
			attention: normOf(n + "attention"), feed: normOf(n + "feed")}
	}
}

// together is about how many pieces go through a layer at once: enough that
// widening its weights costs little beside multiplying by them, few enough that
// what is between the layers (20 kB a piece) stays in a processor's cache.
const together = 48

// Embed gives a sentence's vector, of length one, or nil for one that is empty
// or that the model cannot read. At most MostPieces pieces are read.
func (m *Model) Embed(sentence string) []float32 { return m.EmbedAll([]string{sentence})[0] }

// Form gives the mean of a sentence's pieces after half of the layers, of length one:
// there the model knows how a sentence is built, and of whom it speaks, better than at
// its end, where little but the meaning is left. It takes half the time of Embed, and
// gives nil where that does.
func (m *Model) Form(sentence string) []float32 {
	ids := m.pieces.cut(sentence, MostPieces)
	if ids == nil {
		return nil
	}
	w := spare.Get().(*workspace)
	defer spare.Put(w)
	w.ids, w.of, w.ends = append(w.ids[:0], ids...), append(w.of[:0], 0), append(w.ends[:0], len(ids))
	out := make([][]float32, 1)
	m.embed(w, out, len(m.layers)/2)
	w.ids, w.of, w.ends = w.ids[:0], w.of[:0], w.ends[:0]
	return out[0]
}

// EmbedAll gives each sentence the vector that Embed gives it, in less time: a
// mail of three sentences takes a fifth less than one by one.
func (m *Model) EmbedAll(sentences []string) [][]float32 {
	out := make([][]float32, len(sentences))
	w := spare.Get().(*workspace)
	defer spare.Put(w)
	for i, s := range sentences {
		if ids := m.pieces.cut(s, MostPieces); ids != nil {
			w.ids, w.of = append(w.ids, ids...), append(w.of, i)
			w.ends = append(w.ends, len(w.ids))
		}
		if len(w.ids) >= together || i == len(sentences)-1 {
			m.embed(w, out, len(m.layers))
			w.ids, w.of, w.ends = w.ids[:0], w.of[:0], w.ends[:0]
		}
	}
	return out
}

// workspace is a batch of sentences and what the layers write between their parts.
type workspace struct {
	ids      []int32 // the pieces of all sentences
	of, ends []int   // for each sentence: which it is, and where its pieces end

	a                          activations
	x, qkv, mixed, up, weights []float32
}

// spare keeps workspaces, one and a half megabytes for a mail, from being garbage.
var spare = sync.Pool{New: func() any { return new(workspace) }}

// embed writes the batch's vectors to their sentences' places, as they are after so
// many layers.
func (m *Model) embed(w *workspace, out [][]float32, layers int) {
	n, width := len(w.ids), m.table.Cols
	w.x, w.qkv, w.mixed, w.up = grow(w.x, n*width), grow(w.qkv, n*3*width), grow(w.mixed, n*width), grow(w.up, n*4*width)
	w.weights = grow(w.weights, MostPieces)
	start := 0
	for _, end := range w.ends {
		for t := start; t < end; t++ {
			id := int(w.ids[t])
			row, place := w.x[t*width:(t+1)*width], m.places.f[(t-start)*width:(t-start+1)*width]
			if table := m.table; id < table.Rows {
				table.row(id, row)
			} else {
				m.rare.row(id-table.Rows, row)
			}
			for i, v := range place {
				row[i] += v
			}
		}
		start = end
	}
	m.start.apply(w.x, width)
	for i := range m.layers[:layers] {
		m.layers[i].run(n, width, w)
	}
	start = 0
	for s, end := range w.ends {
		out[w.of[s]] = average(w.x[start*width:end*width], width)
		start = end
	}
}

// average is the direction of the rows' sum, of length one.
func average(rows []float32, width int) []float32 {
	out := make([]float32, width)
	for ; len(rows) > 0; rows = rows[width:] {
		for i, v := range rows[:width] {
			out[i] += v
		}
	}
	length := 0.0
	for _, v := range out {
		length += float64(float64(v) * float64(v))
	}
	k := float32(1 / math.Sqrt(length))
	for i := range out {
		out[i] *= k
	}
	return out
}

// run is one transformer layer (Vaswani et al., 2017), normalised after each
// part. It changes w.x.
func (l *layer) run(n, width int, w *workspace) {
	l.qkv.times(w.x, n, &w.a, w.qkv)
	start := 0
	for _, end := range w.ends {
		attend(w.qkv[start*3*width:end*3*width], w.mixed[start*width:end*width], w.weights[:end-start], width)
		start = end
	}
	out := w.qkv[:n*width] // no longer needed
	l.out.times(w.mixed, n, &w.a, out)
	for i, v := range out {
		w.x[i] += v
	}
	l.attention.apply(w.x, width)
	l.up.times(w.x, n, &w.a, w.up)
	for i, v := range w.up {
		w.up[i] = gelu(v)
	}
	l.down.times(w.up, n, &w.a, out)
	for i, v := range out {
		w.x[i] += v
	}
	l.feed.apply(w.x, width)
}

// attend is the dot-product attention of a sentence's pieces to each other.
// Queries are scaled beforehand, in the model's file. weights has room for one
// number a piece.
func attend(qkv, mixed, weights []float32, width int) {
	const size = 32
	n := len(weights)
	clear(mixed)
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
				weights[s] = a + b + (c + d)
				top = max(top, weights[s])
			}
			sum := float32(0)
			for s, v := range weights {
				weights[s] = float32(math.Exp(float64(v - top)))
				sum += weights[s]
			}
			o := (*[size]float32)(mixed[t*width+h*size:])
			for s, v := range weights {
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

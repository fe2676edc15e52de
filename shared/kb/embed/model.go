package embed

import (
	"math"
	"strconv"
	"sync"

	"github.com/replywell/replywell/shared/kb/embed/simd"
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

	a                 activations
	attention         simd.Scratch
	x, qkv, mixed, up []float32
}

// spare keeps workspaces, one and a half megabytes for a mail, from being garbage.
var spare = sync.Pool{New: func() any { return new(workspace) }}

// embed writes the batch's vectors to their sentences' places, as they are after so
// many layers.
func (m *Model) embed(w *workspace, out [][]float32, layers int) {
	n, width := len(w.ids), m.table.Cols
	w.x, w.qkv, w.mixed, w.up = grow(w.x, n*width), grow(w.qkv, n*3*width), grow(w.mixed, n*width), grow(w.up, n*4*width)
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
		simd.Attend(w.qkv[start*3*width:end*3*width], w.mixed[start*width:end*width], end-start, width, &w.attention)
		start = end
	}
	out := w.qkv[:n*width] // no longer needed
	l.out.times(w.mixed, n, &w.a, out)
	for i, v := range out {
		w.x[i] += v
	}
	l.attention.apply(w.x, width)
	l.up.times(w.x, n, &w.a, w.up)
	simd.GELU(w.up)
	l.down.times(w.up, n, &w.a, out)
	for i, v := range out {
		w.x[i] += v
	}
	l.feed.apply(w.x, width)
}

// apply normalises each row. Four rows at a time, since a row's sums are made one number
// after the other, and a processor can make four such at once.
func (m norm32) apply(x []float32, width int) {
	for ; len(x) >= 4*width; x = x[4*width:] {
		a, b, c, d := x[:width], x[width:2*width], x[2*width:3*width], x[3*width:4*width]
		var sum, spread [4]float32
		for i := range a {
			sum[0] += a[i]
			sum[1] += b[i]
			sum[2] += c[i]
			sum[3] += d[i]
		}
		for i := range sum {
			sum[i] /= float32(width)
		}
		for i := range a {
			spread[0] += float32((a[i] - sum[0]) * (a[i] - sum[0]))
			spread[1] += float32((b[i] - sum[1]) * (b[i] - sum[1]))
			spread[2] += float32((c[i] - sum[2]) * (c[i] - sum[2]))
			spread[3] += float32((d[i] - sum[3]) * (d[i] - sum[3]))
		}
		for i, row := range [4][]float32{a, b, c, d} {
			m.shift(row, sum[i], spread[i])
		}
	}
	for ; len(x) > 0; x = x[width:] {
		row := x[:width]
		mean, spread := float32(0), float32(0)
		for _, v := range row {
			mean += v
		}
		mean /= float32(width)
		for _, v := range row {
			spread += float32((v - mean) * (v - mean))
		}
		m.shift(row, mean, spread)
	}
}

// shift brings a row to a mean of zero and a spread of one, and to the layer's scale.
func (m norm32) shift(row []float32, mean, spread float32) {
	k := float32(1 / math.Sqrt(float64(spread)/float64(len(row))+1e-12))
	scale, bias := m.scale[:len(row)], m.bias[:len(row)]
	for i, v := range row {
		row[i] = float32((v-mean)*k*scale[i]) + bias[i]
	}
}

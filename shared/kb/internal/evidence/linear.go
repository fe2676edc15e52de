package evidence

import (
	"math"
	"slices"

	"github.com/replywell/replywell/shared/kb/internal/wire"
	"github.com/replywell/replywell/shared/kb/terms"
)

// classifier is softmax regression from a mail's features to the article that
// was sent: one weight for each pair of feature and article. It learns what
// similarity cannot see, that "still" tells a card that has not come from one
// that was ordered. Only articles with a few past mails take part; the others
// are left to their text and to their neighbours.
type classifier struct {
	articles []uint32 // class -> article
	bias     []float32
	keys     []uint32 // places, ascending
	start    []uint32
	classes  []uint16
	weights  []int8
	step     float32   // what one unit of a weight is worth
	dense    []float32 // dimension x class, for the embedding; may be empty
}

const (
	leastExamples = 2
	mostClasses   = 512
	epochs        = 12
	rate          = 1.0
	cooling       = 0.3 // of the rate, by the end
	averagedFrom  = 0.3 // of the rounds
	decay         = 2e-6
	keepPerClass  = 5000
	// senseScale is how much the embedding counts against words and pieces,
	// which have length one each.
	senseScale = 2
)

// averager is the mean of weights over the last rounds, which is steadier than the
// last round's (Polyak and Juditsky, "Acceleration of stochastic approximation by
// averaging", 1992).
type averager struct {
	sums  [][]float32
	times float32
}

func (a *averager) add(tables ...[]float32) {
	if a.sums == nil {
		for _, t := range tables {
			a.sums = append(a.sums, make([]float32, len(t)))
		}
	}
	for k, t := range tables {
		for i, v := range t {
			a.sums[k][i] += v
		}
	}
	a.times++
}

func (a *averager) give(tables ...[]float32) {
	for k, sum := range a.sums {
		for i, v := range sum {
			tables[k][i] = v / a.times
		}
	}
}

// example is one past mail as the classifier sees it.
type example struct {
	features terms.Vector
	dense    []float32
	class    int
}

// trainer holds the weights while they are learnt: for each feature, a row with
// one weight for each class.
type trainer struct {
	classes int
	row     map[uint32]int32
	keys    []uint32
	w       []float32
	bias    []float32
	dense   []float32
	logits  []float32
}

// train fits a classifier. The order of the examples is mixed by a fixed
// sequence, so the same history gives the same classifier.
func train(examples []example, classes, dims int) *trainer {
	t := &trainer{classes: classes, row: map[uint32]int32{}, bias: make([]float32, classes), logits: make([]float32, classes), dense: make([]float32, dims*classes)}
	seen := map[uint32]uint8{}
	for _, ex := range examples {
		for _, e := range ex.features {
			if seen[e.Place] < 2 {
				seen[e.Place]++
			}
		}
	}
	for _, ex := range examples {
		for _, e := range ex.features {
			if _, ok := t.row[e.Place]; !ok && (seen[e.Place] > 1 || len(examples) < 2000) {
				t.row[e.Place] = int32(len(t.keys))
				t.keys = append(t.keys, e.Place)
			}
		}
	}
	t.w = make([]float32, len(t.keys)*classes)
	rows := make([][]int32, len(examples))
	for i, ex := range examples {
		for _, e := range ex.features {
			if r, ok := t.row[e.Place]; ok {
				rows[i] = append(rows[i], r)
			} else {
				rows[i] = append(rows[i], -1)
			}
		}
	}
	order := make([]int, len(examples))
	for i := range order {
		order[i] = i
	}
	state := uint64(0x9e3779b97f4a7c15)
	rounds := epochs
	if n := len(examples); n > 0 && rounds*n < leastSteps {
		rounds = min(leastSteps/n, 5*epochs)
	}
	total, done := float64(rounds*len(examples)), 0.0
	mean := averager{}
	for round := range rounds {
		for i := len(order) - 1; i > 0; i-- {
			state ^= state << 13
			state ^= state >> 7
			state ^= state << 17
			j := int(state % uint64(i+1))
			order[i], order[j] = order[j], order[i]
		}
		for _, i := range order {
			eta := float32(rate * (1 - cooling*done/total))
			done++
			t.learn(examples[i], rows[i], eta)
		}
		if float64(round) >= averagedFrom*float64(rounds) {
			mean.add(t.w, t.dense, t.bias)
		}
	}
	mean.give(t.w, t.dense, t.bias)
	return t
}

// leastSteps is how many examples a small history is gone through, again and again.
const leastSteps = 6000

// learn moves the weights by one example's gradient. Classes whose part of the
// gradient is next to nothing are left alone, which is most of them.
func (t *trainer) learn(ex example, rows []int32, eta float32) {
	c := t.classes
	logits := t.logits
	copy(logits, t.bias)
	for i, e := range ex.features {
		if rows[i] < 0 {
			continue
		}
		w := t.w[int(rows[i])*c : (int(rows[i])+1)*c]
		for k, x := range w {
			logits[k] += e.Weight * x
		}
	}
	for d, x := range ex.dense {
		x *= senseScale
		w := t.dense[d*c : (d+1)*c]
		for k, y := range w {
			logits[k] += x * y
		}
	}
	softmax(logits)
	var touched []int
	for k, p := range logits {
		g := p
		if k == ex.class {
			g = p - 1
		}
		logits[k] = g
		if g > 0.002 || g < -0.002 {
			touched = append(touched, k)
		}
	}
	for i, e := range ex.features {
		if rows[i] < 0 {
			continue
		}
		w := t.w[int(rows[i])*c : (int(rows[i])+1)*c]
		for _, k := range touched {
			w[k] -= eta * (logits[k]*e.Weight + decay*w[k])
		}
	}
	for d, x := range ex.dense {
		x *= senseScale
		w := t.dense[d*c : (d+1)*c]
		for _, k := range touched {
			w[k] -= eta * (logits[k]*x + decay*w[k])
		}
	}
	for _, k := range touched {
		t.bias[k] -= eta * 0.05 * logits[k]
	}
}

func softmax(x []float32) {
	top := slices.Max(x)
	sum := float32(0)
	for i, v := range x {
		e := float32(math.Exp(float64(v - top)))
		x[i] = e
		sum += e
	}
	for i := range x {
		x[i] /= sum
	}
}

// finish prunes the weights to the largest of each class, keeps each in a byte
// and turns the table so that a feature's classes stand together.
func (t *trainer) finish(articles []uint32) *classifier {
	c := &classifier{articles: articles, bias: t.bias, dense: t.dense}
	type cell struct {
		row    int32
		weight float32
	}
	top := float32(0)
	kept := make([][]cell, t.classes) // by class
	for k := range kept {
		var cells []cell
		for r := range t.keys {
			if w := t.w[r*t.classes+k]; w > 0.01 || w < -0.01 {
				cells = append(cells, cell{int32(r), w})
			}
		}
		slices.SortFunc(cells, func(a, b cell) int {
			x, y := math.Abs(float64(a.weight)), math.Abs(float64(b.weight))
			switch {
			case x > y:
				return -1
			case x < y:
				return 1
			}
			return int(a.row - b.row)
		})
		kept[k] = cells[:min(keepPerClass, len(cells))]
		if len(cells) > 0 {
			top = max(top, float32(math.Abs(float64(cells[0].weight))))
		}
	}
	if top == 0 {
		top = 1
	}
	c.step = top / 127
	type triple struct {
		place uint32
		class uint16
		w     int8
	}
	var all []triple
	for k, cells := range kept {
		for _, x := range cells {
			if w := int8(math.Round(float64(x.weight / c.step))); w != 0 {
				all = append(all, triple{t.keys[x.row], uint16(k), w})
			}
		}
	}
	slices.SortFunc(all, func(a, b triple) int {
		if a.place != b.place {
			return int(a.place) - int(b.place)
		}
		return int(a.class) - int(b.class)
	})
	for i, x := range all {
		if i == 0 || all[i-1].place != x.place {
			c.keys = append(c.keys, x.place)
			c.start = append(c.start, uint32(i))
		}
		c.classes = append(c.classes, x.class)
		c.weights = append(c.weights, x.w)
	}
	c.start = append(c.start, uint32(len(all)))
	return c
}

// logits gives, by class, how much speaks for each.
func (c *classifier) logits(features terms.Vector, dense []float32) []float32 {
	out := make([]float32, len(c.bias))
	for _, e := range features {
		i, ok := slices.BinarySearch(c.keys, e.Place)
		if !ok {
			continue
		}
		x := e.Weight * c.step
		for j := c.start[i]; j < c.start[i+1]; j++ {
			out[c.classes[j]] += x * float32(c.weights[j])
		}
	}
	for k, b := range c.bias {
		out[k] += b
	}
	n := len(c.bias)
	for d, x := range dense {
		if (d+1)*n > len(c.dense) {
			break
		}
		x *= senseScale
		for k, w := range c.dense[d*n : (d+1)*n] {
			out[k] += x * w
		}
	}
	return out
}

func (c *classifier) write(w *wire.Writer) {
	if c == nil {
		w.Uint32s(nil)
		return
	}
	w.Uint32s(c.articles)
	w.Floats(c.bias)
	w.Uint32s(c.keys)
	w.Uint32s(c.start)
	w.Uint16s(c.classes)
	w.Int8s(c.weights)
	w.Floats([]float32{c.step})
	w.Floats(c.dense)
}

func readClassifier(r *wire.Reader, articles int) *classifier {
	c := &classifier{articles: r.Uint32s()}
	if len(c.articles) == 0 {
		return nil
	}
	c.bias, c.keys, c.start, c.classes, c.weights = r.Floats(), r.Uint32s(), r.Uint32s(), r.Uint16s(), r.Int8s()
	step := r.Floats()
	c.dense = r.Floats()
	if r.Err != nil || len(step) != 1 || len(c.bias) != len(c.articles) || int(slices.Max(c.articles)) >= articles || len(c.start) != len(c.keys)+1 {
		r.Err = wire.ErrCut
		return nil
	}
	c.step = step[0]
	return c
}

package fuse

import (
	"math"
	"slices"

	"github.com/replywell/replywell/shared/kb/internal/wire"
)

// Calibration is what a team's own history says of the ranking. The fitted constants
// come from other people's mails; how far a classifier, neighbours or titles may
// be trusted differs from team to team. So when an index is built, parts of its
// history are hidden in turn, an index of the rest is asked for them, and what
// it says of mails it has not seen refines the constants for this team (stacked
// generalisation, Wolpert 1992). The less history, the less they move.
type Calibration struct {
	Rank  []float64 // instead of Weights.Rank
	Right float64   // share of hidden mails whose article came first
	Mails int       // how many were hidden
	// What Signs.Level and Near are for hidden mails, ascending, a sample of mostSample.
	Level, Near []float32
	// Shift is added to the log odds that an article answers a mail, from ByHand mails
	// that were answered without one; none where they are few.
	ByHand int
	Shift  float64
}

const (
	keptOfEach  = 30 // candidates of each
	refineSteps = 200
	// refineRidge is how many mails' worth the fitted constants are held with.
	refineRidge = 6.0
	mostSample  = 600
	// byHandLeast is how many mails answered by hand tell how many have no article.
	ByHandLeast = 20
)

// Hidden is a past mail that was hidden from an index: what the index said of
// each candidate, and which of them was sent.
type Hidden struct {
	Found   []Scores
	Gold    int // place of the article that was sent; -1: not among them
	History float64
}

// pick is one hidden mail's candidates that matter, the right one at right.
type pick struct {
	features [][]float64
	right    int
}

// Calibrate refines the fitted constants by the likelihood of the articles that
// were sent, held to where they were by a ridge on standardised features.
func Calibrate(hidden []Hidden, w *Weights) *Calibration {
	var picks []pick
	c := &Calibration{Mails: len(hidden)}
	for _, h := range hidden {
		if h.Gold < 0 {
			continue
		}
		features := make([][]float64, len(h.Found))
		scores := make([]float64, len(features))
		order := make([]int, len(features))
		for i, e := range h.Found {
			features[i] = w.Features(e, h.History)
			order[i], scores[i] = i, dot(w.Rank, features[i])
		}
		slices.SortFunc(order, func(a, b int) int {
			if scores[a] != scores[b] {
				if scores[a] > scores[b] {
					return -1
				}
				return 1
			}
			return a - b
		})
		order = order[:min(keptOfEach, len(order))]
		if !slices.Contains(order, h.Gold) {
			order[len(order)-1] = h.Gold
		}
		p := pick{right: slices.Index(order, h.Gold)}
		for _, i := range order {
			p.features = append(p.features, features[i])
		}
		picks = append(picks, p)
	}
	c.Rank = asKept(refine(picks, w.Rank))
	var level, near []float32
	for i, r := range c.rankings(hidden, w) {
		if len(r.Candidates) == 0 {
			continue
		}
		level, near = append(level, float32(r.Signs.Level)), append(near, float32(r.Signs.Near))
		if r.Candidates[0].Article == hidden[i].Gold {
			c.Right++
		}
	}
	c.Right = float64(float32(c.Right / float64(max(1, len(hidden)))))
	c.Level, c.Near = spaced(level), spaced(near)
	return c
}

// Uncalibrated has the fitted constants, for a team whose history is too short.
func Uncalibrated(w *Weights) *Calibration { return &Calibration{Rank: asKept(w.Rank)} }

// asKept rounds constants as a snapshot keeps them.
func asKept(rank []float64) []float64 {
	out := make([]float64, len(rank))
	for i, v := range rank {
		out[i] = float64(float32(v))
	}
	return out
}

// rankings orders what was found for hidden mails. A candidate's Article is its place among them.
func (c *Calibration) rankings(hidden []Hidden, w *Weights) []Ranking {
	out := make([]Ranking, len(hidden))
	for i, h := range hidden {
		cands := make([]Candidate, len(h.Found))
		for j, e := range h.Found {
			cands[j] = Candidate{Article: j, Scores: e}
		}
		out[i] = w.Order(cands, h.History, c)
	}
	return out
}

// spaced is an evenly spaced sample of values, in ascending order.
func spaced(values []float32) []float32 {
	slices.Sort(values)
	if len(values) <= mostSample {
		return values
	}
	out := make([]float32, mostSample)
	for i := range out {
		out[i] = values[(2*i+1)*len(values)/(2*mostSample)]
	}
	return out
}

// knowByHand learns from mails that were answered by hand how many of the team's
// have no article. Answered is how many were answered with one, handed without.
func (c *Calibration) KnowByHand(hidden []Hidden, byHand []Ranking, answered, handed int, w *Weights) {
	if len(byHand) < ByHandLeast {
		return
	}
	rankings := append(c.rankings(hidden, w), byHand...)
	share := func(i int) float64 { // how many mails one stands for
		if i < len(hidden) {
			return float64(answered) / float64(len(hidden))
		}
		return float64(handed) / float64(len(byHand))
	}
	c.ByHand = handed
	// The shift under which as many are expected to have an article as had one, held
	// to none by a prior of variance one. Each ranking counts as one mail.
	weight := float64(len(rankings)) / float64(answered+handed)
	for range 50 {
		slope, curve, mean := -c.Shift, -1.0, 0.0
		for i := range rankings {
			rankings[i].Judge(nil, c)
			f := rankings[i].Fits
			mean += f / float64(len(rankings))
			slope += share(i) * weight * (One(i < len(hidden)) - f)
			curve -= share(i) * weight * f * (1 - f)
		}
		if len(hidden) == 0 { // nothing was hidden: what was answered looks like the rest
			slope += float64(answered) * weight * (1 - mean)
			curve -= float64(answered) * weight * mean * (1 - mean)
		}
		c.Shift = max(-mostShift, min(mostShift, c.Shift-max(-1, min(1, slope/curve))))
	}
	c.Shift = float64(float32(c.Shift)) // as a snapshot keeps it
}

// Expecting is what makes some mails together expect an answer as often as a share of
// others of the same team do; less so where those are few (see Pool). P is the mails' pool.
func Expecting(rankings []Ranking, p *Pool, share, others float64) *Calibration {
	low, high := -float64(mostShift), float64(mostShift)
	for range 30 {
		c, mean := &Calibration{Shift: (low + high) / 2}, 0.0
		for i := range rankings {
			r := rankings[i]
			r.Judge(p, c)
			mean += r.Fits / float64(len(rankings))
		}
		if mean > share {
			high = c.Shift
		} else {
			low = c.Shift
		}
	}
	return &Calibration{Shift: (low + high) / 2 * (&Pool{Mails: others}).weight()}
}

// mostShift bounds what mails answered by hand change, in log odds. They may be older
// than the article that answers them now, and what is never shown is never sent:
// without a bound a team that began without articles would stay without suggestions.
const mostShift = 2

func (p pick) scores(w []float64) []float64 {
	out := make([]float64, len(p.features))
	for i, f := range p.features {
		out[i] = dot(w, f)
	}
	return out
}

func dot(w, f []float64) float64 {
	s := 0.0
	for i, v := range f {
		s += float64(w[i] * v)
	}
	return s
}

func refine(picks []pick, from []float64) []float64 {
	n := len(from)
	scale := make([]float64, n)
	count := 1e-9
	for _, p := range picks {
		for _, f := range p.features {
			for i, v := range f {
				scale[i] += v * v
			}
			count++
		}
	}
	for i := range scale {
		scale[i] = math.Sqrt(scale[i]/count) + 1e-6
	}
	moved := make([]float64, n) // by how much, in standardised units
	w := slices.Clone(from)
	m, v, g := make([]float64, n), make([]float64, n), make([]float64, n)
	for t := 1; t <= refineSteps; t++ {
		clear(g)
		for _, p := range picks {
			s := p.scores(w)
			top, sum := slices.Max(s), 0.0
			for i := range s {
				s[i] = math.Exp(s[i] - top)
				sum += s[i]
			}
			for i, f := range p.features {
				d := s[i] / sum
				if i == p.right {
					d--
				}
				if math.Abs(d) < 1e-4 {
					continue
				}
				for j, y := range f {
					g[j] += d * y
				}
			}
		}
		rate := 0.03 * (1 - 0.9*float64(t)/refineSteps)
		for i := range g {
			d := (g[i]/scale[i] + refineRidge*moved[i]) / float64(len(picks))
			m[i] = 0.9*m[i] + 0.1*d
			v[i] = 0.99*v[i] + 0.01*d*d
			moved[i] -= rate * (m[i] / (1 - math.Pow(0.9, float64(t)))) / (math.Sqrt(v[i]/(1-math.Pow(0.99, float64(t)))) + 1e-9)
			w[i] = from[i] + moved[i]/scale[i]
		}
	}
	return w
}

func (c *Calibration) Write(w *wire.Writer) {
	if c == nil {
		w.Floats(nil)
		return
	}
	rank := make([]float32, len(c.Rank))
	for i, v := range c.Rank {
		rank[i] = float32(v)
	}
	w.Floats([]float32{float32(c.Right), float32(c.Mails), float32(c.ByHand), float32(c.Shift)})
	w.Floats(rank)
	w.Floats(c.Level)
	w.Floats(c.Near)
}

func ReadCalibration(r *wire.Reader, w *Weights) *Calibration {
	numbers := r.Floats()
	if len(numbers) == 0 {
		return nil
	}
	c := &Calibration{}
	rank := r.Floats()
	c.Level, c.Near = r.Floats(), r.Floats()
	if len(numbers) != 4 || len(rank) != len(w.Rank) {
		r.Err = wire.ErrCut
		return nil
	}
	c.Right, c.Mails, c.ByHand, c.Shift = float64(numbers[0]), int(numbers[1]), int(numbers[2]), float64(numbers[3])
	for _, v := range rank {
		c.Rank = append(c.Rank, float64(v))
	}
	return c
}

package main

import (
	"math"
	"slices"

	"github.com/replywell/replywell/shared/kb"
)

const (
	listsPerTask = 200 // for fitting the ranking; the report uses all
	steps        = 250
)

// fitAll fits the ranking by the likelihood of the right article among the
// candidates (listwise softmax), then the confidence by logistic regression,
// then the threshold. Each set of the same history counts the same. Tasks of a
// group that is left out are not looked at.
func fitAll(tasks []task, without string) *kb.Weights {
	w := &kb.Weights{Rank: fitRank(tasks, without)}
	w.Trust = fitTrust(tasks, without, w)
	w.Threshold = threshold(tasks, without, w)
	return w
}

type sample struct {
	features [][]float64
	gold     []int32
	weight   float64
}

func fitRank(tasks []task, without string) []float64 {
	var all []sample
	for _, t := range tasks {
		if t.Group == without {
			continue
		}
		n := 0
		for _, l := range t.Lists {
			if len(l.Gold) > 0 && l.Gold[0] >= 0 {
				n++
			}
		}
		every := max(1, n/listsPerTask)
		n = 0
		var mine []sample
		for _, l := range t.Lists {
			if len(l.Gold) == 0 || l.Gold[0] < 0 || len(l.Gold) == len(l.Found) {
				continue
			}
			if n++; n%every != 0 {
				continue
			}
			s := sample{gold: l.Gold}
			for _, c := range l.candidates(t.History) {
				s.features = append(s.features, c.Features)
			}
			mine = append(mine, s)
		}
		for i := range mine {
			mine[i].weight = t.weight / float64(len(mine))
		}
		all = append(all, mine...)
	}
	scale := make([]float64, kb.Features)
	for i := range scale {
		sum, n := 0.0, 0.0
		for _, s := range all {
			for _, f := range s.features {
				sum += f[i] * f[i]
				n++
			}
		}
		scale[i] = math.Sqrt(sum/n) + 1e-6
	}
	w := make([]float64, kb.Features)
	adam(w, 0.05, steps, func(w, g []float64) {
		listwise(all, w, scale, g)
		for i := range g {
			g[i] += cli.Ridge * w[i]
		}
	})
	for i := range w {
		w[i] /= scale[i]
	}
	return w
}

// weigh lets a group of sets with many tasks count more, but less than by their number, so
// that no group decides alone.
func weigh(tasks []task) {
	n := map[string]float64{}
	for _, t := range tasks {
		n[t.Group]++
	}
	for i, t := range tasks {
		tasks[i].weight = math.Pow(n[t.Group], -0.25)
	}
}

// own is what the task's own history makes of constants.
func (t task) own(w *kb.Weights) *kb.Own {
	if len(t.Hidden) == 0 || cli.NoOwn {
		return nil
	}
	var hidden []kb.Hidden
	for _, h := range t.Hidden {
		x := kb.Hidden{Gold: h.Gold, History: h.History}
		for _, f := range h.Found {
			x.Found = append(x.Found, widen(f))
		}
		hidden = append(hidden, x)
	}
	return kb.NewOwn(hidden, w)
}

// listwise adds the gradient of the mean negative log share of the right ones.
func listwise(all []sample, w, scale, g []float64) {
	var p []float64
	u := make([]float64, len(w))
	for i := range u {
		u[i] = w[i] / scale[i]
	}
	for _, s := range all {
		p = p[:0]
		top := math.Inf(-1)
		for _, f := range s.features {
			z := 0.0
			for i, v := range f {
				z += u[i] * v
			}
			p = append(p, z)
			top = max(top, z)
		}
		sum, right := 0.0, 0.0
		for i := range p {
			p[i] = math.Exp(p[i] - top)
			sum += p[i]
		}
		for _, k := range s.gold {
			right += p[k]
		}
		for i, f := range s.features {
			d := p[i] / sum
			if slices.Contains(s.gold, int32(i)) {
				d -= p[i] / right
			}
			if d *= s.weight; math.Abs(d) < 1e-9 {
				continue
			}
			for j, v := range f {
				g[j] += d * v / scale[j]
			}
		}
	}
}

// adam minimises a function by its gradient (Kingma and Ba, 2015).
func adam(w []float64, rate float64, steps int, gradient func(w, g []float64)) {
	m, v, g := make([]float64, len(w)), make([]float64, len(w)), make([]float64, len(w))
	for t := 1; t <= steps; t++ {
		clear(g)
		gradient(w, g)
		step := rate * (1 - 0.9*float64(t)/float64(steps))
		for i := range w {
			m[i] = 0.9*m[i] + 0.1*g[i]
			v[i] = 0.99*v[i] + 0.01*g[i]*g[i]
			w[i] -= step * (m[i] / (1 - math.Pow(0.9, float64(t)))) / (math.Sqrt(v[i]/(1-math.Pow(0.99, float64(t)))) + 1e-9)
		}
	}
}

type judged struct {
	task   int
	signs  []float64
	right  bool
	weight float64
}

func judge(tasks []task, without string, w *kb.Weights) (out []judged) {
	for i, t := range tasks {
		if t.Duplicates || t.Group == without {
			continue
		}
		own := t.own(w)
		for _, l := range t.Lists {
			r := w.Order(l.candidates(t.History), t.History, own)
			if len(r.Candidates) == 0 {
				continue
			}
			out = append(out, judged{i, r.Signs, slices.Contains(l.Gold, int32(r.Candidates[0].Article)), t.weight / float64(len(t.Lists))})
		}
	}
	return out
}

func fitTrust(tasks []task, without string, w *kb.Weights) []float64 {
	all := judge(tasks, without, w)
	n := len(all[0].signs)
	scale := make([]float64, n)
	for i := range scale {
		sum := 0.0
		for _, j := range all {
			sum += j.signs[i] * j.signs[i]
		}
		scale[i] = math.Sqrt(sum/float64(len(all))) + 1e-6
	}
	out := make([]float64, n)
	bound := func(w []float64) {
		for _, i := range kb.Rising(n) {
			w[i] = max(0, w[i])
		}
	}
	adam(out, 0.05, 800, func(w, g []float64) {
		bound(w)
		for _, j := range all {
			z := 0.0
			for i, v := range j.signs {
				z += w[i] * v / scale[i]
			}
			d := 1 / (1 + math.Exp(-z))
			if j.right {
				d--
			}
			d *= j.weight
			for i, v := range j.signs {
				g[i] += d * v / scale[i]
			}
		}
		for i := 1; i < len(g); i++ {
			g[i] += cli.TrustRidge * w[i]
		}
	})
	bound(out)
	for i := range out {
		out[i] /= scale[i]
	}
	return out
}

// wantPrecision is what is right of what is shown, over all tasks together.
const wantPrecision = 0.90

// threshold is the least confidence, at least one half, above which so many are right.
func threshold(tasks []task, without string, w *kb.Weights) float64 {
	all := judge(tasks, without, w)
	for th := 0.40; th < 0.95; th += 0.01 {
		right, shown := 0.0, 0.0
		for _, j := range all {
			if j.confidence(w) >= th {
				shown += j.weight
				if j.right {
					right += j.weight
				}
			}
		}
		if right >= wantPrecision*shown {
			return math.Round(th*100) / 100
		}
	}
	return 0.95
}

func (j judged) confidence(w *kb.Weights) float64 {
	z := 0.0
	for i, v := range j.signs {
		z += v * w.Trust[i]
	}
	return 1 / (1 + math.Exp(-z))
}

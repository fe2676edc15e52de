package main

import (
	"math"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/kb/internal/fuse"
)

const (
	listsPerTask = 200 // for fitting the ranking; the report uses all
	steps        = 400
)

// fitAll fits the ranking by the likelihood of the right article among the
// candidates (listwise softmax), then the two parts of the confidence by logistic
// regression, then the threshold. Groups of sets count the same. Tasks of a group
// that is left out are not looked at.
func fitAll(tasks []task, without string) *fuse.Weights {
	w := fuse.NewWeights(scorers(), cli.Model != "none")
	w.Apart = cli.Apart
	if cli.Rank != "" {
		kept, err := readWeights(cli.Rank)
		if err != nil {
			panic(err)
		}
		w.Scorers, w.Rank = kept.Scorers, kept.Rank
	} else {
		w.Rank = fitRank(tasks, without, w)
	}
	for _, s := range calibrationScorers {
		if !slices.Contains(w.Scorers, s) {
			w.Scorers, w.Rank = append(w.Scorers, s), append(w.Rank, 0, 0)
		}
	}
	fitConfidence(tasks, without, w)
	w.Threshold = threshold(tasks, without, w)
	return w
}

// calibrationScorers have a say only where a team's own history gives them one: fitted on
// other people's mails they lose on sets that are left out.
var calibrationScorers = named("weight mails senses mail-sense mail mail-part together often")

// scorers are those that have a say in the ranking. Which they are was decided by
// what they are worth on sets that were left out (docs/suggestions-figures.md).
func scorers() []fuse.Scorer {
	switch {
	case len(cli.Scorers) > 0:
		return named(strings.Join(cli.Scorers, " "))
	case cli.Model == "none":
		return named("terms title title-part text text-part mail mails learnt")
	}
	return named("text passage mail-sense centre learnt")
}

func named(names string) (out []fuse.Scorer) {
	for _, n := range strings.Fields(names) {
		var s fuse.Scorer
		if err := s.UnmarshalText([]byte(n)); err != nil {
			panic(err)
		}
		out = append(out, s)
	}
	return out
}

type sample struct {
	features [][]float64
	gold     []int32
	weight   float64
}

func fitRank(tasks []task, without string, by *fuse.Weights) []float64 {
	var all []sample
	for _, t := range tasks {
		if t.family() == without {
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
			for _, c := range l.candidates() {
				s.features = append(s.features, by.Features(c.Scores, t.History))
			}
			mine = append(mine, s)
		}
		for i := range mine {
			mine[i].weight = t.weight / float64(len(mine))
		}
		all = append(all, mine...)
	}
	scale := make([]float64, 2*len(by.Scorers))
	for i := range scale {
		sum, n := 1e-6, 0.0
		for _, s := range all {
			mean := 0.0
			for _, f := range s.features {
				mean += f[i] / float64(len(s.features))
			}
			for _, f := range s.features { // only differences within a list rank
				sum += (f[i] - mean) * (f[i] - mean)
				n++
			}
		}
		scale[i] = math.Sqrt(sum / n)
	}
	w := make([]float64, 2*len(by.Scorers))
	adam(w, 0.05, steps, func(w, g []float64) {
		listwise(all, w, scale, g)
		for i := range g {
			g[i] += cli.Ridge * w[i]
		}
	}, func(w []float64) { speakFor(w, scale) })
	for i := range w {
		w[i] /= scale[i]
	}
	return w
}

// speakFor keeps what each scorer says from counting against an article, with no history
// and with all that counts: where scorers say much the same, one fitted against the
// other fits these sets and misleads elsewhere.
func speakFor(w, scale []float64) {
	for i := 0; i < len(w); i += 2 {
		w[i] = max(0, w[i])
		w[i+1] = max(w[i+1], -w[i]/scale[i]*scale[i+1])
	}
}

// weigh lets each group of sets count the same, and within it each set many times
// as much as a team drawn from it: a set is what real people wrote, a drawn team
// only says what can happen.
func weigh(tasks []task) {
	n := map[string]float64{}
	for i, t := range tasks {
		tasks[i].weight = 1
		if strings.Contains(t.Name, "~") {
			tasks[i].weight = cli.TeamWeight
		}
		n[t.Group] += tasks[i].weight
	}
	for i, t := range tasks {
		tasks[i].weight /= n[t.Group]
	}
}

// calibration is what the task's own history makes of constants.
func (t task) calibration(w *fuse.Weights) *fuse.Calibration {
	if len(t.Hidden) == 0 || cli.NoCalibration {
		return nil
	}
	if r, ok := refined[t.Name]; ok && slices.Equal(r.from, w.Rank) {
		return r.to
	}
	var hidden []fuse.Hidden
	for _, h := range t.Hidden {
		x := fuse.Hidden{Gold: h.Gold, History: h.History}
		for _, f := range h.Found {
			x.Found = append(x.Found, widen(f))
		}
		hidden = append(hidden, x)
	}
	c := fuse.Calibrate(hidden, w)
	refined[t.Name] = refinement{slices.Clone(w.Rank), c}
	return c
}

// refined keeps what tasks' histories make of constants, which is asked for again and again.
var refined = map[string]refinement{}

type refinement struct {
	from []float64
	to   *fuse.Calibration
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

// adam minimises a function by its gradient (Kingma and Ba, 2015), within the bounds
// that bound puts w back into after each step.
func adam(w []float64, rate float64, steps int, gradient func(w, g []float64), bound func(w []float64)) {
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
		bound(w)
	}
}

// judged is a mail with the signs that its confidence is fitted on.
type judged struct {
	ranking    fuse.Ranking
	right      bool
	answerable bool
	weight     float64
}

// judge ranks all mails of a task; the weights' confidence may still be missing.
func (t task) judge(w *fuse.Weights) (out []judged) {
	calibration := t.calibration(w)
	for _, l := range t.Lists {
		j := judged{answerable: len(l.Gold) > 0, weight: t.weight / float64(len(t.Lists))}
		if len(l.Found) > 0 {
			j.ranking = w.Order(l.candidates(), t.History, calibration)
		}
		out = append(out, j)
	}
	t.mark(out)
	return out
}

// mark tells which rankings are right.
func (t task) mark(all []judged) {
	for i := range all {
		if c := all[i].ranking.Candidates; len(c) > 0 {
			all[i].right = slices.Contains(t.Lists[i].Gold, int32(c[0].Article))
		}
	}
}

// among gives the same mails as they are ranked together: by hubs as well, which they
// tell of. Candidates are known by their places, so each list is to have all articles.
func (t task) among(all []judged) []judged {
	articles := 0
	var rankings []fuse.Ranking
	for _, j := range all {
		articles = max(articles, len(j.ranking.Candidates))
		rankings = append(rankings, j.ranking)
	}
	hubs := fuse.NewHubs(rankings, articles, cli.Hubs*fuse.HubsBeside(t.History))
	out := slices.Clone(all)
	for i := range out {
		out[i].ranking.Candidates = slices.Clone(out[i].ranking.Candidates)
		out[i].ranking = out[i].ranking.Among(hubs)
	}
	t.mark(out)
	return out
}

// pool is what the task's mails look like together.
func pool(all []judged, w *fuse.Weights) *fuse.Pool {
	var rankings []fuse.Ranking
	for _, j := range all {
		rankings = append(rankings, j.ranking)
	}
	return fuse.NewPool(rankings, w)
}

func fitConfidence(tasks []task, without string, w *fuse.Weights) {
	var first, raw, fits, alone []example
	for _, t := range tasks {
		if t.Duplicates || t.family() == without {
			continue
		}
		single := t.judge(w)
		all := t.among(single)
		p := pool(all, w)
		answerable := 1e-9
		for _, j := range all {
			if j.answerable {
				answerable++
			}
		}
		for i, j := range all {
			if len(j.ranking.Candidates) == 0 {
				continue
			}
			one := single[i]
			if weight := j.weight * float64(len(all)) / answerable; j.answerable {
				first = append(first, example{j.ranking.Signs.FirstAmong(w.Apart, p), j.right, weight})
				raw = append(raw, example{one.ranking.Signs.First(w.Apart), one.right, weight})
			}
			fits = append(fits, example{j.ranking.Signs.FitsAmong(w.Apart, p), j.answerable, j.weight})
			alone = append(alone, example{one.ranking.Signs.Fits(w.Apart), j.answerable, j.weight})
		}
	}
	w.First, w.FirstAlone, w.Fits, w.FitsAlone = logit(first), logit(raw), logit(fits), logit(alone)
}

// example is one for a logistic regression.
type example struct {
	signs  []float64
	yes    bool
	weight float64
}

// logit is a logistic regression with a ridge on standardised signs; the first
// sign is the constant.
func logit(all []example) []float64 {
	n := len(all[0].signs)
	scale := make([]float64, n)
	total := 0.0
	for _, e := range all {
		for i, v := range e.signs {
			scale[i] += e.weight * v * v
		}
		total += e.weight
	}
	for i := range scale {
		scale[i] = math.Sqrt(scale[i]/total) + 1e-6
	}
	out := make([]float64, n)
	for range newtonSteps {
		slope, curve := make([]float64, n), make([][]float64, n)
		for i := range curve {
			curve[i] = make([]float64, n)
			if i > 0 {
				slope[i], curve[i][i] = cli.TrustRidge*out[i], cli.TrustRidge
			}
		}
		x := make([]float64, n)
		for _, e := range all {
			z := 0.0
			for i, v := range e.signs {
				x[i] = v / scale[i]
				z += out[i] * x[i]
			}
			p := 1 / (1 + math.Exp(-z))
			d := p
			if e.yes {
				d--
			}
			for i, v := range x {
				slope[i] += e.weight * d * v
				for j, u := range x {
					curve[i][j] += e.weight * p * (1 - p) * u * v
				}
			}
		}
		for i, step := range solve(curve, slope) {
			out[i] -= step
		}
	}
	for i := range out {
		out[i] /= scale[i]
	}
	return out
}

const newtonSteps = 25

// solve gives x for a·x = b, where a is positive definite, by elimination. It
// changes both.
func solve(a [][]float64, b []float64) []float64 {
	for i := range a {
		a[i][i] += 1e-9
		for j := i + 1; j < len(a); j++ {
			k := a[j][i] / a[i][i]
			for m := i; m < len(a); m++ {
				a[j][m] -= k * a[i][m]
			}
			b[j] -= k * b[i]
		}
	}
	x := make([]float64, len(b))
	for i := len(b) - 1; i >= 0; i-- {
		x[i] = b[i]
		for j := i + 1; j < len(b); j++ {
			x[i] -= a[i][j] * x[j]
		}
		x[i] /= a[i][i]
	}
	return x
}

// threshold is the least confidence above which so many are right.
func threshold(tasks []task, without string, w *fuse.Weights) float64 {
	var all []judged
	for _, t := range tasks {
		if t.Duplicates || t.family() == without || strings.Contains(t.Name, "~") {
			continue
		}
		mine := t.among(t.judge(w))
		p := pool(mine, w)
		for i := range mine {
			mine[i].ranking.Judge(p, nil)
		}
		all = append(all, mine...)
	}
	for th := 0.40; th < 0.95; th += 0.01 {
		right, shown := 0.0, 0.0
		for _, j := range all {
			if j.ranking.Confidence >= th {
				shown += j.weight
				if j.right {
					right += j.weight
				}
			}
		}
		if right >= cli.Precision*shown {
			return math.Round(th*100) / 100
		}
	}
	return 0.95
}

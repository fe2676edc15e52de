package fuse

import (
	"math"
	"slices"
)

// Candidate is an article with what speaks for it.
type Candidate struct {
	Article int
	Scores  Scores
	Near    float64 // the scores, fused
	Score   float64 // the same, less what is known of hubs; only comparable within one ranking
	Share   float64 // of the softmax over the candidates
	Likely  float64 // probability that it is right
}

// Ranking is a mail's candidates, best first, with how sure the first is.
type Ranking struct {
	Candidates []Candidate
	Signs      Signs
	Fits       float64 // probability that one of the articles answers the mail
	Confidence float64 // probability that the first does

	By   *Weights // what ranked and judges it
	Seen Signs    // by the constants of the index, for the pool

	history     float64
	calibration *Calibration
}

// anyOf is the probability that one of the first so many is right.
func (r Ranking) AnyOf(most int) float64 {
	sum := 0.0
	for i := range r.Candidates[:max(0, min(most, len(r.Candidates)))] {
		sum += r.Candidates[i].Likely
	}
	return min(1, sum)
}

// sure tells whether the first is likely enough to be shown by itself.
func (r Ranking) Sure() bool { return len(r.Candidates) > 0 && r.Confidence >= r.By.Threshold }

// Features are what Rank weighs: for each scorer that has a say, what it found,
// and that again by how much history there is, so that weight shifts from the
// articles' text to the history as it grows.
func (w *Weights) Features(e Scores, history float64) []float64 {
	out := make([]float64, 0, 2*len(w.Scorers))
	for _, s := range w.Scorers {
		out = append(out, e[s], e[s]*history)
	}
	return out
}

// Order orders the candidates and says how sure the first is. Calibration, which may be
// nil, is what the index's own history says of the ranking.
func (w *Weights) Order(cands []Candidate, history float64, calibration *Calibration) Ranking {
	if len(cands) == 0 {
		return Ranking{}
	}
	rank := w.Rank
	if calibration != nil {
		rank = calibration.Rank
	}
	for i := range cands {
		cands[i].Near = dot(rank, w.Features(cands[i].Scores, history))
		cands[i].Score = cands[i].Near
	}
	return w.finish(cands, history, calibration)
}

// finish orders candidates by their scores and judges the first.
func (w *Weights) finish(cands []Candidate, history float64, calibration *Calibration) Ranking {
	top := math.Inf(-1)
	for _, c := range cands {
		top = max(top, c.Score)
	}
	sum := 0.0
	for i := range cands {
		cands[i].Share = math.Exp(cands[i].Score - top)
		sum += cands[i].Share
	}
	for i := range cands {
		cands[i].Share /= sum
	}
	slices.SortFunc(cands, func(a, b Candidate) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return a.Article - b.Article
	})
	r := Ranking{Candidates: cands, Signs: w.signs(cands, history, calibration), By: w, history: history, calibration: calibration}
	r.Seen = r.Signs
	r.Judge(nil, calibration)
	return r
}

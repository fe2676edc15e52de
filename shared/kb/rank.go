package kb

import (
	_ "embed"
	"encoding/json"
	"math"
	"slices"
)

// Weights are the constants that turn evidence into a ranking and a ranking
// into a confidence. They are fitted by shared/kb/fit, never by hand.
type Weights struct {
	Rank      []float64 `json:"rank"`      // of Candidate.Features
	Trust     []float64 `json:"trust"`     // of Ranking.Signs
	Threshold float64   `json:"threshold"` // least confidence that is shown
}

//go:embed fitted.json
var fittedJSON []byte

//go:embed fitted-words.json
var fittedWordsJSON []byte

// fitted are the constants with the embedding model, fittedWords those without.
var fitted, fittedWords = readWeights(fittedJSON), readWeights(fittedWordsJSON)

func readWeights(data []byte) *Weights {
	w := &Weights{}
	if err := json.Unmarshal(data, w); err != nil {
		panic("the fitted constants are part of the program: " + err.Error())
	}
	return w
}

func (x *Index) weights() *Weights {
	if x.vectors == nil {
		return fittedWords
	}
	return fitted
}

// Candidate is an article with what speaks for it.
type Candidate struct {
	Article  int
	Evidence Evidence
	Features []float64 // what Weights.Rank weighs
	Score    float64   // fused; only comparable within one ranking
	Share    float64   // of the softmax over the candidates
}

// Ranking is a mail's candidates, best first, with how sure the first is.
type Ranking struct {
	Candidates []Candidate
	Signs      []float64 // what Weights.Trust weighs
	Confidence float64   // probability that the first is right
}

// likely is the probability that candidate i is right: the first's confidence,
// and of it what its share is against the first's.
func (r Ranking) likely(i int) float64 {
	if i == 0 {
		return r.Confidence
	}
	return min(r.Confidence, r.Confidence*r.Candidates[i].Share/max(1e-12, r.Candidates[0].Share))
}

// anyOf is the probability that one of the first so many is right.
func (r Ranking) anyOf(most int) float64 {
	sum := 0.0
	for i := range r.Candidates[:max(0, min(most, len(r.Candidates)))] {
		sum += r.likely(i)
	}
	return min(1, sum)
}

// perEvidence is how many features each scorer gives: its value and its value
// against the best candidate's, each also by how much history there is.
const perEvidence = 4

// Features is the length of Candidate.Features.
const Features = scorers * perEvidence

// Consider gathers the evidence for a mail. Only narrows the articles by id;
// nil is all. Nothing is ranked yet.
func (x *Index) Consider(subject, text string, only []string) []Candidate {
	var narrowed []int
	for _, id := range only {
		if i, ok := x.byID[id]; ok {
			narrowed = append(narrowed, i)
		}
	}
	if only != nil && narrowed == nil {
		return nil
	}
	return x.consider(x.read(subject, text), narrowed)
}

func (x *Index) consider(q *query, only []int) []Candidate {
	if len(q.sentences) == 0 || len(x.articles) == 0 {
		return nil
	}
	articles, found := x.valid(x.gatherEvidence(q, only))
	features := Expand(found, x.History())
	out := make([]Candidate, len(found))
	for i, e := range found {
		out[i] = Candidate{Article: articles[i], Evidence: e, Features: features[i]}
	}
	return out
}

// Expand gives each candidate's features from the evidence for all of them.
func Expand(found []Evidence, history float64) [][]float64 {
	var top Evidence
	for i := range top {
		top[i] = math.Inf(-1)
	}
	for _, e := range found {
		for s, v := range e {
			top[s] = max(top[s], v)
		}
	}
	out := make([][]float64, len(found))
	flat := make([]float64, len(found)*Features)
	for i, e := range found {
		f := flat[i*Features : (i+1)*Features]
		for s, v := range e {
			against := 0.0
			switch {
			case s == byLearnt && v < 0:
				against = math.Exp(v)
			case s < byLearnt && top[s] > 0:
				against = v / top[s]
			}
			f[s*perEvidence], f[s*perEvidence+1], f[s*perEvidence+2], f[s*perEvidence+3] = v, against, v*history, against*history
		}
		out[i] = f
	}
	return out
}

// History is how much an index has learnt from, from 0 (nothing) to 1 (a
// hundred mails or more for each article that was ever sent).
func (x *Index) History() float64 { return min(1, x.pastSeen/math.Log(101)) }

// Order orders the candidates and says how sure the first is. Own, which may be
// nil, is what the index's own history says of the ranking.
func (w *Weights) Order(cands []Candidate, history float64, own *Own) Ranking {
	if len(cands) == 0 {
		return Ranking{}
	}
	rank := w.Rank
	if own != nil {
		rank = own.Rank
	}
	top := math.Inf(-1)
	for i := range cands {
		cands[i].Score = dot(rank, cands[i].Features)
		top = max(top, cands[i].Score)
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
	r := Ranking{Candidates: cands, Signs: signs(cands, history, own)}
	if len(w.Trust) == len(r.Signs) {
		r.Confidence = logistic(r.Signs, w.Trust)
	}
	return r
}

func logistic(x, w []float64) float64 {
	return 1 / (1 + math.Exp(-dot(w, x)))
}

// signs are what the confidence is judged by: how far the first is ahead, how
// much the scorers find in it, how many agree, how much history there is, and
// how often the history's own hidden mails were answered rightly.
func signs(c []Candidate, h float64, own *Own) []float64 {
	first := c[0]
	share2, entropy := 0.0, 0.0
	if len(c) > 1 {
		share2 = c[1].Share
	}
	for _, x := range c {
		if x.Share > 1e-9 {
			entropy -= x.Share * math.Log(x.Share)
		}
	}
	logit := min(7, math.Log(first.Share+1e-6)-math.Log(1-first.Share+1e-6))
	e := first.Evidence
	warm, sure := 0.0, 0.0
	if h > 0 {
		warm = 1
	}
	if e[byLearnt] != 0 {
		sure = math.Exp(e[byLearnt])
	}
	out := []float64{1, logit, share2, agreement(c), entropy, e[byTerms], e[byTitle], e[byTitlePart], e[byTitleSense], e[byPassage], e[byKnown], e[byKnown] * logit, e[byPassage] * logit}
	for i := range len(out) {
		out = append(out, out[i]*warm)
	}
	out = append(out, e[byMail], e[byMailPart], e[byMails], e[byTogether], e[byMailSense], e[byCentre], sure, e[byWeight], h, h*logit, h*e[byKnown], h*sure, h*e[byCentre], h*e[byMailSense], h*e[byWeight])
	known, right := 0.0, 0.0
	if own != nil {
		known = float64(own.Mails) / float64(own.Mails+100)
		r := min(0.97, max(0.05, own.Right))
		right = math.Log(r / (1 - r))
	}
	return append(out, known, known*right, known*logit)
}

// Rising are the signs that can only speak for the first, whatever the sets say
// that the constants are fitted on: how far it is ahead, and how often the
// team's own hidden mails were answered rightly. Without this bound a set that is
// easy and has many mails without an answer would teach that a high share of
// right answers is a reason for doubt.
func Rising(signs int) []int { return []int{1, signs - 2, signs - 1} }

// agreement is the share of scorers that found anything and put the first first.
func agreement(c []Candidate) float64 {
	agree, active := 0.0, 0.0
	for s := range byLearnt + 1 {
		best, at := 0.0, -1
		if s == byLearnt {
			best = leastLog + 0.5
		}
		for i, x := range c {
			if x.Evidence[s] > best {
				best, at = x.Evidence[s], i
			}
		}
		if at >= 0 {
			active++
			if at == 0 {
				agree++
			}
		}
	}
	return agree / max(1, active)
}

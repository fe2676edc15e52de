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
	Scorers   []Scorer  `json:"scorers"`   // those that have a say, see Features
	Rank      []float64 `json:"rank"`      // of the features
	Level     []Scorer  `json:"level"`     // whose sum says how much of a mail an article is about, see Signs
	Near      Scorer    `json:"near"`      // says how like a mail is to one that was answered
	Low       float64   `json:"low"`       // a level that mails without an answer have, see Pool
	First     []float64 `json:"first"`     // of Signs.first
	Fits      []float64 `json:"fits"`      // of Signs.fits and Pool.signs
	FitsAlone []float64 `json:"alone"`     // of Signs.fits, where nothing is known of other mails
	Threshold float64   `json:"threshold"` // least confidence that is shown
}

// NewWeights gives weights that rank by some scorers, before anything is fitted,
// for an index with an embedding model or without one.
func NewWeights(scorers []Scorer, sense bool) *Weights {
	w := &Weights{Scorers: scorers, Rank: make([]float64, 2*len(scorers))}
	if sense {
		w.Level, w.Near, w.Low = []Scorer{byMailSense, byPassage}, byMailSense, 0.75
	} else {
		w.Level, w.Near, w.Low = []Scorer{byTitle, byText}, byMail, 0.15
	}
	return w
}

//go:embed fitted.json
var fittedJSON []byte

//go:embed fitted-words.json
var fittedWordsJSON []byte

//go:embed fitted-wide.json
var fittedWideJSON []byte

// fitted are the constants with the English embedding model, fittedWide those with the
// wide one, fittedWords those without any.
var fitted, fittedWide, fittedWords = readWeights(fittedJSON), readWeights(fittedWideJSON), readWeights(fittedWordsJSON)

// fittedAcross are the wide model's constants for mail in another language than the
// articles'. Its confidence carries over less well than any other, so more of it is
// asked: what no language is (names, slang, romanised words) comes here as well.
var fittedAcross = func() *Weights {
	w := *fittedWide
	w.Threshold = max(w.Threshold, acrossThreshold)
	return &w
}()

const acrossThreshold = 0.65

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
	switch {
	case x.foreign:
		return fittedAcross
	case x.vectors.model == wideName:
		return fittedWide
	}
	return fitted
}

// rankingOf orders the candidates for a mail. One that the model cannot read, being of
// another script, is ranked and judged by words.
func (x *Index) rankingOf(q *query, cands []Candidate) Ranking {
	r := x.weights().Order(cands, x.History(), x.own)
	if x.vectors == nil || q.dense != nil {
		return r
	}
	byWords := fittedWords.Order(cands, x.History(), nil)
	byWords.seen = r.Signs
	return byWords
}

// Candidate is an article with what speaks for it.
type Candidate struct {
	Article  int
	Evidence Evidence
	Score    float64 // fused; only comparable within one ranking
	Share    float64 // of the softmax over the candidates
	Likely   float64 // probability that it is right
}

// Ranking is a mail's candidates, best first, with how sure the first is.
type Ranking struct {
	Candidates []Candidate
	Signs      Signs
	Fits       float64 // probability that one of the articles answers the mail
	Confidence float64 // probability that the first does

	by   *Weights // what ranked and judges it
	seen Signs    // by the constants of the index, for the pool
}

// anyOf is the probability that one of the first so many is right.
func (r Ranking) anyOf(most int) float64 {
	sum := 0.0
	for i := range r.Candidates[:max(0, min(most, len(r.Candidates)))] {
		sum += r.Candidates[i].Likely
	}
	return min(1, sum)
}

// sure tells whether the first is likely enough to be shown by itself.
func (r Ranking) sure() bool { return len(r.Candidates) > 0 && r.Confidence >= r.by.Threshold }

// Features are what Rank weighs: for each scorer that has a say, what it found,
// and that again by how much history there is, so that weight shifts from the
// articles' text to the history as it grows.
func (w *Weights) Features(e Evidence, history float64) []float64 {
	out := make([]float64, 0, 2*len(w.Scorers))
	for _, s := range w.Scorers {
		out = append(out, e[s], e[s]*history)
	}
	return out
}

// Consider gathers the evidence for a mail. Only narrows the articles by id;
// nil is all. Nothing is ranked yet.
func (x *Index) Consider(subject, text string, only []string) []Candidate {
	return x.considerOnly(x.read(subject, text), only)
}

func (x *Index) considerOnly(q *query, only []string) []Candidate {
	narrowed := x.placesOfIDs(only)
	if only != nil && narrowed == nil {
		return nil
	}
	return x.consider(q, narrowed)
}

func (x *Index) consider(q *query, only []int) []Candidate {
	if len(q.sentences) == 0 || len(x.articles) == 0 {
		return nil
	}
	articles, found := x.valid(x.gatherEvidence(q, only))
	out := make([]Candidate, len(found))
	for i, e := range found {
		out[i] = Candidate{Article: articles[i], Evidence: e}
	}
	return out
}

// History is how much an index has learnt from, from 0 (nothing) to 1 (sixteen mails
// or more for each article that was ever sent).
func (x *Index) History() float64 { return min(1, x.pastSeen/math.Log(17)) }

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
		cands[i].Score = dot(rank, w.Features(cands[i].Evidence, history))
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
	r := Ranking{Candidates: cands, Signs: w.signs(cands, history, own), by: w}
	r.seen = r.Signs
	r.Judge(nil, own)
	return r
}

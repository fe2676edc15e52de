package fuse

import (
	"math"
	"testing"
)

// What is known of the share of a team's mails that have an answer holds for those of
// another language as well, the more the more mails told it.
func TestOtherLanguagesExpectNoMoreAnswers(t *testing.T) {
	w := &Weights{
		FirstAlone: make([]float64, len(Signs{}.First(""))),
		FitsAlone:  make([]float64, len(Signs{}.Fits(""))),
	}
	w.FitsAlone[1] = 1
	var mails []Ranking
	for i := range 100 {
		r := Ranking{Candidates: []Candidate{{Share: 0.5}, {Article: 1, Share: 0.5}}, By: w}
		r.Signs.Level = float64(i)/50 + 1
		mails = append(mails, r)
	}
	expected := func(c *Calibration) (mean float64) {
		for _, r := range mails {
			r.Candidates = append([]Candidate{}, r.Candidates...)
			r.Judge(nil, c)
			mean += r.Fits / float64(len(mails))
		}
		return mean
	}
	if got := expected(Expecting(mails, nil, 0.5, 150)); math.Abs(got-0.5) > 0.01 {
		t.Errorf("of many others half have an answer, and here %.2f", got)
	}
	if got, alone := expected(Expecting(mails, nil, 0.5, 10)), expected(nil); got != alone {
		t.Errorf("ten others move the expectation from %.2f to %.2f", alone, got)
	}
	// However few others have one, the mails of this language may.
	if got := expected(Expecting(mails, nil, 0, 150)); got < 0.2 {
		t.Errorf("%.2f is left of an expectation", got)
	}
}

// What sets the first apart is read against all articles: how many share what speaks for
// them, and how far the first is above their mean.
func TestTheFirstAmongAll(t *testing.T) {
	w := &Weights{Level: []Scorer{ByText}}
	for _, c := range []struct {
		name              string
		shares, levels    []float64
		entropy, standing float64
	}{
		{"alone", []float64{1}, []float64{0.7}, 0, 0},
		{"all alike", []float64{.25, .25, .25, .25}, []float64{0.5, 0.5, 0.5, 0.5}, math.Log(4), 0},
		{"one of two", []float64{1, 0}, []float64{0.8, 0.4}, 0, 1},
		{"one of five", []float64{1, 0, 0, 0, 0}, []float64{0.9, 0.4, 0.4, 0.4, 0.4}, 0, 2},
		{"not the highest", []float64{.5, .5}, []float64{0.4, 0.8}, math.Log(2), -1},
	} {
		var all []Candidate
		for i, share := range c.shares {
			x := Candidate{Article: i, Share: share}
			x.Scores[ByText] = c.levels[i]
			all = append(all, x)
		}
		if e, s := entropy(all), w.standing(all); math.Abs(e-c.entropy) > 1e-9 || math.Abs(s-c.standing) > 1e-9 {
			t.Errorf("%s: entropy %v, standing %v; want %v and %v", c.name, e, s, c.entropy, c.standing)
		}
	}
}

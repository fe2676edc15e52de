package fuse

import (
	"math"
	"testing"
)

// What is known of the share of a team's mails that have an answer holds for those of
// another language as well, the more the more mails told it.
func TestOtherLanguagesExpectNoMoreAnswers(t *testing.T) {
	w := &Weights{First: make([]float64, len(Signs{}.First())), FitsAlone: make([]float64, len(Signs{}.Fits()))}
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

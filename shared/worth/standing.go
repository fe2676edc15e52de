package worth

import (
	"math"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// Standing is one line of a team's list, as it is kept. What the line did not say is
// the zero value.
type Standing struct {
	Potential float64   `json:"p,omitzero"` // 0 to 1
	Tier      string    `json:"t,omitzero"`
	Owner     string    `json:"o,omitzero"`
	Since     time.Time `json:"s,omitzero"`
	Orders    float64   `json:"n,omitzero"` // so far
	Revenue   float64   `json:"r,omitzero"` // of a year
	LastOrder time.Time `json:"l,omitzero"`
}

// Score is a formula: it gives a potential from a standing. now is for what grows with
// time. An error says in plain words what is wrong with the formula.
type Score func(formula string, s Standing, now time.Time) (float64, error)

// Worth reckons what the desk goes by. Where the formula cannot be reckoned, the column
// "potential" counts, and the error says why.
func (s Standing) Worth(formula string, score Score, now time.Time) (desk.Worth, error) {
	w := desk.Worth{Potential: s.Potential, Tier: s.Tier, Owner: s.Owner, Since: s.Since, Revenue: s.Revenue}
	if formula == "" || score == nil {
		return w, nil
	}
	p, err := score(formula, s, now)
	if err == nil {
		w.Potential = Bounded(p)
	}
	return w, err
}

// Bounded is a score between 0 and 1; what is no number is 0.
func Bounded(p float64) float64 {
	if math.IsNaN(p) {
		return 0
	}
	return min(max(p, 0), 1)
}

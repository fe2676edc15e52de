package fuse

import (
	"slices"

	"github.com/replywell/replywell/shared/kb/internal/wire"
)

// Some articles come near to every mail, whatever it asks: short ones, general ones,
// such as say a little of everything. In spaces of many dimensions that cannot be
// helped (Radovanović et al., "Hubs in Space", 2010), and it is told by mails alone, which
// nobody need have judged: a score counts for less, the nearer its article comes to
// other mails (Conneau et al., "Word Translation without Parallel Data", 2018).

// Hubs are by how much an article's score counts for less, for all articles by place;
// nil: there are too few mails to know.
type Hubs []float64

const (
	// hubMails is how many mails an article is looked at with, those that it comes nearest
	// to, as a multiple of the mails that it would have itself if all were asked about alike:
	// so most of them ask for something else.
	hubMails = 8
	hubLeast = 3
	// hubStrength is by how much of that a score is lowered, once there are as many mails as
	// articles, and many more than hubHalf of them.
	hubStrength = 0.7
	hubHalf     = 50
)

// HubsBeside is how much is made of hubs beside a history, see Weights.Order: nothing once
// there are some four past mails an article, which tell as much.
func HubsBeside(history float64) float64 { return max(0, 1-2*history) }

// NewHubs looks at the rankings of mails that were asked about so many articles. Strength
// is how much is made of it, from 0 to 1. It is nil for fewer than LeastPool mails.
func NewHubs(rankings []Ranking, articles int, strength float64) Hubs {
	n := float64(len(rankings))
	if n < LeastPool || articles == 0 {
		return nil
	}
	near := make([][]float64, articles)
	floor := 0.0
	for _, r := range rankings {
		least := 0.0
		for i, c := range r.Candidates {
			near[c.Article] = append(near[c.Article], c.Near)
			if i == 0 || c.Near < least {
				least = c.Near
			}
		}
		floor += least / n
	}
	strength *= hubStrength * min(1, n/float64(articles)) * n / (n + hubHalf)
	most := min(len(rankings), max(hubLeast, int(hubMails*n/float64(articles)+0.5)))
	out := make(Hubs, articles)
	for a, scores := range near {
		slices.SortFunc(scores, func(x, y float64) int { return compareFloat(y, x) })
		scores = scores[:min(most, len(scores))]
		// A mail of which it is no candidate is no nearer than one of those that are.
		sum := floor * float64(most-len(scores))
		for _, s := range scores {
			sum += s
		}
		out[a] = float64(float32(strength * sum / float64(most))) // as a snapshot keeps it
	}
	return out
}

func compareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Among gives the ranking as it is among other mails, of which hubs are known.
func (r Ranking) Among(hubs Hubs) Ranking {
	if hubs == nil || len(r.Candidates) == 0 {
		return r
	}
	for i := range r.Candidates {
		c := &r.Candidates[i]
		c.Score = c.Near - hubs[c.Article]
	}
	return r.By.finish(r.Candidates, r.history, r.calibration)
}

// Write writes hubs to a snapshot.
func (h Hubs) Write(w *wire.Writer) {
	out := make([]float32, len(h))
	for i, v := range h {
		out[i] = float32(v)
	}
	w.Floats(out)
}

// ReadHubs reads what Write wrote of so many articles.
func ReadHubs(r *wire.Reader, articles int) Hubs {
	read := r.Floats()
	if len(read) == 0 {
		return nil
	}
	if len(read) != articles {
		r.Err = wire.ErrCut
		return nil
	}
	out := make(Hubs, len(read))
	for i, v := range read {
		out[i] = float64(v)
	}
	return out
}

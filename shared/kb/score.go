package kb

import (
	"math"

	"github.com/replywell/replywell/shared/kb/internal/evidence"
	"github.com/replywell/replywell/shared/kb/internal/fuse"
)

// Answer is a ranking as the command line and a page give it.
type Answer struct {
	Suggestions []Scored `json:"suggestions"`
	Abstain     bool     `json:"abstain"` // true: show nothing
}

// Scored is an article with the probability that it is the right reply.
type Scored struct {
	Article    string  `json:"article"`
	Confidence float64 `json:"confidence"`
}

// Asked is a mail that articles are to be ranked for.
type Asked struct {
	Subject, Text string
	Only          []string // articles' ids, if not nil: no other is ranked
}

// Score ranks for one mail as ScoreAll does for many.
func (x *Index) Score(subject, text string, only []string, most int) Answer {
	return x.ScoreAll([]Asked{{subject, text, only}}, most, false)[0]
}

// ScoreAll ranks without keeping silent: it gives at most so many articles for each
// mail, each with its confidence, and says whether the first is likely enough to be
// shown. Together means that the mails are one team's: what they look like tells how
// many have an answer at all and moves the confidence, never the order (see Pool).
// Where the history has mails answered by hand, or outcomes are known, those tell it.
func (x *Index) ScoreAll(mails []Asked, most int, together bool) []Answer {
	rankings := make([]fuse.Ranking, len(mails))
	evidence.Each(len(mails), func(i int) {
		rankings[i] = x.find(mails[i]).ranking
	})
	if together && x.trust == nil {
		judgeTogether(x.main, rankings, x.across == nil)
		if x.across != nil {
			judgeTogether(x.across, rankings, false)
		}
	}
	out := make([]Answer, len(mails))
	for i, r := range rankings {
		out[i] = Answer{Suggestions: []Scored{}, Abstain: !r.Sure()}
		for _, c := range r.Candidates[:min(most, len(r.Candidates))] {
			out[i].Suggestions = append(out[i].Suggestions, Scored{x.main.Articles()[c.Article].ID, math.Round(c.Likely*1e6) / 1e6})
		}
	}
	return out
}

// judgeTogether judges those of a team's mails that an index ranked. Alone means that
// there is no other.
func judgeTogether(x *evidence.Index, rankings []fuse.Ranking, alone bool) {
	if c := x.Calibration(); c != nil && c.ByHand > 0 {
		return
	}
	w := x.Weights()
	var mine []fuse.Ranking
	for _, r := range rankings {
		if r.By == w || r.By == nil && alone || r.By == fuse.FittedWords {
			mine = append(mine, r)
		}
	}
	p := fuse.NewPool(mine, w)
	for i := range rankings {
		if rankings[i].By == w {
			rankings[i].Judge(p, nil)
		}
	}
}

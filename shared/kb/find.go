package kb

import (
	"slices"

	"github.com/replywell/replywell/shared/kb/internal/evidence"
	"github.com/replywell/replywell/shared/kb/internal/fuse"
)

// A mail goes through the index as a line of values: what was asked; the mail as it is
// compared; what each scorer found of each article; the order that makes of it, with how
// sure it is; and that again as outcomes have taught to trust it.

// found is what an index says of a mail.
type found struct {
	by      *evidence.Index
	query   *evidence.Query
	ranking fuse.Ranking
}

func (x *Index) find(m Asked) found {
	by := x.reading(m)
	q := by.Read(m.Subject, m.Text)
	return found{by, q, x.trusted(by.Rank(q, by.Consider(q, x.only(m))))}
}

// only gives the places of the articles that may be ranked; nil: all may.
func (x *Index) only(m Asked) []int {
	if m.Only == nil {
		return nil
	}
	return append([]int{}, x.main.Places(m.Only)...)
}

// reading gives the part of the index that a mail is compared by.
func (x *Index) reading(m Asked) *evidence.Index {
	if x.across == nil || english(x.main.Model(), m.Subject+"\n"+m.Text) {
		return x.main
	}
	return x.across
}

// trusted weighs a ranking by what became of its articles. An
// article that disappoints falls behind those that do not, and what is left of
// its probability is not given to the next.
func (x *Index) trusted(r fuse.Ranking) fuse.Ranking {
	if x.trust == nil || len(r.Candidates) == 0 {
		return r
	}
	for i := range r.Candidates {
		c := &r.Candidates[i]
		if t := x.trust[c.Article]; t <= 1 {
			c.Likely *= t
		} else { // odds, so that a good name alone makes nothing certain
			c.Likely = c.Likely * t / (1 + c.Likely*(t-1))
		}
	}
	slices.SortStableFunc(r.Candidates, func(a, b fuse.Candidate) int {
		switch {
		case a.Likely > b.Likely:
			return -1
		case a.Likely < b.Likely:
			return 1
		}
		return a.Article - b.Article
	})
	r.Confidence = r.Candidates[0].Likely
	return r
}

package kb

import (
	"math"

	"github.com/replywell/replywell/shared/kb/internal/evidence"
	"github.com/replywell/replywell/shared/kb/internal/fuse"
)

// Scoring is a ranking as the command line and a page give it.
type Scoring struct {
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
func (x *Index) Score(subject, text string, only []string, most int) Scoring {
	return x.ScoreAll([]Asked{{subject, text, only}}, most, false)[0]
}

// ScoreAll ranks without keeping silent: it gives at most so many articles for each
// mail, each with its confidence, and says whether the first is likely enough to be
// shown. Pooled means that the mails are one team's: what they look like tells how
// many have an answer at all (see fuse.Pool), and which articles come near to every mail
// (see fuse.Hubs).
// Where the history has mails answered by hand, or outcomes are known, those tell it.
func (x *Index) ScoreAll(mails []Asked, most int, pooled bool) []Scoring {
	rankings := make([]fuse.Ranking, len(mails))
	evidence.Each(len(mails), func(i int) {
		rankings[i] = x.find(mails[i]).ranking
	})
	if pooled && x.trust == nil {
		x.amongEachOther(mails, rankings)
		x.judgePool(rankings, x.doubtful(mails))
	}
	out := make([]Scoring, len(mails))
	for i, r := range rankings {
		out[i] = Scoring{Suggestions: []Scored{}, Abstain: !r.Sure()}
		for _, c := range r.Candidates[:min(most, len(r.Candidates))] {
			out[i].Suggestions = append(out[i].Suggestions, Scored{x.main.Articles()[c.Article].ID, math.Round(c.Likely*1e6) / 1e6})
		}
	}
	return out
}

// amongEachOther ranks mails again by what they tell together of the articles: which of
// them come near to every mail (see fuse.Hubs). Those that are ranked by other constants
// than an index's own, or among some of its articles, tell nothing of that and stay as they are.
func (x *Index) amongEachOther(mails []Asked, rankings []fuse.Ranking) {
	for _, part := range []*evidence.Index{x.main, x.across} {
		if part == nil {
			continue
		}
		w := part.Weights()
		var mine []fuse.Ranking
		for i, r := range rankings {
			if r.By == w && mails[i].Only == nil {
				mine = append(mine, r)
			}
		}
		hubs := part.Hubs(mine)
		for i, r := range rankings {
			if r.By == w && mails[i].Only == nil {
				rankings[i] = r.Among(hubs)
			}
		}
	}
}

// doubtful gives what the English model makes of mails of which no function word says
// that they are in another language: slang, names, romanised words. They are ranked by
// the wide one, and belong to what a team's mails look like all the same.
func (x *Index) doubtful(mails []Asked) []fuse.Ranking {
	if x.across == nil {
		return nil
	}
	var doubtful []Asked
	for _, m := range mails {
		if is, sure := englishSurely(x.main.Model(), m.Subject+"\n"+m.Text); !is && !sure {
			doubtful = append(doubtful, m)
		}
	}
	out := make([]fuse.Ranking, len(doubtful))
	evidence.Each(len(doubtful), func(i int) {
		q := x.main.Read(doubtful[i].Subject, doubtful[i].Text)
		out[i] = x.main.Rank(q, x.main.Consider(q, x.only(doubtful[i])))
	})
	return out
}

// judgePool judges a team's mails by what they look like together. How many have an
// answer is the team's, whatever language they are in: what the English model tells of
// its mails, which it tells better, holds for those of the wide one.
func (x *Index) judgePool(rankings, doubtful []fuse.Ranking) {
	share, of := judgePart(x.main, rankings, doubtful, x.across == nil, nil)
	if x.across != nil {
		judgePart(x.across, rankings, nil, false, func(mine []fuse.Ranking, p *fuse.Pool) *fuse.Calibration {
			return fuse.Expecting(mine, p, share, of)
		})
	}
}

// judgePart judges those mails that one part of an index ranked, and gives which share
// of them is expected to have an answer, and how many they are. Others belong to what its
// mails look like. Alone means that there is no other part. Known, which may be nil, gives what is known of the share.
func judgePart(x *evidence.Index, rankings, others []fuse.Ranking, alone bool, known func([]fuse.Ranking, *fuse.Pool) *fuse.Calibration) (share, of float64) {
	if c := x.Calibration(); c != nil && c.ByHand > 0 {
		return 0, 0
	}
	w := x.Weights()
	var mine []fuse.Ranking
	all := others
	for _, r := range rankings {
		if r.By == w {
			mine = append(mine, r)
		}
		if r.By == w || r.By == nil && alone || r.By == fuse.FittedWords {
			all = append(all, r)
		}
	}
	p := fuse.NewPool(all, w)
	var c *fuse.Calibration
	if known != nil {
		c = known(mine, p)
	}
	for i := range rankings {
		if r := &rankings[i]; r.By == w {
			r.Judge(p, c)
			share, of = share+r.Fits, of+1
		}
	}
	return share / max(1, of), of
}

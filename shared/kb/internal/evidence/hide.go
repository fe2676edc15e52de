package evidence

import (
	"slices"

	"github.com/replywell/replywell/shared/kb/internal/fuse"
)

const (
	hiddenParts = 5
	mostHidden  = 600 // hidden mails that are asked about
	// With fewer than leastHidden mails of articles that were sent leastPerArticle times the
	// constants stay as they are.
	leastHidden     = 40
	leastPerArticle = 3
	byHandMost      = 400 // mails answered by hand that are asked about
)

// hide asks about past mails that the index asked has not seen.
func (x *Index) hide(answers []answered) (out []fuse.Hidden) {
	often := 0
	for _, a := range answers {
		if x.past.sent[a.owner] >= leastPerArticle {
			often++
		}
	}
	if often < leastHidden {
		return nil
	}
	// Any may be hidden, also the only one of an article: it stands for the mails that
	// will come about articles that were never sent.
	folds := max(hiddenParts, len(answers)/mostHidden)
	rounds := min(hiddenParts, max(1, mostHidden*folds/len(answers)))
	for fold := range rounds {
		hidden := map[*Query]bool{}
		nth := make([]int, len(x.articles))
		for _, a := range answers {
			// Every fold takes as much of each article.
			if (int(a.owner)+nth[a.owner])%folds == fold {
				hidden[a.q] = true
			}
			nth[a.owner]++
		}
		var seen, ask []answered
		for _, a := range answers {
			if hidden[a.q] {
				ask = append(ask, a)
			} else {
				seen = append(seen, a)
			}
		}
		p := x.remember(seen)
		part := make([]fuse.Hidden, len(ask))
		Each(len(ask), func(i int) {
			articles, found := x.ask(ask[i].q.asForeign(), p, nil)
			part[i] = fuse.Hidden{Found: found, Gold: slices.Index(articles, int(ask[i].owner)), History: p.history()}
		})
		out = append(out, part...)
	}
	return out
}

// calibrate learns from what was hidden, and from mails that were answered by hand, of
// past mails of which so many were answered with articles. Mails of the articles' own
// language tell nothing of what others come near to, see Across for home.
func (x *Index) calibrate(hidden []fuse.Hidden, past []Past, answered int, home func(subject, text string) bool) {
	var byHand []Past
	for _, p := range past {
		if len(p.Sent) == 0 {
			byHand = append(byHand, p)
		}
	}
	w := x.Weights()
	var c *fuse.Calibration
	switch {
	case hidden != nil:
		c = fuse.Calibrate(hidden, w)
	case len(byHand) >= fuse.ByHandLeast:
		c = fuse.Uncalibrated(w)
	default:
		return
	}
	asked := Spread(byHand, byHandMost)
	rankings := make([]fuse.Ranking, len(asked))
	Each(len(asked), func(i int) {
		rankings[i] = w.Order(x.Consider(x.Read(asked[i].Subject, asked[i].Text), nil), x.History(), c)
	})
	var foreign []fuse.Ranking
	for i, r := range rankings {
		if home == nil || !home(asked[i].Subject, asked[i].Text) {
			foreign = append(foreign, r)
		}
	}
	rankings = slices.DeleteFunc(rankings, func(r fuse.Ranking) bool { return len(r.Candidates) == 0 })
	c.KnowByHand(hidden, rankings, answered, len(byHand), w)
	x.calibration, x.hubs = c, x.Hubs(foreign)
}

// Spread is every so many-th, at most most.
func Spread[T any](all []T, most int) (out []T) {
	n := min(most, len(all))
	for i := range n {
		out = append(out, all[i*len(all)/n])
	}
	return out
}

// Hide asks about past mails as Build does to learn from them, for fitting.
func (x *Index) Hide(past []Past) []fuse.Hidden { return x.hide(x.answers(past, nil)) }

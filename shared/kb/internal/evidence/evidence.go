package evidence

import (
	"slices"

	"github.com/replywell/replywell/shared/kb/internal/fuse"
	"github.com/replywell/replywell/shared/kb/terms"
)

const (
	fewArticles = 400 // up to so many all are candidates
	perScorer   = 40  // otherwise, the best of each scorer
)

// ask asks every scorer. Only narrows the articles; nil is all.
func (x *Index) ask(q *Query, p *past, only []int) (articles []int, found []fuse.Scores) {
	n := len(x.articles)
	all := make([][]float32, fuse.Scorers)
	for i := range all {
		all[i] = make([]float32, n)
	}
	x.texts.score(q, all)
	p.score(q, x.senses, all)
	known := x.known(q, p)
	for i := range all[fuse.ByKnown] {
		all[fuse.ByKnown][i] = known
	}
	articles = only
	if articles == nil {
		articles = candidates(all, n)
	}
	found = make([]fuse.Scores, len(articles))
	for i, a := range articles {
		for s := range all {
			found[i][s] = float64(all[s][a])
		}
		found[i][fuse.ByTitled] = fuse.One(x.articles[a].Titled())
		if x.senses != nil {
			x.sense(q, p, a, &found[i])
		}
	}
	return articles, found
}

// known is the share of a mail's words, by weight, that some article or past mail has.
func (x *Index) known(q *Query, p *past) float32 {
	has, all := float32(0), float32(1e-6)
	for _, s := range q.Sentences {
		for _, w := range s.Words {
			if w.Stop {
				continue
			}
			all += s.Weight
			if place := terms.WordPlace(w.Stem); x.texts.text.Has(place) || p.has(place) {
				has += s.Weight
			}
		}
	}
	return has / all
}

// sense compares meanings: the best of the mail's sentences counts.
func (x *Index) sense(q *Query, p *past, a int, e *fuse.Scores) {
	v := x.senses
	for _, part := range append(slices.Clip(q.parts), q.dense) {
		if part == nil {
			continue
		}
		e[fuse.ByTitleSense] = max(e[fuse.ByTitleSense], v.title.near(a, part, v.dims))
		for i := v.first[a]; i < v.first[a+1]; i++ {
			e[fuse.ByPassage] = max(e[fuse.ByPassage], v.passages.near(int(i), part, v.dims))
		}
	}
	if !x.articles[a].Titled() { // its best passage says what it is about
		e[fuse.ByTitleSense] = max(e[fuse.ByTitleSense], e[fuse.ByPassage])
	}
	// An article's title counts as a mail that it answers: one that was never sent is
	// not unlike every mail, nothing is known of it.
	e[fuse.ByMailSense] = max(e[fuse.ByMailSense], e[fuse.ByTitleSense])
	if q.dense != nil {
		e[fuse.ByCentre] = p.centres(v).near(a, q.dense, v.dims)
	}
}

// near is how near a sentence comes to anything that is answered. Of many articles
// it is compared with those that have its words.
func (x *Index) near(p *past, meaning []float32, s terms.Sentence) float32 {
	v := x.senses
	top := 0.0
	look := func(a int) {
		top = max(top, v.title.near(a, meaning, v.dims))
		for i := v.first[a]; i < v.first[a+1]; i++ {
			top = max(top, v.passages.near(int(i), meaning, v.dims))
		}
		if p.mail != nil {
			top = max(top, p.centres(v).near(a, meaning, v.dims))
		}
	}
	if len(x.articles) <= fewArticles {
		for a := range x.articles {
			look(a)
		}
	} else {
		for _, a := range x.texts.sharing(terms.Gather(terms.WordFeatures(nil, s.Words, 1)), len(x.articles), perScorer) {
			look(a)
		}
	}
	return float32(max(0, top))
}

// candidates are the articles that some scorer puts high, in ascending order.
func candidates(all [][]float32, n int) []int {
	out := make([]int, 0, min(n, fewArticles))
	if n <= fewArticles {
		for i := range n {
			out = append(out, i)
		}
		return out
	}
	chosen := make([]bool, n)
	order := make([]int, 0, n)
	for s, scores := range all {
		by := fuse.Scorer(s)
		if by == fuse.ByOften || by == fuse.ByKnown || by == fuse.ByWeight || by == fuse.ByTitled {
			continue
		}
		order = order[:0]
		floor := float32(0)
		if by == fuse.ByLearnt {
			floor = leastLog
		}
		for i, v := range scores {
			if v > floor {
				order = append(order, i)
			}
			if len(order) >= 16*perScorer {
				order = terms.Best(order, scores, perScorer)
				floor = scores[order[len(order)-1]]
			}
		}
		for _, i := range terms.Best(order, scores, perScorer) {
			chosen[i] = true
		}
	}
	for i, c := range chosen {
		if c {
			out = append(out, i)
		}
	}
	return out
}

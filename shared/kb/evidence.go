package kb

import (
	"fmt"
	"math"
	"slices"

	"github.com/replywell/replywell/shared/kb/terms"
)

// Scorer is one way to say how well an article fits a mail.
type Scorer int

// The scorers. Their names in files are in scorerNames.
const (
	byTerms      Scorer = iota // BM25 over the fields, as a share of what could be reached
	byTitle                    // cosine of words and pairs with the title and topics
	byTitlePart                // cosine of pieces with them
	byText                     // cosine of words with the whole article
	byTextPart                 // cosine of pieces with it
	byTitleSense               // embedding: title
	byPassage                  // embedding: the best passage, each read together with the title
	byMail                     // nearest past mail, words
	byMailPart                 // nearest past mail, pieces
	byMails                    // share among the nearest past mails
	byTogether                 // the article's past mails as one text
	byMailSense                // embedding: nearest past mail, or the title
	bySenses                   // embedding: share among the nearest past mails
	byCentre                   // embedding: the mean of its past mails and the title
	byLearnt                   // log probability by the classifier
	byOften                    // how often it is sent
	byWeight                   // what the classifier weighed, not against the others
	byKnown                    // share of the mail's words that anything here has; the same for all
	byTitled                   // whether the article has a title
	scorers
)

var scorerNames = [scorers]string{"terms", "title", "title-part", "text", "text-part", "title-sense", "passage", "mail", "mail-part",
	"mails", "together", "mail-sense", "senses", "centre", "learnt", "often", "weight", "known", "titled"}

// MarshalText names a scorer.
func (s Scorer) MarshalText() ([]byte, error) { return []byte(scorerNames[s]), nil }

// UnmarshalText finds a scorer by its name.
func (s *Scorer) UnmarshalText(name []byte) error {
	i := slices.Index(scorerNames[:], string(name))
	if i < 0 {
		return fmt.Errorf("there is no scorer %q", name)
	}
	*s = Scorer(i)
	return nil
}

// Evidence is what the scorers say of one article, each in its own unit.
type Evidence [scorers]float64

const (
	fewArticles = 400 // up to so many all are candidates
	perScorer   = 40  // otherwise, the best of each scorer
)

// gatherEvidence asks every scorer. Only narrows the articles; nil is all.
func (x *Index) gatherEvidence(q *query, only []int) (articles []int, found []Evidence) {
	n := len(x.articles)
	all := make([][]float32, scorers)
	for i := range all {
		all[i] = make([]float32, n)
	}
	asked, whole := x.terms.Query(q.sentences)
	if len(asked) > 0 {
		x.terms.Cosines(asked, all[byTerms])
		for i := range all[byTerms] {
			all[byTerms][i] /= whole
		}
	}
	cos := func(p *terms.Postings, v terms.Vector, to Scorer) { p.Cosines(p.Unit(v.Clone()), all[to]) }
	cos(x.title, q.words, byTitle)
	cos(x.titlePiece, q.pieces, byTitlePart)
	cos(x.text, q.words, byText)
	cos(x.textPiece, q.pieces, byTextPart)
	x.pastEvidence(q, all)
	known := x.known(q)
	for i := range all[byKnown] {
		all[byKnown][i] = known
	}
	articles = only
	if articles == nil {
		articles = candidates(all, n)
	}
	found = make([]Evidence, len(articles))
	for i, a := range articles {
		for s := range all {
			found[i][s] = float64(all[s][a])
		}
		found[i][byTitled] = one(x.articles[a].Titled())
		x.sense(q, a, &found[i])
	}
	return articles, found
}

// known is the share of a mail's words, by weight, that some article or past mail has.
func (x *Index) known(q *query) float32 {
	has, all := float32(0), float32(1e-6)
	for _, s := range q.sentences {
		for _, w := range s.Words {
			if w.Stop {
				continue
			}
			all += s.Weight
			p := terms.WordPlace(w.Stem)
			if x.text.Has(p) || x.mail != nil && x.mail.Has(p) || x.late != nil && x.late.mail.Has(p) {
				has += s.Weight
			}
		}
	}
	return has / all
}

// sense compares meanings: the best of the mail's sentences counts.
func (x *Index) sense(q *query, a int, e *Evidence) {
	v := x.vectors
	if v == nil {
		return
	}
	for _, p := range append(slices.Clip(q.parts), q.dense) {
		if p == nil {
			continue
		}
		e[byTitleSense] = max(e[byTitleSense], v.near(v.title, a, p))
		for i := v.first[a]; i < v.first[a+1]; i++ {
			e[byPassage] = max(e[byPassage], v.near(v.passages, int(i), p))
		}
	}
	if !x.articles[a].Titled() { // its best passage says what it is about
		e[byTitleSense] = max(e[byTitleSense], e[byPassage])
	}
	// An article's title counts as a mail that it answers: one that was never sent is
	// not unlike every mail, nothing is known of it.
	e[byMailSense] = max(e[byMailSense], e[byTitleSense])
	if q.dense != nil {
		e[byCentre] = x.centre().near(a, q.dense, v.dims)
	}
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
		by := Scorer(s)
		if by == byOften || by == byKnown || by == byWeight || by == byTitled {
			continue
		}
		order = order[:0]
		floor := float32(0)
		if by == byLearnt {
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

// seen is the mean of log(1+n) over the articles that were sent at all.
func seen(sent []uint32) float64 {
	sum, n := 0.0, 0.0
	for _, s := range sent {
		if s > 0 {
			sum += math.Log1p(float64(s))
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return sum / n
}

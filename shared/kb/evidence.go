package kb

import (
	"fmt"
	"math"
	"slices"
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
	byMailSense                // embedding: nearest past mail
	bySenses                   // embedding: share among the nearest past mails
	byCentre                   // embedding: the mean of its past mails
	byLearnt                   // log probability by the classifier
	byOften                    // how often it is sent
	byWeight                   // what the classifier weighed, not against the others
	byKnown                    // share of the mail's words that anything here has; the same for all
	scorers
)

var scorerNames = [scorers]string{"terms", "title", "title-part", "text", "text-part", "title-sense", "passage", "mail", "mail-part",
	"mails", "together", "mail-sense", "senses", "centre", "learnt", "often", "weight", "known"}

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
	neighbours  = 25
	// fewMails are all compared by meaning, a microsecond each; of more, those that
	// are near by words.
	fewMails = 4000
)

// gatherEvidence asks every scorer. Only narrows the articles; nil is all.
func (x *Index) gatherEvidence(q *query, only []int) (articles []int, found []Evidence) {
	n := len(x.articles)
	all := make([][]float32, scorers)
	for i := range all {
		all[i] = make([]float32, n)
	}
	terms, whole := x.terms.query(q.sentences)
	if len(terms) > 0 {
		x.terms.cosines(terms, all[byTerms])
		for i := range all[byTerms] {
			all[byTerms][i] /= whole
		}
	}
	cos := func(p *postings, v vector, to Scorer) { p.cosines(p.unit(v.clone()), all[to]) }
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
		x.sense(q, a, &found[i])
	}
	return articles, found
}

// near is a past mail and how like it is.
type near struct {
	mail int
	sim  float32
}

func byLikeness(a, b near) int { return compareDown(a.sim, b.sim, a.mail, b.mail) }

// sensePast compares the meaning of past mails: of all, or where they are many of
// those that are nearest by words.
func (x *Index) sensePast(dense []float32, nearest []near, all [][]float32) {
	compared := slices.Clone(nearest)
	if len(x.owner) <= fewMails {
		compared = compared[:0]
		for i := range x.owner {
			compared = append(compared, near{mail: i})
		}
	}
	for i, m := range compared {
		sim := float32(x.vectors.near(x.vectors.mails, m.mail, dense))
		compared[i].sim = sim
		all[byMailSense][x.owner[m.mail]] = max(all[byMailSense][x.owner[m.mail]], sim)
	}
	slices.SortFunc(compared, byLikeness)
	sum := float32(0)
	for _, m := range compared[:min(neighbours, len(compared))] {
		w := float32(math.Pow(float64(max(0, m.sim)), 10))
		all[bySenses][x.owner[m.mail]] += w
		sum += w
	}
	if sum > 0 {
		for i := range all[bySenses] {
			all[bySenses][i] /= sum
		}
	}
}

// pastEvidence asks the history.
func (x *Index) pastEvidence(q *query, all [][]float32) {
	if x.mail == nil {
		return
	}
	words, pieces := x.mail.unit(q.words.clone()), x.mailPiece.unit(q.pieces.clone())
	word, piece := make([]float32, len(x.owner)), make([]float32, len(x.owner))
	x.mail.cosines(words, word)
	x.mailPiece.cosines(pieces, piece)
	var nearest []near
	floor := float32(0)
	for i, o := range x.owner {
		all[byMail][o] = max(all[byMail][o], word[i])
		all[byMailPart][o] = max(all[byMailPart][o], piece[i])
		if s := word[i] + piece[i]; s > floor {
			nearest = append(nearest, near{i, s})
			if len(nearest) > 8*neighbours {
				slices.SortFunc(nearest, byLikeness)
				nearest = nearest[:neighbours*4]
				floor = nearest[len(nearest)-1].sim
			}
		}
	}
	slices.SortFunc(nearest, byLikeness)
	sum := float32(0)
	for i, m := range nearest {
		if i < neighbours {
			w := m.sim * m.sim * m.sim
			all[byMails][x.owner[m.mail]] += w
			sum += w
		}
	}
	if sum > 0 {
		for i := range all[byMails] {
			all[byMails][i] /= sum
		}
	}
	if x.vectors != nil && q.dense != nil {
		x.sensePast(q.dense, nearest, all)
	}
	x.together.cosines(x.together.unit(joined(words, pieces)), all[byTogether])
	x.classify(joined(words, pieces), q.dense, all[byLearnt], all[byWeight])
	for i, n := range x.sent {
		all[byOften][i] = float32(math.Log1p(float64(n)) - x.pastSeen)
	}
}

// leastLog is the classifier's log probability that counts as "not at all".
const leastLog = -8

func (x *Index) classify(features vector, dense []float32, out, weight []float32) {
	if x.learnt == nil {
		return
	}
	for i := range out {
		out[i] = leastLog
	}
	p := x.learnt.logits(features, dense)
	for k, a := range x.learnt.articles {
		weight[a] = p[k]
	}
	softmax(p)
	for k, a := range x.learnt.articles {
		out[a] = max(leastLog, float32(math.Log(float64(p[k])+1e-9)))
	}
}

// known is the share of a mail's words, by weight, that some article or past mail has.
func (x *Index) known(q *query) float32 {
	has, all := float32(0), float32(1e-6)
	for _, s := range q.sentences {
		for _, w := range s.words {
			if w.stop {
				continue
			}
			all += s.weight
			p := wordPlace(w.stem)
			if x.text.has(p) || x.mail != nil && x.mail.has(p) {
				has += s.weight
			}
		}
	}
	return has / all
}

func compareDown(a, b float32, i, j int) int {
	switch {
	case a > b:
		return -1
	case a < b:
		return 1
	}
	return i - j
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
	if q.dense != nil && x.mail != nil {
		e[byCentre] = v.near(v.centre, a, q.dense)
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
		if by == byOften || by == byKnown || by == byWeight {
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
				order = best(order, scores, perScorer)
				floor = scores[order[len(order)-1]]
			}
		}
		for _, i := range best(order, scores, perScorer) {
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

func best(order []int, scores []float32, most int) []int {
	slices.SortFunc(order, func(a, b int) int { return compareDown(scores[a], scores[b], a, b) })
	return order[:min(most, len(order))]
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

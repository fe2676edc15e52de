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
	byMailSense                // embedding: nearest past mail, or the title
	bySenses                   // embedding: share among the nearest past mails
	byCentre                   // embedding: the mean of its past mails and the title
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
// those that are nearest by words, and of all that were answered lately.
func (x *Index) sensePast(dense []float32, nearest []near, all [][]float32) {
	compared := slices.Clone(nearest)
	built := len(x.owner)
	if built <= fewMails {
		compared = compared[:0]
		for i := range built {
			compared = append(compared, near{mail: i})
		}
	} else {
		compared = slices.DeleteFunc(compared, func(m near) bool { return m.mail >= built })
	}
	for i := range x.late.owners() {
		compared = append(compared, near{mail: built + i})
	}
	for i, m := range compared {
		sim := float32(0)
		if m.mail < built {
			sim = float32(x.vectors.near(x.vectors.mails, m.mail, dense))
		} else {
			sim = float32(x.vectors.near(x.late.mails, m.mail-built, dense))
		}
		compared[i].sim = sim
		o := x.ownerOf(m.mail)
		all[byMailSense][o] = max(all[byMailSense][o], sim)
	}
	slices.SortFunc(compared, byLikeness)
	sum := float32(0)
	for _, m := range compared[:min(neighbours, len(compared))] {
		w := float32(math.Pow(float64(max(0, m.sim)), 10))
		all[bySenses][x.ownerOf(m.mail)] += w
		sum += w
	}
	if sum > 0 {
		for i := range all[bySenses] {
			all[bySenses][i] /= sum
		}
	}
}

// hasPast tells whether anything was answered, before the index was built or since.
func (x *Index) hasPast() bool { return x.mail != nil || len(x.late.owners()) > 0 }

// ownerOf is the article that was sent for a past mail; those that were answered
// since the index was built are counted on from the others.
func (x *Index) ownerOf(mail int) uint32 {
	if mail < len(x.owner) {
		return x.owner[mail]
	}
	return x.late.owner[mail-len(x.owner)]
}

// byWords gives the cosine of a mail's words with every past mail, and behind them with
// those late ones that are among them already.
func (x *Index) byWords(q *query) []float32 {
	out := make([]float32, len(x.owner)+x.late.mailsOf())
	if x.mail != nil {
		x.mail.cosines(x.mail.unit(q.words.clone()), out[:len(x.owner)])
	}
	if x.late != nil {
		x.late.mail.cosines(x.rareWords().unit(q.words.clone()), out[len(x.owner):])
	}
	return out
}

// pastEvidence asks the history.
func (x *Index) pastEvidence(q *query, all [][]float32) {
	if !x.hasPast() {
		return
	}
	word := x.byWords(q)
	piece := make([]float32, len(word))
	if x.mail != nil {
		x.mailPiece.cosines(x.mailPiece.unit(q.pieces.clone()), piece[:len(x.owner)])
	}
	if x.late != nil {
		x.late.mailPiece.cosines(x.rarePieces().unit(q.pieces.clone()), piece[len(x.owner):])
	}
	var nearest []near
	floor := float32(0)
	for i := range len(x.owner) + len(x.late.owners()) {
		o := x.ownerOf(i)
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
			all[byMails][x.ownerOf(m.mail)] += w
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
	if x.mail != nil {
		features := joined(x.mail.unit(q.words.clone()), x.mailPiece.unit(q.pieces.clone()))
		x.together.cosines(x.together.unit(features.clone()), all[byTogether])
		x.classify(features, q.dense, x.recall(q, word, piece), all[byLearnt], all[byWeight])
	}
	for i, n := range x.sent {
		all[byOften][i] = float32(math.Log1p(float64(n)) - x.pastSeen)
	}
}

// leastLog is the classifier's log probability that counts as "not at all".
const leastLog = -8.0

// classify gives the log probabilities of the classifier. Mails that were lately
// answered are a cache beside it: what speaks for their articles, by recall, is weighed
// against what was trained (Grave, Joulin and Usunier, "Improving neural language models
// with a continuous cache", 2017).
func (x *Index) classify(features vector, dense []float32, recalled []float64, out, weight []float32) {
	if x.learnt == nil {
		return
	}
	rest, all := x.unseen(), 1.0
	for _, k := range recalled {
		all += k
	}
	others := 0.0
	if n := len(x.articles) - len(x.learnt.articles); n > 0 {
		others = rest / float64(n)
	}
	p := make([]float64, len(x.articles))
	for i := range p {
		p[i] = others
	}
	logits := x.learnt.logits(features, dense)
	for k, a := range x.learnt.articles {
		weight[a] = logits[k]
	}
	softmax(logits)
	for k, a := range x.learnt.articles {
		p[a] = float64(logits[k])*(1-rest) + 1e-9
	}
	for i, k := range recalled {
		p[x.late.owner[i]] += k
	}
	for i := range out {
		out[i] = float32(max(leastLog, math.Log(p[i]/all)))
	}
}

// recall gives, for each late mail, how much it speaks for its article against the
// classifier, which speaks with 1.
func (x *Index) recall(q *query, word, piece []float32) []float64 {
	if x.late == nil || x.learnt == nil {
		return nil
	}
	out := make([]float64, len(x.late.owner))
	built := len(x.owner)
	for i := range out {
		k := math.Exp(recallWords * (float64(word[built+i]+piece[built+i])/2 - equalWords))
		if x.vectors != nil && q.dense != nil {
			if s := x.vectors.near(x.late.mails, i, q.dense); s != 0 {
				k = math.Exp(recallSense * (s - equalSense))
			}
		}
		out[i] = k
	}
	return out
}

// A late mail with a cosine of equalWords or equalSense speaks as loud as all that was
// trained; how fast that changes with the cosine are the other two. docs/suggestions.md
// says what they are worth.
const (
	recallWords, equalWords = 12, 0.55
	recallSense, equalSense = 30, 0.75
)

// unseen is how likely the next mail is one for an article that the classifier does
// not know: the share of such mails so far, and for those of articles that were never
// sent the share of mails whose article was sent once (Good, "The population frequencies
// of species and the estimation of population parameters", 1953), as if there had been
// half of one more.
func (x *Index) unseen() float64 {
	all, once, others := 1.0, 0.5, 0.0
	for _, n := range x.sent {
		all += float64(n)
		others += float64(n)
		if n == 1 {
			once++
		}
	}
	for _, a := range x.learnt.articles {
		others -= float64(x.sent[a])
	}
	return min(0.9, (once+others)/all)
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
			if x.text.has(p) || x.mail != nil && x.mail.has(p) || x.late != nil && x.late.mail.has(p) {
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

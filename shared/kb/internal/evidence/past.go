package evidence

import (
	"math"
	"slices"

	"github.com/replywell/replywell/shared/kb/internal/fuse"
	"github.com/replywell/replywell/shared/kb/internal/wire"
	"github.com/replywell/replywell/shared/kb/terms"
)

// past is what a team's history says of a mail: past mails like it, by words and by
// meaning, what articles' past mails have in common, and the classifier. Nothing of it
// changes once it is made.
type past struct {
	sent []uint32 // by article: how often each was sent
	seen float64  // see seen

	// By past mail. An article's mails together are one more text for it.
	mail      *terms.Postings // nil: there is no history
	mailPiece *terms.Postings
	owner     []uint32 // the article that was sent
	byArticle *terms.Postings
	learnt    *classifier // nil without enough history

	mails  sketch // meanings; empty without a model
	centre sketch // by article, the mean of its title and past mails

	recent *recent // what was answered since; nil: nothing
}

const (
	neighbours = 25
	// fewMails are all compared by meaning, a microsecond each; of more, those that
	// are near by words.
	fewMails = 4000
)

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

// answered is a past mail and an article that was sent for it.
type answered struct {
	q     *Query
	owner uint32
}

// remember makes the tables of past mails, answered with some of so many articles.
// Titles are the articles' own, which count as mails that they answer.
func remember(answers []answered, articles int, v *senses, titles func(p *past, a uint32) *Query) *past {
	p := &past{sent: make([]uint32, articles)}
	if len(answers) == 0 {
		return p
	}
	var mail, mailPiece terms.Builder
	var dense [][]float32
	home := make([]bool, len(answers))
	for i, a := range answers {
		home[i] = a.q.home
		p.owner = append(p.owner, a.owner)
		p.sent[a.owner]++
		mail.Add(a.q.words.Clone())
		mailPiece.Add(a.q.pieces.Clone())
		dense = append(dense, a.q.dense)
	}
	p.seen = seen(p.sent)
	p.mail, p.mailPiece = mail.Build(), mailPiece.Build()
	p.byArticle = joinByArticle(articles, p.owner, mail.Vectors, mailPiece.Vectors)
	dims := 0
	if v != nil {
		dims = v.dims
		p.addMeanings(articles, v, dense)
	}
	p.learnt = p.learn(mail.Vectors, mailPiece.Vectors, dense, home, dims, titles)
	return p
}

// joinByArticle makes one text of each article's past mails.
func joinByArticle(articles int, owner []uint32, mail, piece []terms.Vector) *terms.Postings {
	sums := make([]terms.Vector, articles)
	for i, o := range owner {
		sums[o] = append(append(sums[o], mail[i]...), piece[i]...)
	}
	var b terms.Builder
	for _, v := range sums {
		b.Add(terms.Strongest(terms.Gather(v), byArticleFeatures))
	}
	return b.Build()
}

const byArticleFeatures = 3000

func (p *past) addMeanings(articles int, v *senses, dense [][]float32) {
	sums := make([][]float32, articles)
	for i := range sums {
		sums[i] = v.titleOf(i)
	}
	for i, d := range dense {
		p.mails.add(d, v.dims)
		addTo(sums[p.owner[i]], d)
	}
	for _, s := range sums {
		p.centre.add(unitLength(s), v.dims)
	}
}

// learn trains the classifier on the past mails and, so that rarely sent ones
// have a place too, on the articles' own titles.
func (p *past) learn(mail, piece []terms.Vector, dense [][]float32, home []bool, dims int, titles func(p *past, a uint32) *Query) *classifier {
	classOf := map[uint32]int{}
	var articles []uint32
	order := make([]uint32, 0, len(p.sent))
	for i, n := range p.sent {
		if n > 0 {
			order = append(order, uint32(i))
		}
	}
	slices.SortStableFunc(order, func(a, b uint32) int { return int(p.sent[b]) - int(p.sent[a]) })
	order = order[:min(mostClasses, len(order))]
	if len(order) < 2 || len(p.owner) < leastExamples*len(order) {
		return nil
	}
	slices.Sort(order)
	for _, a := range order {
		classOf[a] = len(articles)
		articles = append(articles, a)
	}
	var examples []example
	for i, o := range p.owner {
		if k, ok := classOf[o]; ok {
			features := joined(mail[i], piece[i])
			if home[i] && dense[i] != nil {
				features = nil
			}
			examples = append(examples, example{features, dense[i], k})
		}
	}
	for _, a := range articles {
		if q := titles(p, a); len(q.words) > 0 || q.dense != nil {
			q = q.asForeign()
			examples = append(examples, example{joined(p.mail.Unit(q.words.Clone()), p.mailPiece.Unit(q.pieces.Clone())), q.dense, classOf[a]})
		}
	}
	return train(examples, len(articles), dims).finish(articles)
}

// joined is a mail as the classifier sees it: words and pieces, each of length one.
func joined(words, pieces terms.Vector) terms.Vector {
	out := make(terms.Vector, 0, len(words)+len(pieces))
	return append(append(out, words...), pieces...)
}

// history is what Index.History says.
func (p *past) history() float64 { return min(1, p.seen/math.Log(17)) }

// any tells whether anything was answered, before the index was built or since.
func (p *past) any() bool { return p.mail != nil || len(p.recent.owners()) > 0 }

// ownerOf is the article that was sent for a past mail; those that were answered
// since the index was built are counted on from the others.
func (p *past) ownerOf(mail int) uint32 {
	if mail < len(p.owner) {
		return p.owner[mail]
	}
	return p.recent.owner[mail-len(p.owner)]
}

// rare weighs what a mail says by how rare it is among past mails.
func (p *past) rare(q *Query) (words, pieces terms.Vector) {
	byWord, byPiece := p.mail, p.mailPiece
	if byWord == nil {
		byWord, byPiece = p.recent.mail, p.recent.mailPiece
	}
	return byWord.Unit(q.words.Clone()), byPiece.Unit(q.pieces.Clone())
}

// likeness gives the cosines of a mail's words and of its pieces, weighed by rare, with
// every past mail, and behind them with the recent ones, those included that are among
// the others already.
func (p *past) likeness(words, pieces terms.Vector) (word, piece []float32) {
	n := len(p.owner)
	word, piece = make([]float32, n+p.recent.mailsOf()), make([]float32, n+p.recent.mailsOf())
	if p.mail != nil {
		p.mail.Cosines(words, word[:n])
		p.mailPiece.Cosines(pieces, piece[:n])
	}
	if p.recent != nil {
		p.recent.mail.Cosines(words, word[n:])
		p.recent.mailPiece.Cosines(pieces, piece[n:])
	}
	return word, piece
}

// near is a past mail and how like it is.
type near struct {
	mail int
	sim  float32
}

func byLikeness(a, b near) int { return terms.CompareDown(a.sim, b.sim, a.mail, b.mail) }

// score asks the history.
func (p *past) score(q *Query, v *senses, all [][]float32) {
	if !p.any() {
		return
	}
	words, pieces := p.rare(q)
	word, piece := p.likeness(words, pieces)
	nearest := p.nearestByWords(word, piece, all)
	if v != nil && q.dense != nil {
		p.nearestByMeaning(q.dense, v, nearest, all)
	}
	if p.mail != nil {
		p.byArticle.Cosines(p.byArticle.Unit(joined(words, pieces)), all[fuse.ByArticleMails])
		p.classify(joined(words, pieces), q.dense, p.recall(q, v, word, piece), all[fuse.ByLearnt], all[fuse.ByWeight])
	}
	for i, n := range p.sent {
		all[fuse.ByOften][i] = float32(math.Log1p(float64(n)) - p.seen)
	}
}

func (p *past) nearestByWords(word, piece []float32, all [][]float32) (nearest []near) {
	floor := float32(0)
	for i := range len(p.owner) + len(p.recent.owners()) {
		o := p.ownerOf(i)
		all[fuse.ByMail][o] = max(all[fuse.ByMail][o], word[i])
		all[fuse.ByMailPart][o] = max(all[fuse.ByMailPart][o], piece[i])
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
	p.share(nearest, func(sim float32) float32 { return sim * sim * sim }, all[fuse.ByMails])
	return nearest
}

// nearestByMeaning compares the meaning of past mails: of all, or where they are many of
// those that are nearest by words, and of all that were answered recently.
func (p *past) nearestByMeaning(dense []float32, v *senses, nearest []near, all [][]float32) {
	compared := slices.Clone(nearest)
	built := len(p.owner)
	if built <= fewMails {
		compared = compared[:0]
		for i := range built {
			compared = append(compared, near{mail: i})
		}
	} else {
		compared = slices.DeleteFunc(compared, func(m near) bool { return m.mail >= built })
	}
	for i := range p.recent.owners() {
		compared = append(compared, near{mail: built + i})
	}
	for i, m := range compared {
		sim := float32(0)
		if m.mail < built {
			sim = float32(p.mails.near(m.mail, dense, v.dims))
		} else {
			sim = float32(p.recent.mails.near(m.mail-built, dense, v.dims))
		}
		compared[i].sim = sim
		o := p.ownerOf(m.mail)
		all[fuse.ByMailSense][o] = max(all[fuse.ByMailSense][o], sim)
	}
	slices.SortFunc(compared, byLikeness)
	p.share(compared, func(sim float32) float32 { return float32(math.Pow(float64(max(0, sim)), 10)) }, all[fuse.BySenses])
}

// share gives each article its share of the nearest mails, each weighed by its likeness.
func (p *past) share(nearest []near, weight func(sim float32) float32, out []float32) {
	sum := float32(0)
	for _, m := range nearest[:min(neighbours, len(nearest))] {
		w := weight(m.sim)
		out[p.ownerOf(m.mail)] += w
		sum += w
	}
	if sum > 0 {
		for i := range out {
			out[i] /= sum
		}
	}
}

// centres are the means of articles' titles and past mails.
func (p *past) centres(v *senses) *sketch {
	switch {
	case p.recent != nil && p.recent.centre != nil:
		return p.recent.centre
	case p.mail == nil:
		return &v.title
	}
	return &p.centre
}

// alike tells, for each of some articles, for how many of the past mails most
// similar to this one it was sent, and how many such mails there are, 25 at most.
func (p *past) alike(q *Query, articles []int) (sent []int, of int) {
	sent = make([]int, len(articles))
	if !p.any() || len(articles) == 0 {
		return sent, 0
	}
	words, pieces := p.rare(q)
	scores, _ := p.likeness(words, pieces)
	scores = scores[:len(p.owner)+len(p.recent.owners())]
	var order []int
	for i, s := range scores {
		if s >= alikeFrom {
			order = append(order, i)
		}
	}
	order = terms.Best(order, scores, alikeOf)
	for _, i := range order {
		if k := slices.Index(articles, int(p.ownerOf(i))); k >= 0 {
			sent[k]++
		}
	}
	return sent, len(order)
}

const (
	alikeOf   = 25   // the most similar past mails that are looked at
	alikeFrom = 0.12 // cosine of the words from which a mail is like another
)

// has tells whether a past mail has a word.
func (p *past) has(place uint32) bool {
	return p.mail != nil && p.mail.Has(place) || p.recent != nil && p.recent.mail.Has(place)
}

func (p *past) write(w *wire.Writer) {
	w.Uint32s(p.sent)
	w.Uint32s(p.owner)
	if p.mail != nil {
		for _, t := range []*terms.Postings{p.mail, p.mailPiece, p.byArticle} {
			t.Write(w)
		}
	}
	p.learnt.write(w)
	p.centre.write(w)
	p.mails.write(w)
}

func openPast(r *wire.Reader, articles, dims int) *past {
	p := &past{sent: r.Uint32s()}
	if p.owner = r.Uint32s(); len(p.owner) > 0 {
		p.mail, p.mailPiece = terms.ReadPostings(r, len(p.owner)), terms.ReadPostings(r, len(p.owner))
		p.byArticle = terms.ReadPostings(r, articles)
	}
	p.learnt = readClassifier(r, articles)
	p.centre, p.mails = openSketch(r, dims), openSketch(r, dims)
	switch {
	case r.Err != nil:
	case len(p.sent) != articles || len(p.owner) > 0 && slices.Max(p.owner) >= uint32(articles):
		r.Err = wire.ErrContradicts
	case dims > 0 && len(p.mails.length) != len(p.owner):
		r.Err = wire.ErrCut
	}
	p.seen = seen(p.sent)
	return p
}

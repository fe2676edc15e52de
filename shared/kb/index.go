package kb

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/terms"
)

// Index ranks articles. It is never changed after it is built, so it is safe
// for concurrent use.
type Index struct {
	articles []article.Article
	byID     map[string]int

	// By article.
	terms      *terms.Postings // BM25's part of each word, title and topics counting more
	title      *terms.Postings
	titlePiece *terms.Postings
	text       *terms.Postings
	textPiece  *terms.Postings
	sent       []uint32 // how often each was sent in the history

	// By past mail. An article's mails together are one more text for it.
	mail      *terms.Postings
	mailPiece *terms.Postings
	owner     []uint32 // the article that was sent
	together  *terms.Postings
	learnt    *classifier // nil without enough history
	late      *late       // what was lately answered; nil: nothing

	model    Embedder // nil: words only
	vectors  *vectors
	pastSeen float64   // see seen
	own      *Own      // what its own history says of the ranking; nil: too little of it
	wide     *Index    // the same for mail that is not English; nil: this one reads all mail
	foreign  bool      // this is such an index within another
	trust    []float64 // by article, from outcomes; nil: none known
	today    int       // see On; 0: any day
	// otherModel is the model that a snapshot was made with, where it is not ours.
	otherModel string
}

// New builds an index for a team without a history, by words alone.
func New(articles []article.Article) *Index { return Build(articles, nil, nil) }

// Build builds an index that also knows what was sent for past mails, oldest
// first. Mails whose article is no longer there are left out. The model may be
// nil; then ranking goes by words and history alone. Where it is a [Wider] one, it
// reads English, and the other all else.
func Build(articles []article.Article, past []Past, model Embedder) *Index {
	x := &Index{articles: articles, byID: make(map[string]int, len(articles)), sent: make([]uint32, len(articles)), model: model}
	for i, a := range articles {
		x.byID[a.ID] = i
	}
	wide := widerThan(model)
	if wide != nil && !mostlyEnglish(model, articles) {
		x.model, wide = wide, nil
	}
	x.readArticles()
	if !x.vectors.readable() { // most articles are of a script that the model cannot read
		x.model, x.vectors = nil, nil
	}
	x.readPast(past)
	if wide != nil && len(articles) > 0 {
		x.wide = x.otherLanguages(past, wide)
	}
	return x
}

// Len is the number of articles.
func (x *Index) Len() int { return len(x.articles) }

// Article gives an article by id.
func (x *Index) Article(id string) (article.Article, bool) {
	i, ok := x.byID[id]
	if !ok {
		return article.Article{}, false
	}
	return x.articles[i], true
}

func (x *Index) readArticles() {
	var fields terms.TermBuilder
	var title, titlePiece, text, textPiece terms.Builder
	for _, a := range x.articles {
		tw := terms.Words(a.Title, terms.MostWords)
		kw := terms.Words(strings.Join(a.Topics, " , "), terms.MostWords)
		bw := terms.Words(a.Body, article.MostWords)
		if a.Reply != "" {
			bw = append(bw, terms.Words(a.Reply, article.MostWords)...)
		}
		if a.Notes != "" {
			bw = append(bw, terms.Words(a.Notes, article.MostWords)...)
		}
		fields.Add(tw, kw, bw)
		named := slices.Concat(tw, kw)
		title.Add(terms.Gather(terms.WordFeatures(nil, named, 1)))
		titlePiece.Add(terms.Gather(terms.PieceFeatures(nil, named, 1)))
		text.Add(terms.Gather(terms.WordFeatures(terms.WordFeatures(nil, named, titleShare), bw, 1)))
		textPiece.Add(terms.Gather(terms.PieceFeatures(terms.PieceFeatures(nil, named, titleShare), bw, 1)))
	}
	x.terms = fields.Build()
	x.title, x.titlePiece, x.text, x.textPiece = title.Build(), titlePiece.Build(), text.Build(), textPiece.Build()
	x.vectors = embedArticles(x.model, x.articles)
}

// titleShare is how much more a word in the title or among the topics counts.
const titleShare = 2

// readPast learns from the history: each mail by itself for the nearest
// neighbours, an article's mails together, and the classifier over all.
func (x *Index) readPast(past []Past) {
	answers := x.answers(past)
	x.remember(answers)
	hidden := x.hide(answers)
	var byHand []Past
	for _, p := range past {
		if len(p.Sent) == 0 {
			byHand = append(byHand, p)
		}
	}
	w := x.weights()
	var own *Own
	switch {
	case hidden != nil:
		own = NewOwn(hidden, w)
	case len(byHand) >= byHandLeast:
		own = &Own{Rank: asKept(w.Rank)}
	default:
		return
	}
	asked := spread(byHand, byHandMost)
	rankings := make([]Ranking, len(asked))
	each(len(asked), func(i int) {
		rankings[i] = w.Order(x.Consider(asked[i].Subject, asked[i].Text, nil), x.History(), own)
	})
	rankings = slices.DeleteFunc(rankings, func(r Ranking) bool { return len(r.Candidates) == 0 })
	own.knowByHand(hidden, rankings, len(answers), len(byHand), w)
	x.own = own
}

// spread is every so many-th, at most most.
func spread[T any](all []T, most int) (out []T) {
	n := min(most, len(all))
	for i := range n {
		out = append(out, all[i*len(all)/n])
	}
	return out
}

// answers reads past mails that were answered with articles.
func (x *Index) answers(past []Past) (answers []answered) {
	read := make([]*query, len(past))
	each(len(past), func(i int) {
		if len(past[i].Sent) > 0 {
			read[i] = x.read(past[i].Subject, past[i].Text)
		}
	})
	for i, p := range past {
		for _, o := range x.placesOfIDs(p.Sent) {
			answers = append(answers, answered{read[i], uint32(o)})
		}
	}
	return answers
}

// placesOfIDs gives the places of those articles that the index has, each once.
func (x *Index) placesOfIDs(ids []string) (out []int) {
	for _, id := range ids {
		if i, ok := x.byID[id]; ok && !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	return out
}

// answered is a past mail and an article that was sent for it.
type answered struct {
	q     *query
	owner uint32
}

// remember makes the tables of past mails.
func (x *Index) remember(answers []answered) {
	if len(answers) == 0 {
		return
	}
	var mail, mailPiece terms.Builder
	var dense [][]float32
	for _, a := range answers {
		x.owner = append(x.owner, a.owner)
		x.sent[a.owner]++
		mail.Add(a.q.words.Clone())
		mailPiece.Add(a.q.pieces.Clone())
		dense = append(dense, a.q.dense)
	}
	x.pastSeen = seen(x.sent)
	x.mail, x.mailPiece = mail.Build(), mailPiece.Build()
	x.together = together(len(x.articles), x.owner, mail.Vectors, mailPiece.Vectors)
	x.vectors.addMails(len(x.articles), x.owner, dense)
	x.learnt = x.learn(mail.Vectors, mailPiece.Vectors, dense)
}

// together makes one text of each article's past mails.
func together(articles int, owner []uint32, mail, piece []terms.Vector) *terms.Postings {
	sums := make([]terms.Vector, articles)
	for i, o := range owner {
		sums[o] = append(append(sums[o], mail[i]...), piece[i]...)
	}
	var b terms.Builder
	for _, v := range sums {
		b.Add(terms.Strongest(terms.Gather(v), togetherFeatures))
	}
	return b.Build()
}

const togetherFeatures = 3000

// learn trains the classifier on the past mails and, so that rarely sent ones
// have a place too, on the articles' own titles.
func (x *Index) learn(mail, piece []terms.Vector, dense [][]float32) *classifier {
	classOf := map[uint32]int{}
	var articles []uint32
	order := make([]uint32, 0, len(x.articles))
	for i, n := range x.sent {
		if n > 0 {
			order = append(order, uint32(i))
		}
	}
	slices.SortStableFunc(order, func(a, b uint32) int { return int(x.sent[b]) - int(x.sent[a]) })
	order = order[:min(mostClasses, len(order))]
	if len(order) < 2 || len(x.owner) < leastExamples*len(order) {
		return nil
	}
	slices.Sort(order)
	for _, a := range order {
		classOf[a] = len(articles)
		articles = append(articles, a)
	}
	var examples []example
	for i, o := range x.owner {
		if k, ok := classOf[o]; ok {
			examples = append(examples, example{joined(mail[i], piece[i]), dense[i], k})
		}
	}
	dims := 0
	if x.model != nil {
		dims = x.model.Dims()
	}
	for _, a := range articles {
		q := x.read("", x.articles[a].Title)
		if len(q.words) == 0 {
			continue
		}
		examples = append(examples, example{joined(x.mail.Unit(q.words.Clone()), x.mailPiece.Unit(q.pieces.Clone())), q.dense, classOf[a]})
	}
	return train(examples, len(articles), dims).finish(articles)
}

// joined is a mail as the classifier sees it: words and pieces, each of length one.
func joined(words, pieces terms.Vector) terms.Vector {
	out := make(terms.Vector, 0, len(words)+len(pieces))
	return append(append(out, words...), pieces...)
}

// At gives an article by its place in the index, as Candidate.Article names it.
func (x *Index) At(i int) article.Article { return x.articles[i] }

// On gives the index as of a day, counted from 1970: articles that are no longer
// valid then are not suggested. The index itself is not changed.
func (x *Index) On(today int) *Index {
	y := *x
	y.today = today
	if x.wide != nil {
		y.wide = x.wide.On(today)
	}
	return &y
}

// valid leaves out the articles that are no longer valid.
func (x *Index) valid(articles []int, found []Evidence) ([]int, []Evidence) {
	if x.today == 0 {
		return articles, found
	}
	n := 0
	for i, a := range articles {
		if !x.articles[a].ExpiredOn(x.today) {
			articles[n], found[n] = a, found[i]
			n++
		}
	}
	return articles[:n], found[:n]
}

// OtherModel names the embedding model that a snapshot was made with, where this
// program has another: ranking goes by words and history alone then, until the
// index is built anew. Else it is "".
func (x *Index) OtherModel() string { return x.otherModel }

package evidence

import (
	"slices"

	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/internal/fuse"
	"github.com/replywell/replywell/shared/kb/terms"
)

// Index finds what speaks for each article, with one model. It is never changed after
// it is built, so it is safe for concurrent use.
type Index struct {
	articles []article.Article
	byID     map[string]int
	texts    *texts
	senses   *senses // nil: words only
	past     *past
	model    Embedder // nil: words only

	calibration *fuse.Calibration // what its own history says of the ranking; nil: too little of it
	hubs        fuse.Hubs         // as mails tell them that were answered by hand; nil: too few of those
	across      bool              // it is asked about mail in other languages than its articles'
	today       int               // see AsOf; 0: any day
	// otherModel is the model that a snapshot was made with, where it is not ours.
	otherModel string
}

// Build builds an index that also knows what was sent for past mails, oldest first.
// Mails whose article is no longer there are left out. The model may be nil; then it
// goes by words and history alone, as it does where the model cannot read the articles.
func Build(articles []article.Article, past []Past, model Embedder) *Index {
	x := &Index{articles: articles, byID: map[string]int{}, texts: readTexts(articles), senses: readSenses(model, articles), model: model}
	for i, a := range articles {
		x.byID[a.ID] = i
	}
	if !x.senses.readable() { // most articles are of a script that the model cannot read
		x.model, x.senses = nil, nil
	}
	x.learn(past, nil)
	return x
}

// Across builds an index of the same articles for mail in other languages, with
// another model. It shares what the articles' words are. Home tells which mails are in
// the articles' language: mail that is compared with those has few of their words, so
// what is learnt from them is to hold without words too.
func (x *Index) Across(past []Past, model Embedder, home func(subject, text string) bool) *Index {
	y := &Index{articles: x.articles, byID: x.byID, texts: x.texts, senses: readSenses(model, x.articles), model: model, across: true}
	y.learn(past, home)
	return y
}

// learn reads the history: each mail by itself for the nearest neighbours, an article's
// mails together, and the classifier over all; and asks itself about parts of it.
func (x *Index) learn(past []Past, home func(subject, text string) bool) {
	x.past = remember(nil, len(x.articles), nil, nil)
	answers := x.answers(past, home)
	x.past = x.remember(answers)
	x.calibrate(x.hide(answers), past, len(answers), home)
}

func (x *Index) remember(answers []answered) *past {
	return remember(answers, len(x.articles), x.senses, func(p *past, a uint32) *Query {
		q := x.reader(p).read("", x.articles[a].Title)
		q.home = x.across
		return q
	})
}

// answers reads past mails that were answered with articles; see Across for home.
func (x *Index) answers(past []Past, home func(subject, text string) bool) (answers []answered) {
	read := make([]*Query, len(past))
	Each(len(past), func(i int) {
		if len(past[i].Sent) > 0 {
			read[i] = x.Read(past[i].Subject, past[i].Text)
			read[i].home = home != nil && home(past[i].Subject, past[i].Text)
		}
	})
	for i, p := range past {
		for _, o := range x.Places(p.Sent) {
			answers = append(answers, answered{read[i], uint32(o)})
		}
	}
	return answers
}

// Places gives the places of those articles that the index has, each once.
func (x *Index) Places(ids []string) (out []int) {
	for _, id := range ids {
		if i, ok := x.byID[id]; ok && !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	return out
}

// Articles are the articles by place.
func (x *Index) Articles() []article.Article { return x.articles }

// History is how much an index has learnt from, from 0 (nothing) to 1 (sixteen mails
// or more for each article that was ever sent).
func (x *Index) History() float64 { return x.past.history() }

// Calibration is what the index's own history says of the ranking; nil: too little.
func (x *Index) Calibration() *fuse.Calibration { return x.calibration }

// Model is the model that the index reads with; nil: none.
func (x *Index) Model() Embedder { return x.model }

// OtherModel names the embedding model that a snapshot was made with, where this
// program has another: ranking goes by words and history alone then, until the
// index is built anew. Else it is "".
func (x *Index) OtherModel() string { return x.otherModel }

// Weights are the constants that the index ranks by.
func (x *Index) Weights() *fuse.Weights {
	switch {
	case x.senses == nil:
		return fuse.FittedWords
	case x.across:
		return fuse.FittedAcross
	case x.senses.model == WideName:
		return fuse.FittedWide
	}
	return fuse.Fitted
}

// AsOf gives the index as of a day, counted from 1970: articles that are no longer
// valid then are no candidates. The index itself is not changed.
func (x *Index) AsOf(today int) *Index {
	y := *x
	y.today = today
	return &y
}

// WithRecent gives an index that also knows what was answered recently. Mails whose article
// it does not have are left out. The index itself is not changed, and shares its tables.
// Model is the name of the model that the mails' meanings are of.
func (x *Index) WithRecent(mails []Recent, model string) *Index {
	read := make([]recentMail, len(mails))
	Each(len(mails), func(i int) {
		m := mails[i]
		read[i] = recentMail{q: reader{}.read(m.Subject, m.Text), built: m.Built}
		for _, o := range x.Places(m.Sent) {
			read[i].owners = append(read[i].owners, uint32(o))
		}
		if x.senses != nil && (!m.Wide && x.senses.model == model || m.Wide && x.senses.model == WideName) {
			read[i].sense = centred(m.Sense, x.senses.middle)
		}
	})
	y := *x
	y.past = x.past.withRecent(read, x.senses)
	return &y
}

// Read prepares a mail.
func (x *Index) Read(subject, text string) *Query {
	if x.empty() {
		return &Query{}
	}
	return x.reader(x.past).read(subject, text)
}

// empty tells that there is nothing to compare with. Then a mail is not read: its
// meaning costs more than all else of it, and its words a good part.
func (x *Index) empty() bool { return len(x.articles) == 0 && !x.past.any() }

func (x *Index) reader(p *past) reader {
	if len(x.articles) == 0 && !p.any() {
		return reader{}
	}
	r := reader{model: x.model}
	if x.senses != nil {
		r.middle = x.senses.middle
		r.near = func(meaning []float32, s terms.Sentence) float32 { return x.near(p, meaning, s) }
	}
	return r
}

// Consider gathers the evidence for a mail. Only narrows the articles by place; nil is
// all. Nothing is ranked yet.
func (x *Index) Consider(q *Query, only []int) []fuse.Candidate {
	if len(q.Sentences) == 0 || len(x.articles) == 0 {
		return nil
	}
	articles, found := x.ask(q, x.past, only)
	out := make([]fuse.Candidate, 0, len(found))
	for i, e := range found {
		if x.today == 0 || !x.articles[articles[i]].ExpiredOn(x.today) {
			out = append(out, fuse.Candidate{Article: articles[i], Scores: e})
		}
	}
	return out
}

// Rank orders the candidates for a mail. One that the model cannot read, being of
// another script, is ranked and judged by words.
func (x *Index) Rank(q *Query, cands []fuse.Candidate) fuse.Ranking {
	r := x.Weights().Order(cands, x.History(), x.calibration)
	if x.senses == nil || q.dense != nil {
		return r.Among(x.hubs)
	}
	byWords := fuse.FittedWords.Order(cands, x.History(), nil)
	byWords.Seen = r.Signs
	return byWords
}

// Hubs tells from many rankings which articles come near to every mail. The longer its
// history, the less is made of it: past mails tell that better, if they are in the
// language of those that are asked about.
func (x *Index) Hubs(rankings []fuse.Ranking) fuse.Hubs {
	strength := fuse.HubsBeside(x.History())
	if x.across {
		strength = acrossHubs
	}
	return fuse.NewHubs(rankings, len(x.articles), strength)
}

// acrossHubs is how much is made of hubs in another language than the articles', whatever
// the history: on intents of a few words, a little less than all was best.
const acrossHubs = 0.85

// Alike tells, for each of some articles, for how many of the past mails most
// similar to this one it was sent, and how many such mails there are, 25 at most.
func (x *Index) Alike(q *Query, articles []int) (sent []int, of int) {
	return x.past.alike(q, articles)
}

// Rarity is how much a word says, by how few articles have it.
func (x *Index) Rarity(place uint32) float32 { return x.texts.terms.Rarity(place) }

// Sharing gives the articles that share most words with a text, at most so many.
func (x *Index) Sharing(text string, most int) []int {
	return x.texts.sharing(terms.Gather(terms.WordFeatures(nil, terms.Words(text, terms.MostWords), 1)), len(x.articles), most)
}

package kb

import (
	"slices"

	"github.com/replywell/replywell/shared/kb/terms"
)

// Late is a mail that was lately answered with articles. If that was after the index was
// built, a mail's neighbours, its nearest by meaning, an article's mean and how often it
// is sent take it in at once; what is trained over all mails, the classifier and the
// refined constants, does so when the index is next built. Beside the classifier, which
// counts a year alike, late mails stand for what holds now, built in or not: see recall.
type Late struct {
	Past
	Sense []float32 // its meaning, see Sense; nil: it goes by words
	Wide  bool      // Sense is of the model for what is not English
	Built bool      // the index was built with it
}

// Sense is what a mail means, as an index with this model compares it; nil where the
// model understands nothing of it. Wide is true where the mail is not English and the
// model has another one for that, see [Wider].
func Sense(model Embedder, subject, text string) (sense []float32, wide bool) {
	if model == nil {
		return nil, false
	}
	if w := widerThan(model); w != nil && !english(model, subject+"\n"+text) {
		model, wide = w, true
	}
	return (&Index{model: model}).read(subject, text).dense, wide
}

// ModelName names a model; "" for none. Vectors of models of other names cannot be compared.
func ModelName(model Embedder) string {
	if model == nil {
		return ""
	}
	return nameOf(model)
}

// late is what was lately answered, by mail and article; what the index does not know
// comes first.
type late struct {
	owner     []uint32
	fresh     int // so many the index does not know
	mail      *terms.Postings
	mailPiece *terms.Postings
	mails     sketch
	centre    *sketch // by article, of all mails; nil without vectors
}

// owners are the articles of the mails that the index does not know.
func (l *late) owners() []uint32 {
	if l == nil {
		return nil
	}
	return l.owner[:l.fresh]
}

// mailsOf is how many mails there are, built in or not.
func (l *late) mailsOf() int {
	if l == nil {
		return 0
	}
	return len(l.owner)
}

// After gives an index that also knows what was lately answered. Mails whose article it
// does not have are left out. The index itself is not changed, and shares its tables.
// Model is the name of the model that the mails' meanings are of.
func (x *Index) After(mails []Late, model string) *Index {
	comparable := func(m Late) bool {
		return x.vectors != nil && (!m.Wide && x.vectors.model == model || m.Wide && x.vectors.model == wideName)
	}
	mails = slices.Clone(mails)
	slices.SortStableFunc(mails, func(a, b Late) int { return int(one(a.Built) - one(b.Built)) })
	words := &Index{byID: x.byID} // reads without a model
	read := make([]*query, len(mails))
	each(len(mails), func(i int) { read[i] = words.read(mails[i].Subject, mails[i].Text) })
	l := &late{}
	var mail, mailPiece terms.Builder
	var dense [][]float32
	for i, m := range mails {
		for _, o := range x.placesOfIDs(m.Sent) {
			l.owner = append(l.owner, uint32(o))
			if !m.Built {
				l.fresh++
			}
			mail.Add(read[i].words.Clone())
			mailPiece.Add(read[i].pieces.Clone())
			if comparable(m) {
				dense = append(dense, centred(m.Sense, x.vectors.middle))
			} else {
				dense = append(dense, nil)
			}
		}
	}
	if len(l.owner) == 0 {
		return x
	}
	y := *x
	y.late = l
	if x.mail == nil {
		l.mail, l.mailPiece = mail.Build(), mailPiece.Build()
	} else {
		l.mail, l.mailPiece = x.mail.Weigh(mail), x.mailPiece.Weigh(mailPiece)
	}
	y.sent = slices.Clone(x.sent)
	for _, o := range l.owners() {
		y.sent[o]++
	}
	y.pastSeen = seen(y.sent)
	if x.vectors != nil && slices.ContainsFunc(dense, func(d []float32) bool { return d != nil }) {
		for _, d := range dense {
			l.mails.add(d, x.vectors.dims)
		}
		if l.fresh > 0 {
			l.centre = x.centres(l.owners(), dense[:l.fresh])
		}
	}
	if x.wide != nil {
		y.wide = x.wide.After(mails, model)
	}
	return &y
}

// rareWords and rarePieces say how rare what a late mail says is.
func (x *Index) rareWords() *terms.Postings {
	if x.mail == nil {
		return x.late.mail
	}
	return x.mail
}

func (x *Index) rarePieces() *terms.Postings {
	if x.mailPiece == nil {
		return x.late.mailPiece
	}
	return x.mailPiece
}

// centre holds the mean of each article's past mails.
func (x *Index) centre() *sketch {
	switch {
	case x.late != nil && x.late.centre != nil:
		return x.late.centre
	case x.mail == nil:
		return &x.vectors.title
	}
	return &x.vectors.centre
}

// centres are the means of articles' past mails where some came since the index was built.
func (x *Index) centres(owner []uint32, dense [][]float32) *sketch {
	v := x.vectors
	sums := map[uint32][]float32{}
	for i, d := range dense {
		o := owner[i]
		if sums[o] == nil {
			sums[o] = v.titleOf(int(o))
		}
		addTo(sums[o], d)
	}
	row := make([]float32, v.dims)
	for i, o := range x.owner {
		if s := sums[o]; s != nil && v.mails.vector(i, row) {
			addTo(s, row)
		}
	}
	was := x.centre()
	out := &sketch{}
	for a := range x.articles {
		if s := sums[uint32(a)]; s != nil {
			out.add(unitLength(s), v.dims)
			continue
		}
		out.copy(was, a, v.dims)
	}
	return out
}

package evidence

import (
	"strings"

	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/internal/fuse"
	"github.com/replywell/replywell/shared/kb/internal/wire"
)

// Form is the number of how an index is written. It changes with anything that one
// holds, the features' hashes included.
const Form = 11

// Write writes the index, and behind it, where there is one, that of the same articles
// for other languages.
func (x *Index) Write(w *wire.Writer, across *Index) {
	w.Number(len(x.articles))
	for _, a := range x.articles {
		for _, s := range []string{a.ID, a.Title, strings.Join(a.Topics, "\n"), a.Department, a.Language, a.Audience, a.ValidUntil, a.Reply, a.Body, a.Notes} {
			w.String(s)
		}
	}
	x.texts.write(w)
	x.writeLearnt(w)
	w.Number(int(fuse.One(across != nil)))
	if across != nil {
		across.writeLearnt(w)
	}
}

// writeLearnt writes what an index knows beside the articles' words.
func (x *Index) writeLearnt(w *wire.Writer) {
	x.senses.write(w)
	x.past.write(w)
	x.calibration.Write(w)
	x.hubs.Write(w)
}

// Open reads what Write wrote. Models are those that it may have been made with.
func Open(r *wire.Reader, models []Embedder) (x, across *Index, err error) {
	n := r.Number()
	if n > len(r.In) {
		return nil, nil, wire.ErrCut
	}
	x = &Index{articles: make([]article.Article, n), byID: make(map[string]int, n)}
	for i := range x.articles {
		a := &x.articles[i]
		var topics string
		for _, s := range []*string{&a.ID, &a.Title, &topics, &a.Department, &a.Language, &a.Audience, &a.ValidUntil, &a.Reply, &a.Body, &a.Notes} {
			*s = r.String()
		}
		if topics != "" {
			a.Topics = strings.Split(topics, "\n")
		}
		x.byID[a.ID] = i
	}
	x.texts = openTexts(r, n)
	x.openLearnt(r, models)
	if r.Number() == 1 {
		across = &Index{articles: x.articles, byID: x.byID, texts: x.texts, across: true}
		across.openLearnt(r, models)
		if across.senses == nil {
			across = nil // the model is another one by now
		}
	}
	return x, across, r.Err
}

func (x *Index) openLearnt(r *wire.Reader, models []Embedder) {
	dims := 0
	if x.senses = openSenses(r, len(x.articles)); x.senses != nil {
		dims = x.senses.dims
	}
	x.past = openPast(r, len(x.articles), dims)
	x.calibration, x.hubs = fuse.ReadCalibration(r, x.Weights()), fuse.ReadHubs(r, len(x.articles))
	if x.senses == nil {
		return
	}
	for _, m := range models {
		if NameOf(m) == x.senses.model && m.Dims() == dims {
			x.model = m
			return
		}
	}
	// Vectors of two models cannot be compared, and none may be left over: what is
	// written of the index again says that it has none.
	x.otherModel, x.senses, x.calibration, x.hubs = x.senses.model, nil, nil, nil
	x.past.mails, x.past.centre = sketch{}, sketch{}
}

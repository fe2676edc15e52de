package evidence

import (
	"math"
	"strings"

	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/internal/wire"
	"github.com/replywell/replywell/shared/kb/terms"
)

// senses is what articles mean: what a model made of titles and passages, each as a row of
// a sketch.
type senses struct {
	model    string // see NameOf
	dims     int
	title    sketch // by article
	passages sketch
	first    []uint32 // article i's passages are first[i]..first[i+1]

	middle []float32 // from where titles and mails are looked at, see between; nil: the model needs none
}

const (
	// passageWords of an article's text are read together with its title, as one
	// passage: about as many as the model reads at once (MostPieces). A passage
	// without its title is no help: on the public sets the best of an article's
	// sentences found the right article half as often as title and text together,
	// and favoured long articles.
	passageWords = 80
	// An article has at most mostPassages, and all together about passageBudget
	// words, since the models cost about 0.4 milliseconds a word; but no article has
	// less than leastPassage words.
	mostPassages  = 8
	passageBudget = 150_000
	leastPassage  = 40
	// embedWords bounds how much of a mail goes through the model.
	embedWords = 128
)

func readSenses(model Embedder, articles []article.Article) *senses {
	if model == nil {
		return nil
	}
	v := &senses{model: NameOf(model), dims: model.Dims(), first: []uint32{0}}
	most := min(mostPassages*passageWords, max(leastPassage, passageBudget/max(1, len(articles))))
	type made struct {
		title    []float32
		passages [][]float32
		same     bool // the text says no more than the title
	}
	all := make([]made, len(articles))
	Each(len(articles), func(i int) {
		title := ""
		if articles[i].Titled() {
			title = articles[i].Title
		}
		if topics := strings.Join(articles[i].Topics, ", "); topics != "" {
			title = strings.TrimSpace(title + " (" + topics + ")")
		}
		all[i].title = model.Embed(asQuery(model, title))
		text := strings.TrimSpace(articles[i].Body + "\n\n" + articles[i].Reply)
		if all[i].same = v.model == WideName && title != "" && (text == "" || text == title); all[i].same {
			return
		}
		for _, p := range passages(text, most) {
			if title != "" {
				p = title + ". " + p
			}
			all[i].passages = append(all[i].passages, model.Embed(asPassage(model, p)))
		}
	})
	var passageMiddle []float32
	if p, ok := model.(prefixed); ok {
		query, passage := p.Prefixes()
		var titles, texts [][]float32
		for _, m := range all {
			titles, texts = append(titles, m.title), append(texts, m.passages...)
		}
		v.middle, passageMiddle = between(titles, p.Middle(query)), between(texts, p.Middle(passage))
	}
	for _, m := range all {
		for i, p := range m.passages {
			m.passages[i] = centred(p, passageMiddle)
		}
		m.title = centred(m.title, v.middle)
		if m.same {
			m.passages = [][]float32{m.title}
		}
		if m.title == nil { // then the mean of its passages stands for it
			sum := make([]float32, v.dims)
			for _, p := range m.passages {
				addTo(sum, p)
			}
			m.title = unitLength(sum)
		}
		v.title.add(m.title, v.dims)
		for _, p := range m.passages {
			v.passages.add(p, v.dims)
		}
		v.first = append(v.first, v.first[len(v.first)-1]+uint32(len(m.passages)))
	}
	return v
}

// between is half way between the mean of some vectors and the middle of everything
// that people write about. The wide model puts all texts near each other; what tells
// them apart is where they lie as seen from there.
func between(all [][]float32, middle []float32) []float32 {
	out, n := make([]float32, len(middle)), float32(0)
	for _, v := range all {
		if v != nil {
			addTo(out, v)
			n++
		}
	}
	for i, m := range middle {
		if n > 0 {
			m = (m + out[i]/n) / 2
		}
		out[i] = m
	}
	return out
}

// centred is the direction in which a vector lies from a middle; itself where there is none.
func centred(v, middle []float32) []float32 {
	if middle == nil || v == nil {
		return v
	}
	out := make([]float32, len(v))
	for i := range v {
		out[i] = v[i] - middle[i]
	}
	return unitLength(out)
}

// readable tells whether the model could read half of the titles or more.
func (v *senses) readable() bool {
	if v == nil {
		return true
	}
	n := 0
	for _, l := range v.title.length {
		if l > 0 {
			n++
		}
	}
	return 2*n >= len(v.title.length)
}

// passages cuts a text's first words into passages, each but the first starting
// where a sentence does. An article without a text has one that is empty.
func passages(text string, most int) (out []string) {
	var cur []string
	flush := func() { out, cur = append(out, strings.Join(cur, " ")), nil }
	for _, s := range terms.SplitSentences(text) {
		said := strings.Fields(s)
		if len(cur) > 0 && len(cur)+len(said) > passageWords {
			flush()
		}
		if most -= len(said); most <= 0 {
			cur = append(cur, said[:len(said)+most]...)
			break
		}
		cur = append(cur, said...)
	}
	if len(cur) > 0 || len(out) == 0 {
		flush()
	}
	return out
}

// titleOf is the vector of an article's title; zero where there is none.
func (v *senses) titleOf(article int) []float32 {
	out := make([]float32, v.dims)
	v.title.vector(article, out)
	return out
}

func addTo(sum, x []float32) {
	if len(x) != len(sum) {
		return
	}
	for i, v := range x {
		sum[i] += v
	}
}

func unitLength(x []float32) []float32 {
	sum := 0.0
	for _, y := range x {
		sum += float64(y) * float64(y)
	}
	if sum == 0 {
		return nil
	}
	k := float32(1 / math.Sqrt(sum))
	for i := range x {
		x[i] *= k
	}
	return x
}

func (v *senses) write(w *wire.Writer) {
	if v == nil {
		w.Number(0)
		return
	}
	w.Number(v.dims)
	w.String(v.model)
	w.Uint32s(v.first)
	w.Floats(v.middle)
	v.title.write(w)
	v.passages.write(w)
}

func openSenses(r *wire.Reader, articles int) *senses {
	v := &senses{dims: r.Number()}
	if v.dims == 0 {
		return nil
	}
	v.model, v.first, v.middle = r.String(), r.Uint32s(), r.Floats()
	if len(v.middle) == 0 {
		v.middle = nil
	} else if len(v.middle) != v.dims {
		r.Err = wire.ErrCut
	}
	v.title, v.passages = openSketch(r, v.dims), openSketch(r, v.dims)
	if r.Err == nil && (len(v.first) != articles+1 || len(v.title.length) != articles || int(v.first[articles]) != len(v.passages.length)) {
		r.Err = wire.ErrCut
	}
	return v
}

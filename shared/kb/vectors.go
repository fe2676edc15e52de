package kb

import (
	"math"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/terms"
)

// Embedder gives a sentence's meaning as a vector of length one; a sentence it
// does not understand at all has none (nil). It must be safe for concurrent use
// and give the same vector for the same sentence.
type Embedder = interface {
	Dims() int
	Embed(sentence string) []float32
}

// vectors holds what a model made of articles and past mails, each as a row of
// a sketch.
type vectors struct {
	model    string // see nameOf
	dims     int
	title    sketch // by article
	passages sketch
	first    []uint32 // article i's passages are first[i]..first[i+1]
	centre   sketch   // the mean of an article's title and past mails, by article
	mails    sketch   // by past mail

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
	// words, since the model costs about a millisecond a word; but no article has
	// less than leastPassage words.
	mostPassages  = 8
	passageBudget = 150_000
	leastPassage  = 40
	// embedWords bounds how much of a mail goes through the model.
	embedWords = 128
)

func embedArticles(model Embedder, articles []article.Article) *vectors {
	if model == nil {
		return nil
	}
	v := &vectors{model: nameOf(model), dims: model.Dims(), first: []uint32{0}}
	most := min(mostPassages*passageWords, max(leastPassage, passageBudget/max(1, len(articles))))
	type made struct {
		title    []float32
		passages [][]float32
		same     bool // the text says no more than the title
	}
	all := make([]made, len(articles))
	each(len(articles), func(i int) {
		title := ""
		if articles[i].Titled() {
			title = articles[i].Title
		}
		if topics := strings.Join(articles[i].Topics, ", "); topics != "" {
			title = strings.TrimSpace(title + " (" + topics + ")")
		}
		all[i].title = model.Embed(asQuery(model, title))
		text := strings.TrimSpace(articles[i].Body + "\n\n" + articles[i].Reply)
		if all[i].same = v.model == wideName && title != "" && (text == "" || text == title); all[i].same {
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
func (v *vectors) readable() bool {
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

// each does something for 0 to n-1, on all cores.
func each(n int, do func(i int)) {
	var next atomic.Int64
	var done sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		done.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	done.Wait()
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

func (v *vectors) addMails(articles int, owner []uint32, dense [][]float32) {
	if v == nil {
		return
	}
	sums := make([][]float32, articles)
	for i := range sums {
		sums[i] = v.titleOf(i)
	}
	for i, d := range dense {
		v.mails.add(d, v.dims)
		addTo(sums[owner[i]], d)
	}
	for _, s := range sums {
		v.centre.add(unitLength(s), v.dims)
	}
}

// titleOf is the vector of an article's title; zero where there is none.
func (v *vectors) titleOf(article int) []float32 {
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

// near gives the cosine of q with row i of a sketch.
func (v *vectors) near(s sketch, i int, q []float32) float64 { return s.near(i, q, v.dims) }

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

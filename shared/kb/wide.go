package kb

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/terms"
)

// Articles and mails in English are compared by the English model, which is better
// there at a third of the cost. All others are compared by the wide one, which reads a
// hundred languages and brings a question close to its answer in another. An index of
// English articles therefore has a second one within it, for the mail that is not
// English; one of other articles has the wide model alone.

// Wider is a model that knows another one for what it cannot read, as that of package
// models does.
type Wider interface {
	// Wide gives the other model; nil: none.
	Wide() Embedder
}

func widerThan(m Embedder) Embedder {
	if w, ok := m.(Wider); ok {
		return w.Wide()
	}
	return nil
}

// prefixed is a model whose texts begin with a word that says what they are, and that
// knows the middle of all that people write.
type prefixed interface {
	Prefixes() (query, passage string)
	Middle(prefix string) []float32
}

// asQuery is how a model is given a question, a title, a past mail; asPassage how it is
// given an article's text.
func asQuery(m Embedder, s string) string {
	if p, ok := m.(prefixed); ok && strings.TrimSpace(s) != "" {
		q, _ := p.Prefixes()
		return q + s
	}
	return s
}

func asPassage(m Embedder, s string) string {
	if p, ok := m.(prefixed); ok && strings.TrimSpace(s) != "" {
		_, q := p.Prefixes()
		return q + s
	}
	return s
}

// wideHistory is how many past mails the second index is made of, of all times: they are
// embedded once more for it, and foreign mail to a team that writes English is rare.
const wideHistory = 4000

// otherLanguages makes the index of the same articles for mail that is not English.
func (x *Index) otherLanguages(past []Past, model Embedder) *Index {
	y := x.without()
	y.foreign = true
	y.model = model
	y.vectors = embedArticles(model, x.articles)
	y.readPast(spread(past, wideHistory))
	return y
}

// reading gives the index that a mail is compared by.
func (x *Index) reading(subject, text string) *Index {
	if x.wide == nil || english(x.model, subject+"\n"+text) {
		return x
	}
	return x.wide
}

// mostlyEnglish tells whether eight of ten articles are.
func mostlyEnglish(m Embedder, articles []article.Article) bool {
	n := 0
	for _, a := range articles {
		switch lang, _, _ := strings.Cut(strings.ToLower(a.Language), "-"); {
		case lang == "en":
			n++
		case lang == "" && english(m, terms.FirstWords(a.Title+"\n"+a.Body+"\n"+a.Reply, 60)):
			n++
		}
	}
	return 10*n >= 8*len(articles)
}

// english tells whether a text is English. A wrong yes costs more than a wrong no, since
// the wide model reads English too: without a word that speaks for English, most words
// must be ones that the English model has whole.
func english(m Embedder, s string) bool {
	knows := func(string) bool { return true }
	if k, ok := m.(interface{ Knows(word string) bool }); ok {
		knows = k.Knows
	}
	yes, no, all, known := 0, 0, 0, 0
	for _, w := range terms.Words(s, 80) {
		en, other := englishWords[w.Folded], otherWords[w.Folded]
		switch {
		case en && !other:
			yes++
		case other && !en:
			no++
		}
		if strings.IndexFunc(w.Folded, func(r rune) bool { return r < '0' || r > '9' }) < 0 {
			continue
		}
		all++
		if en || knows(w.Folded) {
			known++
		}
	}
	switch {
	case all == 0:
		return true
	case yes > no:
		return 2*known >= all
	case yes < no:
		return false
	}
	return 10*known >= 8*all
}

var englishWords, otherWords = func() (en, other map[string]bool) {
	lines := slices.Collect(strings.Lines(terms.StopLines))
	en, other = map[string]bool{}, map[string]bool{}
	for i, l := range lines {
		for _, w := range strings.Fields(l) {
			if i < terms.EnglishLines {
				en[w] = true
			} else {
				other[w] = true
			}
		}
	}
	return en, other
}()

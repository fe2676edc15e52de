package kb

import (
	"maps"
	"strings"
	"sync"

	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/internal/evidence"
	"github.com/replywell/replywell/shared/kb/terms"
	"github.com/replywell/replywell/shared/language"
)

// Articles and mails in English are compared by the English model, which is better
// there at a third of the cost. All others are compared by the wide one, which reads a
// hundred languages and brings a question close to its answer in another. An index of
// English articles therefore has a second one within it, for the mail that is not
// English; one of other articles has the wide model alone.

// Sense is what a mail means, as an index with this model compares it; nil where the
// model understands nothing of it. Wide is true where the mail is not English and the
// model has another one for that, see [Wider].
func Sense(model Embedder, subject, text string) (sense []float32, wide bool) {
	if model == nil {
		return nil, false
	}
	if w := evidence.WiderThan(model); w != nil && !english(model, subject+"\n"+text) {
		model, wide = w, true
	}
	return evidence.Sense(model, subject, text), wide
}

// ModelName names a model; "" for none. Vectors of models of other names cannot be compared.
func ModelName(model Embedder) string {
	if model == nil {
		return ""
	}
	return evidence.NameOf(model)
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
	is, _ := englishSurely(m, s)
	return is
}

// englishSurely also tells whether function words say so, of English or of another language.
func englishSurely(m Embedder, s string) (is, sure bool) {
	knows := func(string) bool { return true }
	if k, ok := m.(interface{ Knows(word string) bool }); ok {
		knows = k.Knows
	}
	yes, no, all, known := 0, 0, 0, 0
	englishWords, otherWords := stopWords()
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
		return true, false
	case yes > no:
		return 2*known >= all, true
	case yes < no:
		return false, true
	}
	return 10*known >= 8*all, false
}

// stopWords are those of English, and those of the other languages.
var stopWords = sync.OnceValues(func() (en, other map[string]bool) {
	en, other = map[string]bool{}, map[string]bool{}
	for _, l := range language.All() {
		if l.Code == "en" {
			en = terms.StopWords(l)
			continue
		}
		maps.Copy(other, terms.StopWords(l))
	}
	return en, other
})

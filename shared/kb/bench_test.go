package kb

import (
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench/processor"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/terms"
)

// The benchmarks' knowledge base: 10,000 articles and 30,000 past mails, the
// size that the bounds of docs/performance.md are given for.
const (
	benchArticles = 10_000
	benchPast     = 30_000
)

var keep = flag.String("keep", "", "a file that BenchmarkOpen leaves the large snapshot in")

// writer makes up text as a language's is: words follow each other as they do in
// what people wrote, so that common ones are common and most are rare. Each
// text has a subject of its own: some rare words that come again in it.
type writer struct {
	random *rand.Rand
	next   map[string][]string
	words  []string
}

// newWriter reads what there is: the public evaluation data beside the
// repository, which are real questions and answers, or else our own pages.
func newWriter(tb testing.TB) *writer {
	w := &writer{random: rand.New(rand.NewPCG(7, 7)), next: map[string][]string{}}
	files, _ := filepath.Glob("../../../shared/eval/kb/data/*/*.tsv")
	if len(files) == 0 {
		files, _ = filepath.Glob("../../docs/*.md")
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			tb.Fatal(err)
		}
		last := "."
		for _, p := range strings.Fields(strings.NewReplacer(`\n`, " ", `\t`, " ", "\t", " . ").Replace(string(data))) {
			if len(p) > 30 {
				continue
			}
			w.next[last] = append(w.next[last], p)
			w.words, last = append(w.words, p), p
		}
	}
	if len(w.words) < 1000 {
		tb.Fatal("there is no text to make texts from")
	}
	return w
}

// text gives about so many words with some of the subject's among them.
func (w *writer) text(n int, subject []string) string {
	var out []string
	last := "."
	for len(out) < n {
		if len(subject) > 0 && w.random.IntN(8) == 0 {
			out = append(out, subject[w.random.IntN(len(subject))])
		}
		follow := w.next[last]
		if len(follow) == 0 {
			follow = w.words
		}
		last = follow[w.random.IntN(len(follow))]
		out = append(out, last)
	}
	return strings.Join(out, " ") + "."
}

// subject gives a few words, most of them rare: names of products and parts.
func (w *writer) subject() (out []string) {
	for range 4 {
		a, b := w.words[w.random.IntN(len(w.words))], w.words[w.random.IntN(len(w.words))]
		out = append(out, strings.Join(terms.Split(a+b[:len(b)/2]), ""))
	}
	return append(out, w.words[w.random.IntN(len(w.words))])
}

// quickSense stands for the model where tens of thousands of texts are embedded
// to measure what is done with the vectors: the sum of its words' directions.
type quickSense struct{}

func (quickSense) Dims() int { return Model().Dims() }

func (quickSense) Embed(s string) []float32 {
	sum := make([]float32, Model().Dims())
	for _, w := range strings.Fields(s) {
		h := fnv.New64a()
		h.Write([]byte(w))
		x := h.Sum64()
		for i := range sum {
			x ^= x << 13
			x ^= x >> 7
			x ^= x << 17
			sum[i] += float32(int8(x)) / 128
		}
	}
	return unit(sum)
}

type benchBase struct {
	index *Index // with vectors of quickSense
	real  *Index // the same, but mails are read by the real model
	words *Index // the same without
	mails []string
}

var large = sync.OnceValue(func() *benchBase {
	w := newWriter(&testing.B{})
	articles := make([]article.Article, benchArticles)
	subjects := make([][]string, len(articles))
	for i := range articles {
		subjects[i] = w.subject()
		articles[i] = article.Article{ID: fmt.Sprintf("a%05d", i), Title: w.text(5, subjects[i]) + " " + subjects[i][0],
			Body: w.text(120, subjects[i]), Audience: "customers"}
	}
	mail := func() (string, int) {
		// A few articles answer most mails.
		a := int(float64(len(articles)) * math.Pow(w.random.Float64(), 3))
		return w.text(40, subjects[a]), a
	}
	past := make([]Past, benchPast)
	for i := range past {
		text, a := mail()
		past[i] = Past{Text: text, Sent: []string{articles[a].ID}}
	}
	base := &benchBase{mails: make([]string, 300)}
	for i := range base.mails {
		base.mails[i], _ = mail()
	}
	base.index = Build(articles, past, quickSense{})
	data, err := base.index.Snapshot()
	if err != nil {
		panic(err)
	}
	if base.words, err = Open(data, nil); err != nil {
		panic(err)
	}
	if base.real, err = Open(data, Model()); err != nil {
		panic(err)
	}
	return base
})

func benchSuggest(b *testing.B, x *Index, mails []string) {
	var took []time.Duration
	for _, m := range mails[:20] {
		x.Suggest("", m, 3)
	}
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		start := processor.Time()
		x.Suggest("", mails[i%len(mails)], 3)
		took = append(took, processor.Time()-start)
		i++
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-cpu-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-cpu-ms")
}

// BenchmarkSuggest ranks by words and history alone.
func BenchmarkSuggest(b *testing.B) { benchSuggest(b, large().words, large().mails) }

// BenchmarkSuggestWithMeaning does all that is done for a mail, the model included.
func BenchmarkSuggestWithMeaning(b *testing.B) {
	benchSuggest(b, large().real, large().mails)
}

func BenchmarkOpen(b *testing.B) {
	for name, x := range map[string]*Index{"words": large().words, "meaning": large().index} {
		b.Run(name, func(b *testing.B) {
			data, err := x.Snapshot()
			if err != nil {
				b.Fatal(err)
			}
			if *keep != "" && x == large().index {
				if err := os.WriteFile(*keep, data, 0o600); err != nil {
					b.Fatal(err)
				}
			}
			start := processor.Time()
			for b.Loop() {
				if _, err := Open(data, Model()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((processor.Time()-start).Microseconds())/1000/float64(b.N), "cpu-ms/op")
			b.ReportMetric(float64(len(data))/(1<<20), "MB")
		})
	}
}

// BenchmarkMeaning is what the embedding model adds to a mail of forty words.
func BenchmarkMeaning(b *testing.B) {
	m := Model()
	sentences := []string{"I ordered a lamp three weeks ago and it still has not arrived at my new address.",
		"The tracking page says that it was delivered, but nobody in the house has seen a parcel.",
		"Could you send another one or give me my money back?"}
	for _, s := range sentences {
		m.Embed(s)
	}
	for b.Loop() {
		for _, s := range sentences {
			m.Embed(s)
		}
	}
}

// recent are three hundred mails that were answered since the index was built.
func (l *benchBase) recent() []Recent {
	random := rand.New(rand.NewPCG(9, 9))
	out := make([]Recent, len(l.mails))
	for i := range out {
		sense := make([]float32, Model().Dims())
		for j := range sense {
			sense[j] = float32(random.NormFloat64())
		}
		out[i] = Recent{Past: Past{Text: l.mails[i],
			Sent: []string{l.index.main.Articles()[random.IntN(benchArticles)].ID}}, Sense: unit(sense)}
	}
	return out
}

// BenchmarkWithRecent is what a process does when something was answered.
func BenchmarkWithRecent(b *testing.B) {
	l := large()
	recent := l.recent()
	start := processor.Time()
	for b.Loop() {
		l.index.WithRecent(recent, ModelName(quickSense{}))
	}
	b.ReportMetric(float64((processor.Time()-start).Microseconds())/1000/float64(b.N), "cpu-ms/op")
}

// BenchmarkSuggestWithRecent is BenchmarkSuggest with three hundred mails answered since.
func BenchmarkSuggestWithRecent(b *testing.B) {
	l := large()
	benchSuggest(b, l.words.WithRecent(l.recent(), ""), l.mails)
}

func unit(x []float32) []float32 {
	sum := float32(0)
	for _, v := range x {
		sum += v * v
	}
	if sum == 0 {
		return nil
	}
	for i := range x {
		x[i] /= float32(math.Sqrt(float64(sum)))
	}
	return x
}

// alone is an encoder without the one that it knows for other languages.
type alone struct{ Embedder }

func (a alone) EmbedAll(s []string) [][]float32 {
	return a.Embedder.(interface{ EmbedAll([]string) [][]float32 }).EmbedAll(s)
}

// BenchmarkFirstIndex builds the index of 1,000 articles of 250 words for the first time, by the
// encoders that the articles' and the mails' languages need.
func BenchmarkFirstIndex(b *testing.B) {
	w := newWriter(b)
	articles := make([]article.Article, 1000)
	for i := range articles {
		articles[i] = article.Article{ID: fmt.Sprintf("a%04d", i), Title: w.text(6, nil), Body: w.text(250, nil),
			Language: "en", Audience: "customers"}
	}
	for _, c := range []struct {
		name  string
		model Embedder
	}{{"English alone", alone{Model()}}, {"other languages alone", Model().(Wider).Wide()}, {"both", Model()}} {
		b.Run(c.name, func(b *testing.B) {
			start := processor.Time()
			for b.Loop() {
				Build(articles, nil, c.model)
			}
			b.ReportMetric((processor.Time()-start).Seconds()/float64(b.N), "cpu-s/op")
		})
	}
}

// BenchmarkMailByLanguage ranks English articles for a mail of some forty words, which goes
// through the encoder that its language needs.
func BenchmarkMailByLanguage(b *testing.B) {
	x := withModel(shopArticles(b))
	for _, c := range []struct{ language, mail string }{
		{"English", "I ordered a lamp three weeks ago and it still has not arrived at my new address. The " +
			"tracking page says that it was delivered, but nobody in the house has seen a parcel. Could you send " +
			"another one?"},
		{"German", "Ich habe vor drei Wochen eine Lampe bestellt, und sie ist an meiner neuen Adresse noch " +
			"nicht angekommen. Laut Sendungsverfolgung wurde sie zugestellt, aber niemand im Haus hat ein Paket " +
			"gesehen. Können Sie noch eine schicken?"},
	} {
		b.Run(c.language, func(b *testing.B) {
			x.Suggest("", c.mail, 3) // the model is read
			start := processor.Time()
			for b.Loop() {
				x.Suggest("", c.mail, 3)
			}
			b.ReportMetric(float64((processor.Time()-start).Microseconds())/1000/float64(b.N), "cpu-ms/op")
		})
	}
}

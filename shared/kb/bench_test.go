package kb

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// large is a made-up knowledge base of 10,000 articles and 30,000 past mails,
// with words as common as words are (Zipf's law).
var large = sync.OnceValues(func() (*Index, []string) {
	random := rand.New(rand.NewPCG(7, 7))
	zipf := rand.NewZipf(random, 1.15, 4, 29_999)
	syllables := strings.Fields("ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru sa se si so su ta te ti to tu")
	text := func(n int) string {
		var sb strings.Builder
		for i := range n {
			for k := zipf.Uint64() + 40; k > 0; k /= uint64(len(syllables)) {
				sb.WriteString(syllables[k%uint64(len(syllables))])
			}
			if i%12 == 11 {
				sb.WriteByte('.')
			}
			sb.WriteByte(' ')
		}
		return sb.String()
	}
	articles := make([]Article, 10_000)
	for i := range articles {
		articles[i] = Article{ID: fmt.Sprintf("a%05d", i), Title: text(7), Body: text(120), Audience: audiencePublic}
	}
	past := make([]Past, 30_000)
	for i := range past {
		past[i] = Past{Text: text(30), Sent: []string{articles[random.IntN(2000)*(1+random.IntN(5))].ID}}
	}
	mails := make([]string, 300)
	for i := range mails {
		mails[i] = text(40)
	}
	return Build(articles, past, nil), mails
})

func BenchmarkSuggest(b *testing.B) {
	x, mails := large()
	var took []time.Duration
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		start := time.Now()
		x.Suggest("", mails[i%len(mails)], 3)
		took = append(took, time.Since(start))
		i++
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

func BenchmarkOpen(b *testing.B) {
	x, _ := large()
	data, err := x.Snapshot()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Open(data); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(data))/(1<<20), "MB")
}

// BenchmarkMeaning is what the embedding model adds to a mail of forty words.
func BenchmarkMeaning(b *testing.B) {
	m := Model()
	sentences := []string{"I ordered a lamp three weeks ago and it still has not arrived at my new address.",
		"The tracking page says that it was delivered, but nobody in the house has seen a parcel.", "Could you send another one or give me my money back?"}
	for _, s := range sentences {
		m.Embed(s)
	}
	for b.Loop() {
		for _, s := range sentences {
			m.Embed(s)
		}
	}
}

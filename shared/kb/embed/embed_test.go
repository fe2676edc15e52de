package embed

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"reflect"
	"strings"
	"testing"
)

func cosine(a, b []float32) (c float64) {
	for i, x := range a {
		c += float64(x) * float64(b[i])
	}
	return c
}

func TestMeaningIsCloserThanWords(t *testing.T) {
	m := Default()
	question := m.Embed("How long until my card gets here?")
	same := cosine(question, m.Embed("When will the new card be delivered to me?"))
	other := cosine(question, m.Embed("How long is the lamp's cable?"))
	if same < other+0.1 {
		t.Errorf("the same question in other words %.2f, another one in the same words %.2f", same, other)
	}
	if len(question) != Dims || math.Abs(cosine(question, question)-1) > 1e-4 {
		t.Errorf("%d numbers, length %v", len(question), cosine(question, question))
	}
	if !reflect.DeepEqual(question, m.Embed("How long until my card gets here?")) {
		t.Error("the same sentence has two vectors")
	}
	for _, s := range []string{"", "   "} {
		if v := m.Embed(s); v != nil {
			t.Errorf("%q has a vector", s)
		}
	}
	if v := m.Embed("注文した商品がまだ届きません"); v != nil {
		t.Error("the model takes a script that it was not made for")
	}
}

// Stored vectors and fitted constants depend on the vectors, which are to be the
// same to the bit on every machine, alone or with others.
func TestVectorsStayAsTheyAre(t *testing.T) {
	sentences := []string{"Where is the parcel that I ordered last week?", "", "Rücksendung? unbelievably",
		"I ordered a lamp three weeks ago and it still has not arrived at my new address.", strings.Repeat("card ", 200), "Hi"}
	sum := sha256.New()
	for i, v := range Default().EmbedAll(sentences) {
		if !reflect.DeepEqual(v, Default().Embed(sentences[i])) {
			t.Errorf("%.30q has another vector among others than alone", sentences[i])
		}
		_ = binary.Write(sum, binary.LittleEndian, v)
	}
	if got := hex.EncodeToString(sum.Sum(nil)[:8]); got != "56d79be28f533ea5" {
		t.Errorf("the vectors' sum is %s", got)
	}
}

func TestPiecesCoverTheSentence(t *testing.T) {
	p := Default().pieces
	back := make([]string, len(p.ids))
	for s, id := range p.ids {
		back[id] = s
	}
	for sentence, want := range map[string]string{
		"Adding an existing card to your account.": "[CLS] adding an existing card to your account . [SEP]",
		"Rücksendung? unbelievably":                "[CLS] ru ##cks ##end ##ung ? un ##bel ##ie ##va ##bly [SEP]",
		"漢字":                                       "",
	} {
		var got []string
		for _, id := range p.cut(sentence, MostPieces) {
			got = append(got, back[id])
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: %s; want %s", sentence, s, want)
		}
	}
	if n := len(p.cut(strings.Repeat("card ", 500), 20)); n != 20 {
		t.Errorf("%d pieces of a long sentence; want 20", n)
	}
}

func FuzzEmbed(f *testing.F) {
	f.Add("Where is my parcel?")
	f.Add("\xff\u0301 漢字")
	f.Fuzz(func(t *testing.T, s string) {
		if v := Default().Embed(s); v != nil && math.Abs(cosine(v, v)-1) > 1e-3 {
			t.Errorf("%q: a vector of squared length %v", s, cosine(v, v))
		}
	})
}

func TestABrokenFileIsRefused(t *testing.T) {
	for _, n := range []int{0, 10, 500, 100_000, 1 << 20} {
		if _, err := load(file[:n]); err == nil {
			t.Errorf("the first %d bytes are taken for a model", n)
		}
	}
}

// BenchmarkEmbed is a mail of three sentences, one after the other and together.
func BenchmarkEmbed(b *testing.B) {
	m := Default()
	mail := []string{"I ordered a lamp three weeks ago and it still has not arrived at my new address.",
		"The tracking page says that it was delivered, but nobody in the house has seen a parcel.", "Could you send another one or give me my money back?"}
	pieces := 0
	for _, s := range mail {
		pieces += len(m.pieces.cut(s, MostPieces))
	}
	for _, way := range []struct {
		name string
		run  func()
	}{
		{"alone", func() {
			for _, s := range mail {
				m.Embed(s)
			}
		}},
		{"together", func() { m.EmbedAll(mail) }},
	} {
		b.Run(way.name, func(b *testing.B) {
			for b.Loop() {
				way.run()
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N*pieces), "ms/piece")
		})
	}
}

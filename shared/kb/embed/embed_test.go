package embed_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/bench/processor"
	"github.com/replywell/replywell/shared/kb/embed"
	"github.com/replywell/replywell/shared/kb/embed/e5"
	"github.com/replywell/replywell/shared/kb/embed/minilm"
)

func cosine(a, b []float32) (c float64) {
	for i, x := range a {
		c += float64(x) * float64(b[i])
	}
	return c
}

func TestMeaningIsCloserThanWords(t *testing.T) {
	m := minilm.Model()
	question := m.Embed("How long until my card gets here?")
	same := cosine(question, m.Embed("When will the new card be delivered to me?"))
	other := cosine(question, m.Embed("How long is the lamp's cable?"))
	if same < other+0.1 {
		t.Errorf("the same question in other words %.2f, another one in the same words %.2f", same, other)
	}
	if len(question) != embed.Dims || math.Abs(cosine(question, question)-1) > 1e-4 {
		t.Errorf("%d numbers, length %v", len(question), cosine(question, question))
	}
	if !reflect.DeepEqual(question, m.Embed("How long until my card gets here?")) {
		t.Error("the same sentence has two vectors")
	}
	if v := m.Embed("注文した商品がまだ届きません"); v != nil {
		t.Error("the English model takes a script that it was not made for")
	}
	for _, m := range []*embed.Model{m, e5.Model()} {
		for _, s := range []string{"", "   ", "\u200b"} {
			if v := m.Embed(s); v != nil {
				t.Errorf("%q has a vector", s)
			}
		}
	}
}

// A question is closest to its article in every language, whatever the article's.
func TestMeaningCrossesLanguages(t *testing.T) {
	articles := []string{"When will my new card arrive?", "How do I change my PIN?", "Why was my payment declined?",
		"How can I close my account?"}
	var vectors [][]float32
	for _, a := range articles {
		vectors = append(vectors, e5.Model().Embed(e5.Query+a))
	}
	for _, c := range []struct {
		mail string
		want int
	}{
		{"Wann kommt meine neue Karte an?", 0}, {"Wie ändere ich meine PIN?", 1},
		{"Warum wurde meine Zahlung abgelehnt?", 2}, {"Wie kann ich mein Konto schließen?", 3},
		{"新しいカードはいつ届きますか？", 0}, {"暗証番号を変更するにはどうすればよいですか", 1}, {"لماذا رُفضت دفعتي؟", 2},
		{"¿Cómo puedo cerrar mi cuenta?", 3},
		{"Yeni kartım ne zaman gelecek?", 0}, {"Jak zmienić mój PIN?", 1}, {"Почему мой платёж отклонён?", 2},
		{"Comment fermer mon compte ?", 3},
		{"내 새 카드는 언제 도착하나요?", 0}, {"Hvordan skifter jeg min PIN-kode?", 1}, {"मेरा भुगतान क्यों अस्वीकार किया गया?", 2},
		{"Làm thế nào để đóng tài khoản của tôi?", 3},
	} {
		v, best := e5.Model().Embed(e5.Query+c.mail), 0
		for i := range vectors {
			if cosine(v, vectors[i]) > cosine(v, vectors[best]) {
				best = i
			}
		}
		if best != c.want {
			t.Errorf("%q is closest to %q", c.mail, articles[best])
		}
	}
}

// Stored vectors and fitted constants depend on the vectors, which are to be the
// same to the bit on every machine, alone or with others.
func TestVectorsStayAsTheyAre(t *testing.T) {
	sentences := []string{"Where is the parcel that I ordered last week?", "", "Rücksendung? unbelievably",
		"I ordered a lamp three weeks ago and it still has not arrived at my new address.",
		strings.Repeat("card ", 200), "Hi"}
	for _, c := range []struct {
		name string
		m    *embed.Model
		want string
	}{{"minilm", minilm.Model(), "56d79be28f533ea5"}, {"e5", e5.Model(), "fae3df773b50c6ac"}} {
		sum := sha256.New()
		for i, v := range c.m.EmbedAll(sentences) {
			if !reflect.DeepEqual(v, c.m.Embed(sentences[i])) {
				t.Errorf("%s: %.30q has another vector among others than alone", c.name, sentences[i])
			}
			_ = binary.Write(sum, binary.LittleEndian, v)
		}
		if got := hex.EncodeToString(sum.Sum(nil)[:8]); got != c.want {
			t.Errorf("%s: the vectors' sum is %s", c.name, got)
		}
	}
}

func TestPiecesCoverTheSentence(t *testing.T) {
	for _, c := range []struct {
		m              *embed.Model
		sentence, want string
	}{
		{minilm.Model(), "Adding an existing card to your account.",
			"[CLS] adding an existing card to your account . [SEP]"},
		{minilm.Model(), "Rücksendung? unbelievably", "[CLS] ru ##cks ##end ##ung ? un ##bel ##ie ##va ##bly [SEP]"},
		{minilm.Model(), "漢字", ""},
		{e5.Model(), "Rücksendung?", "<s> ▁Rück se ndung ? </s>"},
		{e5.Model(), "  Wo\u00a0ist\tmein Paket ", "<s> ▁Wo ▁ist ▁mein ▁Paket </s>"},
		{e5.Model(), "注文した商品", "<s> ▁ 注文 した 商品 </s>"},
		{e5.Model(), "ﬁne Ａ①", "<s> ▁fine ▁A 1 </s>"}, // by NFKC
		{e5.Model(), "a\u0000b \U000f0000", "<s> ▁ab ▁ <unk> </s>"},
	} {
		if got := strings.Join(c.m.Cut(c.sentence, embed.MostPieces), " "); got != c.want {
			t.Errorf("%q: %s; want %s", c.sentence, got, c.want)
		}
	}
	for _, m := range []*embed.Model{minilm.Model(), e5.Model()} {
		if n := len(m.Cut(strings.Repeat("card ", 500), 20)); n != 20 {
			t.Errorf("%d pieces of a long sentence; want 20", n)
		}
	}
}

func FuzzEmbed(f *testing.F) {
	f.Add("Where is my parcel?")
	f.Add("\xff\u0301 漢字")
	f.Add("Wo\u200b ist \U000f0000 ﷺ")
	f.Fuzz(func(t *testing.T, s string) {
		for _, m := range []*embed.Model{minilm.Model(), e5.Model()} {
			if v := m.Embed(s); v != nil && math.Abs(cosine(v, v)-1) > 1e-3 {
				t.Errorf("%q: a vector of squared length %v", s, cosine(v, v))
			}
		}
	})
}

func TestABrokenFileIsRefused(t *testing.T) {
	for _, name := range []string{"minilm/minilm.bin", "e5/e5.bin"} {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{0, 10, 500, 100_000, 1 << 20, 35 << 20} {
			if n >= len(file) {
				continue
			}
			if _, err := embed.Load(file[:n]); err == nil {
				t.Errorf("the first %d bytes of %s are taken for a model", n, name)
			}
		}
	}
}

// BenchmarkEmbed is a mail of three sentences, one after the other and together, and an
// article's passage.
func BenchmarkEmbed(b *testing.B) {
	mail := []string{"I ordered a lamp three weeks ago and it still has not arrived at my new address.",
		"The tracking page says that it was delivered, but nobody in the house has seen a parcel.",
		"Could you send another one or give me my money back?"}
	for _, c := range []struct {
		name string
		m    *embed.Model
	}{{"minilm", minilm.Model()}, {"e5", e5.Model()}} {
		count := func(texts ...string) (n int) {
			for _, s := range texts {
				n += len(c.m.Cut(s, embed.MostPieces))
			}
			return n
		}
		passage := strings.Repeat(strings.Join(mail, " ")+" ", 2)
		for _, way := range []struct {
			name   string
			pieces int
			run    func()
		}{
			{"alone", count(mail...), func() {
				for _, s := range mail {
					c.m.Embed(s)
				}
			}},
			{"together", count(mail...), func() { c.m.EmbedAll(mail) }},
			{"passage", count(passage), func() { c.m.Embed(passage) }},
		} {
			b.Run(c.name+"/"+way.name, func(b *testing.B) {
				way.run() // the model is read
				start := processor.Time()
				for b.Loop() {
					way.run()
				}
				took := float64((processor.Time() - start).Microseconds()) / 1000
				b.ReportMetric(took/float64(b.N*way.pieces), "cpu-ms/piece")
			})
		}
	}
}

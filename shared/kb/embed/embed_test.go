package embed

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
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

// The products that share a word must be those that are got one by one.
func TestPackedProductsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, out, count := rapid.SampledFrom([]int{1, 63, 64, 65, 130}).Draw(t, "in"), rapid.IntRange(1, 9).Draw(t, "out"), rapid.IntRange(1, 6).Draw(t, "count")
		edge := rapid.SampledFrom([]int8{-127, -1, 0, 1, 64, 127})
		w := &tensor{Rows: in, Cols: out}
		for range in * out {
			w.b = append(w.b, edge.Draw(t, "w"))
		}
		bias := &tensor{f: make([]float32, out)}
		for range out {
			w.scale = append(w.scale, 1)
		}
		rows := make([]float32, count*in)
		for i := range rows {
			rows[i] = float32(edge.Draw(t, "x"))
		}
		for r := range count {
			rows[r*in] = 127 // so that one unit is worth one
		}
		got := make([]float32, count*out)
		newMatrix(w, bias).times(rows, count, &activations{}, got)
		for r := range count {
			for c := range out {
				want := 0
				for i := range in {
					want += int(rows[r*in+i]) * int(w.b[i*out+c])
				}
				if math.Abs(float64(got[r*out+c])-float64(want)) > 1e-3*math.Abs(float64(want))+0.01 {
					t.Fatalf("row %d, column %d: %v; want %d", r, c, got[r*out+c], want)
				}
			}
		}
	})
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

package embed

import (
	_ "embed"
	"math"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:embed minilm-table.bin
var tableFile []byte

// DefaultTable is the table that is part of the program, read when first used.
var DefaultTable = sync.OnceValue(func() *Table {
	t, err := loadTable(tableFile)
	if err != nil {
		panic("minilm-table.bin is part of the program: " + err.Error())
	}
	return t
})

// Table is a static model: a sentence's vector is the sum of its pieces' ones,
// each weighed down beforehand by how common it is. It knows no word order and
// costs next to nothing. It is safe for concurrent use.
type Table struct {
	ids  map[string]int32
	rows *tensor
}

// Dims is the length of a vector.
func (t *Table) Dims() int { return t.rows.Cols }

func loadTable(data []byte) (*Table, error) {
	byName, vocabulary, err := open(data)
	if err != nil {
		return nil, err
	}
	t := &Table{ids: make(map[string]int32, len(vocabulary)), rows: byName["pieces"]}
	for i, v := range vocabulary {
		if text, ok := v[0].(string); ok {
			t.ids[text] = int32(i)
		}
	}
	return t, nil
}

// Embed gives a text's vector, of length one, or nil if it knows none of its words.
func (t *Table) Embed(text string) []float32 {
	if len(text) > 8*mostBytes {
		text = strings.ToValidUTF8(text[:8*mostBytes], "")
	}
	out := make([]float32, t.rows.Cols)
	known := false
	for _, w := range plainWords(text) {
		for _, id := range t.cut(w) {
			known = true
			scale := t.rows.scale[id]
			for i, b := range t.rows.b[int(id)*t.rows.Cols:][:t.rows.Cols] {
				out[i] += scale * float32(b)
			}
		}
	}
	length := 0.0
	for _, v := range out {
		length += float64(v) * float64(v)
	}
	if !known || length == 0 {
		return nil
	}
	for i := range out {
		out[i] /= float32(math.Sqrt(length))
	}
	return out
}

// cut splits a word into the longest pieces that the vocabulary has, from the
// left (WordPiece, Wu et al., 2016). A word that cannot be split so has none.
func (t *Table) cut(w string) (ids []int32) {
	const longest = 40
	for at := 0; at < len(w); {
		mark := ""
		if at > 0 {
			mark = "##"
		}
		end := min(len(w), at+longest)
		for ; end > at; end-- {
			if id, ok := t.ids[mark+w[at:end]]; ok {
				ids = append(ids, id)
				break
			}
		}
		if end == at {
			return nil
		}
		at = end
	}
	return ids
}

// plainWords brings a text to lower case without accents and cuts it at spaces
// and around each punctuation mark.
func plainWords(s string) (out []string) {
	s = norm.NFD.String(strings.ToLower(s))
	var w strings.Builder
	flush := func() {
		if w.Len() > 0 {
			out = append(out, w.String())
			w.Reset()
		}
	}
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsSpace(r):
			flush()
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			w.WriteRune(r)
		default:
			flush()
			out = append(out, string(r))
		}
	}
	flush()
	return out
}

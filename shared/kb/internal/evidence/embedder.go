package evidence

import "strings"

// Embedder gives a sentence's meaning as a vector of length one; a sentence it
// does not understand at all has none (nil). It must be safe for concurrent use
// and give the same vector for the same sentence.
type Embedder = interface {
	Dims() int
	Embed(sentence string) []float32
}

// embedAll embeds sentences, together where the model can.
func embedAll(m Embedder, sentences []string) [][]float32 {
	if all, ok := m.(interface{ EmbedAll([]string) [][]float32 }); ok {
		return all.EmbedAll(sentences)
	}
	out := make([][]float32, len(sentences))
	for i, s := range sentences {
		out[i] = m.Embed(s)
	}
	return out
}

// builtinName names the built-in English model in snapshots, see package encoders; WideName
// the one for other languages.
const (
	builtinName = "all-minilm-l6-v2 1"
	WideName    = "multilingual-e5-small 1"
)

// NameOf names a model: by its own word where it has one, else it is the
// built-in one or stands for it, as one does that remembers.
func NameOf(m Embedder) string {
	if n, ok := m.(interface{ Name() string }); ok {
		return n.Name()
	}
	return builtinName
}

// Wider is a model that knows another one for what it cannot read, as that of package
// models does.
type Wider interface {
	// Wide gives the other model; nil: none.
	Wide() Embedder
}

// WiderThan gives the other model that a model knows; nil: none.
func WiderThan(m Embedder) Embedder {
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

package kb

import (
	"github.com/replywell/replywell/shared/kb/embed"
	"github.com/replywell/replywell/shared/kb/embed/minilm"
)

// Model is the embedding model that is part of the program, all-MiniLM-L6-v2. It
// is read when the first sentence is embedded.
func Model() Embedder { return builtin{} }

type builtin struct{}

// Dims is the length of a vector.
func (builtin) Dims() int { return embed.Dims }

// Embed gives a sentence's meaning as a vector of length one.
func (builtin) Embed(sentence string) []float32 { return minilm.Model().Embed(sentence) }

// EmbedAll embeds sentences together, which takes a third less time.
func (builtin) EmbedAll(sentences []string) [][]float32 { return minilm.Model().EmbedAll(sentences) }

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

// builtinName names the built-in model in snapshots. It changes with the model's files.
const builtinName = "all-minilm-l6-v2 1"

// nameOf names a model: by its own word where it has one, else it is the
// built-in one or stands for it, as one does that remembers.
func nameOf(m Embedder) string {
	if n, ok := m.(interface{ Name() string }); ok {
		return n.Name()
	}
	return builtinName
}

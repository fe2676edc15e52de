package kb

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

// builtinName names the built-in English model in snapshots, see package encoders; wideName
// the one for other languages.
const (
	builtinName = "all-minilm-l6-v2 1"
	wideName    = "multilingual-e5-small 1"
)

// nameOf names a model: by its own word where it has one, else it is the
// built-in one or stands for it, as one does that remembers.
func nameOf(m Embedder) string {
	if n, ok := m.(interface{ Name() string }); ok {
		return n.Name()
	}
	return builtinName
}

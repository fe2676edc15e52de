package encoders

import (
	"github.com/replywell/replywell/shared/kb/embed/e5"
	"github.com/replywell/replywell/shared/kb/embed/minilm"
)

// Embedder is kb's.
type Embedder = interface {
	Dims() int
	Embed(sentence string) []float32
}

// English reads English, and knows [Wide] for the rest. It is read when the first
// sentence is embedded.
type English struct{}

// Model is the encoder for English, which brings the one for other languages along.
func Model() English { return English{} }

// Name is its name in snapshots. It changes with the model's files.
func (English) Name() string { return "all-minilm-l6-v2 1" }

// Dims is the length of a vector.
func (English) Dims() int { return minilm.Model().Dims() }

// Embed gives a sentence's meaning as a vector of length one.
func (English) Embed(s string) []float32 { return minilm.Model().Embed(s) }

// EmbedAll embeds sentences together, which takes less time.
func (English) EmbedAll(s []string) [][]float32 { return minilm.Model().EmbedAll(s) }

// Knows tells whether a word, in lower case without accents, is a whole piece of the
// vocabulary, which English words mostly are.
func (English) Knows(word string) bool { return minilm.Model().Knows(word) }

// Wide gives the encoder for what is not English.
func (English) Wide() Embedder { return Wide{} }

// Wide reads a hundred languages and brings a question close to its answer in another.
type Wide struct{}

// Name is its name in snapshots. It changes with the model's files.
func (Wide) Name() string { return "multilingual-e5-small 1" }

// Dims is the length of a vector.
func (Wide) Dims() int { return e5.Model().Dims() }

// Embed gives the meaning of a text that begins with one of Prefixes.
func (Wide) Embed(s string) []float32 { return e5.Model().Embed(s) }

// EmbedAll embeds texts together, which takes less time.
func (Wide) EmbedAll(s []string) [][]float32 { return e5.Model().EmbedAll(s) }

// Prefixes are what a question begins with, and a passage.
func (Wide) Prefixes() (query, passage string) { return e5.Query, e5.Passage }

// Middle is the mean of everything that people write, after one of Prefixes.
func (Wide) Middle(prefix string) []float32 { return e5.Middle(prefix) }

// Form reads how a short text of a hundred languages is built, for orders, which asks
// whom it speaks to.
type Form struct{}

// Embed gives a text's grammar as a vector of length one; nil for one that cannot be read.
func (Form) Embed(s string) []float32 { return e5.Model().Form(e5.Query + s) }

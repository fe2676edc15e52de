// Package e5 is the sentence encoder of a hundred languages: multilingual-e5-small
// (Wang et al., "Multilingual E5 Text Embeddings", 2024), 250,001 SentencePiece
// pieces, twelve layers, 384 numbers out. A question in one language comes out close
// to its answer in another. In English minilm is better, at a third of the cost.
//
// convert.py made e5.bin from a published package that has it in four bits a weight;
// e5.LICENSE (MIT) is its licence. It is a package of its own, so that only programs
// that rank carry its 60 MB.
package e5

import (
	_ "embed"
	"sync"

	"github.com/replywell/replywell/shared/kb/embed"
)

//go:embed e5.bin
var file []byte

// What a text begins with that is embedded: a question, a title and whatever else is
// compared with its like, or a passage that may answer one.
const (
	Query   = "query: "
	Passage = "passage: "
)

// Model is the encoder, read when it is first asked for.
var Model = sync.OnceValue(func() *embed.Model { return embed.MustLoad("e5.bin", file) })

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

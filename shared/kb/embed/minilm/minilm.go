package minilm

import (
	_ "embed"
	"sync"

	"github.com/replywell/replywell/shared/kb/embed"
)

//go:embed minilm.bin
var file []byte

// Model is the encoder, read when it is first asked for.
var Model = sync.OnceValue(func() *embed.Model { return embed.MustLoad("minilm.bin", file) })

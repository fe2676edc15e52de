package main

import (
	"encoding/binary"
	"io"
	"math"
	"os"
	"sync"

	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/embed/minilm"
	"github.com/replywell/replywell/shared/kb/encoders"
)

// memo is the embedding model with a memory on disk, because the sets' texts
// are embedded again for every amount of history.
type memo struct {
	kb.Embedder
	mu    sync.Mutex
	known map[string][]float32
	file  *os.File
}

var theModel = sync.OnceValues(func() (*memo, error) {
	m := &memo{Embedder: minilm.Model(), known: map[string][]float32{}}
	if cli.Model == "wide" {
		m.Embedder = encoders.Wide{}
	}
	if cli.Memo == "" {
		return m, nil
	}
	f, err := os.OpenFile(cli.Memo, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	for dims := m.Dims(); len(data) > 4; {
		n := int(binary.LittleEndian.Uint32(data))
		v := make([]float32, dims)
		for i := range v {
			v[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4+n+4*i:]))
		}
		m.known[string(data[4:4+n])] = v
		data = data[4+n+4*dims:]
	}
	m.file = f
	return m, nil
})

// Embed gives what is known, or asks the model and keeps the answer.
func (m *memo) Embed(s string) []float32 {
	m.mu.Lock()
	v, ok := m.known[s]
	m.mu.Unlock()
	if ok {
		return v
	}
	v = m.Embedder.Embed(s)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known[s] = v
	if m.file != nil && v != nil {
		b := binary.LittleEndian.AppendUint32(nil, uint32(len(s)))
		b = append(b, s...)
		for _, x := range v {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
		_, _ = m.file.Write(b)
	}
	return v
}

func model() (kb.Embedder, error) {
	switch cli.Model {
	case "none":
		return nil, nil
	case "wide":
		m, err := theModel()
		return wide{m}, err
	}
	return theModel()
}

// wide is the memory of the model of many languages.
type wide struct{ *memo }

func (w wide) Name() string { return kb.ModelName(w.Embedder) }
func (w wide) Middle(prefix string) []float32 {
	return encoders.Wide{}.Middle(prefix)
}
func (w wide) Prefixes() (query, passage string) {
	return w.Embedder.(interface{ Prefixes() (string, string) }).Prefixes()
}

package embed

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"sync"
	"unsafe"
)

//go:embed minilm.bin
var file []byte

// Dims is the length of a vector.
const Dims = 384

// Default is the model that is part of the program, read when it is first used.
var Default = sync.OnceValue(func() *Model {
	m, err := load(file)
	if err != nil {
		panic("minilm.bin is part of the program: " + err.Error())
	}
	return m
})

// tensor is one table of the file: f for numbers, or b with scale for bytes,
// which stay where the file is.
type tensor struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"`
	By    string `json:"by"`
	Rows  int    `json:"rows"`
	Cols  int    `json:"cols"`
	f     []float32
	b     []int8
	scale []float32
}

// open reads a model's file: its tensors by name, and its vocabulary.
func open(data []byte) (map[string]*tensor, []string, error) {
	mark, rest, _ := bytes.Cut(data, []byte("\n"))
	if string(mark) != "replywell-embed 1" {
		return nil, nil, fmt.Errorf("the model's file starts with %.20q", mark)
	}
	head, rest, _ := bytes.Cut(rest, []byte("\n"))
	vocabulary, rest, _ := bytes.Cut(rest, []byte("\n"))
	var h struct {
		Tensors []*tensor `json:"tensors"`
	}
	if err := json.Unmarshal(head, &h); err != nil {
		return nil, nil, fmt.Errorf("the model's head: %w", err)
	}
	var raw []string
	if err := json.Unmarshal(vocabulary, &raw); err != nil {
		return nil, nil, fmt.Errorf("the model's pieces: %w", err)
	}
	byName := map[string]*tensor{}
	for _, t := range h.Tensors {
		var err error
		if rest, err = t.read(rest); err != nil {
			return nil, nil, err
		}
		byName[t.Name] = t
	}
	return byName, raw, nil
}

// load reads a sentence encoder from a file's content.
func load(data []byte) (*Model, error) {
	byName, raw, err := open(data)
	if err != nil {
		return nil, err
	}
	m := &Model{pieces: newPieces(raw)}
	var missing string
	get := func(name string) *tensor {
		t := byName[name]
		if t == nil {
			missing, t = name, &tensor{}
		}
		return t
	}
	m.build(get)
	if missing != "" {
		return nil, fmt.Errorf("the model has no %s", missing)
	}
	return m, nil
}

func (t *tensor) read(data []byte) ([]byte, error) {
	scales := 0
	if t.Kind == "b" {
		if scales = t.Cols; t.By == "row" {
			scales = t.Rows
		}
	}
	n := t.Rows * t.Cols
	size := 4 * n
	if t.Kind == "b" {
		size = 4*scales + n
	}
	if t.Rows < 0 || t.Cols < 0 || n == 0 || len(data) < size {
		return nil, fmt.Errorf("the model's file ends within %s", t.Name)
	}
	if t.Kind == "f" {
		t.f = floats(data, n)
		return data[size:], nil
	}
	t.scale = floats(data, scales)
	t.b = unsafe.Slice((*int8)(unsafe.Pointer(unsafe.SliceData(data[4*scales:size]))), n)
	return data[size:], nil
}

func floats(data []byte, n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return out
}

package embed

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"sync"
)

//go:embed uselite.bin
var file []byte

// Dims is the length of Default's vectors: 512 by the encoder, 256 by the table.
const Dims = 768

// Default is the encoder and the table together.
var Default = sync.OnceValue(func() *Joint { return &Joint{Encoder: DefaultEncoder(), Table: DefaultTable()} })

// DefaultEncoder is the encoder that is part of the program, read when it is first used.
var DefaultEncoder = sync.OnceValue(func() *Model {
	m, err := load(file)
	if err != nil {
		panic("uselite.bin is part of the program: " + err.Error())
	}
	return m
})

// tensor is one table of the file: f for numbers, or b with scale for bytes.
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
func open(data []byte) (map[string]*tensor, [][2]any, error) {
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
	var raw [][2]any
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
	if len(data) < size {
		return nil, fmt.Errorf("the model's file ends within %s", t.Name)
	}
	if t.Kind == "f" {
		t.f = floats(data, n)
		return data[size:], nil
	}
	t.scale = floats(data, scales)
	t.b = make([]int8, n)
	for i, x := range data[4*scales : size] {
		t.b[i] = int8(x)
	}
	return data[size:], nil
}

func floats(data []byte, n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return out
}

package embed

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"unsafe"
)

// Dims is the length of a vector, of either model.
const Dims = 384

// MustLoad reads a model that is part of the program; name is its file's.
func MustLoad(name string, content []byte) *Model {
	m, err := Load(content)
	if err != nil {
		panic(name + " is part of the program: " + err.Error())
	}
	return m
}

// tensor is one table of the file: f for numbers, or b with scale for bytes, or
// raw for the other kinds. Bytes stay where the file is.
type tensor struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"`
	By    string `json:"by"`
	Rows  int    `json:"rows"`
	Cols  int    `json:"cols"`
	f     []float32
	b     []int8
	scale []float32
	raw   []byte
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

// Load reads a sentence encoder from a file's content, which must stay as it is.
func Load(data []byte) (*Model, error) {
	byName, raw, err := open(data)
	if err != nil {
		return nil, err
	}
	m := &Model{}
	var missing string
	get := func(name string) *tensor {
		t := byName[name]
		if t == nil {
			missing, t = name, &tensor{}
		}
		return t
	}
	if len(raw) > 0 {
		m.pieces = newPieces(raw)
	} else {
		m.pieces, m.rare = newUnigram(get), get("rare")
	}
	layers := 0
	for byName[fmt.Sprint(layers, ".qkv")] != nil {
		layers++
	}
	m.build(get, max(layers, 1)) // of none, the first is missing
	if missing != "" {
		return nil, fmt.Errorf("the model has no %s", missing)
	}
	return m, nil
}

func (t *tensor) read(data []byte) ([]byte, error) {
	n, scales, size := t.Rows*t.Cols, 0, 0
	switch t.Kind {
	case "f", "u":
		size = 4 * n
	case "b":
		if scales = t.Cols; t.By == "row" {
			scales = t.Rows
		}
		size = 4*scales + n
	case "n":
		size = n / block * blockBytes
	case "d":
		size = t.Rows * (2 + t.Cols/4)
	case "t":
		size = n
	}
	if t.Rows < 0 || t.Cols < 0 || size == 0 || len(data) < size {
		return nil, fmt.Errorf("the model's file ends within %s", t.Name)
	}
	switch t.Kind {
	case "f":
		t.f = floats(data, n)
	case "b":
		t.scale = floats(data, scales)
		t.b = unsafe.Slice((*int8)(unsafe.Pointer(unsafe.SliceData(data[4*scales:size]))), n)
	default:
		t.raw = data[:size:size]
	}
	return data[size:], nil
}

// Rows of four bits a number have one unit for each block of them.
const block, blockBytes = 32, 2 + 16

// levels are what two bits stand for: the best four for a normal distribution (Max, 1960).
var levels = [4]float32{-1.51, -0.4528, 0.4528, 1.51}

// row writes one row of a table as numbers.
func (t *tensor) row(i int, to []float32) {
	switch t.Kind {
	case "b":
		scale := t.scale[i]
		for k, b := range t.b[i*t.Cols : (i+1)*t.Cols] {
			to[k] = float32(float32(b) * scale)
		}
	case "n":
		raw := t.raw[i*t.Cols/block*blockBytes:]
		for ; len(to) >= block; to, raw = to[block:], raw[blockBytes:] {
			unit := half(binary.LittleEndian.Uint16(raw))
			for k, b := range raw[2:blockBytes] {
				to[k], to[k+block/2] = float32(float32(int(b&15)-8)*unit), float32(float32(int(b>>4)-8)*unit)
			}
		}
	case "d":
		raw := t.raw[i*(2+t.Cols/4):][:2+t.Cols/4]
		unit := half(binary.LittleEndian.Uint16(raw))
		for k, b := range raw[2:] {
			for j := range 4 {
				to[4*k+j] = float32(levels[b>>(2*j)&3] * unit)
			}
		}
	}
}

// half is a number of 16 bits (IEEE 754 binary16), which is finite.
func half(h uint16) float32 {
	sign, exponent, fraction := uint32(h)>>15<<31, uint32(h)>>10&31, uint32(h)&1023
	if exponent == 0 {
		v := float32(fraction) / (1 << 24)
		if sign != 0 {
			return -v
		}
		return v
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}

func floats(data []byte, n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return out
}

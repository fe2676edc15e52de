package index

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"
	"sync"

	"github.com/replywell/replywell/shared/kb"
)

// A model takes about a millisecond a word, and most of what a build embeds was
// embedded by the build before. vectors keeps those: a sentence's vector under
// the hash of the sentence, a byte for each number. What is new goes through
// the same rounding, so that a build gives the same whether it remembered or not.
type vectors struct {
	model kb.Embedder
	dims  int

	mu    sync.Mutex
	old   [vectorFiles]map[hash][]byte // as read; nil: not there
	used  [vectorFiles]map[hash][]byte
	fresh [vectorFiles]bool // something is used that was not read
}

type hash [16]byte

const (
	// vectorFiles is over how many files the vectors are spread by their hash, so
	// that none outgrows what is read at once.
	vectorFiles = 4
	mostVectors = 28_000 // in one file: about 22 MB
	vectorForm  = "replywell vectors 1\n"
)

func newVectors(model kb.Embedder) *vectors {
	v := &vectors{model: model, dims: model.Dims()}
	for i := range v.used {
		v.used[i] = map[hash][]byte{}
	}
	return v
}

// Dims is the length of a vector.
func (v *vectors) Dims() int { return v.dims }

// Embed gives a sentence's vector, remembered or new. It is safe for concurrent use.
func (v *vectors) Embed(sentence string) []float32 {
	sum := sha256.Sum256([]byte(sentence))
	key := hash(sum[:16])
	f := int(key[0]) % vectorFiles
	v.mu.Lock()
	row, known := v.used[f][key]
	if !known {
		if row, known = v.old[f][key]; known {
			v.used[f][key] = row
		}
	}
	v.mu.Unlock()
	if !known {
		row = pack(v.model.Embed(sentence))
		v.mu.Lock()
		v.used[f][key], v.fresh[f] = row, true
		v.mu.Unlock()
	}
	return unpack(row)
}

// pack gives the scale and a byte for each number; nothing for no vector.
func pack(x []float32) []byte {
	if len(x) == 0 {
		return nil
	}
	top := float32(0)
	for _, y := range x {
		top = max(top, float32(math.Abs(float64(y))))
	}
	out := binary.LittleEndian.AppendUint32(make([]byte, 0, 4+len(x)), math.Float32bits(top/127))
	for _, y := range x {
		b := 0.0
		if top > 0 {
			b = math.Round(float64(y / top * 127))
		}
		out = append(out, byte(int8(b)))
	}
	return out
}

func unpack(row []byte) []float32 {
	if len(row) < 4 {
		return nil
	}
	scale := math.Float32frombits(binary.LittleEndian.Uint32(row))
	out := make([]float32, len(row)-4)
	for i, b := range row[4:] {
		out[i] = float32(int8(b)) * scale
	}
	return out
}

// identity tells one model from another by what it makes of a sentence.
func identity(model kb.Embedder) hash {
	sum := sha256.Sum256(pack(model.Embed("Where is the parcel that I ordered last week?")))
	return hash(sum[:16])
}

// read takes in file f. One that is of another form or model is as good as none.
func (v *vectors) read(f int, data []byte) {
	id := identity(v.model)
	head := len(vectorForm) + len(id)
	if len(data) < head || string(data[:len(vectorForm)]) != vectorForm || hash(data[len(vectorForm):head]) != id {
		return
	}
	v.old[f] = map[hash][]byte{}
	for rest := data[head:]; len(rest) >= 20; {
		n := int(binary.LittleEndian.Uint32(rest[16:]))
		if n > len(rest)-20 || n != 0 && n != 4+v.dims {
			return
		}
		v.old[f][hash(rest[:16])] = rest[20 : 20+n : 20+n]
		rest = rest[20+n:]
	}
}

// write gives file f, of what was used; changed is false where that is what was read.
func (v *vectors) write(f int) (data []byte, changed bool) {
	if !v.fresh[f] && len(v.used[f]) == len(v.old[f]) {
		return nil, false
	}
	keys := make([]hash, 0, len(v.used[f]))
	for k := range v.used[f] {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b hash) int { return slices.Compare(a[:], b[:]) })
	id := identity(v.model)
	out := append([]byte(vectorForm), id[:]...)
	for _, k := range keys[:min(mostVectors, len(keys))] {
		out = append(out, k[:]...)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(v.used[f][k])))
		out = append(out, v.used[f][k]...)
	}
	return out, true
}

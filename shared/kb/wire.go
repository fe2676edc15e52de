package kb

import (
	"encoding/binary"
	"errors"
	"unsafe"
)

// A snapshot is a row of fields, each a count of bytes (uint32, little endian),
// padding to a multiple of four, and the bytes. Tables of numbers stand in it as
// they stand in memory, so that opening it copies none of them: the machines
// this runs on (amd64, arm64) are little endian. On another they are copied.

type wireWriter struct{ out []byte }

func (w *wireWriter) bytes(b []byte) {
	w.out = binary.LittleEndian.AppendUint32(w.out, uint32(len(b)))
	w.out = append(w.out, b...)
	for len(w.out)%4 != 0 {
		w.out = append(w.out, 0)
	}
}

func (w *wireWriter) string(s string) { w.bytes([]byte(s)) }
func (w *wireWriter) number(n int)    { w.uint32s([]uint32{uint32(n)}) }

func (w *wireWriter) uint32s(x []uint32) {
	b := make([]byte, 0, 4*len(x))
	for _, v := range x {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	w.bytes(b)
}

func (w *wireWriter) floats(x []float32) { w.uint32s(reslice[uint32](x)) }

func (w *wireWriter) int8s(x []int8) { w.bytes(reslice[uint8](x)) }

func (w *wireWriter) uint16s(x []uint16) {
	b := make([]byte, 0, 2*len(x))
	for _, v := range x {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	w.bytes(b)
}

// reslice looks at a slice's memory as one of another type of the same size.
func reslice[T, F any](x []F) []T {
	if len(x) == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// wireReader reads fields in the order they were written. After the first
// trouble everything is empty, and err says that there was one.
type wireReader struct {
	in  []byte
	err error
}

var errCut = errors.New("it ends too early")

func (r *wireReader) bytes() []byte {
	if r.err != nil || len(r.in) < 4 {
		r.err = errCut
		return nil
	}
	n := int(binary.LittleEndian.Uint32(r.in))
	whole := 4 + (n+3)/4*4
	if n < 0 || whole > len(r.in) {
		r.err = errCut
		return nil
	}
	b := r.in[4 : 4+n : 4+n]
	r.in = r.in[whole:]
	return b
}

// string shares the snapshot's memory, which is never changed.
func (r *wireReader) string() string {
	b := r.bytes()
	return unsafe.String(unsafe.SliceData(b), len(b))
}

func (r *wireReader) number() int {
	if x := r.uint32s(); len(x) == 1 {
		return int(x[0])
	}
	r.err = errCut
	return 0
}

var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

func numbers[T any](b []byte, read func([]byte) T) []T {
	var zero T
	size := int(unsafe.Sizeof(zero))
	n := len(b) / size
	if n == 0 {
		return nil
	}
	at := unsafe.Pointer(unsafe.SliceData(b))
	if littleEndian && uintptr(at)%uintptr(size) == 0 {
		return unsafe.Slice((*T)(at), n)
	}
	out := make([]T, n)
	for i := range out {
		out[i] = read(b[i*size:])
	}
	return out
}

func (r *wireReader) uint32s() []uint32 { return numbers(r.bytes(), binary.LittleEndian.Uint32) }
func (r *wireReader) uint16s() []uint16 { return numbers(r.bytes(), binary.LittleEndian.Uint16) }
func (r *wireReader) floats() []float32 { return reslice[float32](r.uint32s()) }
func (r *wireReader) int8s() []int8     { return reslice[int8](r.bytes()) }

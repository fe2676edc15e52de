package wire

import (
	"encoding/binary"
	"errors"
	"unsafe"
)

// Writer appends fields to Out.
type Writer struct{ Out []byte }

// Bytes writes bytes as they are.
func (w *Writer) Bytes(b []byte) {
	w.Out = binary.LittleEndian.AppendUint32(w.Out, uint32(len(b)))
	w.Out = append(w.Out, b...)
	for len(w.Out)%4 != 0 {
		w.Out = append(w.Out, 0)
	}
}

// String writes a text.
func (w *Writer) String(s string) { w.Bytes([]byte(s)) }

// Number writes a count.
func (w *Writer) Number(n int) { w.Uint32s([]uint32{uint32(n)}) }

// Uint32s writes numbers, as Floats, Int8s and Uint16s do.
func (w *Writer) Uint32s(x []uint32) {
	b := make([]byte, 0, 4*len(x))
	for _, v := range x {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	w.Bytes(b)
}

// Floats writes numbers.
func (w *Writer) Floats(x []float32) { w.Uint32s(reslice[uint32](x)) }

// Int8s writes numbers.
func (w *Writer) Int8s(x []int8) { w.Bytes(reslice[uint8](x)) }

// Uint16s writes numbers.
func (w *Writer) Uint16s(x []uint16) {
	b := make([]byte, 0, 2*len(x))
	for _, v := range x {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	w.Bytes(b)
}

// reslice looks at a slice's memory as one of another type of the same size.
func reslice[T, F any](x []F) []T {
	if len(x) == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// Reader reads fields in the order they were written. After the first
// trouble everything is empty, and err says that there was one.
type Reader struct {
	In  []byte
	Err error
}

// ErrContradicts says that fields do not fit each other.
var ErrContradicts = errors.New("it contradicts itself")

// ErrCut says that a field is not all there.
var ErrCut = errors.New("it ends too early")

// Bytes gives the next field, in the memory that it is read from.
func (r *Reader) Bytes() []byte {
	if r.Err != nil || len(r.In) < 4 {
		r.Err = ErrCut
		return nil
	}
	n := int(binary.LittleEndian.Uint32(r.In))
	whole := 4 + (n+3)/4*4
	if n < 0 || whole > len(r.In) {
		r.Err = ErrCut
		return nil
	}
	b := r.In[4 : 4+n : 4+n]
	r.In = r.In[whole:]
	return b
}

// String shares the snapshot's memory, which is never changed.
func (r *Reader) String() string {
	b := r.Bytes()
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// Number reads a count.
func (r *Reader) Number() int {
	if x := r.Uint32s(); len(x) == 1 {
		return int(x[0])
	}
	r.Err = ErrCut
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

// Uint32s reads numbers, as Uint16s, Floats and Int8s do; they share memory with In where they can.
func (r *Reader) Uint32s() []uint32 { return numbers(r.Bytes(), binary.LittleEndian.Uint32) }

// Uint16s reads numbers.
func (r *Reader) Uint16s() []uint16 { return numbers(r.Bytes(), binary.LittleEndian.Uint16) }

// Floats reads numbers.
func (r *Reader) Floats() []float32 { return reslice[float32](r.Uint32s()) }

// Int8s reads numbers.
func (r *Reader) Int8s() []int8 { return reslice[int8](r.Bytes()) }

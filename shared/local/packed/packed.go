package packed

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// window is how far back what is packed may refer, in bytes. Mail of people is smaller,
// and each writer takes a few times that.
const window = 128 << 10

func newEncoder() *zstd.Encoder {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(window), zstd.WithLowerEncoderMem(true))
	if err != nil {
		panic(err) // its options are constants
	}
	return w
}

var writers = sync.Pool{New: func() any { return newEncoder() }}

// Writer packs what is written to it.
type Writer struct{ *zstd.Encoder }

// NewWriter gives a writer that packs onto w. It must be closed.
func NewWriter(w io.Writer) Writer {
	packing := writers.Get().(*zstd.Encoder)
	packing.Reset(w)
	return Writer{packing}
}

// Close ends what is packed; what it was packed onto stays open.
func (w Writer) Close() error {
	err := w.Encoder.Close()
	w.Encoder.Reset(nil)
	writers.Put(w.Encoder)
	return err
}

// Pack gives the data as it is kept.
func Pack(data []byte) []byte {
	w := writers.Get().(*zstd.Encoder)
	defer writers.Put(w)
	return w.EncodeAll(data, make([]byte, 0, len(data)/2+64))
}

// What a file begins with. Those packed by gzip were kept by versions of before.
var (
	magic     = []byte{0x28, 0xb5, 0x2f, 0xfd}
	gzipMagic = []byte{0x1f, 0x8b}
)

// Read reads a file, packed or not.
func Read(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil || !bytes.HasPrefix(data, gzipMagic) && !bytes.HasPrefix(data, magic) {
		return data, err
	}
	r, err := unpack(bytes.NewReader(data), data[:len(magic)])
	if err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", path, err)
	}
	defer r.Close()
	var out bytes.Buffer
	out.Grow(3 * len(data))
	if _, err = out.ReadFrom(r); err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", path, err)
	}
	return out.Bytes(), nil
}

// unpack gives what is packed in r, which begins with head, and what is not as it is.
func unpack(r io.Reader, head []byte) (io.ReadCloser, error) {
	switch {
	case bytes.Equal(head, magic):
		return reading(r)
	case bytes.HasPrefix(head, gzipMagic):
		return gzip.NewReader(r)
	}
	return io.NopCloser(r), nil
}

var readers = sync.Pool{New: func() any {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(8<<20))
	if err != nil {
		panic(err) // its options are constants
	}
	return d
}}

// lent is a decoder until it is closed.
type lent struct {
	*zstd.Decoder
	once sync.Once
}

func reading(r io.Reader) (io.ReadCloser, error) {
	d := readers.Get().(*zstd.Decoder)
	if err := d.Reset(r); err != nil {
		return nil, err
	}
	return &lent{Decoder: d}, nil
}

// Close gives the decoder back. It may be called again.
func (l *lent) Close() error {
	l.once.Do(func() {
		_ = l.Decoder.Reset(nil) // it lets its source go
		readers.Put(l.Decoder)
	})
	return nil
}

// file is a file that is unpacked as it is read.
type file struct {
	io.ReadCloser
	of *os.File
}

func (f file) Close() error { return errors.Join(f.ReadCloser.Close(), f.of.Close()) }

// Open opens a file for reading, packed or not.
func Open(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	head := make([]byte, len(magic))
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, errors.Join(err, f.Close())
	}
	r, err := unpack(io.MultiReader(bytes.NewReader(head[:n]), f), head[:n])
	if err != nil {
		return nil, errors.Join(fmt.Errorf("unpacking %s: %w", path, err), f.Close())
	}
	return file{r, f}, nil
}

// A note stands behind what is packed, in a frame that unpacking skips (RFC 8878
// section 3.1.2): the note, its length, and a word by which it is known from behind.
var (
	skipped = []byte{0x5e, 0x2a, 0x4d, 0x18}
	noted   = []byte("noted")
)

// maxNote bounds a note in bytes.
const maxNote = 1 << 20

// ErrNoNote says that a file has none.
var ErrNoNote = errors.New("nothing is noted behind what is packed")

// Note gives what is to be written behind what was packed, so that ReadNote finds the note.
func Note(note []byte) ([]byte, error) {
	if len(note) > maxNote {
		return nil, fmt.Errorf("a note of %d bytes is too long", len(note))
	}
	out := binary.LittleEndian.AppendUint32(bytes.Clone(skipped), uint32(len(note)+4+len(noted)))
	out = append(out, note...)
	return append(binary.LittleEndian.AppendUint32(out, uint32(len(note))), noted...), nil
}

// ReadNote reads what was noted behind what is packed. Error: ErrNoNote.
func ReadNote(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	end := make([]byte, 4+len(noted))
	at := info.Size() - int64(len(end))
	if at < 0 {
		return nil, ErrNoNote
	}
	if _, err := f.ReadAt(end, at); err != nil {
		return nil, err
	}
	n := int64(binary.LittleEndian.Uint32(end))
	if !bytes.Equal(end[4:], noted) || n > maxNote || n > at {
		return nil, ErrNoNote
	}
	note := make([]byte, n)
	_, err = f.ReadAt(note, at-n)
	return note, err
}

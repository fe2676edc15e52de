package packed

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

var writers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is one of its own
	return w
}}

// Writer packs what is written to it.
type Writer struct{ *gzip.Writer }

// NewWriter gives a writer that packs onto w. It must be closed.
func NewWriter(w io.Writer) Writer {
	packing := writers.Get().(*gzip.Writer)
	packing.Reset(w)
	return Writer{packing}
}

// Close ends what is packed; what it was packed onto stays open.
func (w Writer) Close() error {
	defer writers.Put(w.Writer)
	return w.Writer.Close()
}

// Pack gives the data as it is kept.
func Pack(data []byte) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(len(data)/3 + 64)
	w := NewWriter(&b)
	_, err := w.Write(data)
	if err := errors.Join(err, w.Close()); err != nil {
		return nil, fmt.Errorf("packing %d bytes: %w", len(data), err)
	}
	return b.Bytes(), nil
}

var magic = []byte{0x1f, 0x8b}

// Read reads a file, packed or not.
func Read(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil || !bytes.HasPrefix(data, magic) {
		return data, err
	}
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", path, err)
	}
	if data, err = io.ReadAll(r); err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", path, err)
	}
	return data, nil
}

// file is a file that is unpacked as it is read.
type file struct {
	io.Reader
	*os.File
}

func (f file) Read(b []byte) (int, error) { return f.Reader.Read(b) }

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
	whole := io.MultiReader(bytes.NewReader(head[:n]), f)
	if !bytes.Equal(head[:n], magic) {
		return file{whole, f}, nil
	}
	r, err := gzip.NewReader(whole)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("unpacking %s: %w", path, err), f.Close())
	}
	return file{r, f}, nil
}

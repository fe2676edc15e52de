package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Open opens a source: a file, or a folder with all that is in it. The error says what
// is wrong, and what may be given instead.
func Open(path string) (Source, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no %s; %s", path, named)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, err)
	}
	if info.IsDir() {
		return openFolder(path)
	}
	return openFile(path)
}

const named = "name an mbox, a Maildir, a folder of .eml files, or a help desk's export as .json or .csv"

// openFile opens one file by what it holds.
func openFile(path string) (Source, error) {
	start, err := startOf(path)
	if err != nil {
		return nil, err
	}
	switch text := bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\xef\xbb\xbf")), " \t\r\n"); {
	case bytes.HasPrefix(start, []byte("From ")):
		return openBox(path)
	case bytes.HasPrefix(text, []byte("{")), bytes.HasPrefix(text, []byte("[")):
		return openJSON(path)
	case strings.EqualFold(filepath.Ext(path), ".csv"):
		return openTable(path)
	case isZip(start):
		return nil, fmt.Errorf("%s is packed; unpack it, and name the folder", path)
	case len(text) == 0:
		return nil, fmt.Errorf("%s is empty; %s", path, named)
	case bytes.ContainsRune(start, 0):
		return nil, fmt.Errorf("%s holds no mail; %s", path, named)
	}
	return &rawMails{paths: []string{path}}, nil
}

func isZip(start []byte) bool {
	return bytes.HasPrefix(start, []byte("PK\x03\x04")) || bytes.HasPrefix(start, []byte("\x1f\x8b"))
}

func startOf(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, err)
	}
	defer func() { _ = f.Close() }()
	b := make([]byte, 512)
	n, err := io.ReadFull(f, b)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("cannot read %s: %w", path, err)
	}
	return b[:n], nil
}

// openFolder takes all files below a folder, in the order of their names.
func openFolder(path string) (Source, error) {
	s := &several{}
	var raw *rawMails
	mailDir := false
	err := filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		name := d.Name()
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if box := filepath.Dir(p); name == "tmp" && isMaildir(box) {
				return fs.SkipDir // what was never delivered
			}
			mailDir = mailDir || isMaildir(p)
			return nil
		case !d.Type().IsRegular() || strings.HasPrefix(name, ".") && !isMaildir(filepath.Dir(filepath.Dir(p))) || bookkeeping(name):
			return nil
		}
		start, err := startOf(p)
		if err != nil {
			return err
		}
		ext := strings.ToLower(filepath.Ext(name))
		switch {
		case ext == ".mbox" || bytes.HasPrefix(start, []byte("From ")) && ext != ".eml":
			s.open, raw = append(s.open, func() (Source, error) { return openBox(p) }), nil
		case ext == ".json" || ext == ".jsonl" || ext == ".ndjson":
			s.open, raw = append(s.open, func() (Source, error) { return openJSON(p) }), nil
		case ext == ".csv":
			if !besideOther(p) {
				s.open, raw = append(s.open, func() (Source, error) { return openTable(p) }), nil
			}
		case len(start) == 0 || bytes.ContainsRune(start, 0) || isZip(start):
		case raw == nil:
			raw = &rawMails{paths: []string{p}}
			mine := raw
			s.open = append(s.open, func() (Source, error) { return mine, nil })
		default:
			raw.paths = append(raw.paths, p)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("cannot read the folder %s: %w", path, err)
	}
	if len(s.open) == 0 {
		return nil, fmt.Errorf("there is no mail in %s; %s", path, named)
	}
	switch {
	case mailDir:
		s.kind = "a Maildir"
	case len(s.open) == 1 && raw != nil:
		s.kind = "a folder of mails"
	case len(s.open) == 1:
		return s.open[0]()
	default:
		s.kind = "a folder of mail archives"
	}
	return s, nil
}

func isMaildir(dir string) bool {
	for _, sub := range []string{"cur", "new"} {
		if info, err := os.Stat(filepath.Join(dir, sub)); err != nil || !info.IsDir() {
			return false
		}
	}
	return true
}

// bookkeeping tells the files that mail programs keep beside the mails.
func bookkeeping(name string) bool {
	return strings.HasPrefix(name, "dovecot") || strings.HasPrefix(name, "maildir") || strings.HasPrefix(name, "courier") || strings.HasSuffix(name, ".msf")
}

// rawMails are files of one mail each.
type rawMails struct {
	paths []string
	n     int
}

func (r *rawMails) Next() (Letter, error) {
	if r.n == len(r.paths) {
		return Letter{}, io.EOF
	}
	path := r.paths[r.n]
	r.n++
	raw, err := readFile(path)
	if err != nil {
		return Letter{}, fmt.Errorf("%s: %w; %w", path, err, ErrLetter)
	}
	if bytes.HasPrefix(raw, []byte("From ")) { // as some programs save mails
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
	}
	l := ofMail(raw)
	if _, flags, ok := strings.Cut(filepath.Base(path), ":2,"); ok && strings.ContainsAny(flags, "DT") {
		l.Skip = Unsent
	}
	return l, nil
}

func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > MaxMail {
		return nil, tooLong()
	}
	return os.ReadFile(path)
}

func tooLong() error { return fmt.Errorf("it has more than %d MB: that is no mail", MaxMail>>20) }

func (r *rawMails) Skip(n int) (int, error) {
	n = min(n, len(r.paths)-r.n)
	r.n += n
	return n, nil
}

func (r *rawMails) Done() float64 { return float64(r.n) / float64(max(1, len(r.paths))) }
func (r *rawMails) Kind() string  { return "a mail" }
func (r *rawMails) Close() error  { return nil }

// box is an mbox.
type box struct {
	in     *mbox
	size   int64
	labels bool
}

func openBox(path string) (Source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("cannot read %s: %w", path, err), f.Close())
	}
	start, err := startOf(path)
	return &box{in: &mbox{file: f, in: bufio.NewReaderSize(f, 1<<16), name: filepath.Base(path)}, size: info.Size(),
		labels: bytes.Contains(start, []byte("X-GM-THRID:"))}, err
}

func (b *box) Next() (Letter, error) {
	name, raw, err := b.in.Next()
	switch {
	case err == nil:
		return ofMail(raw), nil
	case errors.Is(err, io.EOF) || b.in.ended && name == "":
		return Letter{}, err
	}
	return Letter{}, fmt.Errorf("%s: %w; %w", name, err, ErrLetter)
}

func (b *box) Skip(n int) (int, error) {
	for i := range n {
		if _, _, err := b.in.Next(); errors.Is(err, io.EOF) {
			return i, nil
		}
	}
	return n, nil
}

func (b *box) Done() float64 {
	at, err := b.in.file.Seek(0, io.SeekCurrent)
	if err != nil || b.size == 0 {
		return 1
	}
	return float64(at-int64(b.in.in.Buffered())) / float64(b.size)
}

func (b *box) Kind() string {
	if b.labels {
		return "an mbox of Google Takeout's"
	}
	return "an mbox"
}

func (b *box) Close() error { return b.in.Close() }

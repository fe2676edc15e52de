package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// MaxMail is the largest mail that is read, in bytes: more than any mail service
// accepts.
const MaxMail = 128 << 20

// Mails gives raw mails one by one: the files of a folder, or the parts of an
// mbox, of which no more than one is in memory.
type Mails interface {
	// Next gives the next mail and its name; io.EOF after the last. Of a mail
	// that cannot be read it gives the name with the error, and can be asked on.
	Next() (name string, raw []byte, err error)
	Close() error
}

// OpenMails opens a folder of raw mails, whose names give their order, or an mbox.
// The folders in it are not looked into.
func OpenMails(path string) (Mails, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the mails: %w; name a folder of raw mails, or an mbox file", err)
	}
	if !info.IsDir() {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("cannot read the mails: %w", err)
		}
		return &mbox{file: f, in: bufio.NewReaderSize(f, 1<<16), name: filepath.Base(path)}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the folder: %w", err)
	}
	m := &folder{dir: path}
	for _, e := range entries {
		if !e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			m.names = append(m.names, e.Name())
		}
	}
	if len(m.names) == 0 {
		return nil, fmt.Errorf("there are no mails in %s: each is to be a file of its own", path)
	}
	return m, nil
}

type folder struct {
	dir   string
	names []string
}

func (f *folder) Next() (string, []byte, error) {
	if len(f.names) == 0 {
		return "", nil, io.EOF
	}
	name := f.names[0]
	f.names = f.names[1:]
	raw, err := os.ReadFile(filepath.Join(f.dir, name))
	if err != nil {
		return name, nil, fmt.Errorf("cannot read the mail: %w", err)
	}
	if len(raw) > MaxMail {
		return name, nil, tooLong()
	}
	if bytes.HasPrefix(raw, []byte("From ")) { // as some programs save mails
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
	}
	return name, raw, nil
}

func (f *folder) Close() error { return nil }

// mbox reads the mbox format in its "mboxrd" variant (RFC 4155 gives the
// default form): each mail begins with a line "From ", after an empty line or at
// the start; of a line that begins with ">"s and "From " one ">" is taken off.
type mbox struct {
	file  *os.File
	in    *bufio.Reader
	name  string
	n     int
	begun bool // the "From " line of the next mail was read
	ended bool
}

func (m *mbox) Next() (string, []byte, error) {
	if m.ended {
		return "", nil, io.EOF
	}
	m.n++
	name := m.name + "#" + strconv.Itoa(m.n)
	var raw []byte
	long, empty := false, true
	for {
		line, err := m.in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			m.ended = true
			return name, nil, fmt.Errorf("cannot read on: %w", err)
		}
		if bytes.HasPrefix(line, []byte("From ")) && (empty || !m.begun) {
			if m.begun {
				return m.give(name, raw, long)
			}
			m.begun, empty = true, false
			continue
		}
		switch quoted := bytes.TrimLeft(line, ">"); {
		case len(raw)+len(line) > MaxMail:
			long, raw = true, nil
		case long:
		case len(quoted) < len(line) && bytes.HasPrefix(quoted, []byte("From ")):
			raw = append(raw, line[1:]...)
		default:
			raw = append(raw, line...)
		}
		empty = len(bytes.TrimRight(line, "\r\n")) == 0
		m.begun = m.begun || !empty
		if err != nil {
			m.ended = true
			if len(bytes.TrimSpace(raw)) == 0 && !long {
				return "", nil, io.EOF
			}
			return m.give(name, raw, long)
		}
	}
}

func (m *mbox) give(name string, raw []byte, long bool) (string, []byte, error) {
	if long {
		return name, nil, tooLong()
	}
	return name, raw, nil
}

func (m *mbox) Close() error { return m.file.Close() }

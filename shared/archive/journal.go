package archive

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// journalForm is that of the lines of a journal.
const journalForm = 2

// beginning is a journal's first line.
type beginning struct {
	Form   int
	Source string
	Files  int
	Bytes  int64
	Newest int64 // nanoseconds since 1970
}

// line is a letter of it, or what was wrong with one.
type line struct {
	Letter *Letter `json:"l,omitempty"`
	Bad    string  `json:"bad,omitempty"`
}

// JournalOf is where what was read of a source is kept until all of it is.
func JournalOf(source string) string {
	if full, err := filepath.Abs(source); err == nil {
		source = full
	}
	return filepath.Clean(source) + ".replywell-import"
}

// Collected is what was read of a source.
type Collected struct {
	Letters []Letter
	Bad     []string // of each letter that cannot be read: where, and why
	Before  int      // how many of them an earlier call had read
}

// Collect reads all letters of a source. What was read is kept in a journal, which
// may be read by its owner only; a call after one that was ended goes on from there. A
// source that has changed since is read anew. Told is called after each letter, with
// what part is done. The caller removes the journal when it has what it wanted.
func Collect(ctx context.Context, path, journal string, told func(letters int, done float64)) (c Collected, kind string, err error) {
	begun, err := lookAt(path, journal)
	if err != nil {
		return c, "", err
	}
	s, err := Open(path)
	if err != nil {
		return c, "", err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	f, err := c.resume(journal, begun)
	if err != nil {
		return c, "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	c.Before = len(c.Letters) + len(c.Bad)
	if n, err := s.Skip(c.Before); err != nil {
		return c, "", fmt.Errorf("going on where it was ended: %w", err)
	} else if n < c.Before {
		return c, "", fmt.Errorf("%s has fewer letters than were read of it; delete %s, and begin anew", path, journal)
	}
	out := bufio.NewWriterSize(f, 1<<18)
	for n := c.Before; ; n++ {
		if err := ctx.Err(); err != nil {
			return c, s.Kind(), errors.Join(err, out.Flush())
		}
		l, err := s.Next()
		if errors.Is(err, io.EOF) {
			return c, s.Kind(), out.Flush()
		}
		w := line{Letter: &l}
		switch {
		case errors.Is(err, ErrLetter):
			w = line{Bad: strings.TrimSuffix(err.Error(), "; "+ErrLetter.Error())}
			c.Bad = append(c.Bad, w.Bad)
		case err != nil:
			return c, s.Kind(), errors.Join(err, out.Flush())
		default:
			c.Letters = append(c.Letters, l)
		}
		data, err := json.Marshal(w)
		if err == nil {
			_, err = out.Write(append(data, '\n'))
		}
		if err != nil {
			return c, s.Kind(), fmt.Errorf("cannot note what was read: %w", err)
		}
		if told != nil {
			told(n+1, s.Done())
		}
	}
}

// lookAt tells a source from what it was before.
func lookAt(path, journal string) (b beginning, err error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return b, err
	}
	b = beginning{Form: journalForm, Source: full}
	err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || p == journal {
			return err
		}
		info, err := d.Info()
		if err == nil {
			b.Files++
			b.Bytes += info.Size()
			b.Newest = max(b.Newest, info.ModTime().UnixNano())
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return b, fmt.Errorf("there is no %s; %s", path, named)
	}
	if err != nil {
		return b, fmt.Errorf("cannot read %s: %w", path, err)
	}
	return b, nil
}

// resume reads a journal, and opens it at the end of its last whole line.
func (c *Collected) resume(journal string, begun beginning) (*os.File, error) {
	f, err := os.OpenFile(journal, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot note what was read: %w; name another file with --journal", err)
	}
	first, err := json.Marshal(begun)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := isJournal(f); err != nil {
		return nil, errors.Join(fmt.Errorf("%s %w", journal, err), f.Close())
	}
	in, whole, fits := bufio.NewReaderSize(f, 1<<18), int64(0), false
	for n := 0; ; n++ {
		data, err := in.ReadBytes('\n')
		if err != nil {
			break // the rest was not written to its end
		}
		if n == 0 {
			if fits = bytes.Equal(bytes.TrimSpace(data), first); !fits {
				break
			}
			whole += int64(len(data))
			continue
		}
		var l line
		if json.Unmarshal(data, &l) != nil {
			break
		}
		if l.Letter != nil {
			c.Letters = append(c.Letters, *l.Letter)
		} else {
			c.Bad = append(c.Bad, l.Bad)
		}
		whole += int64(len(data))
	}
	err = f.Truncate(whole)
	if err == nil {
		_, err = f.Seek(whole, io.SeekStart)
	}
	if err == nil && !fits {
		_, err = f.Write(append(first, '\n'))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("cannot note what was read in %s: %w", journal, err), f.Close())
	}
	return f, nil
}

// isJournal keeps from writing over a file that is something else.
func isJournal(f *os.File) error {
	data, err := bufio.NewReader(f).ReadBytes('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("cannot be read: %w", err)
	}
	var b beginning
	if err == nil && (json.Unmarshal(data, &b) != nil || b.Source == "") || err != nil && len(data) > 0 && !bytes.HasPrefix(data, []byte(`{"Form":`)) {
		return errors.New("is there already, and holds something else; name another file with --journal")
	}
	_, err = f.Seek(0, io.SeekStart)
	return err
}

package article

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/kb/terms"
)

// MaxBundle bounds a bundle, in bytes as it is kept, and maxUnpacked its files
// together.
const (
	MaxBundle   = 64 << 20
	maxUnpacked = 256 << 20
)

// Published is what is published, and which version of it.
type Published struct {
	Files   map[string][]byte // by path
	Version string            // "" where no bundle is there
}

// ErrMoved says that somebody else published since the articles were read.
var ErrMoved = errors.New("somebody else has published articles meanwhile; nothing was written: run the command again to see what would change now")

// ErrUnreadable says that what is published cannot be read. Published still has
// its version, by which it can be replaced.
var ErrUnreadable = errors.New("push them again: all of it is replaced then")

// Bundle packs the articles' files into one, a ZIP archive: a set of articles is
// published with one write, so that there never is half of one. The same files
// give the same bytes.
func Bundle(files map[string][]byte) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range slices.Sorted(maps.Keys(files)) {
		if !IsArticle(p) {
			continue
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: p, Method: zip.Deflate})
		if err == nil {
			_, err = w.Write(files[p])
		}
		if err != nil {
			return nil, fmt.Errorf("packing %s: %w", p, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("packing the articles: %w", err)
	}
	if b.Len() > MaxBundle {
		return nil, fmt.Errorf("the articles have %d bytes when packed, and at most %d can be published", b.Len(), MaxBundle)
	}
	return b.Bytes(), nil
}

// Unbundle gives the files that Bundle packed, by path. Error: ErrUnreadable.
func Unbundle(data []byte) (map[string][]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("the published articles cannot be unpacked: %w; %w", err, ErrUnreadable)
	}
	files := map[string][]byte{}
	total := 0
	for _, f := range z.File {
		if !IsArticle(f.Name) || !fs.ValidPath(f.Name) {
			continue
		}
		if len(files) == MaxArticles {
			return nil, fmt.Errorf("there are more than %d articles in what was published; %w", MaxArticles, ErrUnreadable)
		}
		r, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("the published articles cannot be unpacked: %s: %w; %w", f.Name, err, ErrUnreadable)
		}
		text, err := io.ReadAll(io.LimitReader(r, MaxArticle+1))
		_ = r.Close()
		if err != nil {
			return nil, fmt.Errorf("the published articles cannot be unpacked: %s: %w; %w", f.Name, err, ErrUnreadable)
		}
		if total += len(text); total > maxUnpacked {
			return nil, fmt.Errorf("the published articles have more than %d bytes; %w", maxUnpacked, ErrUnreadable)
		}
		files[f.Name] = text
	}
	return files, nil
}

// FileChange is what becomes of one file when a set of articles replaces another.
type FileChange struct {
	Path  string
	Kind  string   // "added", "changed" or "removed"
	Lines []string // of a changed one, a few: "-" before what goes, "+" before what comes
}

// shownLines is how many lines of each side a change shows.
const shownLines = 6

// Difference lists what changes from one set of files to another, by path.
func Difference(from, to map[string][]byte) (out []FileChange) {
	paths := map[string]bool{}
	for _, set := range []map[string][]byte{from, to} {
		for p := range set {
			paths[p] = paths[p] || IsArticle(p)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(paths)) {
		before, was := from[p]
		after, is := to[p]
		switch {
		case !paths[p] || was && is && bytes.Equal(before, after):
		case !was:
			out = append(out, FileChange{Path: p, Kind: "added"})
		case !is:
			out = append(out, FileChange{Path: p, Kind: "removed"})
		default:
			out = append(out, FileChange{Path: p, Kind: "changed", Lines: differing(string(before), string(after))})
		}
	}
	return out
}

// differing shows the lines between the first and the last that differ.
func differing(before, after string) (out []string) {
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	for _, side := range []struct {
		mark  string
		lines []string
	}{{"-", a}, {"+", b}} {
		for i, l := range side.lines {
			if i == shownLines && len(side.lines) > i+1 { // the last one takes no more room than saying so
				out = append(out, fmt.Sprintf("%s … and %d more lines", side.mark, len(side.lines)-i))
				break
			}
			out = append(out, side.mark+" "+strings.TrimRight(l, "\r"))
		}
	}
	return out
}

// sameArticle is the share of text that two versions of an article have in
// common, of either, from which they say the same.
const sameArticle = 0.7

// Revised reports whether an article says something else in good part than it
// did in an earlier version.
func (a Article) Revised(before Article) bool {
	was, is := terms.Shingles(before.Title+"\n"+before.MailText()), terms.Shingles(a.Title+"\n"+a.MailText())
	return min(terms.Contained(was, is), terms.Contained(is, was)) < sameArticle
}

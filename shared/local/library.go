package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb"
)

// Library is the data folder as the index service sees it: the team's articles
// are in its folder "articles"; in sample mode, where there is none, they are the
// sample's. What is made of them is kept as blobs. It is an index.Bucket.
type Library struct {
	Blobs
	sample bool
}

var _ index.Bucket = Library{}

// Library gives the system's articles and what is made of them.
func (s *System) Library() Library {
	return Library{Blobs: Blobs{s.folder}, sample: s.Settings.Mode == desk.ModeSample}
}

// Folder is where the team's articles are.
func (l Library) Folder() string { return l.folder.Path("articles") }

func (l Library) root() fs.FS {
	own := os.DirFS(l.Folder())
	if _, err := fs.Stat(own, "."); errors.Is(err, fs.ErrNotExist) && l.sample {
		return kb.Sample()
	}
	return own
}

// Articles gives every article's file by path; none where there is no folder.
func (l Library) Articles(context.Context) (map[string][]byte, error) {
	out := map[string][]byte{}
	root := l.root()
	err := l.each(root, func(path string, d fs.DirEntry) error {
		data, err := fs.ReadFile(root, path)
		out[path] = data
		return err
	})
	return out, err
}

// Fingerprint changes when an article is added, removed or written.
func (l Library) Fingerprint() (string, error) {
	h := sha256.New()
	err := l.each(l.root(), func(path string, d fs.DirEntry) error {
		info, err := d.Info()
		if err == nil {
			fmt.Fprintln(h, path, info.Size(), info.ModTime().UnixNano())
		}
		return err
	})
	return hex.EncodeToString(h.Sum(nil)), err
}

func (l Library) each(root fs.FS, do func(path string, d fs.DirEntry) error) error {
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // no folder, or a file that went while we looked
		}
		if err != nil || d.IsDir() || !kb.IsArticle(path) {
			return err
		}
		return do(path, d)
	})
	if err != nil {
		return fmt.Errorf("the articles in %s: %w", l.Folder(), err)
	}
	return nil
}

// Delete removes a file that was made; one that is not there is removed already.
func (l Library) Delete(_ context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := os.Remove(l.folder.Path("blobs", key)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing %s: %w", key, err)
	}
	return nil
}

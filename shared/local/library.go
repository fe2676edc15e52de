package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/store"
)

// Library is the data folder as the index service sees it: the team's articles
// are those that were pushed or, before a first push, in its folder "articles"; in sample mode, where there is none, they are the
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

// publisher is where published articles are; they come before those in the folder.
func (l Library) publisher() Publisher { return Publisher{l.folder.Path()} }

// Articles gives every article's file by path; none where there are none.
func (l Library) Articles(ctx context.Context) (map[string][]byte, error) {
	p, err := l.publisher().Published(ctx)
	if err != nil || len(p.Files) > 0 || p.Version != "" || !l.sampled() {
		return p.Files, err
	}
	return article.Files(article.Sample())
}

// sampled tells whether the sample's articles stand in for the team's.
func (l Library) sampled() bool {
	_, err := os.Stat(l.Folder())
	return l.sample && errors.Is(err, fs.ErrNotExist)
}

// Fingerprint changes when an article is added, removed or written.
func (l Library) Fingerprint() (string, error) {
	h := sha256.New()
	if info, err := os.Stat(l.publisher().String()); err == nil {
		fmt.Fprintln(h, bundleName, info.Size(), info.ModTime().UnixNano())
		return hex.EncodeToString(h.Sum(nil)), nil
	}
	err := fs.WalkDir(os.DirFS(l.Folder()), ".", func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // no folder, or a file that went while we looked
		}
		if err != nil || d.IsDir() || !article.IsArticle(path) {
			return err
		}
		info, err := d.Info()
		if err == nil {
			fmt.Fprintln(h, path, info.Size(), info.ModTime().UnixNano())
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("the articles in %s: %w", l.Folder(), err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Look reads a blob and its version. Error: store.ErrNotFound.
func (l Library) Look(ctx context.Context, key string) (data []byte, version string, err error) {
	if data, err = l.Get(ctx, key); err != nil {
		return nil, "", err
	}
	return data, versionOf(data), nil
}

// Swap writes a blob if its version is still this one, or if there still is none
// where that is "". Else the error is index.ErrMoved.
func (l Library) Swap(ctx context.Context, key, version string, data []byte) error {
	unlock, err := lock(l.folder.Path("index.lock"))
	if err != nil {
		return err
	}
	defer unlock()
	_, now, err := l.Look(ctx, key)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if now != version {
		return fmt.Errorf("%s: %w", key, index.ErrMoved)
	}
	return l.Put(ctx, key, data)
}

// lock waits for a lock file and takes it: between processes, and between the
// goroutines of one.
func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be written to: %w", filepath.Dir(path), plain(err))
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("the data folder %s cannot be locked: %w", filepath.Dir(path), err), f.Close())
	}
	return func() { _ = f.Close() }, nil // and the lock goes with it
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

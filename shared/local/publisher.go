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

	"github.com/replywell/replywell/shared/kb/article"
)

// bundleName is the published articles' file in the data folder.
const bundleName = "articles.zip"

// Publisher is where articles are published in a data folder. It may be used while
// another process holds the folder: that process sees the change by itself.
type Publisher struct{ dir string }

// NewPublisher publishes into a data folder, which must be there, and have been used.
func NewPublisher(dataFolder string) (Publisher, error) {
	what := "there is no data folder %s"
	if info, err := os.Stat(dataFolder); err == nil {
		what = "%s is not a data folder of Replywell's"
		used := info.IsDir()
		for _, name := range []string{lockName, "tmp", "blobs"} { // other programs have locks, too
			_, err := os.Stat(filepath.Join(dataFolder, name))
			used = used && err == nil
		}
		if used {
			return Publisher{dataFolder}, nil
		}
	}
	return Publisher{}, fmt.Errorf(what+"; give the one that \"replywell local --data\" uses, after its first start", dataFolder)
}

// String names the place, for people.
func (s Publisher) String() string { return filepath.Join(s.dir, bundleName) }

// Published reads what is published. Where nothing is, the files in the folder
// "articles" are what the process uses, and they count. Where it cannot be unpacked
// the error is article.ErrUnreadable, and the version is given.
func (s Publisher) Published(context.Context) (article.Published, error) {
	data, err := os.ReadFile(s.String())
	if errors.Is(err, fs.ErrNotExist) {
		files, err := article.Files(os.DirFS(filepath.Join(s.dir, "articles")))
		if errors.Is(err, fs.ErrNotExist) {
			return article.Published{}, nil
		}
		return article.Published{Files: files}, err
	}
	if err != nil {
		return article.Published{}, fmt.Errorf("cannot read the published articles: %w", err)
	}
	p := article.Published{Version: versionOf(data)}
	if p.Files, err = article.Unbundle(data); err != nil {
		return p, fmt.Errorf("%s: %w", s, err)
	}
	return p, nil
}

func versionOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Publish replaces what was published, in one step. The error is article.ErrMoved
// where that is no longer what before says; nothing is written then.
func (s Publisher) Publish(ctx context.Context, before article.Published, files map[string][]byte) (err error) {
	data, err := article.Bundle(files)
	if err != nil {
		return err
	}
	unlock, err := lock(s.String() + ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	now, err := s.Published(ctx)
	if err != nil && !errors.Is(err, article.ErrUnreadable) {
		return err
	}
	if now.Version != before.Version {
		return article.ErrMoved
	}
	file, err := os.CreateTemp(s.dir, bundleName+".new-*")
	if err != nil {
		return fmt.Errorf("the data folder %s cannot be written to: %w", s.dir, plain(err))
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
			err = fmt.Errorf("the articles are good, but could not be written to %s: %w", s, plain(err))
		}
	}()
	if _, err := file.Write(data); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), s.String()); err != nil {
		return err
	}
	return syncDir(s.dir)
}

// Get reads what the process that holds the folder has made of the articles, by
// key. Error: store.ErrNotFound.
func (s Publisher) Get(ctx context.Context, key string) ([]byte, error) {
	return Blobs{&Folder{path: s.dir}}.Get(ctx, key)
}

// Library is the data folder as an import changes it, also while another process holds it.
func (s Publisher) Library() Library { return Library{Blobs: Blobs{&Folder{path: s.dir}}} }

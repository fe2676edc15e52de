package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/local/packed"
	"github.com/replywell/replywell/shared/store"
)

// Blobs keeps blobs as files below the data folder. It is a store.Blobs.
type Blobs struct{ folder *Folder }

var _ store.Blobs = Blobs{}

// Put writes a blob; it is durable when Put returns nil. An error of the disk
// is temporary, one of the key permanent.
func (b Blobs) Put(_ context.Context, key string, data []byte) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if isMail(key) {
		data = packed.Pack(data)
	}
	if err := b.folder.Write(data, "blobs", key); err != nil {
		return fmt.Errorf("writing blob %s: %w", key, err)
	}
	return nil
}

// Get reads a blob. Error: store.ErrNotFound.
func (b Blobs) Get(_ context.Context, key string) ([]byte, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	data, err := b.read(b.folder.Path("blobs", key), key)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("blob %s: %w", key, store.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("reading blob %s: %w", key, err)
	}
	return data, nil
}

// isMail tells of what is kept packed.
func isMail(key string) bool {
	return strings.HasPrefix(key, "out/") || strings.HasPrefix(key, "mail/")
}

func (b Blobs) read(path, key string) ([]byte, error) {
	if isMail(key) {
		return packed.Read(path)
	}
	return os.ReadFile(path)
}

// checkKey lets through what is a path below the folder and nothing else.
func checkKey(key string) error {
	bad := desk.Permanent(fmt.Errorf("%q is no key of a blob: those are names of letters, digits, dots, dashes and underscores, parted by slashes", key))
	if len(key) > 500 {
		return bad
	}
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part[0] == '.' || len(part) > 200 {
			return bad
		}
		for _, c := range []byte(part) {
			if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '.' && c != '-' && c != '_' {
				return bad
			}
		}
	}
	return nil
}

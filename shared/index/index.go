// Package index makes the knowledge base's snapshot when an article changes.
//
// A snapshot is immutable and named by its content; a pointer says which one
// is current and is moved last, so that a reader never sees half of one. An
// article that cannot be read leaves the old snapshot in place, and the error
// names every such article.
package index

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/replywell/replywell/shared/kb"
)

// Current is the key of the pointer: its content is the key of the current snapshot.
const Current = "kb-index/current"

// Bucket is where articles come from and snapshots go to.
type Bucket interface {
	// Articles gives every article's file by path.
	Articles(ctx context.Context) (map[string][]byte, error)
	Put(ctx context.Context, key string, data []byte) error
	Get(ctx context.Context, key string) ([]byte, error)
}

// Service makes snapshots.
type Service struct{ Bucket Bucket }

// Rebuild makes a snapshot of the articles as they are now, and moves the
// pointer to it. It reports the snapshot's key and how many articles it holds.
func (s *Service) Rebuild(ctx context.Context) (key string, articles int, err error) {
	files, err := s.Bucket.Articles(ctx)
	if err != nil {
		return "", 0, fmt.Errorf("reading the articles: %w", err)
	}
	as, err := kb.Parse(files)
	if err != nil {
		return "", 0, fmt.Errorf("the knowledge base stays as it was, because of these articles:\n%w", err)
	}
	data, err := kb.New(as).Snapshot()
	if err != nil {
		return "", 0, err
	}
	sum := sha256.Sum256(data)
	key = "kb-index/" + hex.EncodeToString(sum[:16])
	if err := s.Bucket.Put(ctx, key, data); err != nil {
		return "", 0, fmt.Errorf("writing the snapshot: %w", err)
	}
	if err := s.Bucket.Put(ctx, Current, []byte(key)); err != nil {
		return "", 0, fmt.Errorf("moving the pointer to the new snapshot: %w", err)
	}
	return key, len(as), nil
}

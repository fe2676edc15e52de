package index

import (
	"context"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/topics"
)

// Found is what the service found in conversations, for who tells of it.
type Found struct {
	Files interface {
		Get(ctx context.Context, key string) ([]byte, error)
	}
}

// Gaps are the topics that lack an article, see [Gaps].
func (f Found) Gaps(ctx context.Context) ([]desk.Gap, error) { return Gaps(ctx, f.Files) }

// Topics are what conversations are about, see [Topics].
func (f Found) Topics(ctx context.Context) (*topics.Book, error) { return Topics(ctx, f.Files) }

package index

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/store"
)

// Keys in the bucket.
const (
	// Current points to the snapshots; see pointer. A line is the snapshot's key
	// and, behind a space, the key of the past answers.
	Current        = "kb-index/current"
	currentHistory = "kb-history/current"
	// formKey holds the form of the current snapshot. A program of another form
	// cannot read that, and builds anew as soon as it is called.
	formKey = "kb-index/form"
	// withoutSome is said behind the form of a snapshot that was made without articles
	// that could not be read.
	withoutSome = " without some"
	snapshots   = "kb-index/"
	histories   = "kb-history/"
)

// Bucket is where articles come from and snapshots go to.
type Bucket interface {
	// Articles gives every article's file by path.
	Articles(ctx context.Context) (map[string][]byte, error)
	store.Files
}

// ErrMoved says that somebody else has written since it was looked.
var ErrMoved = store.ErrMoved

// Service makes snapshots, and learns.
type Service struct {
	Bucket Bucket
	Store  *store.Store // nil: there are articles only, and no history
	Model  kb.Embedder  // nil: ranking goes by words
	Now    func() time.Time

	topicsNext time.Time // before it no mails are put into topics
}

// timeFor tells whether what took so long can be done again before the end.
func (s *Service) timeFor(ctx context.Context, took time.Duration) bool {
	end, ok := ctx.Deadline()
	return !ok || s.Now().Add(2*took).Before(end)
}

// unfinished holds, while there is something left to build, the moment from which
// somebody may go on with it: while a build runs the moment by which it has ended
// in any case, after that the moment at which it ended. So a build that is killed
// is gone on with too.
const unfinished = snapshots + "unfinished"

// goOn notes from when on somebody may go on with what is left.
func (s *Service) goOn(ctx context.Context, from time.Time) error {
	if err := s.Bucket.Put(ctx, unfinished, []byte(from.UTC().Format(time.RFC3339Nano))); err != nil {
		return fmt.Errorf("noting that there is more to build: %w", err)
	}
	return nil
}

// left tells whether a build ended, or was ended, before it had done all.
func (s *Service) left(ctx context.Context) (bool, error) {
	data, err := s.Bucket.Get(ctx, unfinished)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking whether there is more to build: %w", err)
	}
	// What cannot be read is no reason to wait.
	from, _ := time.Parse(time.RFC3339Nano, string(data))
	return !s.Now().Before(from), nil
}

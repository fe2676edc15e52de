package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/store"
)

// buildsWithin is after what time a build that has no deadline of its own is taken to be dead.
const buildsWithin = time.Hour

// RebuildAll rebuilds until all answers are taken in and all is embedded, and says
// so in the log. It ends early, without an error, when its time does; LearnAndTell
// goes on then.
func (s *Service) RebuildAll(ctx context.Context) error {
	for {
		start := s.Now()
		end, bounded := ctx.Deadline()
		if !bounded {
			end = start.Add(buildsWithin)
		}
		if err := s.goOn(ctx, end); err != nil {
			return err
		}
		imported, err := look(ctx, s.Bucket, currentImported)
		if err != nil {
			return err
		}
		b, err := s.Rebuild(ctx)
		moved := errors.Is(err, ErrMoved)
		if err != nil && !moved && !b.More {
			if ctx.Err() == nil { // what is wrong is told; it is no work that was left
				err = errors.Join(err, s.Bucket.Delete(ctx, unfinished))
			}
			return err
		}
		if moved {
			slog.Info("another build of the knowledge base was quicker; this one begins again")
		} else {
			slog.Info("the knowledge base has a new snapshot", "key", b.Key, "articles", b.Articles, "mails", b.Mails, "by hand", b.ByHand, "more", b.More, "not embedded", b.Left)
		}
		if !moved && !b.More {
			// What was imported while it was built has left its mark in the same place.
			if now, err := look(ctx, s.Bucket, currentImported); err != nil || now.version == imported.version {
				return errors.Join(err, s.Bucket.Delete(ctx, unfinished))
			}
		}
		if !s.timeFor(ctx, s.Now().Sub(start)) {
			if moved {
				err = nil
			}
			return errors.Join(err, s.goOn(ctx, s.Now()))
		}
	}
}

// LearnAndTell is Learn for a schedule: it says in the log what it did. It goes on
// with a build that had no time to do all, and after a deployment that writes
// snapshots in another form it builds the first of them.
func (s *Service) LearnAndTell(ctx context.Context) error {
	form, err := s.Bucket.Get(ctx, formKey)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("reading the snapshot's form: %w", err)
	}
	other := err == nil && strings.TrimSuffix(string(form), withoutSome) != kb.SnapshotForm()
	left, err := s.left(ctx)
	if err != nil {
		return err
	}
	// First what takes a moment: a build may take all the time there is.
	n, err := s.Learn(ctx)
	err = errors.Join(err, s.PutIntoTopics(ctx))
	if err == nil && n > 0 {
		slog.Info("learnt from what became of suggestions", "outcomes", n)
	}
	switch {
	case other:
		slog.Info("the snapshot is of another program's form and is built anew")
	case left:
		slog.Info("there is more to build, and the build goes on")
	default:
		return err
	}
	return errors.Join(err, s.RebuildAll(ctx))
}

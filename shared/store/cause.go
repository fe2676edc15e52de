package store

import (
	"context"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Causes gives every cause that was named, by name.
func (s *Store) Causes(ctx context.Context) ([]desk.Cause, error) {
	return collect(ctx, s, engine.Query{Partition: causesPartition}, 0, toCause)
}

// Tied gives the conversations that were tied to a cause, at most limit (0: all), in no
// certain order. One of them may have been tied to another since.
func (s *Store) Tied(ctx context.Context, cause string, limit int) ([]desk.Tie, error) {
	return collect(ctx, s, engine.Query{Partition: tiePartition(cause)}, limit, toTie)
}

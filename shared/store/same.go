package store

import (
	"context"
	"errors"

	"github.com/replywell/replywell/shared/desk"
)

// SameAs reads what was said of an address; nothing where nothing was.
func (s *Store) SameAs(ctx context.Context, address string) (desk.SameAs, error) {
	item, err := s.one(ctx, sameKey(address))
	if errors.Is(err, ErrNotFound) {
		return desk.SameAs{Address: address}, nil
	}
	if err != nil {
		return desk.SameAs{}, err
	}
	return toSameAs(item)
}

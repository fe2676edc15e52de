package store

import (
	"context"
	"errors"

	"github.com/replywell/replywell/shared/desk"
)

// Rota reads who is away and whose turn it is, consistently; the zero value where
// nobody ever was, and nothing was given to anybody. Lookup reads it as well.
func (s *Store) Rota(ctx context.Context) (desk.Rota, error) {
	item, err := s.one(ctx, rotaKey())
	if errors.Is(err, ErrNotFound) {
		return desk.Rota{}, nil
	}
	if err != nil {
		return desk.Rota{}, err
	}
	return toRota(item)
}

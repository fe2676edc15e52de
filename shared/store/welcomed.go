package store

import (
	"context"
	"errors"
	"time"

	"github.com/replywell/replywell/shared/store/engine"
)

// Welcomed names the agents who need no welcome any more, by id, and since when.
type Welcomed struct {
	Agents  map[string]time.Time
	Version int64
}

// Welcomed reads it, consistently; it is empty where there is none yet.
func (s *Store) Welcomed(ctx context.Context) (Welcomed, error) {
	item, err := s.one(ctx, welcomedKey())
	if errors.Is(err, ErrNotFound) {
		return Welcomed{}, nil
	}
	if err != nil {
		return Welcomed{}, err
	}
	return toWelcomed(item)
}

// SetWelcomed writes it if nobody else has since it was read. Error: ErrConflict.
func (s *Store) SetWelcomed(ctx context.Context, l *Welcomed) error {
	b := builder{now: s.now()}
	b.add(kindWelcomed, welcomedKey(), l.Version, storedWelcomed(*l), nil)
	if b.err != nil {
		return b.err
	}
	if err := s.engine.Write(ctx, b.parts[0].write); err != nil {
		return err
	}
	l.Version++
	return nil
}

func welcomedKey() engine.Key { return engine.Key{Partition: "welcomed", Sort: "welcomed"} }

func toWelcomed(item engine.Item) (Welcomed, error) {
	var s storedWelcomed
	err := unpack(kindWelcomed, item, &s)
	s.Version = item.Version
	return Welcomed(s), err
}

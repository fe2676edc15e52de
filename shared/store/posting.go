package store

import (
	"context"
	"errors"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// keepPosting is how long it is known that a report was posted: for longer than it is
// tried.
const keepPosting = 120 * 24 * time.Hour

// Posting reads a report's claim; a new one where there is none.
func (s *Store) Posting(ctx context.Context, id string) (desk.Posting, error) {
	item, err := s.one(ctx, postingKey(id))
	if errors.Is(err, ErrNotFound) {
		return desk.Posting{ID: id}, nil
	}
	if err != nil {
		return desk.Posting{}, err
	}
	return toPosting(item)
}

func toPosting(item engine.Item) (desk.Posting, error) {
	var p storedPosting
	err := unpack(kindPosting, item, &p)
	p.Version = item.Version
	return desk.Posting(p), err
}

// SetPosting writes it if nobody else has since it was read. Error: ErrConflict.
func (s *Store) SetPosting(ctx context.Context, p *desk.Posting) error {
	b := builder{now: s.now()}
	b.add(kindPosting, postingKey(p.ID), p.Version, storedPosting(*p), func(x *part) {
		x.write.Item.Expires = b.now.Add(keepPosting)
	})
	if b.err != nil {
		return b.err
	}
	if err := s.engine.Write(ctx, b.parts[0].write); err != nil {
		return err
	}
	p.Version++
	return nil
}

func postingKey(id string) engine.Key {
	return engine.Key{Partition: "posting#" + id, Sort: "posting"}
}

package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Learned is what was learnt from events, in the form of whoever learns. The
// events are the truth: it can be made anew from them at any time.
type Learned struct {
	State   string
	Through time.Time // events recorded up to here are in it
	Version int64
}

// Learned reads what was learnt, consistently. Error: ErrNotFound; a permanent one, with
// the version, where it cannot be read and may be written over.
func (s *Store) Learned(ctx context.Context) (Learned, error) {
	item, err := s.one(ctx, learnedKey())
	if err != nil {
		return Learned{}, err
	}
	return toLearned(item)
}

// SetLearned writes what was learnt if nobody else has since it was read, and
// counts its version up. Error: ErrConflict; a permanent one where the state is
// too large for an item.
func (s *Store) SetLearned(ctx context.Context, l *Learned) error {
	item, err := pack(kindLearned, learnedKey(), l.Version+1, storedLearned(*l))
	if err != nil {
		return err
	}
	w := engine.Write{Item: item, If: engine.IfVersion, Old: l.Version}
	if l.Version == 0 {
		w.If, w.AsOf = engine.IfAbsent, s.now()
	}
	if err := s.engine.Write(ctx, w); err != nil {
		if errors.Is(err, engine.ErrConflict) {
			return ErrConflict
		}
		return fmt.Errorf("writing what was learnt: %w", err)
	}
	l.Version++
	return nil
}

// Lessons gives the events that can be learnt from (desk.Event.Teaches),
// recorded at a moment or later, the earliest first. Where there are more than
// about so many, it gives the earlier ones and more is true; the next call goes
// on from the last one's Recorded. It may lag behind writes, so whoever goes on
// asks for the last hour once more, and tells by Event.ID what is known.
func (s *Store) Lessons(ctx context.Context, from time.Time, limit int) (events []desk.Event, more bool, err error) {
	var end time.Time // the earliest moment up to which a shard was read
	for shard := range learnShards {
		q := engine.Query{Index: byTime, Partition: lessonPartition(shard), From: timeSort(from, ""), To: afterAll}
		some, err := collect(ctx, s, q, limit, toEvent)
		if err != nil {
			return nil, false, err
		}
		if limit > 0 && len(some) == limit {
			if last := some[limit-1].Recorded; end.IsZero() || last.Before(end) {
				end = last
			}
		}
		events = append(events, some...)
	}
	if !end.IsZero() {
		events = slices.DeleteFunc(events, func(e desk.Event) bool { return e.Recorded.After(end) })
	}
	slices.SortFunc(events, func(a, b desk.Event) int {
		if c := a.Recorded.Compare(b.Recorded); c != 0 {
			return c
		}
		return slices.Compare([]byte(a.ID), []byte(b.ID))
	})
	return events, !end.IsZero(), nil
}

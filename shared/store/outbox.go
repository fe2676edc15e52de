package store

import (
	"context"
	"fmt"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Outbox reads one outgoing mail. Error: ErrNotFound.
func (s *Store) Outbox(ctx context.Context, id string) (desk.OutboxItem, error) {
	item, err := s.one(ctx, outboxKey(id))
	if err != nil {
		return desk.OutboxItem{}, err
	}
	return toOutbox(item)
}

// OutboxItems reads outgoing mails, and how often agents were written to
// recently, all in one request: what is needed to send a few mails. What is not
// there is not in the answer; for every agent there is a Notified. Together at
// most engine.MaxGet.
func (s *Store) OutboxItems(ctx context.Context, ids, agents []string) (map[string]desk.OutboxItem, map[string]Notified, error) {
	keys := newKeySet()
	for _, id := range ids {
		keys.add(outboxKey(id))
	}
	for _, a := range agents {
		keys.add(notifiedKey(a))
	}
	items, err := s.get(ctx, keys.list)
	if err != nil {
		return nil, nil, err
	}
	mails := make(map[string]desk.OutboxItem, len(ids))
	for _, id := range ids {
		if item, ok := items[outboxKey(id)]; ok {
			if mails[id], err = toOutbox(item); err != nil {
				return nil, nil, err
			}
		}
	}
	notified := make(map[string]Notified, len(agents))
	for _, a := range agents {
		notified[a] = Notified{Agent: a}
		if item, ok := items[notifiedKey(a)]; ok {
			if notified[a], err = toNotified(item); err != nil {
				return nil, nil, err
			}
		}
	}
	return mails, notified, nil
}

// FindSent finds an outgoing mail by the carrier's id, or by a Message-ID in
// any form it was sent under. Error: ErrNotFound.
func (s *Store) FindSent(ctx context.Context, messageID string) (desk.OutboxItem, error) {
	id := NormalMessageID(messageID)
	if id == "" {
		return desk.OutboxItem{}, fmt.Errorf("an empty message id: %w", ErrNotFound)
	}
	item, err := s.one(ctx, messageIDKey(id))
	if err != nil {
		return desk.OutboxItem{}, err
	}
	ref, err := toMessageRef(item)
	if err != nil {
		return desk.OutboxItem{}, err
	}
	if !ref.Outgoing || ref.Outbox == "" {
		return desk.OutboxItem{}, fmt.Errorf("a mail of ours with this message id: %w", ErrNotFound)
	}
	return s.Outbox(ctx, ref.Outbox)
}

// DueOutbox gives the items of one lane that are due at the time, oldest first,
// at most limit (0: all). See Lanes. It may lag behind writes: an item may be
// given that was sent a moment ago, and the commit that claims it finds out.
func (s *Store) DueOutbox(ctx context.Context, lane string, at time.Time, limit int) ([]desk.OutboxItem, error) {
	q := engine.Query{Index: byTime, Partition: lanePartition(lane), To: timeSort(at, afterAll)}
	return collect(ctx, s, q, limit, toOutbox)
}

// OutboxAfter gives the items of one lane that are due later than the time, the
// latest last, at most limit.
func (s *Store) OutboxAfter(ctx context.Context, lane string, after time.Time, limit int) ([]desk.OutboxItem, error) {
	q := engine.Query{Index: byTime, Partition: lanePartition(lane), From: timeSort(after, afterAll)}
	return collect(ctx, s, q, limit, toOutbox)
}

// Notified gives when the agent was last sent notifications: the times within
// the window, and a version for SetNotified.
func (s *Store) Notified(ctx context.Context, agent string) (Notified, error) {
	_, notified, err := s.OutboxItems(ctx, nil, []string{agent})
	return notified[agent], err
}

// SetNotified records the times. Error: ErrConflict. A Change can do it too,
// in the same write as other things.
func (s *Store) SetNotified(ctx context.Context, n *Notified) error {
	return s.Commit(ctx, &Change{Notified: n})
}

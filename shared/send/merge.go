package send

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// MostListed is how many notifications one digest tells of. They are marked in
// the same write that puts the digest into the outbox, and a write holds at
// most 100 items (see engine.MaxWrites).
const MostListed = 80

// putOff tells whether an item waits to be merged.
func putOff(item desk.OutboxItem) bool {
	return item.Kind == desk.OutboxNotification && item.State == desk.OutboxPending && item.PutOff
}

// merge writes digests of notifications of one agent that were put off, the
// oldest first. The digests are sent as any other item, right after.
func (s *Service) merge(ctx context.Context, settings *desk.Settings, waited []desk.OutboxItem, count *store.Notified) error {
	if len(waited) == 1 {
		return s.attempt(ctx, settings, waited[0], count) // counted as any other; put off again while the window is full
	}
	// They are all due at the window's end; people read them in the order they came.
	slices.SortStableFunc(waited, func(a, b desk.OutboxItem) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.Sequence, b.Sequence))
	})
	for _, chunk := range chunks(waited) {
		digest, err := s.digest(ctx, settings, chunk, count)
		if errors.Is(err, store.ErrConflict) {
			return nil // another sender has some of them; the next sweep takes what is left
		}
		if err != nil {
			return fmt.Errorf("merging %d notifications of agent %s: %w", len(chunk), chunk[0].Agent, err)
		}
		if err := s.attempt(ctx, settings, digest, nil); err != nil {
			return err
		}
	}
	return nil
}

// chunks cuts what waited into digests: each of so many notifications at most, and
// of no more conversations than a digest has letters for.
func chunks(waited []desk.OutboxItem) (out [][]desk.OutboxItem) {
	var chunk []desk.OutboxItem
	threads := map[desk.ConversationID]bool{}
	for _, item := range waited {
		if len(chunk) == MostListed || len(threads) == desk.MostListed && !threads[item.Conversation] {
			out, chunk, threads = append(out, chunk), nil, map[desk.ConversationID]bool{}
		}
		chunk = append(chunk, item)
		threads[item.Conversation] = true
	}
	if len(chunk) > 0 {
		out = append(out, chunk)
	}
	return out
}

// digest puts one digest into the outbox and marks what it tells of, in one write.
func (s *Service) digest(ctx context.Context, settings *desk.Settings, items []desk.OutboxItem, count *store.Notified) (desk.OutboxItem, error) {
	agent, known := settings.Agent(items[0].Agent)
	if !known {
		return desk.OutboxItem{}, fmt.Errorf("agent %q is not in the configuration any more", items[0].Agent)
	}
	id, err := desk.NewID(s.Random)
	if err != nil {
		return desk.OutboxItem{}, err
	}
	now := s.Now()
	writer := letters.Writer{Settings: settings, Keys: s.Keys, Now: now}
	ready, question, err := writer.Digest(id, agent, items)
	if err != nil {
		return desk.OutboxItem{}, err
	}
	n := recent(*count, settings.Notifications, now)
	n.Times = append(n.Times, now)
	change := &store.Change{Notified: &n, Confirmations: []*desk.Confirmation{question}}
	for _, merged := range items {
		n.Show(merged.Conversation, merged.Sequence)
		merged.State, merged.MergedIn, merged.PutOff = desk.OutboxMerged, id, false
		change.Outbox = append(change.Outbox, &merged)
	}
	recorder := s.recorder()
	if err := recorder.Commit(ctx, change, []letters.Ready{ready}, now, items[0].ID); err != nil {
		return desk.OutboxItem{}, err
	}
	*count = n
	return *change.Outbox[len(items)], nil
}

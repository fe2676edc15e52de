package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Lookup reads all that is known of an inbound mail, consistently, in one
// request, and the conversations that its message ids lead to in a second one
// where there are any.
func (s *Store) Lookup(ctx context.Context, l Lookup) (Found, error) {
	found := Found{MessageIDs: map[string]MessageRef{}, Conversations: map[desk.ConversationID]desk.Conversation{}}
	l.MessageIDs = l.MessageIDs[:min(len(l.MessageIDs), MaxLookup)]
	keys := newKeySet()
	keys.add(rotaKey())
	if l.Inbound != "" {
		keys.add(inboundKey(l.Inbound))
	}
	if l.ContentHash != "" {
		keys.add(contentKey(l.ContentHash))
	}
	if l.SignedHash != "" {
		keys.add(contentKey(l.SignedHash))
	}
	for _, id := range l.MessageIDs {
		if id = NormalMessageID(id); id != "" {
			keys.add(messageIDKey(id))
		}
	}
	for _, p := range l.Places {
		l.Conversations = append(l.Conversations, p.Conversation)
	}
	l.Conversations = l.Conversations[:min(len(l.Conversations), MaxLookupConversations)]
	for _, id := range l.Conversations {
		keys.add(conversationKey(id))
	}
	l.Senders = l.Senders[:min(len(l.Senders), MaxSenders)]
	for _, name := range l.Senders {
		keys.add(blockKey(name))
	}
	if l.Person != "" {
		keys.add(sameKey(l.Person))
	}
	items, err := s.get(ctx, keys.list)
	if err != nil {
		return found, err
	}
	if found.Blocks, err = blocksIn(items, l.Senders); err != nil {
		return found, err
	}
	if found.Same, err = othersIn(items, l.Person); err != nil {
		return found, err
	}
	if err := found.takeRecord(items, l); err != nil {
		return found, err
	}
	for _, id := range l.Conversations {
		if err := found.take(items, id); err != nil {
			return found, err
		}
	}
	more, around := newKeySet(), MessageRef{}
	for _, id := range l.MessageIDs {
		item, ok := items[messageIDKey(NormalMessageID(id))]
		if !ok {
			continue
		}
		ref, err := toMessageRef(item)
		if err != nil {
			return found, err
		}
		found.MessageIDs[id] = ref
		if ref.Conversation == "" || keys.has(conversationKey(ref.Conversation)) {
			continue
		}
		if len(more.list) == 0 { // the newest mail that this one answers
			around = ref
			for n := max(1, ref.Sequence-aroundBefore); n <= ref.Sequence+aroundAfter; n++ {
				more.add(messageKey(ref.Conversation, n))
			}
		}
		more.add(conversationKey(ref.Conversation))
	}
	if items, err = s.get(ctx, more.list); err != nil {
		return found, err
	}
	for _, ref := range found.MessageIDs {
		if err := found.take(items, ref.Conversation); err != nil {
			return found, err
		}
	}
	if err := found.takeAround(items, around); err != nil {
		return found, err
	}
	return found, s.arrange(ctx, l, &found)
}

// takeRecord keeps what is recorded of the mail itself: that it was processed
// before, or came by another way.
func (f *Found) takeRecord(items map[engine.Key]engine.Item, l Lookup) error {
	if item, ok := items[rotaKey()]; ok {
		var err error
		if f.Rota, err = toRota(item); err != nil {
			return err
		}
	}
	if item, ok := items[inboundKey(l.Inbound)]; ok {
		in, err := toInbound(item)
		if err != nil {
			return err
		}
		f.Inbound = &in
	}
	for _, hash := range []string{l.SignedHash, l.ContentHash} {
		item, ok := items[contentKey(hash)]
		if hash == "" || !ok {
			continue
		}
		first, err := toContent(item)
		if err != nil {
			return err
		}
		if first != l.Inbound {
			f.DuplicateOf = first
		}
	}
	return nil
}

// takeAround keeps the messages near the one that a Message-ID leads to.
func (f *Found) takeAround(items map[engine.Key]engine.Item, ref MessageRef) error {
	for n := ref.Sequence - aroundBefore; n <= ref.Sequence+aroundAfter; n++ {
		if item, ok := items[messageKey(ref.Conversation, n)]; ok {
			m, err := toMessage(item)
			if err != nil {
				return err
			}
			f.Around = append(f.Around, m)
		}
	}
	return nil
}

func (f *Found) take(items map[engine.Key]engine.Item, id desk.ConversationID) error {
	item, ok := items[conversationKey(id)]
	if !ok {
		return nil
	}
	c, err := toConversation(item)
	if err == nil {
		f.Conversations[id] = c
	}
	return err
}

// CustomerConversations gives the customer's conversations, the latest first,
// at most limit (0: all). It may lag behind writes.
func (s *Store) CustomerConversations(ctx context.Context, address string, limit int) ([]desk.Conversation, error) {
	q := engine.Query{Index: byCustomer, Partition: customerPartition(address), Descending: true}
	return collect(ctx, s, q, limit, toConversation)
}

// Inbound reads the record of one mail. Error: ErrNotFound.
func (s *Store) Inbound(ctx context.Context, id string) (desk.Inbound, error) {
	item, err := s.one(ctx, inboundKey(id))
	if err != nil {
		return desk.Inbound{}, err
	}
	return toInbound(item)
}

// Confirmation reads one question to an agent. Error: ErrNotFound.
func (s *Store) Confirmation(ctx context.Context, id string) (desk.Confirmation, error) {
	item, err := s.one(ctx, confirmationKey(id))
	if err != nil {
		return desk.Confirmation{}, err
	}
	return toConfirmation(item)
}

// Held gives the mails kept for a person to look at, the newest first, at most
// limit (0: all). It may lag behind writes.
func (s *Store) Held(ctx context.Context, limit int) ([]desk.Inbound, error) {
	var all []desk.Inbound
	for shard := range heldShards {
		q := engine.Query{Index: byTime, Partition: heldPartition(shard), Descending: true}
		held, err := collect(ctx, s, q, limit, toInbound)
		if err != nil {
			return nil, err
		}
		all = append(all, held...)
	}
	slices.SortStableFunc(all, func(a, b desk.Inbound) int { return b.ReceivedAt.Compare(a.ReceivedAt) })
	return first(all, limit), nil
}

// DueConversations gives the conversations that fall due (desk.Conversation.Falls)
// not after the time and whose customer does not wait, the longest due first, at
// most limit (0: all). It may lag behind writes.
func (s *Store) DueConversations(ctx context.Context, at time.Time, limit int) ([]desk.Conversation, error) {
	return s.upTo(ctx, duePartition, at, limit, desk.Conversation.Falls)
}

// WatchedConversations gives the conversations whose Watch is not after the time
// and that are not due for anything else, in the same way.
func (s *Store) WatchedConversations(ctx context.Context, at time.Time, limit int) ([]desk.Conversation, error) {
	return s.upTo(ctx, watchPartition, at, limit, func(c desk.Conversation) time.Time { return c.Watch })
}

// WatchedAfter gives the conversations whose Watch is after the time, the soonest
// of each part first, at most limit of each. It may lag behind writes.
func (s *Store) WatchedAfter(ctx context.Context, at time.Time, limit int) ([]desk.Conversation, error) {
	var all []desk.Conversation
	for shard := range dueShards {
		q := engine.Query{Index: byTime, Partition: watchPartition(shard), From: timeSort(at, afterAll)}
		got, err := collect(ctx, s, q, limit, toConversation)
		if err != nil {
			return nil, err
		}
		all = append(all, got...)
	}
	return all, nil
}

// Waiting gives each conversation whose customer waits for us, in no certain
// order, until each returns an error: those that an agent put off to a time as
// well. A conversation that an earlier version stored may be missing until whoever
// sweeps has come to it, see Misplaced. It may lag behind writes.
func (s *Store) Waiting(ctx context.Context, each func(desk.Conversation) error) error {
	for shard := range dueShards {
		for _, partition := range []string{waitPartition(shard), watchPartition(shard)} {
			err := s.each(ctx, engine.Query{Index: byTime, Partition: partition, To: afterAll}, func(item engine.Item) error {
				c, err := toConversation(item)
				if err != nil {
					return err
				}
				if _, waits := c.Waits(); !waits {
					return nil
				}
				return each(c)
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Store) upTo(ctx context.Context, partition func(int) string, at time.Time, limit int, by func(desk.Conversation) time.Time) ([]desk.Conversation, error) {
	var all []desk.Conversation
	for shard := range dueShards {
		due, err := collect(ctx, s, engine.Query{Index: byTime, Partition: partition(shard), To: timeSort(at, afterAll)}, limit, toConversation)
		if err != nil {
			return nil, err
		}
		all = append(all, due...)
	}
	slices.SortStableFunc(all, func(a, b desk.Conversation) int { return by(a).Compare(by(b)) })
	return first(all, limit), nil
}

// Events gives each event recorded on the UTC day, in no certain order, until
// each returns an error. An event that was written again on a later day is
// given on both; a reader of several days tells by Event.ID.
func (s *Store) Events(ctx context.Context, day time.Time, each func(desk.Event) error) error {
	for shard := range eventShards {
		q := engine.Query{Partition: eventPartition(day, shard)}
		err := s.each(ctx, q, func(item engine.Item) error {
			e, err := toEvent(item)
			if err != nil {
				return err
			}
			return each(e)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// collect reads up to limit items of a query (0: all).
func collect[T any](ctx context.Context, s *Store, q engine.Query, limit int, to func(engine.Item) (T, error)) ([]T, error) {
	var out []T
	if limit > 0 {
		q.Limit = min(limit, engine.DefaultLimit)
	}
	err := s.each(ctx, q, func(item engine.Item) error {
		if limit > 0 && len(out) == limit {
			return errEnough
		}
		v, err := to(item)
		if err == nil {
			out = append(out, v)
		}
		if err == nil && limit > 0 && len(out) == limit {
			return errEnough
		}
		return err
	})
	return out, err
}

var errEnough = fmt.Errorf("enough")

// each gives every living item of a query, page by page.
func (s *Store) each(ctx context.Context, q engine.Query, fn func(engine.Item) error) error {
	now := s.now()
	for {
		page, err := s.engine.Query(ctx, q)
		if err != nil {
			return fmt.Errorf("reading from the store: %w", err)
		}
		for _, item := range page.Items {
			if expired(item, now) {
				continue
			}
			switch err := fn(item); {
			case err == errEnough:
				return nil
			case err != nil:
				return err
			}
		}
		if page.Cursor == "" {
			return nil
		}
		q.After = page.Cursor
	}
}

// get reads living items by key.
func (s *Store) get(ctx context.Context, keys []engine.Key) (map[engine.Key]engine.Item, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	items, err := s.engine.Get(ctx, keys...)
	if err != nil {
		return nil, fmt.Errorf("reading from the store: %w", err)
	}
	now := s.now()
	found := make(map[engine.Key]engine.Item, len(items))
	for _, item := range items {
		if item.Key != (engine.Key{}) && !expired(item, now) {
			found[item.Key] = item
		}
	}
	return found, nil
}

func (s *Store) one(ctx context.Context, key engine.Key) (engine.Item, error) {
	found, err := s.get(ctx, []engine.Key{key})
	if err != nil {
		return engine.Item{}, err
	}
	item, ok := found[key]
	if !ok {
		return engine.Item{}, fmt.Errorf("%s: %w", key.Partition, ErrNotFound)
	}
	return item, nil
}

// contentOf gives the mail that a content hash was recorded with.
func (s *Store) contentOf(ctx context.Context, key engine.Key) (string, error) {
	found, err := s.get(ctx, []engine.Key{key})
	if err != nil || len(found) == 0 {
		return "", err
	}
	return toContent(found[key])
}

func expired(item engine.Item, now time.Time) bool {
	return !item.Expires.IsZero() && item.Expires.Unix() < now.Unix()
}

func first[T any](all []T, limit int) []T {
	if limit > 0 && len(all) > limit {
		return all[:limit]
	}
	return all
}

// keySet is a list of different keys.
type keySet struct {
	list []engine.Key
	seen map[engine.Key]bool
}

func newKeySet() *keySet { return &keySet{seen: map[engine.Key]bool{}} }

func (k *keySet) has(key engine.Key) bool { return k.seen[key] }

func (k *keySet) add(key engine.Key) {
	if !k.seen[key] {
		k.seen[key] = true
		k.list = append(k.list, key)
	}
}

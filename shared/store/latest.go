package store

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Latest gives conversations of some mailboxes, the latest first, at most limit of
// them: those whose customer waits, those that fall due, and those in which something
// was answered last. One that was closed without an answer is not among them. It makes
// three queries of each part and one of each part of the lessons, 16 where one page
// holds what is asked for, and reads the heads of at most limit more conversations. It
// may lag behind writes.
func (s *Store) Latest(ctx context.Context, mailboxes []string, limit int) ([]desk.Conversation, error) {
	heads := map[desk.ConversationID]desk.Conversation{}
	keep := func(c desk.Conversation) {
		if c.Into == "" && slices.Contains(mailboxes, c.Mailbox) {
			heads[c.ID] = c
		}
	}
	for shard := range dueShards {
		for _, partition := range []string{waitPartition(shard), watchPartition(shard), duePartition(shard)} {
			some, err := collect(ctx, s, engine.Query{Index: byTime, Partition: partition, Descending: true}, limit, toConversation)
			if err != nil {
				return nil, err
			}
			for _, c := range some {
				keep(c)
			}
		}
	}
	answered, err := s.lastAnswered(ctx, mailboxes, limit)
	if err != nil {
		return nil, err
	}
	answered = slices.DeleteFunc(answered, func(id desk.ConversationID) bool { _, have := heads[id]; return have })
	others, err := s.Heads(ctx, answered)
	if err != nil {
		return nil, err
	}
	for _, c := range others {
		keep(c)
	}
	out := slices.SortedFunc(maps.Values(heads), func(a, b desk.Conversation) int {
		if c := b.Activity.Compare(a.Activity); c != 0 {
			return c
		}
		return slices.Compare([]byte(a.ID), []byte(b.ID))
	})
	return first(out, limit), nil
}

// lastAnswered gives conversations of some mailboxes by when something was answered in
// them, the latest first, at most limit.
func (s *Store) lastAnswered(ctx context.Context, mailboxes []string, limit int) (ids []desk.ConversationID, err error) {
	var events []desk.Event
	for shard := range learnShards {
		some, err := collect(ctx, s, engine.Query{Index: byTime, Partition: lessonPartition(shard), Descending: true}, limit, toEvent)
		if err != nil {
			return nil, err
		}
		events = append(events, some...)
	}
	slices.SortFunc(events, func(a, b desk.Event) int { return b.Recorded.Compare(a.Recorded) })
	seen := map[desk.ConversationID]bool{}
	for _, e := range events {
		if len(ids) < limit && e.Conversation != "" && !seen[e.Conversation] && slices.Contains(mailboxes, e.Mailbox) {
			seen[e.Conversation] = true
			ids = append(ids, e.Conversation)
		}
	}
	return ids, nil
}

// Ends gives of each conversation the first and the last message, in that order, as
// they were stored; of one that agents arranged none, for some may stand elsewhere by
// now. It reads two items of each, in requests of at most engine.MaxGet.
func (s *Store) Ends(ctx context.Context, of []desk.Conversation) (map[desk.ConversationID][]desk.Message, error) {
	keys := newKeySet()
	for _, c := range of {
		if c.Arranged == 0 && c.Messages > 0 {
			keys.add(messageKey(c.ID, 1))
			keys.add(messageKey(c.ID, c.Messages))
		}
	}
	out := map[desk.ConversationID][]desk.Message{}
	for some := range slices.Chunk(keys.list, engine.MaxGet) {
		items, err := s.get(ctx, some)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			m, err := toMessage(item)
			if err != nil {
				return nil, err
			}
			out[m.Conversation] = append(out[m.Conversation], m)
		}
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b desk.Message) int { return a.Sequence - b.Sequence })
	}
	return out, nil
}

// IndexForm counts how often it was changed under which keys conversations are
// found. What an earlier version stored is found under the keys of that version
// until it is written again; whoever sweeps does that, and keeps here how far it is.
const IndexForm = 1

// Indexed is how far back conversations were looked through.
type Indexed struct {
	Form int       // of the keys that they were given; 0: never
	Day  time.Time // the events of this day and of earlier ones are to be looked through
	Done bool
	// Begun is the first day on which anything was recorded, as far as was looked through: where
	// Done, nothing was before it. Zero: an earlier version looked, and did not keep it.
	Begun   time.Time
	Version int64
}

// Indexed reads it; the zero value where nobody has looked.
func (s *Store) Indexed(ctx context.Context) (Indexed, error) {
	item, err := s.one(ctx, indexedKey())
	if errors.Is(err, ErrNotFound) {
		return Indexed{}, nil
	}
	if err != nil {
		return Indexed{}, err
	}
	return toIndexed(item)
}

// SetIndexed writes it if nobody else has since it was read. Error: ErrConflict.
func (s *Store) SetIndexed(ctx context.Context, x *Indexed) error {
	b := builder{now: s.now()}
	b.add(kindIndexed, indexedKey(), x.Version, storedIndexed(*x), nil)
	if b.err != nil {
		return b.err
	}
	if err := s.engine.Write(ctx, b.parts[0].write); err != nil {
		return err
	}
	x.Version++
	return nil
}

// Heads reads conversations as they are stored, of which those that are gone are left
// out: one that was joined into another says so.
func (s *Store) Heads(ctx context.Context, ids []desk.ConversationID) (map[desk.ConversationID]desk.Conversation, error) {
	out := map[desk.ConversationID]desk.Conversation{}
	for some := range slices.Chunk(ids, engine.MaxGet) {
		keys := make([]engine.Key, len(some))
		for i, id := range some {
			keys[i] = conversationKey(id)
		}
		items, err := s.get(ctx, slices.Compact(slices.SortedFunc(slices.Values(keys), func(a, b engine.Key) int { return strings.Compare(a.Partition, b.Partition) })))
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			c, err := toConversation(item)
			if err != nil {
				return nil, err
			}
			out[c.ID] = c
		}
	}
	return out, nil
}

// Misplaced gives those of the conversations that are not found under today's keys.
// To commit one as it is puts it right.
func (s *Store) Misplaced(ctx context.Context, ids []desk.ConversationID) (out []desk.Conversation, err error) {
	for some := range slices.Chunk(ids, engine.MaxGet) {
		keys := make([]engine.Key, len(some))
		for i, id := range some {
			keys[i] = conversationKey(id)
		}
		items, err := s.get(ctx, keys)
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			item, ok := items[key]
			if !ok {
				continue
			}
			c, err := toConversation(item)
			if err != nil {
				return nil, err
			}
			if item.Index != [2]engine.Key{customerIndex(c), dueIndex(c)} {
				out = append(out, c)
			}
		}
	}
	return out, nil
}

func indexedKey() engine.Key { return engine.Key{Partition: "indexed", Sort: "indexed"} }

func toIndexed(item engine.Item) (Indexed, error) {
	var x storedIndexed
	err := unpack(kindIndexed, item, &x)
	x.Version = item.Version
	return Indexed(x), err
}

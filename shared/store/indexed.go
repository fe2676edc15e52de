package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// IndexForm counts how often it was changed under which keys conversations are
// found. What an earlier version stored is found under the keys of that version
// until it is written again; whoever sweeps does that, and keeps here how far it is.
const IndexForm = 1

// Indexed is how far back conversations were looked through.
type Indexed struct {
	Form    int       // of the keys that they were given; 0: never
	Day     time.Time // the events of this day and of earlier ones are to be looked through
	Done    bool
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

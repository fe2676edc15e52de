package earlier

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/replywell/replywell/shared/store"
)

// MaxAsked bounds the ids that are looked for at once; the first count.
const MaxAsked = 8

// Find gives the conversation that the first of these Message-IDs leads to that leads to
// any, and when it was imported. nil: none does. Keep is the retention time, 0 for ever.
func Find(ctx context.Context, blobs store.Blobs, keep time.Duration, now time.Time, ids []string) (*Conversation, time.Time, error) {
	s := shelf{blobs}
	all, err := s.list(ctx)
	if err != nil {
		return nil, time.Time{}, err
	}
	for i := len(all.Imports) - 1; i >= 0; i-- { // a later import has read more of a conversation
		m := all.Imports[i]
		if keep > 0 && now.Sub(m.Taken) > keep {
			continue
		}
		for _, id := range ids[:min(len(ids), MaxAsked)] {
			c, err := s.in(ctx, m, id)
			if c != nil || err != nil {
				return c, m.Taken, err
			}
		}
	}
	return nil, time.Time{}, nil
}

// shelf reads the files.
type shelf struct{ blobs store.Blobs }

// in looks for an id in one import.
func (s shelf) in(ctx context.Context, m imported, id string) (*Conversation, error) {
	name := hashOf(id)
	leads := map[string]string{}
	if err := s.read(ctx, m.ids(partOf(name, m.Parts)), &leads); err != nil {
		return nil, err
	}
	key, ok := leads[name]
	if !ok {
		return nil, nil
	}
	part := map[string]Conversation{}
	if err := s.read(ctx, m.conversations(partOf(key, m.Parts)), &part); err != nil {
		return nil, err
	}
	if c, ok := part[key]; ok && len(c.Letters) > 0 {
		return &c, nil
	}
	return nil, nil
}

// read unpacks a file, if it is there and can be unpacked.
func (s shelf) read(ctx context.Context, key string, into any) error {
	data, err := s.blobs.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil {
		if bad := unpacked(data, into); bad != nil {
			slog.Warn("conversations of before cannot be read, and are not found; import them again", "file", key, "error", bad.Error())
		}
	}
	return err
}

// list reads which imports there are.
func (s shelf) list(ctx context.Context) (all list, err error) {
	err = s.read(ctx, listKey, &all)
	return all, err
}

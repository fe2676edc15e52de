package index

import (
	"context"
	"errors"
	"fmt"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/store"
)

// revisedAtOnce bounds the articles that one event names.
const revisedAtOnce = 200

// before gives the articles of the snapshot that is current, by id; none where
// there is none that this program can read.
func (s *Service) before(ctx context.Context, current pointer) (map[string]article.Article, error) {
	key, _ := current.keys()
	if key == "" {
		return nil, nil
	}
	data, err := s.Bucket.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the snapshot before this one: %w", err)
	}
	x, err := kb.Open(data, nil)
	if err != nil {
		return nil, nil // of another form: what changed since then is not known
	}
	out := make(map[string]article.Article, x.Len())
	for _, a := range x.Articles() {
		out[a.ID] = a
	}
	return out, nil
}

// tellRevised records which articles say something else now, so that they are
// judged anew. The event's id is made of the snapshot: told twice, it is one.
func (s *Service) tellRevised(ctx context.Context, snapshot string, was map[string]article.Article, articles []article.Article) error {
	var ids []string
	for _, a := range articles {
		if b, ok := was[a.ID]; ok && a.Revised(b) {
			ids = append(ids, a.ID)
		}
	}
	for n := 0; len(ids) > 0; n++ {
		some := ids[:min(revisedAtOnce, len(ids))]
		ids = ids[len(some):]
		e := desk.Event{ID: desk.DerivedID(string(desk.EventRevised), snapshot, fmt.Sprint(n)), Schema: desk.EventSchema, Kind: desk.EventRevised,
			Occurred: s.Now(), Recorded: s.Now(), Articles: some}
		if err := s.Store.Commit(ctx, &store.Change{Events: []desk.Event{e}}); err != nil {
			return fmt.Errorf("recording which articles were written anew: %w", err)
		}
	}
	return nil
}

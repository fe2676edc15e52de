package index

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/store"
)

const (
	gapsKey   = snapshots + "gaps"
	gapsDays  = 56 // what was asked longer ago may have an article by now
	leastMail = 4  // of a topic: fewer are no topic yet
	mostGaps  = 5
)

// gaps finds what was recently answered by hand again and again, and keeps it for
// the report.
func (s *Service) gaps(ctx context.Context, hands []kb.ByHand) error {
	today := kb.Day(s.Now())
	var recent []kb.ByHand
	for _, h := range hands {
		if h.Day > today-gapsDays {
			recent = append(recent, h)
		}
	}
	found := []desk.Gap{}
	for _, g := range kb.Topics(recent, leastMail) {
		if len(found) < mostGaps && g.Name != "" {
			found = append(found, desk.Gap{Mails: g.Mails, Name: g.Name, Words: g.Words, DraftArticle: g.Article})
		}
	}
	data, err := json.Marshal(found)
	if err != nil {
		return err
	}
	if err := s.Bucket.Put(ctx, gapsKey, data); err != nil {
		return fmt.Errorf("keeping the topics that lack an article: %w", err)
	}
	return nil
}

// Gaps gives the topics that the last build found to lack an article, the
// largest first. There are none before the first build.
func Gaps(ctx context.Context, b interface {
	Get(ctx context.Context, key string) ([]byte, error)
}) (out []desk.Gap, err error) {
	data, err := b.Get(ctx, gapsKey)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the topics that lack an article: %w", err)
	}
	return out, nil
}

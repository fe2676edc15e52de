package metrics

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/measure"
)

const (
	// leastTied is how many customers who are tied to a cause make an article one that answers
	// a defect; tooOften, what share of customers surely asks again after one that does.
	leastTied, tooOften = 3, 0.2
	shownDefects        = 3
)

// defects are the conversations that are tied to a cause which was open since the moment.
func (s *Service) defects(ctx context.Context, since time.Time) (map[uint64]bool, error) {
	causes, err := s.Store.Causes(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the causes: %w", err)
	}
	out := map[uint64]bool{}
	for _, c := range causes {
		if !c.Mended.IsZero() && c.Mended.Before(since) {
			continue
		}
		ties, err := s.Store.Tied(ctx, c.Name, 10*desk.MostTied)
		if err != nil {
			return nil, fmt.Errorf("reading who is tied to the cause %s: %w", c.Name, err)
		}
		var ids []desk.ConversationID
		for _, t := range ties {
			ids = append(ids, t.Conversation)
		}
		heads, err := s.Store.Heads(ctx, ids)
		if err != nil {
			return nil, fmt.Errorf("reading who is tied to the cause %s: %w", c.Name, err)
		}
		for id, h := range heads {
			if h.Tied.Cause == c.Name { // it may have been tied to another since
				out[id.Number()] = true
			}
		}
	}
	return out, nil
}

// hiding are the articles that answer a defect, as far as one can see: several of those who
// got it are tied to a cause, or surely many asked again after it, or what it answers comes
// more than usual. The one that was sent most comes first.
func hiding(fates map[string]desk.ArticleFate, rises []letters.Rise) (out []letters.Hiding) {
	for _, id := range slices.Sorted(maps.Keys(fates)) {
		f := fates[id]
		back := measure.Share{Part: min(f.Back, f.Sent), Whole: f.Sent}
		rising := slices.ContainsFunc(rises, func(r letters.Rise) bool { return r.Article == id })
		if f.Sent > 0 && (f.Defect >= leastTied || rising || back.Said() && back.Between().Low > tooOften) {
			out = append(out, letters.Hiding{Article: topicName("article:" + id), ArticleFate: f, Rising: rising})
		}
	}
	slices.SortStableFunc(out, func(a, b letters.Hiding) int { return cmp.Compare(b.Sent, a.Sent) })
	return out[:min(len(out), shownDefects)]
}

package index

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/store"
)

// Learn folds what happened since it was last called into what was learnt, and
// gives how many outcomes were new. The log of events is the truth: where there
// is no state, or one of another form, it is folded anew from the log. Of
// several that run at the same time one wins, and the others begin again.
func (s *Service) Learn(ctx context.Context) (added int, err error) {
	err = store.Retry(ctx, func(bool) error {
		added, err = s.learn(ctx)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("learning from what became of suggestions: %w", err)
	}
	return added, nil
}

func (s *Service) learn(ctx context.Context) (added int, err error) {
	was, state, err := s.learned(ctx)
	if err != nil {
		return 0, err
	}
	if state.Built.IsZero() {
		// Where that cannot be read, the build tells of it.
		if h, err := s.keptHistory(ctx); err == nil {
			state.Built = h.Through
		}
	}
	from := s.Now().AddDate(0, 0, -kb.LearnedDays)
	if f := was.Through.Add(-again); f.After(from) {
		from = f
	}
	recent := s.recentFrom(state)
	var events []desk.Event
	through, err := s.lessons(ctx, from, func(e desk.Event) error {
		added += state.Fold(kb.FeedbackOf(e)...)
		if !e.Recorded.Before(recent) {
			events = append(events, e)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	// What was learnt of articles is kept, whatever becomes of the rest.
	noted, failed := s.note(ctx, was, state, events, !from.After(recent))
	lost := was.Version > 0 && was.State == ""
	if added == 0 && !noted && !lost && !through.After(was.Through.Add(again)) {
		return 0, failed // nothing new; the place to begin from need not be written for that
	}
	if through.After(was.Through) {
		was.Through = through
	}
	return added, errors.Join(failed, s.setLearned(ctx, was, state))
}

func (s *Service) setLearned(ctx context.Context, was store.Learned, state *kb.Learned) error {
	state.Settle(kb.Day(s.Now()))
	old := letGo(state)
	data, err := state.Write()
	if err != nil {
		return err
	}
	was.State = string(data)
	named := strings.HasSuffix(state.RecentFile(), fmt.Sprintf("-%d", was.Version+1))
	if err := s.Store.SetLearned(ctx, &was); err != nil {
		if named {
			err = errors.Join(err, s.clearUnnamed(ctx, state.RecentFile()))
		}
		return err
	}
	for _, key := range old {
		if err := s.Bucket.Delete(ctx, key); err != nil {
			return fmt.Errorf("clearing away %s, which a newer one has replaced: %w", key, err)
		}
	}
	return nil
}

package index

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/store"
)

const (
	// again is how far behind the newest event that is known the next reading
	// begins: indexes lag, and clocks differ.
	again = time.Hour
	// lessonsAtOnce bounds one request's answer, for each shard.
	lessonsAtOnce = 1000
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
	was, err := s.Store.Learned(ctx)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return 0, err
	}
	now := s.Now()
	state, err := kb.ReadLearned([]byte(was.State))
	if errors.Is(err, kb.ErrLearnedForm) {
		state, was.Through, err = kb.NewLearned(), time.Time{}, nil
	}
	if err != nil {
		return 0, err
	}
	from := now.AddDate(0, 0, -kb.LearnedDays)
	if f := was.Through.Add(-again); f.After(from) {
		from = f
	}
	through, err := s.lessons(ctx, from, func(e desk.Event) error {
		added += state.Fold(kb.Outcomes(e)...)
		return nil
	})
	if err != nil || added == 0 && !through.After(was.Through.Add(again)) {
		return 0, err // nothing new; the place to begin from need not be written for that
	}
	state.Settle(kb.Day(now))
	data, err := state.Write()
	if err != nil {
		return 0, err
	}
	was.State = string(data)
	if through.After(was.Through) {
		was.Through = through
	}
	return added, s.Store.SetLearned(ctx, &was)
}

// lessons gives each event that teaches, from a moment on, and when the last
// was recorded.
func (s *Service) lessons(ctx context.Context, from time.Time, each func(desk.Event) error) (through time.Time, err error) {
	for more := true; more; {
		var events []desk.Event
		if events, more, err = s.Store.Lessons(ctx, from, lessonsAtOnce); err != nil {
			return through, err
		}
		for _, e := range events {
			if err := each(e); err != nil {
				return through, err
			}
			through = e.Recorded
		}
		if more && !through.After(from) {
			return through, fmt.Errorf("more than %d events were recorded at %v; they cannot be told apart by time", lessonsAtOnce, from)
		}
		from = through
	}
	return through, nil
}

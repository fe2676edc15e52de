package index

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
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

// learned reads what was learnt. One of another form, or that cannot be read, knows
// nothing, from the beginning on: the log has all of it.
func (s *Service) learned(ctx context.Context) (was store.Learned, state *kb.Learned, err error) {
	was, err = s.Store.Learned(ctx)
	if desk.IsPermanent(err) {
		slog.Warn("what was learnt from outcomes cannot be read, and is made anew from the log", "error", err.Error())
		return store.Learned{Version: was.Version}, kb.NewLearned(), nil
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return was, nil, err
	}
	state, err = kb.ReadLearned([]byte(was.State))
	if errors.Is(err, kb.ErrLearnedForm) {
		state, was.Through, err = kb.NewLearned(), time.Time{}, nil
		var files struct { // which would else belong to nobody
			Recent []string `json:"lately"`
		}
		if json.Unmarshal([]byte(was.State), &files) == nil {
			state.Recent = files.Recent
		}
	}
	return was, state, err
}

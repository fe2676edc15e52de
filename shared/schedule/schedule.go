package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

// Service does what is due. All fields are needed.
type Service struct {
	Store *store.Store
	Now   func() time.Time
}

// batch is how many conversations one read asks for, and most bounds one run,
// so that it ends within a function's time; the next run goes on.
const (
	batch = 100
	most  = 5000
)

// Run does what is due now and reports how many conversations it solved. An
// error is temporary; what was done stays done.
func (s *Service) Run(ctx context.Context) (solved int, err error) {
	done := map[desk.ConversationID]bool{} // an index may still show what was just changed
	for len(done) < most {
		due, err := s.Store.DueConversations(ctx, s.Now(), batch)
		if err != nil {
			return solved, fmt.Errorf("reading what is due: %w", err)
		}
		fresh := 0
		for _, c := range due {
			if done[c.ID] {
				continue
			}
			done[c.ID] = true
			fresh++
			ok, err := s.solve(ctx, c.ID)
			if err != nil {
				return solved, fmt.Errorf("conversation %s: %w", c.ID.Reference(), err)
			}
			if ok {
				solved++
			}
		}
		if fresh == 0 {
			return solved, nil
		}
	}
	return solved, nil
}

// solve closes a conversation that is still answered and still due.
func (s *Service) solve(ctx context.Context, id desk.ConversationID) (bool, error) {
	now := s.Now()
	c, err := s.Store.Conversation(ctx, id) // the index may lag behind
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if c.Due.IsZero() || c.Due.After(now) || c.State != desk.StateAnswered {
		return false, nil
	}
	due := c.Due
	c.Close(now)
	e := desk.Event{ID: desk.DerivedID(string(c.ID), string(desk.EventSolved), due.UTC().Format(time.RFC3339Nano)), Schema: desk.EventSchema,
		Kind: desk.EventSolved, Occurred: due, Recorded: now, Mailbox: c.Mailbox, Conversation: c.ID, Sequence: c.Messages,
		Opened: c.Opened, Answers: c.Answers, Exchanges: c.Exchanges(), Reopened: c.Reopened, ByItself: true}
	err = s.Store.Commit(ctx, &store.Change{Conversation: &c, Events: []desk.Event{e}})
	if errors.Is(err, store.ErrConflict) {
		return false, nil // somebody wrote; that decides
	}
	return err == nil, err
}

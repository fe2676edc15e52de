package reply

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

// slot is the place of a notice among those of a day.
type slot struct {
	id     string
	number int // counted from 0
}

// last reports whether the day has room for no other.
func (s slot) last() bool { return s.number == mostNotices-1 }

// room gives the place of the day's next notice about a mail of the agent's in this
// conversation, if there may be another one. Without a bound, a program that
// answers our notices would be told forever.
func (s *Service) room(ctx context.Context, f commands.Facts) (at slot, free bool, err error) {
	for n := range mostNotices {
		at = slot{noticeOf(f, f.Now, n), n}
		_, err = s.Store.Outbox(ctx, at.id)
		if errors.Is(err, store.ErrNotFound) {
			return at, true, nil
		}
		if err != nil {
			return slot{}, false, fmt.Errorf("counting notices: %w", err)
		}
	}
	return slot{}, false, nil
}

// noticeOf is the id of a day's notice, by its number.
func noticeOf(f commands.Facts, at time.Time, n int) string {
	return desk.DerivedID("refused-notice", string(f.Conversation.ID), f.Agent.ID, at.UTC().Format(time.DateOnly), strconv.Itoa(n))
}

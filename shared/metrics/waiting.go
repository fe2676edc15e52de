package metrics

import (
	"context"
	"fmt"
	"time"

	"github.com/replywell/replywell/shared/calendar"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/measure"
)

// asked is one conversation on its way to its first answer.
type asked struct {
	mailbox          string
	opened, answered time.Time // answered is zero while it waits
	closed           time.Time // without an answer; zero otherwise
}

// askers are all conversations that are known to have waited for a first answer
// in the spans that were read, and those that wait now.
type askers map[desk.ConversationID]asked

func (a askers) add(e desk.Event) {
	c, known := a[e.Conversation]
	switch {
	case e.Kind == desk.EventOpened:
		if c.opened.IsZero() {
			c.opened = e.Occurred
		}
	case e.Kind == desk.EventAnswered && e.Answers == 1:
		c.opened, c.answered = e.Opened, e.Occurred
		if c.opened.IsZero() {
			c.opened = e.Occurred.Add(-e.FirstWait)
		}
	case e.Kind == desk.EventSolved && e.Answers == 0 && known:
		c.closed = e.Occurred
	default:
		return
	}
	c.mailbox = e.Mailbox
	a[e.Conversation] = c
}

// waiting adds who waits now, and tells each mailbox how many they are.
func (s *Service) waiting(ctx context.Context, a askers) (map[string]letters.Waiting, error) {
	out := map[string]letters.Waiting{}
	err := s.Store.Waiting(ctx, func(c desk.Conversation) error {
		since, _ := c.Waits()
		w := out[c.Mailbox]
		w.Customers++
		if w.Since.IsZero() || since.Before(w.Since) {
			w.Since = since
		}
		out[c.Mailbox] = w
		if _, known := a[c.ID]; !known && c.Answers == 0 {
			a[c.ID] = asked{mailbox: c.Mailbox, opened: c.Opened}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("looking who waits: %w", err)
	}
	return out, nil
}

// survive is how long a mailbox's customers waited for a first answer in a span,
// by working hours: everybody who waited in it counts, from when they were there.
func (a askers) survive(mailbox string, hours *calendar.Hours, from, to time.Time) measure.Survival {
	var waits []measure.Wait
	for _, c := range a {
		if c.mailbox != mailbox || !c.opened.Before(to) {
			continue
		}
		end, over := to, false
		if !c.answered.IsZero() && c.answered.Before(to) {
			end, over = c.answered, true
		} else if !c.closed.IsZero() && c.closed.Before(to) {
			end = c.closed
		}
		if end.Before(from) {
			continue
		}
		w := measure.Wait{Exit: hours.Between(c.opened, end), Over: over}
		if c.opened.Before(from) {
			w.Entry = hours.Between(c.opened, from)
		}
		waits = append(waits, w)
	}
	return measure.Survive(waits)
}

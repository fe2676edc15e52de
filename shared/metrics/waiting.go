package metrics

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/replywell/replywell/shared/calendar"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/measure"
	"github.com/replywell/replywell/shared/store"
)

// asked is one conversation on its way to its first answer.
type asked struct {
	mailbox          string
	opened, answered time.Time // answered is zero while it waits
	closed, reopened time.Time // the last of each, without an answer; zero otherwise
}

// askers are all conversations that are known to have waited for a first answer
// in the spans that were read, and those that wait now.
type askers map[desk.ConversationID]asked

// add takes in an event, in any order.
func (a askers) add(e desk.Event) {
	c := a[e.Conversation]
	switch {
	case e.Kind == desk.EventOpened:
		if c.opened.IsZero() {
			c.opened = e.Occurred
		}
	case e.Kind == desk.EventAnswered && e.Answers == 1: // a second time, where the first was split off
		if !c.answered.IsZero() && c.answered.Before(e.Occurred) {
			return
		}
		c.opened, c.answered = e.Opened, e.Occurred
		if c.opened.IsZero() {
			c.opened = e.Occurred.Add(-e.FirstWait)
		}
	case e.Answers > 0 || e.Opened.IsZero():
		return
	case e.Kind == desk.EventSolved:
		c.closed = later(c.closed, e.Occurred)
	case e.Kind == desk.EventReopened, e.Kind == desk.EventArranged && e.Detail == "undo-close":
		c.reopened = later(c.reopened, e.Occurred)
	default:
		return
	}
	if c.opened.IsZero() {
		c.opened = e.Opened
	}
	c.mailbox = e.Mailbox
	a[e.Conversation] = c
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// waiting adds who waits now, and tells each mailbox how many they are. Of who is not
// known to have got an answer, and does not wait, the conversation tells the rest.
func (s *Service) waiting(ctx context.Context, a askers) (map[string]letters.Waiting, error) {
	out, now := map[string]letters.Waiting{}, map[desk.ConversationID]bool{}
	err := s.Store.Waiting(ctx, func(c desk.Conversation) error {
		since, _ := c.Waits()
		w := out[c.Mailbox]
		w.Customers++
		if w.Since.IsZero() || since.Before(w.Since) {
			w.Since = since
		}
		out[c.Mailbox], now[c.ID] = w, true
		a.settle(c)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("looking who waits: %w", err)
	}
	for id, c := range a {
		if now[id] || !c.answered.IsZero() || c.closed.After(c.reopened) {
			continue
		}
		conv, err := s.Store.Itself(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("looking whether somebody waits: %w", err)
		}
		a.settle(conv)
	}
	return out, nil
}

// settle takes from a conversation what its events did not say: that it was joined
// into another, which counts alone, or got its first answer with a join or a split.
func (a askers) settle(conv desk.Conversation) {
	c, known := a[conv.ID]
	switch {
	case conv.Into != "":
		delete(a, conv.ID)
		return
	case !known && conv.Answers > 0, !c.answered.IsZero():
		return
	case !known:
		c.mailbox, c.opened = conv.Mailbox, conv.Opened
	case !conv.FirstAnswer.IsZero():
		c.opened, c.answered = conv.Opened, conv.FirstAnswer
	}
	a[conv.ID] = c
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
		} else if !c.closed.IsZero() && c.closed.Before(to) && !(c.reopened.After(c.closed) && c.reopened.Before(to)) {
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

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
	"github.com/replywell/replywell/shared/waiting"
)

// asked is one conversation on its way to its first answer. Times are in milliseconds
// since 1970, for there may be a million of them; 0 is none.
type asked struct {
	opened, answered int64 // answered is 0 while it waits
	closed, reopened int64 // the last of each, without an answer
}

// askers are all conversations of a mailbox that are known to have waited for a first
// answer in the spans that were read, and those that wait now.
type askers map[uint64]asked

// everybody has the askers of each mailbox, and the ids of those of whom something
// else must tell whether they got an answer.
type everybody struct {
	boxes map[string]askers
	open  map[uint64]desk.ConversationID
}

func newEverybody() everybody {
	return everybody{boxes: map[string]askers{}, open: map[uint64]desk.ConversationID{}}
}

func (p everybody) of(mailbox string) askers {
	a := p.boxes[mailbox]
	if a == nil {
		a = askers{}
		p.boxes[mailbox] = a
	}
	return a
}

func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func at(ms int64) time.Time { return time.UnixMilli(ms) }

// add takes in an event, in any order.
func (p everybody) add(e desk.Event) {
	first := e.Kind == desk.EventAnswered && e.Answers == 1
	if !first && e.Kind != desk.EventOpened && (e.Answers > 0 || e.Opened.IsZero()) {
		return
	}
	a, id := p.of(e.Mailbox), e.Conversation.Number()
	c := a[id]
	switch {
	case e.Kind == desk.EventOpened:
		if c.opened == 0 {
			c.opened = ms(e.Occurred)
		}
	case first: // a second time, where the first was split off
		if c.answered != 0 && c.answered < ms(e.Occurred) {
			return
		}
		c.opened, c.answered = ms(e.Opened), ms(e.Occurred)
		if c.opened == 0 {
			c.opened = ms(e.Occurred.Add(-e.FirstWait))
		}
	case e.Kind == desk.EventSolved:
		c.closed = max(c.closed, ms(e.Occurred))
	case e.Kind == desk.EventReopened:
		c.closed, c.reopened = max(c.closed, ms(e.SolvedBefore)), max(c.reopened, ms(e.Occurred))
	case e.Kind == desk.EventArranged && e.Detail == desk.UndoneClose:
		c.reopened = max(c.reopened, ms(e.Occurred))
	default:
		return
	}
	if c.opened == 0 {
		c.opened = ms(e.Opened)
	}
	a[id] = c
	if c.answered != 0 || c.closed > c.reopened {
		delete(p.open, id)
	} else {
		p.open[id] = e.Conversation
	}
}

// waiting adds who waits now, and tells each mailbox how many they are. Of who is not
// known to have got an answer, and does not wait, the conversation tells the rest.
func (s *Service) waiting(ctx context.Context, settings *desk.Settings, p everybody, also func(c desk.Conversation, since time.Time)) (map[string]letters.Waiting, map[string]*whoWaits, error) {
	out, now, who := map[string]letters.Waiting{}, map[uint64]bool{}, map[string]*whoWaits{}
	today := s.Now().In(zone(settings))
	tonight := time.Date(today.Year(), today.Month(), today.Day()+1, 0, 0, 0, 0, today.Location())
	err := s.Store.Waiting(ctx, func(c desk.Conversation) error {
		since, _ := c.Waits()
		w := out[c.Mailbox]
		w.Customers++
		if who[c.Mailbox] == nil {
			who[c.Mailbox] = &whoWaits{}
		}
		who[c.Mailbox].all.Add(c.ID.Number(), -ms(since))
		switch promise, promised := waiting.PromiseOf(settings, c); {
		case !promised:
		case promise.Late(s.Now()):
			w.Late++
			who[c.Mailbox].promised.Add(c.ID.Number(), -ms(promise.Due))
		case promise.Due.Before(tonight):
			w.PromisedDay++
			who[c.Mailbox].promised.Add(c.ID.Number(), -ms(promise.Due))
		}
		if w.Since.IsZero() || since.Before(w.Since) {
			w.Since = since
		}
		out[c.Mailbox], now[c.ID.Number()] = w, true
		also(c, since)
		p.settle(c)
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("looking who waits: %w", err)
	}
	for id, conversation := range p.open {
		if now[id] {
			continue
		}
		conv, err := s.Store.Itself(ctx, conversation)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("looking whether somebody waits: %w", err)
		}
		p.settle(conv)
	}
	return out, who, nil
}

// whoWaits are some of those who wait: who has waited longest, and whose promise is
// over or ends today.
type whoWaits struct{ all, promised desk.Longest }

// settle takes from a conversation what its events did not say: that it was joined
// into another, which counts alone, is no customer's, or got its first answer with a join or a split.
func (p everybody) settle(conv desk.Conversation) {
	a, id := p.of(conv.Mailbox), conv.ID.Number()
	c, known := a[id]
	switch {
	case conv.Into != "" || conv.Aside.Why != "":
		delete(a, id)
		return
	case !known && conv.Answers > 0, c.answered != 0:
		return
	case !known:
		c.opened = ms(conv.Opened)
	case !conv.FirstAnswer.IsZero():
		c.opened, c.answered = ms(conv.Opened), ms(conv.FirstAnswer)
	}
	a[id] = c
}

// ended is when the wait for a first answer ended, or at the end of the span; over says
// that there was an answer. ok is false of who did not wait in the span.
func (c asked) ended(begin, stop int64) (end int64, over, ok bool) {
	end = stop
	if c.answered != 0 && c.answered < stop {
		end, over = c.answered, true
	} else if c.closed != 0 && c.closed < stop && !(c.reopened > c.closed && c.reopened < stop) {
		end = c.closed
	}
	return end, over, c.opened < stop && end >= begin
}

// waits are how long a mailbox's customers waited for a first answer in a span, by
// working hours: everybody who waited in it counts, from when they were there.
func (a askers) waits(hours *calendar.Hours, from, to time.Time) (waits []measure.Wait) {
	begin, stop := ms(from), ms(to)
	for _, c := range a {
		end, over, ok := c.ended(begin, stop)
		if !ok {
			continue
		}
		w := measure.Wait{Exit: hours.Between(at(c.opened), at(end)), Over: over}
		if c.opened < begin {
			w.Entry = hours.Between(at(c.opened), from)
		}
		waits = append(waits, w)
	}
	return waits
}

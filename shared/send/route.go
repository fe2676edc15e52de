package send

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// pause keeps this process from handing over mail while nothing gets through:
// what waits is neither claimed nor counted, and one mail at a time finds out
// whether the way is open again.
type pause struct {
	mu    sync.Mutex
	until time.Time
	step  time.Duration
}

// The length of a pause: the first one, doubled until it is the longest.
const (
	firstPause = 5 * time.Second
	mostPause  = 5 * time.Minute
)

func (p *pause) on(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.holds(now)
}

// holds reports whether a pause has not ended. One that would last longer than
// any was begun by a clock that was ahead.
func (p *pause) holds(now time.Time) bool {
	return now.Before(p.until) && p.until.Sub(now) <= mostPause
}

// begin pauses, longer each time. Several mails that met the same trouble at
// once are one time.
func (p *pause) begin(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.holds(now) {
		return
	}
	p.step = min(max(firstPause, 2*p.step), mostPause)
	p.until = now.Add(p.step)
}

func (p *pause) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until, p.step = time.Time{}, 0
}

// widespread notes a refusal, and reports whether it is said to recipients of so
// many domains that the route says it. What cannot be read or noted decides nothing.
func (s *Service) widespread(ctx context.Context, item desk.OutboxItem, e *delivery.Error, sure bool) bool {
	found := false
	s.note(ctx, func(r *store.Route) bool {
		found = false
		for _, this := range refusals(item, e, sure, s.Now()) {
			found = found || delivery.Widespread(this, r.Refusals)
			r.Refusals = append(r.Refusals, this)
		}
		return true
	})
	return found
}

// refusals are the recipients that an error refuses, each with the words that
// were said to it.
func refusals(item desk.OutboxItem, e *delivery.Error, sure bool, now time.Time) (out []delivery.Refusal) {
	for _, r := range e.Refused {
		out = append(out, delivery.Refusal{Words: delivery.Words(r.Response), Domain: domainOf(r.Address), Sure: sure, At: now})
	}
	for i := 0; i < len(item.To) && len(e.Refused) == 0; i++ {
		out = append(out, delivery.Refusal{Words: delivery.Words(e.Response), Domain: domainOf(item.To[i]), Sure: sure, At: now})
	}
	return out
}

func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// note changes what is known of the route. It is a help and no condition: where
// it cannot be written, mail goes its way as well.
func (s *Service) note(ctx context.Context, change func(*store.Route) bool) {
	for range 5 {
		r, err := s.Store.Route(ctx)
		if err == nil {
			if !change(&r) {
				return
			}
			err = s.Store.SetRoute(ctx, &r)
		}
		if err == nil {
			return
		}
		if !errors.Is(err, store.ErrConflict) {
			s.log().Warn("what is known of the way out could not be noted", "error", unaddressed(err.Error()))
			return
		}
	}
}

// The times at which the leads are told of trouble, after its beginning; from
// the second one on, each day.
const (
	routeTold  = time.Hour
	routeAgain = 24 * time.Hour
	noteEvery  = time.Minute // how often lasting trouble is noted at most
)

// trouble notes that the route has trouble, in the log once while it lasts, and
// tells the leads when it has lasted for an hour: one mail, however many wait.
// It leaves when something gets through again, and then says what was.
func (s *Service) trouble(ctx context.Context, settings *desk.Settings, e *delivery.Error) {
	now, words := s.Now(), clip(e.Error())
	var tell store.Route
	begins := false
	s.note(ctx, func(r *store.Route) bool {
		tell, begins = store.Route{}, !r.Troubled(now)
		if begins {
			r.Since, r.Told, r.Last = now, 0, time.Time{}
		}
		due := now.Sub(r.Since) >= routeTold+time.Duration(r.Told)*routeAgain
		if !due && now.Sub(r.Last) < noteEvery {
			return false
		}
		r.Last, r.Words = now, words
		if due {
			r.Told++
			tell = *r
		}
		return true
	})
	if begins {
		s.log().Error("mail cannot leave; it waits and is tried again", "error", unaddressed(words))
	}
	if tell.Told > 0 {
		if err := s.tellRoute(ctx, settings, tell, e); err != nil {
			s.log().Error("nobody could be told that mail cannot leave", "error", unaddressed(err.Error()))
		}
	}
}

// tellRoute puts one alert for each lead into the outbox.
func (s *Service) tellRoute(ctx context.Context, settings *desk.Settings, r store.Route, e *delivery.Error) error {
	waits, answers, err := s.waiting(ctx, settings)
	if err != nil {
		return err
	}
	w := letters.Writer{Settings: settings, Keys: s.Keys, Now: s.Now()}
	since, times := r.Since.UTC().Format(time.RFC3339), fmt.Sprint(r.Told)
	next := "Nothing is to be done for the mails themselves: each of them leaves when the way is open again. " +
		"If this mail is old when you read it, it has waited as well, and the trouble is over, at least for you."
	if e.Advice != "" {
		next = "What can be done: " + e.Advice + ". " + next
	}
	var ready []letters.Ready
	for _, lead := range settings.Leads() {
		l, err := w.Alert(desk.DerivedID("route trouble", since, times, lead.ID), lead, settings.Mailboxes[0], letters.Alert{
			Title: "Mail could not leave since " + w.When(r.Since),
			Text: fmt.Sprintf("Our way out for mail has trouble. At %s, %s: %s to customers, the others to your team.",
				w.When(s.Now()), page.Count(waits, "mail waited", "mails waited"), page.Count(answers, "answer", "answers")),
			Next: next, Said: e.Detailed()})
		if err != nil {
			return err
		}
		ready = append(ready, l)
	}
	return s.recorder().Commit(ctx, &store.Change{}, ready, s.Now(), desk.Occasion("route", since+" "+times))
}

// mostCounted bounds what is counted of one lane.
const mostCounted = 500

// waiting counts what is in the outbox, and the answers of it.
func (s *Service) waiting(ctx context.Context, settings *desk.Settings) (all, answers int, err error) {
	for _, lane := range store.Lanes(settings.Agents) {
		items, err := s.Store.DueOutbox(ctx, lane, s.Now().Add(desk.RouteWait), mostCounted)
		if err != nil {
			return 0, 0, err
		}
		all += len(items)
		for _, item := range items {
			if item.Kind == desk.OutboxAnswer {
				answers++
			}
		}
	}
	return all, answers, nil
}

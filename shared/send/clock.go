package send

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/waiting"
)

// A clock that was ahead for a moment puts off what was put back or claimed
// meanwhile for as long as it was ahead. So it is looked for what is due later
// than anything that is put back can be, and that is made due as it would be by
// the clock as it is now. The same goes for what was recorded meanwhile. What a
// person or a rule gave a date by a clock that was right keeps it.

const (
	aheadEvery = time.Minute // how often it is looked for
	aheadMost  = 200         // how many of a lane are looked at
	// clockSkew is how far the clocks of two machines may be apart without either being
	// wrong.
	clockSkew = time.Minute
	// mostRetry bounds what a carrier may ask to wait.
	mostRetry = 24 * time.Hour
)

// looked says when something was last done, by a clock that may jump.
type looked struct {
	mu   sync.Mutex
	last time.Time
}

// again reports whether it is time, and notes that it was done.
func (l *looked) again(now time.Time, every time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if since := now.Sub(l.last); since >= 0 && since < every {
		return false
	}
	l.last = now
	return true
}

// bounded gives when an item that was put back or claimed is due at the latest,
// and when it is to be due if that is passed. put is false for what was not.
func bounded(item desk.OutboxItem, p desk.NotificationPolicy, now time.Time) (latest, then time.Time, put bool) {
	switch {
	case item.State == desk.OutboxPending && item.Attempts == 0 && item.Created.After(now.Add(clockSkew)):
		// It was recorded by a clock that was ahead, and is to wait as long as was meant.
		due := now.Add(max(0, item.NotBefore.Sub(item.Created)))
		return due, due, true
	case item.State == desk.OutboxSending:
		return now.Add(ConfirmWait), now.Add(Lease), true
	case item.State != desk.OutboxPending:
		return now, now, false
	case item.PutOff:
		return now.Add(max(p.Window, waiting.DigestEvery)), now, true
	case item.Refused > 0 && item.Tries() == 0:
		return now.Add(desk.RefusedWait), now.Add(desk.RefusedWait), true
	case item.Attempts > 0 && item.LastError != "":
		return now.Add(mostRetry), now.Add(desk.Backoff(max(1, item.Tries()))), true
	}
	return now, now, false
}

// pullIn makes due what a clock that was ahead put off.
func (s *Service) pullIn(ctx context.Context, settings *desk.Settings, lanes []string) error {
	now := s.Now()
	if !s.aheadLooked.again(now, aheadEvery) {
		return nil
	}
	var errs []error
	for _, lane := range lanes {
		items, err := s.Store.OutboxAfter(ctx, lane, now.Add(min(Lease, settings.Notifications.Window)), aheadMost)
		errs = append(errs, err)
		now := s.Now() // who claimed one meanwhile did so by a clock that is no further than this
		for _, item := range items {
			latest, then, put := bounded(item, settings.Notifications, now)
			if !put || !item.NotBefore.After(latest.Add(clockSkew)) {
				continue
			}
			s.log().Warn("an outgoing mail was put off by a clock that was ahead; it is due again", "outbox", item.ID, "was", item.NotBefore)
			item.NotBefore = then
			if err := s.commit(ctx, &store.Change{Outbox: []*desk.OutboxItem{&item}}); err != nil && !errors.Is(err, store.ErrConflict) {
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}

// rateFresh is how long the carrier's rate is believed before it is asked again.
const rateFresh = 10 * time.Minute

// limit keeps sending at the carrier's rate. It is this process's share only:
// how many processes there are is bounded where they are started.
type limit struct {
	mu      sync.Mutex
	limiter *rate.Limiter
	asked   time.Time
}

// wait returns when one more mail may be handed over.
func (l *limit) wait(ctx context.Context, c Carrier, now time.Time) error {
	limiter, err := l.current(ctx, c, now)
	if err != nil {
		return err
	}
	if err := limiter.Wait(ctx); err != nil {
		return fmt.Errorf("waiting for the sending rate: %w", err)
	}
	return nil
}

func (l *limit) current(ctx context.Context, c Carrier, now time.Time) (*rate.Limiter, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.limiter != nil && now.Sub(l.asked) < rateFresh {
		return l.limiter, nil
	}
	perSecond, err := c.Rate(ctx)
	switch {
	case err != nil && l.limiter != nil:
		return l.limiter, nil // the rate known before is the better guess
	case err != nil:
		return nil, fmt.Errorf("asking the carrier for its rate: %w", err)
	case perSecond <= 0:
		return nil, fmt.Errorf("the carrier takes no mail at present: its rate is %g a second", perSecond)
	}
	most, burst := rate.Limit(perSecond), int(min(perSecond, math.MaxInt32))
	if math.IsInf(perSecond, 1) {
		most = rate.Inf
	}
	if l.limiter == nil {
		l.limiter = rate.NewLimiter(most, max(1, burst))
	} else {
		l.limiter.SetLimit(most)
		l.limiter.SetBurst(max(1, burst))
	}
	l.asked = now
	return l.limiter, nil
}

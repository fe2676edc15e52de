package send

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

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

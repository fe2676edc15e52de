package waiting

import (
	"time"

	"github.com/replywell/replywell/shared/calendar"
	"github.com/replywell/replywell/shared/desk"
)

// Bounds of how long before a promise is broken somebody is reminded, in working time.
const (
	leastNotice = 10 * time.Minute
	mostNotice  = 2 * time.Hour
)

// Promise is what one who waits was promised.
type Promise struct {
	Since  time.Time // the wait's beginning
	Due    time.Time // by when an answer is to leave
	Remind time.Time // when somebody is reminded of it; not after Due
	Tier   string    // Tier.Name whose time it is; "" is everybody's
}

// Late reports whether the promise is broken at a time.
func (p Promise) Late(at time.Time) bool { return at.After(p.Due) }

// PromiseOf gives what the customer of a conversation was promised; not ok where
// nobody waits, or nothing is promised.
func PromiseOf(s *desk.Settings, c desk.Conversation) (p Promise, ok bool) {
	since, waits := c.Waits()
	mb, known := s.Mailbox(c.Mailbox)
	if !waits || !known {
		return Promise{}, false
	}
	within := mb.Within
	if t, in := s.TierFor(c); in && mb.Tiers[t.ID] > 0 {
		within, p.Tier = mb.Tiers[t.ID], t.Name
	}
	if within <= 0 {
		return Promise{}, false
	}
	h := calendar.For(s.HoursOf(mb))
	p.Since, p.Due = since, After(h, since, within)
	working := h.Between(since, p.Due)
	p.Remind = h.After(since, working-min(max(working/4, leastNotice), mostNotice, working))
	if next, _, ok := h.Shift(p.Remind); ok && next.After(p.Remind) && !next.After(p.Due) {
		p.Remind = next // not when everybody leaves
	}
	return p, true
}

// After is the moment at which a promised time has passed: whole days are working
// days, all else is working time.
func After(h *calendar.Hours, since time.Time, within time.Duration) time.Time {
	const day = 24 * time.Hour
	if within >= day && within%day == 0 && !h.RoundTheClock() {
		return h.AfterDays(since, int(within/day))
	}
	return h.After(since, within)
}

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

// warned is how long before a customer is asked the agent is told of it: a working day.
const warned = 24 * time.Hour

// FollowUp is what is done with a conversation of which an agent says at a time that
// it waits for the customer; none where the mailbox does not follow up. All of it
// falls into working hours.
func FollowUp(s *desk.Settings, mb desk.Mailbox, by desk.Agent, at time.Time) desk.Pending {
	if mb.FollowUp <= 0 || mb.Closes <= 0 {
		return desk.Pending{}
	}
	h := calendar.For(s.HoursOf(mb))
	p := desk.Pending{By: by.ID, Ask: After(h, at, mb.FollowUp)}
	p.Close = After(h, p.Ask, mb.Closes)
	// The last moment that lies a working day before, or half of the time where there is
	// less.
	p.Tell = at.Add(p.Ask.Sub(at) / 2)
	for back := range 14 {
		t := p.Ask.AddDate(0, 0, -back)
		if t.After(p.Tell) && !After(h, t, warned).After(p.Ask) {
			p.Tell = t
			break
		}
	}
	if from, _, ok := h.Shift(p.Tell); ok && from.After(p.Tell) && from.Before(p.Ask) {
		p.Tell = from
	}
	return p
}

// Together is when agents are told of what a customer writes about a cause that is not
// mended yet: with what others write about it, in one mail at the next full hour, and
// not so late that a promise breaks. The zero value is at once.
func Together(s *desk.Settings, c desk.Conversation, at time.Time) time.Time {
	next := at.Truncate(DigestEvery).Add(DigestEvery)
	if p, promised := PromiseOf(s, c); !c.Tied.Open() || promised && p.Remind.Before(next) {
		return time.Time{}
	}
	return next
}

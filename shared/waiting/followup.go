package waiting

import (
	"time"

	"github.com/replywell/replywell/shared/calendar"
	"github.com/replywell/replywell/shared/desk"
)

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

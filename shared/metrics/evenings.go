package metrics

import (
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
)

// shownEvenings is for how many moments a report says how many customers waited.
const shownEvenings = 6

// evenings count who waited at some moments, from what ended waiting after them: an
// answer says since when its customer had waited. Who waits still ends it later.
type evenings struct {
	times []time.Time
	boxes map[string][]int
}

// newEvenings are the moments up to the last one, so far apart.
func newEvenings(last time.Time, apart time.Duration) *evenings {
	e := &evenings{boxes: map[string][]int{}}
	for n := shownEvenings - 1; n >= 0; n-- {
		at := last.Add(time.Duration(-n) * apart)
		if apart%day == 0 { // at the same time of the team's day, also where clocks changed
			at = last.AddDate(0, 0, -n*int(apart/day))
		}
		e.times = append(e.times, at)
	}
	return e
}

func (v *evenings) add(e desk.Event) {
	since := e.Asked
	if since.IsZero() && e.Kind == desk.EventAnswered && e.Answers == 1 { // as earlier versions recorded it
		since = e.Opened
	}
	if !since.IsZero() {
		v.between(e.Mailbox, since, e.Occurred)
	}
}

// waits counts somebody who waits still.
func (v *evenings) waits(mailbox string, since time.Time) {
	v.between(mailbox, since, v.times[len(v.times)-1].Add(1))
}

func (v *evenings) between(mailbox string, since, until time.Time) {
	for i, at := range v.times {
		if since.After(at) || !until.After(at) {
			continue
		}
		if v.boxes[mailbox] == nil {
			v.boxes[mailbox] = make([]int, len(v.times))
		}
		v.boxes[mailbox][i]++
	}
}

// of gives what a report shows. Moments of one day are no evenings: there are none then.
func (v *evenings) of(mailbox string) (out []letters.Evening) {
	if v.times[1].Sub(v.times[0]) < 20*time.Hour { // a day has 23 where clocks change
		return nil
	}
	for i, at := range v.times {
		n := 0
		if counts := v.boxes[mailbox]; counts != nil {
			n = counts[i]
		}
		out = append(out, letters.Evening{At: at, Customers: n})
	}
	return out
}

package waiting

import (
	"time"

	"github.com/replywell/replywell/shared/desk"
)

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

package waiting

import (
	"cmp"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/priority"
)

// CaseOf is one who waits as package priority weighs them; not ok where nobody waits.
func CaseOf(s *desk.Settings, c desk.Conversation, at time.Time) (priority.Case, bool) {
	since, waits := c.Waits()
	mb, known := s.Mailbox(c.Mailbox)
	if !waits || !known {
		return priority.Case{}, false
	}
	h := hoursOf(s, mb)
	p := priority.Case{Waited: h.Between(since, at), Potential: c.Worth.Potential, Mood: c.Mood}
	if promise, ok := PromiseOf(s, c); ok {
		p.Promised = h.Between(promise.Since, promise.Due)
	}
	if !c.Worth.Since.IsZero() {
		p.Known = at.Sub(c.Worth.Since)
	}
	switch c.Priority {
	case desk.PriorityHigh:
		p.Word = 1
	case desk.PriorityLow:
		p.Word = -1
	}
	return p, true
}

// InOrder puts those who wait into the order of work, the first first.
func InOrder(s *desk.Settings, list []desk.Conversation, at time.Time) {
	score := map[desk.ConversationID]float64{}
	for _, c := range list {
		p, _ := CaseOf(s, c, at)
		score[c.ID] = p.Score()
	}
	slices.SortFunc(list, func(a, b desk.Conversation) int {
		since, _ := a.Waits()
		other, _ := b.Waits()
		return cmp.Or(cmp.Compare(score[b.ID], score[a.ID]), since.Compare(other), cmp.Compare(a.ID, b.ID))
	})
}

package waiting

import (
	"cmp"
	"hash/fnv"
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

// A Moment is a reason to do more for a customer than is asked, this once. "" is none.
type Moment string

// The moments, the weightiest first.
const (
	MomentBadTime Moment = "bad time"      // the customer comes back about one trouble
	MomentValued  Moment = "valued"        // a first mail, from a customer of high potential
	MomentLong    Moment = "long-standing" // a customer for years
	MomentFirst   Moment = "first contact"
)

// Bounds of moments. What is told in each mail is told in none: so a first contact, of
// which most mail is made, is drawn by lot, and so is a customer for years; nobody is
// told of the same customer again soon.
const (
	longStanding = 3 * 365 * 24 * time.Hour
	momentAgain  = 90 * 24 * time.Hour
	oneFirstIn   = 20
	oneLongIn    = 5
	troubled     = 3 // mails of the customer about one trouble
)

// Contact is what a moment is found by.
type Contact struct {
	Conversation desk.Conversation   // with the message
	Others       []desk.Conversation // of the customer, the latest first
	New          bool                // the message opened the conversation
	Reopened     bool                // it had been solved
	Proven       bool                // the customer wrote it for certain
	At           time.Time
}

// MomentOf finds whether a moment for more has come, and since when the customer has
// been one, where that is what it is about. It is the same whenever it is asked: the lot
// is the conversation's id.
func MomentOf(s *desk.Settings, x Contact) (m Moment, since time.Time) {
	c := x.Conversation
	switch {
	case !x.Proven || c.Customer.Address == "":
		return "", time.Time{}
	case x.Reopened, !x.New && c.CustomerMessages == troubled && c.Answers > 0:
		return MomentBadTime, time.Time{}
	case !x.New:
		return "", time.Time{}
	}
	since = c.Worth.Since
	if c.Worth.Copied != "" {
		since = time.Time{}
	}
	for _, o := range x.Others {
		if x.At.Sub(o.Opened) < momentAgain {
			return "", time.Time{}
		}
		if since.IsZero() || o.Opened.Before(since) {
			since = o.Opened
		}
	}
	switch lot := drawn(c.ID); {
	case len(x.Others) == 0 && c.Worth.Copied == "" && s.HighPotential(c.Worth):
		return MomentValued, time.Time{}
	case !since.IsZero() && x.At.Sub(since) >= longStanding && lot%oneLongIn == 0:
		return MomentLong, since
	case len(x.Others) == 0 && since.IsZero() && lot%oneFirstIn == 0:
		return MomentFirst, time.Time{}
	}
	return "", time.Time{}
}

func drawn(id desk.ConversationID) uint32 {
	h := fnv.New32a()
	h.Write([]byte("moment" + id))
	return h.Sum32() >> 4 // the low bits of FNV are not mixed well
}

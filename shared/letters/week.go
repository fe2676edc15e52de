package letters

import (
	"fmt"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/measure"
)

// Week is what a team is told of one week, each mailbox beside its week before.
type Week struct {
	From, To  time.Time // To is the moment after the last
	Mailboxes []WeekOfMailbox
	Benchmark float64    // exchanges per resolution that the team aims at; 0: none
	Gaps      []desk.Gap // topics that lack an article, the largest first
	// Span is what the time is called where it is no week, such as "hour", and Days
	// says which one it was.
	Span, Days string
}

// Quiet reports whether nothing happened, and nobody waits.
func (k Week) Quiet() bool {
	return !slices.ContainsFunc(k.Mailboxes, func(m WeekOfMailbox) bool {
		return m.Waiting.Customers+m.Now.Opened+m.Now.Solved+m.Now.Reopened+m.Now.Thanked+m.Now.Held+m.Seen > 0
	})
}

// span is what the time is called.
func (k Week) span() string {
	if k.Span != "" {
		return k.Span
	}
	return "week"
}

// WeekOfMailbox is one mailbox's week and the one before it.
type WeekOfMailbox struct {
	ID, Name     string
	Now, Earlier desk.Figures
	Waiting      Waiting // as the report is written
	// First is how long customers wait for a first answer, those who wait still
	// included, in working hours where the team has said its hours.
	First, FirstEarlier measure.Survival
	WorkingHours        bool
	// Evenings are how many customers waited for us at some moments, the last of them
	// the end of the span.
	Evenings []Evening
	Rises    []Rise // concerns of which there was more than their past lets expect
	Seen     int    // how many waited for a first answer
	// Wrong is what customers who had a bad time say of it, ThankedFor what others thanked for.
	Wrong, ThankedFor []Voice
	Hiding            []Hiding  // articles that answer a defect, the most sent first
	Customers         Customers // for whom it went wrong, and who was won back
	// Behind is what stands behind the figures, in their order.
	Behind []desk.Behind
	// Withheld says why what came of it is not told; "" where it is.
	Withheld string
}

// Evening is how many customers waited at a moment.
type Evening struct {
	At        time.Time
	Customers int
}

// Waiting is who waits for us, and since when the first of them; of how many what was
// promised is over, and of how many it will be today.
type Waiting struct {
	Customers         int
	Since             time.Time
	Late, PromisedDay int
}

// Rise is a concern of which more came than its own past lets expect.
type Rise struct {
	Topic    string // as a person would name it
	Article  string // its id, where the topic is what an article answers
	Mails    int
	Days     int       // in the last so many days of the span
	Expected float64   // so many were to be expected
	Owner    string    // the name of the department whose business it is; "" is nobody's
	Since    time.Time // the first of those days
	Examples []string  // what customers wrote, without what is a person's
	// Conversations are some of them, the newest first, or those that are the most like all.
	Conversations []desk.ConversationID
}

// Plus is both together.
func (x Waiting) Plus(o Waiting) Waiting {
	x.Customers, x.Late, x.PromisedDay = x.Customers+o.Customers, x.Late+o.Late, x.PromisedDay+o.PromisedDay
	if x.Since.IsZero() || !o.Since.IsZero() && o.Since.Before(x.Since) {
		x.Since = o.Since
	}
	return x
}

// waiting is who waits in all mailboxes.
func (k Week) waiting() (all Waiting) {
	for _, m := range k.Mailboxes {
		all = all.Plus(m.Waiting)
	}
	return all
}

// Evenings are how many waited in all mailboxes.
func (k Week) Evenings() (all []Evening) {
	for _, m := range k.Mailboxes {
		if all == nil {
			all = make([]Evening, len(m.Evenings))
		}
		for i, e := range m.Evenings {
			all[i].At = e.At
			all[i].Customers += e.Customers
		}
	}
	return all
}

// title names the week by its days.
func (k Week) title() string {
	if k.Days != "" {
		return k.Days
	}
	last := k.To.AddDate(0, 0, -1)
	return fmt.Sprintf("%s to %s", k.From.Format("2 January"), last.Format("2 January 2006"))
}

func (k Week) hours() string {
	if slices.ContainsFunc(k.Mailboxes, func(m WeekOfMailbox) bool { return m.WorkingHours }) {
		return "Times are working hours."
	}
	return ""
}

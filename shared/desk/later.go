package desk

import (
	"slices"
	"time"
)

// Falls is when something is to be done for the conversation next; zero is never.
// While it is put off, or is followed up, silence does not solve it.
func (c Conversation) Falls() time.Time {
	next := c.Due
	switch {
	case !c.Snoozed.Until.IsZero():
		next = c.Snoozed.Until
	case !c.Pending.Close.IsZero():
		next = earliest(c.Pending.Tell, c.Pending.Ask, c.Pending.Close)
	}
	for _, r := range c.Reminders {
		next = earliest(next, r.At)
	}
	for _, q := range c.Consulted {
		next = earliest(next, q.Remind)
	}
	return next
}

// Wait says that we wait for the customer from now on. solvedAfter is
// Settings.SolvedAfter; followed is what is done if they do not answer, and may be none.
func (c *Conversation) Wait(at time.Time, solvedAfter time.Duration, followed Pending) {
	c.State, c.Solved, c.Asked, c.Watch, c.Due = StateAnswered, time.Time{}, time.Time{}, time.Time{}, time.Time{}
	c.Snoozed, c.Pending = PutOff{}, followed
	if solvedAfter > 0 {
		c.Due = at.Add(solvedAfter)
	}
}

// Open says that it is our turn, from now on where it was not already.
func (c *Conversation) Open(at time.Time) {
	if c.State != StateOpen {
		if c.State == StateSolved {
			c.Reopened++
		}
		c.Asked = at
	}
	c.State, c.Solved, c.Due = StateOpen, time.Time{}, time.Time{}
	c.Snoozed, c.Pending = PutOff{}, Pending{}
}

// earliest is the first of the times that are not zero.
func earliest(times ...time.Time) (first time.Time) {
	for _, t := range times {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// Remind adds a reminder, and reports whether there was room for it.
func (c *Conversation) Remind(r Reminder) bool {
	if len(c.Reminders) >= MaxReminders {
		return false
	}
	c.Reminders = append(slices.Clip(c.Reminders), r)
	return true
}

// putOffTogether gives what of two that became one is put off: only what was put off
// in both, until the first of them. Reminders are an agent's own; all stay.
func (c *Conversation) putOffTogether(b Conversation) {
	if c.Snoozed.Until.IsZero() || b.Snoozed.Until.IsZero() {
		c.Snoozed = PutOff{}
	} else if b.Snoozed.Until.Before(c.Snoozed.Until) {
		c.Snoozed = b.Snoozed
	}
	c.Pending = Pending{}
	for _, r := range b.Reminders {
		c.Remind(r)
	}
	for _, q := range b.Consulted {
		c.Consult(q)
	}
}

// HandedOn gives the conversation to another agent, because whose it is cannot see to it;
// "" is nobody. gone: they never will, so what they put off and asked for is the other's.
func (c Conversation) HandedOn(to string, gone bool) Conversation {
	was := c.Owner
	c.HandTo(to)
	if !gone || to == "" {
		return c
	}
	if c.Snoozed.By == was {
		c.Snoozed.By = to
	}
	if c.Pending.By == was {
		c.Pending.By = to
	}
	c.Reminders = slices.Clone(c.Reminders)
	for i, r := range c.Reminders {
		if r.By == was {
			c.Reminders[i].By = to
		}
	}
	return c
}

// DefaultGrace is how long an answer waits before it leaves, where the settings do
// not say: long enough for whoever sees the slip while pressing Send.
const DefaultGrace = 2 * time.Minute

// MaxGrace bounds Mailbox.Grace: a customer waits for as long.
const MaxGrace = time.Hour

// maxLeaving bounds Conversation.Leaving. An agent who writes more within the grace
// time can take back the latest.
const maxLeaving = 10

// Turn is whose turn it is.
func (c Conversation) Turn() Turn {
	return Turn{c.State, c.Solved, c.Due, c.Watch, c.Asked, c.FirstAnswer, c.Owner, c.Handovers, c.Snoozed, c.Pending}
}

// Leave notes an answer that waits, and forgets those that do not wait any more.
func (c *Conversation) Leave(l Leaving, now time.Time) {
	waiting := slices.DeleteFunc(slices.Clone(c.Leaving), func(x Leaving) bool { return now.After(x.Until) })
	waiting = append(waiting, l)
	c.Leaving = waiting[max(0, len(waiting)-maxLeaving):]
}

// LeavingOf finds the answer that an outbox item carries among those that wait.
func (c Conversation) LeavingOf(outbox string) (Leaving, bool) {
	i := slices.IndexFunc(c.Leaving, func(l Leaving) bool { return l.Outbox == outbox })
	if i < 0 {
		return Leaving{}, false
	}
	return c.Leaving[i], true
}

// TakeBack is the conversation without an answer that did not leave, and the entry
// that hides it. Whose turn it is becomes what it was, unless something else has
// changed it since: another answer, a closing.
func (c Conversation) TakeBack(l Leaving, by string, at time.Time) (Conversation, Message) {
	i := slices.IndexFunc(c.Leaving, func(x Leaving) bool { return x.Outbox == l.Outbox })
	later := slices.Clone(c.Leaving[i+1:])
	c.Leaving = append(slices.Clone(c.Leaving[:i]), later...)
	switch {
	case len(later) > 0: // which answered in its place
		later[0].Before = l.Before
		for n := range later {
			later[n].Number--
		}
		copy(c.Leaving[i:], later)
		if l.Before.FirstAnswer.IsZero() {
			c.FirstAnswer = later[0].At
		}
	case c.Answers == l.Number && c.stands(l.After):
		c.State, c.Solved, c.Due, c.Watch, c.Asked = l.Before.State, l.Before.Solved, l.Before.Due, l.Before.Watch, l.Before.Asked
		if c.Snoozed == l.After.Snoozed && c.Pending == l.After.Pending {
			c.Snoozed, c.Pending = l.Before.Snoozed, l.Before.Pending
		}
		if c.Owner == l.After.Owner {
			c.Owner, c.Handovers = l.Before.Owner, c.Handovers-l.After.Handovers+l.Before.Handovers
		}
		c.FirstAnswer = l.Before.FirstAnswer
	case c.Answers == l.Number:
		c.FirstAnswer = l.Before.FirstAnswer
	}
	if !c.Tied.Told.Before(l.At) {
		c.Tied.Told = time.Time{} // what it told them did not leave
	}
	if l.Closing != "" {
		c.Forget(l.Closing)
	}
	c.Answers = max(0, c.Answers-1)
	c.Messages++
	c.Arranged = c.Messages
	c.Active(at)
	return c, Message{Conversation: c.ID, Sequence: c.Messages, Kind: KindArranged, Agent: by, At: at,
		Arranged: Arranged{Hidden: []Range{{l.Sequence, l.Sequence}}}}
}

// stands reports whether nothing has changed whose turn it is since.
func (c Conversation) stands(t Turn) bool {
	return c.State == t.State && c.Solved.Equal(t.Solved) && c.Due.Equal(t.Due) && c.Asked.Equal(t.Asked)
}

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

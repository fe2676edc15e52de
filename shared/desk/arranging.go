package desk

import (
	"cmp"
	"slices"
	"time"
)

// Halves are two conversations after an arrangement, with the entry that each
// has of it. An entry with the number 0 is none.
type Halves struct {
	This, Other           Conversation
	ThisEntry, OtherEntry Message
}

// Split makes a new conversation of the messages from the number `from` on.
// messages are all that c shows. y is the new one's id; a says who splits it
// and when.
func Split(c Conversation, messages []Message, from int, y ConversationID, a Arrangement, solvedAfter time.Duration) Halves {
	var stay, moved []Message
	for _, m := range said(messages) {
		if m.Sequence < from {
			stay = append(stay, m)
		} else {
			moved = append(moved, m)
		}
	}
	spans, moves := carry(moved, y, 1, "", a.ID)
	first := moved[0]
	other := Conversation{ID: y, Mailbox: c.Mailbox, Customer: c.Customer, Subject: first.Subject, State: StateOpen, Opened: first.At,
		Linked: []ConversationID{c.ID}, Messages: len(moved) + 1}
	if other.Subject == "" {
		other.Subject = c.Subject
	}
	other.Propose(c.Participants, sameAddress)
	other.recount(moved)
	other.turn(moved, solvedAfter)
	other.Arranged = other.Messages
	other.Did(Arrangement{ID: a.ID, Action: ActionSplit, By: a.By, At: a.At, Other: c.ID, First: 1, Last: len(moved)})

	a.Action, a.Other, a.Before = ActionSplit, y, c.Standing()
	solved := c.State == StateSolved
	c.Messages++
	c.Arranged = c.Messages
	c.Moves = append(slices.Clone(c.Moves), moves...)
	c.Linked = link(c.Linked, y)
	c.Leaving = slices.DeleteFunc(slices.Clone(c.Leaving), func(l Leaving) bool { return l.Sequence >= from }) // it leaves from there
	c.recount(stay)
	if !solved {
		c.turn(stay, solvedAfter)
	}
	c.Did(a)
	return Halves{c, other,
		Message{Conversation: c.ID, Sequence: c.Messages, Kind: KindArranged, Agent: a.By, At: a.At, Arranged: Arranged{Hidden: ranges(moves)}},
		Message{Conversation: y, Sequence: other.Messages, Kind: KindArranged, Agent: a.By, At: a.At, Arranged: Arranged{Included: spans}}}
}

// Merge joins b into c. messages are all that b shows. Both must have the same
// customer (SameCustomer): answers go where c's customer is.
func Merge(c, b Conversation, messages []Message, a Arrangement) Halves {
	messages = said(messages)
	spans, moves := carry(messages, c.ID, c.Messages+1, b.ID, a.ID)
	a.Action, a.Other, a.Before = ActionMerge, b.ID, c.Standing()
	a.First, a.Last = c.Messages+1, c.Messages+len(messages)
	c.Messages += len(messages) + 1
	c.Arranged = c.Messages
	c.CustomerMessages += b.CustomerMessages
	c.Answers += b.Answers
	c.Reopened += b.Reopened
	if b.Opened.Before(c.Opened) {
		c.Opened = b.Opened
	}
	if !b.FirstAnswer.IsZero() && (c.FirstAnswer.IsZero() || b.FirstAnswer.Before(c.FirstAnswer)) {
		c.FirstAnswer = b.FirstAnswer
	}
	if b.Activity.After(c.Activity) {
		c.Activity = b.Activity
		if b.Thread.Last != "" {
			c.Thread = b.Thread
		}
		if b.Owner != "" {
			c.Owner = b.Owner
		}
	}
	c.Priority, c.Topic = cmp.Or(c.Priority, b.Priority), cmp.Or(c.Topic, b.Topic)
	for _, t := range b.Tags {
		if !slices.Contains(c.Tags, t) && len(c.Tags) < MaxTags {
			c.Tags = append(slices.Clip(c.Tags), t)
		}
	}
	c.together(b)
	c.putOffTogether(b)
	c.Linked = link(c.Linked, append([]ConversationID{b.ID}, b.Linked...)...)
	c.Propose(append(slices.Clone(b.Participants), b.Proposed...), sameAddress)
	c.Did(a)

	b.Into, b.Due, b.Leaving = c.ID, time.Time{}, nil
	b.Snoozed, b.Reminders, b.Pending, b.Consulted = PutOff{}, nil, Pending{}, nil
	b.Moves = append(slices.Clone(b.Moves), moves...)
	return Halves{This: c, Other: b,
		ThisEntry: Message{Conversation: c.ID, Sequence: c.Messages, Kind: KindArranged, Agent: a.By, At: a.At, Arranged: Arranged{Included: spans}}}
}

// UndoSplit puts y's messages back into c, what came to y since as well.
// messages and others are all that c and y show.
func UndoSplit(c, y Conversation, messages, others []Message, a Arrangement, by string, at time.Time, solvedAfter time.Duration) Halves {
	moved := c.dropMoves(a.ID)
	last := 0
	for _, m := range moved {
		last = max(last, m.At+m.To-m.From)
	}
	var returned, since []Message
	for _, m := range said(others) {
		if m.Sequence <= last {
			returned = append(returned, m)
		} else {
			since = append(since, m)
		}
	}
	spans, moves := carry(since, c.ID, c.Messages+1, "", a.ID+"-undone")
	y.Into, y.Due = c.ID, time.Time{}
	c.putOffTogether(y)
	y.Snoozed, y.Reminders, y.Pending, y.Consulted = PutOff{}, nil, Pending{}, nil
	y.Moves = append(append(slices.Clone(y.Moves), back(moved, c.ID)...), moves...)
	y.Forget(a.ID)
	c.Forget(a.ID)
	c.Messages += len(since) + 1
	c.Arranged = c.Messages
	c.recount(slices.Concat(said(messages), returned, since))
	c.together(y)
	if c.State == StateAnswered && solvedAfter <= 0 {
		c.Due = time.Time{}
	}
	return Halves{This: c, Other: y,
		ThisEntry: Message{Conversation: c.ID, Sequence: c.Messages, Kind: KindArranged, Agent: by, At: at, Arranged: Arranged{Restored: ranges(moved), Included: spans}}}
}

// UndoMerge takes b out of c again, with what came since and belongs to it by
// its evidence (Message.Part). messages are all that c shows.
func UndoMerge(c, b Conversation, messages []Message, a Arrangement, by string, at time.Time, solvedAfter time.Duration) Halves {
	var own, parted, since []Message
	for _, m := range said(messages) {
		if m.Part != b.ID {
			own = append(own, m)
			continue
		}
		parted = append(parted, m)
		if m.Sequence > a.Last {
			since = append(since, m)
		}
	}
	led := back(b.dropMoves(a.ID), b.ID)
	spans, moves := carry(since, b.ID, b.Messages+1, "", "")
	hidden := append(ranges(led), ranges(moves)...)
	closed := c.State == StateSolved && c.Solved.After(a.At)
	solved := c.Solved

	c.Forget(a.ID)
	c.Moves = append(append(slices.Clone(c.Moves), led...), moves...)
	c.Linked = link(c.Linked, b.ID)
	c.Messages++
	c.Arranged = c.Messages
	c.Opened, c.Reopened = a.Before.Opened, max(0, c.Reopened-b.Reopened)
	c.recount(own)
	c.since(own, a.At, a.Before, solvedAfter)

	b.Into = ""
	b.Linked = link(b.Linked, c.ID)
	b.Messages += len(since) + 1
	b.Arranged = b.Messages
	before := b.Standing()
	b.recount(parted)
	b.since(parted, a.At, before, solvedAfter)
	if before.State == StateAnswered && b.State == StateAnswered && b.Due.IsZero() {
		b.turn(parted, solvedAfter)
	}
	if closed {
		for _, x := range []*Conversation{&c, &b} {
			x.State, x.Solved, x.Due = StateSolved, solved, time.Time{}
		}
	}
	return Halves{c, b,
		Message{Conversation: c.ID, Sequence: c.Messages, Kind: KindArranged, Agent: by, At: at, Arranged: Arranged{Hidden: hidden}},
		Message{Conversation: b.ID, Sequence: b.Messages, Kind: KindArranged, Agent: by, At: at, Arranged: Arranged{Included: spans}}}
}

// Reopen takes a closing back.
func (c *Conversation) Reopen(a Arrangement) {
	c.Forget(a.ID)
	c.State, c.Solved, c.Due = a.Before.State, a.Before.Solved, a.Before.Due
}

// together gives the state of two that became one: who waits in one waits in both.
func (c *Conversation) together(b Conversation) {
	rank := map[State]int{StateSolved: 0, StateAnswered: 1, StateOpen: 2}
	if rank[b.State] > rank[c.State] {
		c.State = b.State
		c.Due = b.Due
	} else if b.State == c.State && b.Due.After(c.Due) {
		c.Due = b.Due
	}
	if c.State != StateAnswered {
		c.Due = time.Time{}
	}
	switch {
	case c.State != StateSolved:
		c.Solved = time.Time{}
	case b.Solved.After(c.Solved):
		c.Solved = b.Solved
	}
}

// since gives the state that the messages since a moment make, or the one before.
func (c *Conversation) since(messages []Message, at time.Time, before Standing, solvedAfter time.Duration) {
	if slices.ContainsFunc(messages, func(m Message) bool { return m.At.After(at) && m.turns() }) {
		c.turn(messages, solvedAfter)
		return
	}
	c.State, c.Solved, c.Due = before.State, before.Solved, before.Due
}

// turns reports whether the message changes whose turn it is.
func (m Message) turns() bool {
	return m.Kind == KindCustomer || m.Kind == KindAnswer || m.Kind == KindBounce
}

// turn says whose turn it is by the newest message.
func (c *Conversation) turn(messages []Message, solvedAfter time.Duration) {
	c.State, c.Solved, c.Due = StateAnswered, time.Time{}, time.Time{}
	var newest Message
	for _, m := range messages {
		if m.turns() && !m.At.Before(newest.At) {
			newest = m
		}
	}
	switch {
	case newest.Kind == KindCustomer || newest.Kind == KindBounce:
		c.State = StateOpen
	case newest.Kind == KindAnswer && solvedAfter > 0:
		c.Due = newest.At.Add(solvedAfter)
	}
}

// recount counts the messages that are shown here, and finds the thread that
// the customer's mail client needs.
func (c *Conversation) recount(messages []Message) {
	given := c.Owner // before anybody answered
	c.CustomerMessages, c.Answers, c.FirstAnswer, c.Owner, c.Thread = 0, 0, time.Time{}, "", Thread{}
	var last, answered, active time.Time
	var refs []string
	for _, m := range messages {
		if m.At.After(active) {
			active = m.At
		}
		switch m.Kind {
		case KindCustomer:
			c.CustomerMessages++
			if m.MessageID != "" {
				refs = append(refs, m.MessageID)
				if !m.At.Before(last) {
					last, c.Thread.Last = m.At, m.MessageID
				}
			}
		case KindAnswer:
			c.Answers++
			if c.FirstAnswer.IsZero() || m.At.Before(c.FirstAnswer) {
				c.FirstAnswer = m.At
			}
			if !m.At.Before(answered) {
				answered, c.Owner = m.At, m.Agent
			}
		}
	}
	if c.Owner == "" {
		c.Owner = given
	}
	if !active.IsZero() {
		c.Activity = active
	}
	if c.Thread.Last != "" {
		c.Thread.References = TrimReferences(append(refs, c.Thread.Last))
	}
}

func sameAddress(a, b string) bool { return asciiLower(a) == asciiLower(b) }

func link(list []ConversationID, more ...ConversationID) []ConversationID {
	const mostLinked = 50
	out := slices.Clone(list)
	for _, id := range more {
		if !slices.Contains(out, id) && len(out) < mostLinked {
			out = append(out, id)
		}
	}
	return out
}

// Details of an EventArranged: a conversation is counted no more, and again.
const (
	WentAside = "aside"
	NotAside  = "undo-aside"
)

// SetAside takes the conversation out of everybody's way. a notes it.
func (c *Conversation) SetAside(why string, a Arrangement) {
	a.Action, a.Before = ActionAside, c.Standing()
	c.Did(a)
	c.Aside = Aside{Why: why, By: a.By, At: a.At}
	c.Due, c.Watch, c.Snoozed, c.Pending, c.Reminders = time.Time{}, time.Time{}, PutOff{}, Pending{}, nil
}

// BringBack ends that, and gives the senders that were blocked with it. It is as it was:
// who waited does so since then.
func (c *Conversation) BringBack() (blocked []string) {
	c.Aside = Aside{}
	for i := len(c.Done) - 1; i >= 0; i-- {
		if a := c.Done[i]; a.Action == ActionAside {
			c.Done = slices.Delete(slices.Clone(c.Done), i, i+1)
			c.Due = a.Before.Due
			return a.Blocked
		}
	}
	return nil
}

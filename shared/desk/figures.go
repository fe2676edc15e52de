package desk

// Figures are what a mailbox's team is told of a span of time. They are
// aggregate: nothing in them is about a single agent or customer.
type Figures struct {
	Mailbox string
	// Opened, Solved, SolvedAtFirst and Reopened count conversations. Solved are
	// those that were solved in the span and not reopened by its end;
	// SolvedAtFirst are those of them that took one answer.
	Opened, Solved, SolvedAtFirst, Reopened int
	// Exchanges is the mean number of exchanges of the solved ones; 0 if there are none.
	Exchanges float64
	// Offered counts messages that came to agents with suggestions; Sent, answers with an article in them.
	Offered, Sent int
	// Answered counts answers to messages that came with suggestions; Accepted,
	// those of them that hold one; CameBack, customers who asked on about what an article had answered.
	Answered, Accepted, CameBack int
	// Bounced counts answers that did not reach the customer; Held, mails kept for a person to look at.
	Bounced, Held int
	// Thanked counts mails of customers that did nothing but thank.
	Thanked int
}

// Tally folds events into Figures. The zero value is ready. The order of
// events does not matter, and an event that is added twice counts once.
type Tally struct {
	seen  map[string]bool
	boxes map[string]*boxTally
}

type boxTally struct {
	figures Figures
	ends    map[ConversationID]Event // the last solved or reopened event of each conversation
	back    map[ConversationID]bool  // those that were reopened
}

// Add takes in one event.
func (t *Tally) Add(e Event) {
	if t.seen == nil {
		t.seen, t.boxes = map[string]bool{}, map[string]*boxTally{}
	}
	if t.seen[e.ID] {
		return
	}
	t.seen[e.ID] = true
	b := t.boxes[e.Mailbox]
	if b == nil {
		b = &boxTally{figures: Figures{Mailbox: e.Mailbox}, ends: map[ConversationID]Event{}, back: map[ConversationID]bool{}}
		t.boxes[e.Mailbox] = b
	}
	f := &b.figures
	f.react(e)
	switch e.Kind {
	case EventOpened:
		f.Opened++
	case EventReopened:
		b.back[e.Conversation] = true
		b.end(e)
	case EventSolved:
		b.end(e)
	case EventArranged:
		if e.Detail == "undo-close" { // it is not solved any more, and nobody came back
			b.end(e)
		}
	case EventSuggested:
		f.Offered++
	case EventArticleSent:
		f.Sent++
	case EventBounced:
		f.Bounced++
	case EventHeld:
		f.Held++
	case EventThanked:
		f.Thanked++
	}
}

// react counts what became of suggestions.
func (f *Figures) react(e Event) {
	offered, accepted, back := false, false, false
	for _, r := range e.Reactions {
		back = back || r.Kind == CameBack
		if r.Confidence > 0 {
			offered = true
			accepted = accepted || r.Kind == SentAsIs || r.Kind == SentChanged
		}
	}
	if offered {
		f.Answered++
	}
	if accepted {
		f.Accepted++
	}
	if back {
		f.CameBack++
	}
}

// end keeps the later of two ends. Sequence decides where times are equal.
func (b *boxTally) end(e Event) {
	last, ok := b.ends[e.Conversation]
	if !ok || e.Recorded.After(last.Recorded) || e.Recorded.Equal(last.Recorded) && e.Sequence >= last.Sequence {
		b.ends[e.Conversation] = e
	}
}

// Mailbox gives the figures of one mailbox; without events they are all zero.
func (t *Tally) Mailbox(id string) Figures {
	b := t.boxes[id]
	if b == nil {
		return Figures{Mailbox: id}
	}
	f := b.figures
	f.Reopened = len(b.back)
	exchanges := 0
	for _, e := range b.ends {
		if e.Kind != EventSolved {
			continue
		}
		f.Solved++
		exchanges += e.Exchanges
		if e.Answers == 1 && e.Reopened == 0 {
			f.SolvedAtFirst++
		}
	}
	if f.Solved > 0 {
		f.Exchanges = float64(exchanges) / float64(f.Solved)
	}
	return f
}

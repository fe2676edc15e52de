package desk

import "time"

// Figures are what a mailbox's team is told of a span of time. They are
// aggregate: nothing in them is about a single agent or customer.
type Figures struct {
	Mailbox string
	// Opened, Solved, SolvedAtFirst and Reopened count conversations. Solved are
	// those that were solved in the span and not reopened by its end;
	// SolvedAtFirst are those of them that took one answer.
	Opened, Solved, SolvedAtFirst, Reopened int
	// Watched counts what was solved in the span's time seven days earlier, so that
	// seven days are over for each; Returned, those to which the customer came back
	// within them.
	Watched, Returned int
	// Of the solved ones: how many exchanges each took, how many mails the customer
	// wrote (where that was recorded), and how many changed hands.
	Exchanges, Contacts Spread
	HandedOver          int
	// Offered counts messages that came to agents with suggestions; Sent, answers with an article in them.
	Offered, Sent int
	// Answered counts answers to messages that came with suggestions. Of them, AsIs
	// hold one as it is, Changed one after a change; Ignored hold none. OnDefect hold one in
	// a conversation that is tied to a cause: it answered what should not have happened, which
	// is no success of the article.
	Answered, AsIs, Changed, Ignored, OnDefect int
	// CameBack counts customers who asked on about what an article had answered.
	CameBack int
	// Bounced counts answers that did not reach the customer; Held, mails kept for a person to look at.
	Bounced, Held int
	// Thanked counts mails of customers that did nothing but thank.
	Thanked int
	// Said counts conversations of which the customer said whether it was solved; SaidSolved,
	// those where the last word was that it is.
	Said, SaidSolved int
}

// Accepted counts answers that hold an article that was offered.
func (f Figures) Accepted() int { return f.AsIs + f.Changed }

// Plus is both together.
func (f Figures) Plus(o Figures) Figures {
	f.Opened, f.Solved, f.SolvedAtFirst, f.Reopened = f.Opened+o.Opened, f.Solved+o.Solved, f.SolvedAtFirst+o.SolvedAtFirst, f.Reopened+o.Reopened
	f.Watched, f.Returned, f.HandedOver = f.Watched+o.Watched, f.Returned+o.Returned, f.HandedOver+o.HandedOver
	f.Exchanges, f.Contacts = f.Exchanges.plus(o.Exchanges), f.Contacts.plus(o.Contacts)
	f.Offered, f.Sent, f.Answered, f.CameBack = f.Offered+o.Offered, f.Sent+o.Sent, f.Answered+o.Answered, f.CameBack+o.CameBack
	f.OnDefect += o.OnDefect
	f.AsIs, f.Changed, f.Ignored = f.AsIs+o.AsIs, f.Changed+o.Changed, f.Ignored+o.Ignored
	f.Said, f.SaidSolved = f.Said+o.Said, f.SaidSolved+o.SaidSolved
	f.Bounced, f.Held, f.Thanked = f.Bounced+o.Bounced, f.Held+o.Held, f.Thanked+o.Thanked
	return f
}

func (s Spread) plus(o Spread) Spread {
	out := Spread{}
	for _, x := range []Spread{s, o} {
		for number, times := range x {
			out[number] += times
		}
	}
	return out
}

// Spread is how often each number came.
type Spread map[int]int

// Count is how many numbers there are.
func (s Spread) Count() (n int) {
	for _, times := range s {
		n += times
	}
	return n
}

// Mean is 0 of nothing.
func (s Spread) Mean() float64 {
	sum, n := 0, s.Count()
	for number, times := range s {
		sum += number * times
	}
	if n == 0 {
		return 0
	}
	return float64(sum) / float64(n)
}

// Above counts the numbers that are larger.
func (s Spread) Above(number int) (n int) {
	for k, times := range s {
		if k > number {
			n += times
		}
	}
	return n
}

// ReturnWithin is how long after it was solved a conversation is watched.
const ReturnWithin = 7 * 24 * time.Hour

// Tally folds events into the Figures of a span. Events are given each once and in
// the order in which they were recorded, from ReturnWithin before the span on; what
// is outside counts nothing.
type Tally struct {
	// Defects are the conversations, by number, that are tied to a cause which is not, or was
	// not, mended in the span.
	Defects  map[uint64]bool
	from, to time.Time
	boxes    map[string]*boxTally
}

// ArticleFate is what became of an article, or a template, that was sent in a span.
type ArticleFate struct {
	Sent   int // answers that hold it
	Back   int // customers who asked on about what it had answered
	Defect int // of Sent, those in conversations that are tied to a cause
}

// Plus is both together.
func (a ArticleFate) Plus(o ArticleFate) ArticleFate {
	return ArticleFate{a.Sent + o.Sent, a.Back + o.Back, a.Defect + o.Defect}
}

// NewTally begins the figures of what is recorded from the one moment up to the other.
func NewTally(from, to time.Time) *Tally {
	return &Tally{from: from, to: to, boxes: map[string]*boxTally{}}
}

type boxTally struct {
	figures Figures
	ends    map[uint64]end       // the last solved or reopened event of each conversation
	back    map[uint64]bool      // those that were reopened
	watched map[uint64]time.Time // those solved seven days before, and when
	said    map[uint64]bool      // whether it is solved, as the customer said last
	fates   map[string]ArticleFate
	drawn   map[string]*Draw // some of the conversations behind each figure
}

// end is what is kept of how a conversation ended: there may be a million of them.
type end struct {
	solved, handed                        bool
	answers, exchanges, contacts, reopens int32
}

// Add takes in one event.
func (t *Tally) Add(e Event) {
	if e.Recorded.Before(t.from.Add(-ReturnWithin)) || !e.Recorded.Before(t.to) {
		return
	}
	b := t.boxes[e.Mailbox]
	if b == nil {
		b = &boxTally{figures: Figures{Mailbox: e.Mailbox}, ends: map[uint64]end{}, back: map[uint64]bool{}, watched: map[uint64]time.Time{}, said: map[uint64]bool{}, fates: map[string]ArticleFate{}, drawn: map[string]*Draw{}}
		t.boxes[e.Mailbox] = b
	}
	b.watch(e, t.to.Add(-ReturnWithin))
	if e.Recorded.Before(t.from) {
		return
	}
	f := &b.figures
	defect := t.Defects[e.Conversation.Number()]
	b.fate(e, defect)
	if figure := f.react(e, defect); figure != "" {
		b.draw(figure, e)
	}
	switch e.Kind {
	case EventOpened:
		f.Opened++
		b.draw(FigureOpened, e)
	case EventReopened:
		b.back[e.Conversation.Number()] = true
		b.end(e)
	case EventSolved:
		b.end(e)
	case EventArranged:
		switch e.Detail {
		case UndoneClose: // it is not solved any more, and nobody came back
			b.end(e)
		case WentAside: // it was no concern
			b.apart(e, t.from, -1)
		case NotAside:
			b.apart(e, t.from, 1)
		}
	case EventSuggested:
		f.Offered++
	case EventArticleSent:
		f.Sent++
		b.draw(FigureArticleSent, e)
	case EventBounced:
		f.Bounced++
		b.draw(FigureBounced, e)
	case EventHeld:
		f.Held++
	case EventAnswered:
		b.draw(FigureAnswered, e)
	case EventThanked:
		f.Thanked++
		b.draw(FigureThanks, e)
	case EventRated:
		b.said[e.Conversation.Number()] = Rated(e.Detail) == RatedSolved
	}
}

func (b *boxTally) draw(figure string, e Event) {
	if b.drawn[figure] == nil {
		b.drawn[figure] = &Draw{}
	}
	b.drawn[figure].Add(e.Conversation.Number())
}

// UndoneClose is the Detail of an EventArranged that opened again what had been closed.
const UndoneClose = "undo-close"

// watch follows what was solved before the moment until it came back.
func (b *boxTally) watch(e Event, before time.Time) {
	solved := e.Kind == EventSolved && e.Recorded.Before(before)
	if !solved && e.Kind != EventReopened && (e.Kind != EventArranged || e.Detail != UndoneClose) {
		return
	}
	id := e.Conversation.Number()
	at, watched := b.watched[id]
	switch {
	case solved:
		b.watched[id] = e.Occurred
	case watched:
		delete(b.watched, id)
		if e.Kind == EventReopened {
			b.figures.Watched++
			if e.Occurred.Sub(at) <= ReturnWithin {
				b.figures.Returned++
				b.draw(FigureCameBack, e)
			}
		}
	}
}

// fate counts what became of articles.
func (b *boxTally) fate(e Event, defect bool) {
	if e.Kind == EventArticleSent {
		for _, id := range e.Articles {
			x := b.fates[id]
			x.Sent++
			if defect {
				x.Defect++
			}
			b.fates[id] = x
		}
	}
	for _, r := range e.Reactions {
		if r.Kind == CameBack {
			x := b.fates[r.Article]
			x.Back++
			b.fates[r.Article] = x
		}
	}
}

// Articles gives what became of each article in a mailbox, by its id.
func (t *Tally) Articles(mailbox string) map[string]ArticleFate {
	if b := t.boxes[mailbox]; b != nil {
		return b.fates
	}
	return nil
}

// react counts what became of suggestions, and names the figure that it counted.
func (f *Figures) react(e Event, defect bool) (figure string) {
	offered, asIs, changed, back := false, false, false, false
	for _, r := range e.Reactions {
		back = back || r.Kind == CameBack
		if r.Confidence > 0 {
			offered = true
			asIs = asIs || r.Kind == SentAsIs
			changed = changed || r.Kind == SentChanged
		}
	}
	if back {
		f.CameBack++
		figure = FigureAsked
	}
	if !offered {
		return figure
	}
	f.Answered++
	switch {
	case defect && (asIs || changed):
		f.OnDefect++
		return FigureOnDefect
	case asIs:
		f.AsIs++
		return FigureTaken
	case changed:
		f.Changed++
		return FigureChanged
	}
	f.Ignored++
	return FigureIgnored
}

// apart counts a conversation no more, or again, that is no concern.
func (b *boxTally) apart(e Event, from time.Time, n int) {
	if !e.Opened.Before(from) {
		b.figures.Opened = max(0, b.figures.Opened+n)
	}
	id := e.Conversation.Number()
	if n < 0 {
		delete(b.ends, id)
		delete(b.back, id)
		delete(b.watched, id)
	}
}

// end keeps the later of two ends.
func (b *boxTally) end(e Event) {
	b.ends[e.Conversation.Number()] = end{solved: e.Kind == EventSolved, handed: e.Handovers > 0,
		answers: int32(e.Answers), exchanges: int32(e.Exchanges), contacts: int32(e.Contacts), reopens: int32(e.Reopened)}
}

// Mailbox gives the figures of one mailbox; without events they are all zero.
func (t *Tally) Mailbox(id string) Figures {
	b := t.boxes[id]
	if b == nil {
		return Figures{Mailbox: id, Exchanges: Spread{}, Contacts: Spread{}}
	}
	f := b.figures
	f.Reopened = len(b.back)
	f.Watched += len(b.watched)
	f.Said = len(b.said)
	for _, solved := range b.said {
		if solved {
			f.SaidSolved++
		}
	}
	f.Exchanges, f.Contacts = Spread{}, Spread{}
	for _, e := range b.ends {
		if !e.solved {
			continue
		}
		f.Solved++
		f.Exchanges[int(e.exchanges)]++
		if e.contacts > 0 { // events of earlier versions do not say it
			f.Contacts[int(e.contacts)]++
		}
		if e.handed {
			f.HandedOver++
		}
		if e.answers == 1 && e.reopens == 0 {
			f.SolvedAtFirst++
		}
	}
	return f
}

// Behind gives some of the conversations behind each figure of a mailbox, by the
// figures' names.
func (t *Tally) Behind(mailbox string) map[string][]ConversationID {
	b := t.boxes[mailbox]
	if b == nil {
		return map[string][]ConversationID{}
	}
	var back, solved, more, handed, not Draw
	for number, solved := range b.said {
		if !solved {
			not.Add(number)
		}
	}
	for number := range b.back {
		back.Add(number)
	}
	var exchanges, contacts Longest
	for number, e := range b.ends {
		if !e.solved {
			continue
		}
		solved.Add(number)
		if e.answers != 1 || e.reopens != 0 {
			more.Add(number)
		}
		if e.handed {
			handed.Add(number)
		}
		exchanges.Add(number, int64(e.exchanges))
		contacts.Add(number, int64(e.contacts))
	}
	out := map[string][]ConversationID{FigureReopened: IDsOf(back), FigureSolved: IDsOf(solved), FigureNotAtFirst: IDsOf(more), FigureHands: IDsOf(handed), FigureSaid: IDsOf(not),
		FigureExchanges: IDsOf(exchanges.Numbers()), FigureContacts: IDsOf(contacts.Numbers())}
	for name, d := range b.drawn {
		out[name] = IDsOf(*d)
	}
	return out
}

package metrics_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// step is what was written down at one moment of a conversation's life.
type step struct {
	recorded time.Time
	events   []desk.Event
	after    desk.Conversation
}

// wait is a time in which a customer waited; until is zero while they wait still.
type wait struct{ since, until time.Time }

// life is a conversation as it really was, for whoever counts slowly.
type life struct {
	steps []step
	waits []wait
}

// lives makes so many days of plausible support life: quiet nights and weekends,
// customers who ask again before anybody answers, who come back, who only thank;
// agents who hand over, close with or without an answer, and close by mistake; mail
// that was held for days, and writes that came late.
func lives(rng *rand.Rand, from time.Time, days, perDay int, agents []string) []life {
	var out []life
	for d := range days {
		date := from.AddDate(0, 0, d)
		rate := float64(perDay) * (1 + 0.3*math.Sin(float64(d)/365*2*math.Pi))
		if wd := date.Weekday(); wd == time.Saturday || wd == time.Sunday {
			rate /= 3
		}
		for range int(rate + rng.Float64()) {
			hour := 8 + rng.NormFloat64()*4 + rng.Float64()*6
			at := date.Add(time.Duration(hour * float64(time.Hour))).Truncate(time.Microsecond)
			out = append(out, newLife(rng, at, len(out), agents))
		}
	}
	return out
}

type living struct {
	*life
	rng    *rand.Rand
	c      desk.Conversation
	last   time.Time // when the last step was recorded
	number int
	agents []string
}

func newLife(rng *rand.Rand, at time.Time, number int, agents []string) life {
	mailbox := "support"
	if rng.IntN(6) == 0 {
		mailbox = "billing"
	}
	l := &living{life: &life{}, rng: rng, number: number, agents: agents, last: at,
		c: desk.Conversation{ID: idOf(number), Mailbox: mailbox,
			Customer: desk.Person{Address: fmt.Sprintf("c%d@example.org", number%2000)}, Opened: at}}
	if number%11 == 0 {
		l.c.Tied = desk.Tied{Cause: "hamm", At: at}
	}
	if number%4 == 0 {
		l.c.Worth = desk.Worth{Potential: float64(number%97) / 97, Revenue: float64(number%31) * 1000}
	}
	held := time.Duration(0)
	if rng.IntN(60) == 0 {
		held = l.between(time.Hour, 5*24*time.Hour)
	}
	l.write(at, held)
	for round := 0; round < 5; round++ {
		if !l.answer() {
			break
		}
		at := l.last
		switch p := rng.Float64(); {
		case p < 0.5 && l.c.Close(at):
			l.tell(at, 0, "", desk.EventSolved)
			if rng.IntN(30) == 0 { // it was the wrong one
				l.c.State, l.c.Solved = desk.StateAnswered, time.Time{}
				at := l.last.Add(l.between(time.Second, time.Hour))
				l.tell(at, 0, desk.UndoneClose, desk.EventArranged)
			}
		}
		for rng.IntN(4) == 0 { // a tap, and sometimes another
			said := []string{"solved", "solved", "not-yet"}[rng.IntN(3)]
			l.tell(l.last.Add(l.between(time.Minute, 3*24*time.Hour)), 0, said, desk.EventRated)
		}
		back := l.between(time.Hour, 12*24*time.Hour)
		comes := rng.Float64() < 0.3
		if l.c.State == desk.StateAnswered && (!comes || back > 7*24*time.Hour) {
			due := l.last.Add(7 * 24 * time.Hour)
			l.c.Close(due)
			l.tell(due, l.between(0, 10*time.Minute), "by itself", desk.EventSolved)
		}
		switch {
		case comes:
			l.write(at.Add(max(back, l.last.Sub(at))), 0)
		case rng.Float64() < 0.2:
			at := l.last.Add(l.between(time.Minute, 24*time.Hour))
			l.c.CustomerThanked(at, "", nil)
			l.tell(at, 0, "", desk.EventThanked, desk.EventReceived)
			return *l.life
		default:
			return *l.life
		}
	}
	return *l.life
}

// answer has somebody answer, after a while or never; the customer may ask again
// before. It reports whether there is an answer.
func (l *living) answer() bool {
	after := time.Duration(math.Exp(l.rng.NormFloat64()*1.4+1.1) * float64(time.Hour))
	if l.rng.IntN(8) == 0 {
		l.write(l.last.Add(l.between(time.Minute, after+time.Minute)), 0)
	}
	at := l.last.Add(after)
	since, _ := l.c.Waits()
	switch p := l.rng.Float64(); {
	case p < 0.03: // nobody ever does
		return false
	case p < 0.06:
		l.c.Close(at)
		l.tell(at, 0, "", desk.EventSolved).Asked = since
		l.ended(at)
		if l.rng.IntN(2) == 0 {
			return false
		}
		l.write(at.Add(l.between(time.Hour, 20*24*time.Hour)), 0)
		return l.answer()
	}
	agent := l.c.Owner
	if agent == "" || l.rng.IntN(4) == 0 {
		agent = l.agents[l.rng.IntN(len(l.agents))]
	}
	l.c.Answered(at, agent, 7*24*time.Hour)
	slow := time.Duration(0)
	if l.rng.IntN(100) == 0 {
		slow = l.between(time.Minute, 30*time.Hour)
	}
	e := l.tell(at, slow, "", desk.EventAnswered)
	e.Agent, e.Asked = agent, since
	switch l.rng.IntN(4) {
	case 0:
		e.Reactions = []desk.Reaction{{Article: "x", Kind: desk.SentAsIs, Confidence: 0.8},
			{Article: "y", Kind: desk.OtherSent, Confidence: 0.3}}
	case 1:
		e.Reactions = []desk.Reaction{{Article: "x", Kind: desk.SentChanged, Confidence: 0.5}}
	case 2:
		e.Reactions = []desk.Reaction{{Article: "x", Kind: desk.Ignored, Confidence: 0.4}}
	}
	l.ended(at)
	return true
}

// write has the customer write; held is how long nobody was told of it.
func (l *living) write(at time.Time, held time.Duration) {
	_, waited := l.c.Waits()
	waited = waited && l.c.Messages > 0
	before := l.c.Solved
	kinds := []desk.EventKind{desk.EventReceived}
	if l.c.Messages == 0 {
		kinds = append(kinds, desk.EventOpened)
	}
	if l.c.CustomerWrote(at, "", nil) {
		kinds = append(kinds, desk.EventReopened)
	}
	if l.rng.IntN(2) == 0 {
		kinds = append(kinds, desk.EventSuggested)
	}
	if !waited {
		since, _ := l.c.Waits()
		l.waits = append(l.waits, wait{since: since})
	}
	l.tell(at, held, "", kinds...)
	events := l.steps[len(l.steps)-1].events
	for i := range events {
		switch events[i].Kind {
		case desk.EventReopened:
			events[i].SolvedBefore = before
		case desk.EventSuggested:
			events[i].Articles = []string{fmt.Sprintf("article-%d", l.rng.IntN(12)), "z"}
		case desk.EventReceived:
			if len(kinds) > 1 && l.rng.IntN(9) == 0 {
				events[i].Reactions = []desk.Reaction{{Article: "x", Kind: desk.CameBack, Answer: 1}}
			}
		}
	}
}

func (l *living) ended(at time.Time) { l.waits[len(l.waits)-1].until = at }

// tell writes down what happened, and gives the last event.
func (l *living) tell(at time.Time, later time.Duration, detail string, kinds ...desk.EventKind) *desk.Event {
	recorded := at.Add(later)
	if !recorded.After(l.last) {
		recorded = l.last.Add(time.Millisecond)
	}
	l.last = recorded
	s := step{recorded: recorded, after: l.c}
	for _, k := range kinds {
		e := l.c.Tell(k, fmt.Sprint(l.number, "/", len(l.steps)), at, recorded)
		e.Detail, e.ByItself = detail, detail == "by itself"
		s.events = append(s.events, e)
	}
	l.steps = append(l.steps, s)
	return &l.steps[len(l.steps)-1].events[len(s.events)-1]
}

func (l *living) between(least, most time.Duration) time.Duration {
	return (least + time.Duration(l.rng.Int64N(int64(most-least)))).Truncate(time.Microsecond)
}

func idOf(number int) desk.ConversationID {
	id, err := desk.NewConversationID(bytesOf(desk.DerivedID("life", fmt.Sprint(number))))
	if err != nil {
		panic(err)
	}
	return id
}

type bytesOf string

func (b bytesOf) Read(p []byte) (int, error) { return copy(p, b), nil }

// inOrder gives all steps by when they were recorded.
func inOrder(all []life) (out []step) {
	for _, l := range all {
		out = append(out, l.steps...)
	}
	slices.SortStableFunc(out, func(a, b step) int {
		return cmp.Or(a.recorded.Compare(b.recorded), cmp.Compare(a.after.ID, b.after.ID))
	})
	return out
}

package proof_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// crossing lets something else happen just before one request to the engine.
type crossing struct {
	engine.Engine
	mu     sync.Mutex
	before int // requests until then
	meet   func()
}

func (c *crossing) at(before int, meet func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.before, c.meet = before, meet
}

func (c *crossing) step() {
	c.mu.Lock()
	meet := c.meet
	if c.before--; c.before >= 0 {
		meet = nil
	} else {
		c.meet = nil
	}
	c.mu.Unlock()
	if meet != nil {
		meet()
	}
}

func (c *crossing) Get(ctx context.Context, keys ...engine.Key) ([]engine.Item, error) {
	c.step()
	return c.Engine.Get(ctx, keys...)
}

func (c *crossing) Query(ctx context.Context, q engine.Query) (engine.Page, error) {
	c.step()
	return c.Engine.Query(ctx, q)
}

func (c *crossing) Write(ctx context.Context, writes ...engine.Write) error {
	c.step()
	return c.Engine.Write(ctx, writes...)
}

// slip is one answer that waits to leave, with a customer of its own.
type slip struct {
	*bench.Path
	*crossing
	customer string
	opened   desk.Inbound
	answer   desk.Inbound
	anna     bench.Sent // the mail to Anna about the customer's first
	left     []bench.Sent
}

// newSlips opens one path on which many such answers wait, one after the other.
func newSlips(w *bench.World) func() *slip {
	c := &crossing{Engine: w.Engine.Engine}
	w.Engine.Engine = c
	w.Settings.Mailboxes[0].Grace = 2 * time.Minute
	p, n := bench.PathOver(w), 0
	return func() *slip {
		n++
		s := &slip{Path: p, crossing: c, customer: fmt.Sprintf("erika%d@customers.example", n)}
		s.opened = s.writes("first", "The lamp came broken. What shall I do with the glass?")
		sent := s.Sent()
		i := slices.IndexFunc(sent, func(m bench.Sent) bool {
			return slices.Contains(m.To, "anna@team.lantern.example")
		})
		if i < 0 {
			w.Fatalf("Anna was told nothing of %s", s.customer)
		}
		s.anna = sent[i]
		s.answer = s.says("answer",
			"Hello Erika,\n\nthe glass is replaced for free. A new one leaves tomorrow.\n\n#close")
		return s
	}
}

func (s *slip) writes(id, text string) desk.Inbound {
	s.Helper()
	answers := ""
	if id != "first" {
		answers = "In-Reply-To: <first." + s.customer + ">\n"
	}
	return s.Arrive(bench.Arrival{From: s.customer, To: []string{"support@lantern.example"}, Verdicts: bench.Trusted,
		Raw: fmt.Sprintf("From: Erika Muster <%s>\nTo: support@lantern.example\nSubject: Broken lamp\nMessage-ID: "+
			"<%s.%s>\n%s\n%s\n", s.customer, id, s.customer, answers, text)})
}

func (s *slip) says(id, text string) desk.Inbound {
	s.Helper()
	to := s.anna.Read.ReplyTo[0].Address
	return s.Arrive(bench.Arrival{From: "anna@team.lantern.example", To: []string{to}, Verdicts: bench.Trusted,
		Raw: fmt.Sprintf("From: Anna Winter <anna@team.lantern.example>\nTo: %s\nSubject: Re: Broken lamp\n"+
			"Message-ID: <%s.%s@team.lantern.example>\n\n%s\n", to, id, s.opened.ID, text)})
}

// sweep sends what is due by now.
func (s *slip) sweep() { s.left = append(s.left, s.Sent()...) }

// end lets everything happen that still would, and says what became of the answer:
// all that follows from having left, or all that follows from not having left.
func (s *slip) end(name string) (left bool) {
	s.Helper()
	s.at(0, nil)
	from := s.Now()
	for range 2 {
		s.Pass(time.Minute)
		s.sweep()
	}
	var mails, back, told int
	for _, m := range s.left {
		switch text := m.Read.Text; {
		case !strings.Contains(text, "glass is replaced"):
		case slices.Contains(m.To, s.customer):
			mails++
		case m.Outbox == desk.DerivedID(s.answer.ID, "notification", "ben"):
			told++
		case slices.Contains(m.To, "ben@team.lantern.example"): // of what came later
		case strings.Contains(text, "Your text"):
			back++
		}
	}
	events := map[desk.EventKind]int{}
	for day := from.Add(-24 * time.Hour); !day.After(s.Now()); day = day.Add(24 * time.Hour) {
		if err := s.Store.Events(s.Context(), day, func(e desk.Event) error {
			if e.Conversation == s.opened.Conversation {
				events[e.Kind]++
			}
			return nil
		}); err != nil {
			s.Fatal(err)
		}
	}
	shown := slices.ContainsFunc(s.Messages(s.opened), func(m desk.Message) bool { return m.Kind == desk.KindAnswer })
	c := s.Conversation(s.opened)
	is := fmt.Sprintf("mails %d, given back %d, colleagues told %d, shown %v, answers %d, events %d", mails, back, told,
		shown, c.Answers, events[desk.EventAnswered])
	switch is {
	case "mails 1, given back 0, colleagues told 1, shown true, answers 1, events 1":
		if events[desk.EventSolved] != 1 {
			s.Errorf("%s: it left, and %d events say that this was closed", name, events[desk.EventSolved])
		}
		return true
	case "mails 0, given back 1, colleagues told 0, shown false, answers 0, events 0":
		if c.State != desk.StateOpen || !c.FirstAnswer.IsZero() || len(c.Leaving) > 0 || len(c.Done) > 0 ||
			events[desk.EventSolved] > 0 {
			s.Errorf("%s: the answer did not leave, and the conversation is as if it had: %+v", name, c)
		}
		return false
	}
	s.Errorf("%s: by half: %s", name, is)
	return false
}

// TestNothingIsUndoneByHalf crosses whoever sends an answer with whoever stops it,
// before each request that either makes to the store, in the second that it is due.
func TestNothingIsUndoneByHalf(t *testing.T) {
	const news = "Wait, it is the other lamp, the red one."
	stops := []struct {
		name string
		do   func(*slip)
	}{
		{"#undo", func(s *slip) { s.says("undo", "#undo") }},
		{"a new mail", func(s *slip) { s.writes("second", news) }},
		{"both", func(s *slip) { s.says("undo", "#undo"); s.writes("second", news) }},
	}
	bench.OnEach(t, func(w *bench.World) {
		step, next, won := 1, newSlips(w), map[bool]int{}
		if w.Remote { // each request takes its time there
			step = 12
		}
		for _, stop := range stops {
			for _, sender := range []bool{true, false} {
				for k, met := 0, true; met; k += step {
					s := next()
					s.Pass(2*time.Minute + time.Second)
					begin, other := s.sweep, func() { stop.do(s) }
					if !sender {
						begin, other = other, begin
					}
					met = false
					s.at(k, func() { met = true; other() })
					begin()
					if !met {
						s.at(0, nil)
						other()
					}
					won[s.end(fmt.Sprintf("%s, the sender begins: %v, the other before request %d", stop.name, sender,
						k))]++
				}
			}
		}
		w.Logf("it left %d times, and was stopped %d times", won[true], won[false])
		if won[true] < 2 || won[false] < 2 {
			w.Errorf("one of the two hardly ever won: %v", won)
		}
	})
}

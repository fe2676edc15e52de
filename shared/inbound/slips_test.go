package inbound_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/metrics"
)

// daily writes the lists of the day, and gives all that was sent.
func (s *scene) daily() []bench.Sent {
	s.Helper()
	m := &metrics.Service{Home: s.Home()}
	for range 2 { // a schedule may start twice
		if err := m.PostQuarantine(s.Context()); err != nil {
			s.Fatal(err)
		}
	}
	return s.Sent()
}

// An agent's own slip goes back to the agent, in words that believe the agent,
// and is no lead's business; and none of many a day is lost.
func TestAnAgentsOwnSlipsGoBackToTheAgent(t *testing.T) {
	s := &scene{Path: bench.NewPath(t)}
	s.Settings.Quarantine.To = []string{"ben"}
	b, other := s.begin(), s.beginAs(2)
	var texts []string
	told := 0
	for i := range 8 {
		texts = append(texts, fmt.Sprintf("Both of you: here is text number %d.", i))
		l := answer(anna, b.anna, texts[i])
		l.tos = []string{l.to, other.Read.ReplyTo[0].Address}
		l.to = strings.Join(l.tos, ", ")
		in := s.arrive(l)
		if in.Outcome != desk.OutcomeHeld && in.Outcome != desk.OutcomeRefused {
			s.Fatalf("%s (%s)", in.Outcome, in.Reason)
		}
		for _, m := range s.Sent() {
			told++
			if m.To[0] != anna || !strings.Contains(m.Read.Text, "Your mail was not carried out") ||
				!strings.Contains(m.Read.Text, texts[i]) || strings.Contains(m.Read.Text, "not you") {
				s.Errorf("told %v\n%s", m.To, m.Read.Text)
			}
		}
	}
	if told != 5 {
		s.Errorf("%d mails that day", told)
	}
	s.Pass(24 * time.Hour)
	next := s.daily()
	if len(next) != 1 || next[0].To[0] != anna {
		s.Fatalf("the next day, %v", bench.Recipients(next))
	}
	for _, text := range texts[5:] {
		if !strings.Contains(next[0].Read.Text, text) {
			s.Errorf("%q is lost\n%s", text, next[0].Read.Text)
		}
	}
	s.Pass(24 * time.Hour)
	if more := s.daily(); len(more) != 0 {
		s.Errorf("told again %v", bench.Recipients(more))
	}
}

// "Was this you?" is answered as people answer.
func TestYesThatWasMe(t *testing.T) {
	for text, want := range map[string]desk.Outcome{
		"Yes, that was me.":          desk.OutcomeAgent,
		"Hi,\n\nyes, that was me":    desk.OutcomeAgent,
		"release":                    desk.OutcomeAgent,
		"No, that was not me!":       desk.OutcomeDropped,
		"Who wrote that?":            desk.OutcomeHeld,
		"yes, but wait until Monday": desk.OutcomeHeld,
	} {
		s := &scene{Path: bench.NewPath(t)}
		_, in, question := s.heldMail()
		s.arrive(answer(anna, question, text))
		now, err := s.Store.Inbound(s.Context(), in.ID)
		if err != nil || now.Outcome != want {
			t.Errorf("%q: %s, %v; want %s", text, now.Outcome, err, want)
		}
	}
}

package metrics_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/metrics"
	"github.com/replywell/replywell/shared/store"
)

// Who had a bad time, and says no more, is named to who answers the mailbox, the largest
// first; to whoever else reads the report, and in exports, nobody is.
func TestCustomersAtRiskAreNamedToTheirAgentsAlone(t *testing.T) {
	const boss = "boss@lantern.example"
	p := bench.NewPath(t)
	settings := *p.Settings
	settings.Report.To = []string{boss, settings.Agents[0].Addresses[0]}
	settings.Value.Currency = "euro"
	p.World.Settings = &settings
	service := &metrics.Service{Home: p.Home()}
	p.At(time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC))
	live := func(n int, name string, worth desk.Worth, after func(c *desk.Conversation) []desk.Event) {
		at := p.Now()
		c := desk.Conversation{ID: idOf(n), Mailbox: "support", Opened: at, Activity: at, Worth: worth,
			Customer: desk.Person{Name: name, Address: fmt.Sprintf("c%d@example.org", n)}, Subject: "Lamps"}
		c.CustomerWrote(at, "", nil)
		c.Answered(at.Add(time.Hour), settings.Agents[n%2].ID, 0)
		c.Close(at.Add(time.Hour))
		if err := p.Store.Commit(t.Context(), &store.Change{Conversation: &c, Events: after(&c)}); err != nil {
			t.Fatal(err)
		}
	}
	tell := func(c *desk.Conversation, kind desk.EventKind, detail string) desk.Event {
		p.Pass(time.Second)
		e := c.Tell(kind, fmt.Sprint(c.ID, p.Now()), p.Now(), p.Now())
		e.Detail = detail
		return e
	}
	said := func(words ...desk.Rated) func(*desk.Conversation) []desk.Event {
		return func(c *desk.Conversation) (out []desk.Event) {
			for _, w := range words {
				out = append(out, tell(c, desk.EventRated, string(w)))
			}
			return out
		}
	}
	no, yes := desk.RatedNotYet, desk.RatedSolved
	live(1, "Olga Peters", desk.Worth{Potential: 0.9, Revenue: 40_000}, said(no))
	live(2, "Clara Hoff", desk.Worth{Potential: 0.4, Revenue: 9_000}, said(yes, no))
	live(3, "Erika Muster", desk.Worth{Potential: 0.6, Revenue: 2_000}, said(no, yes))
	live(4, "Otto Nobody", desk.Worth{}, said(no)) // of whom nothing is said
	live(5, "Gerd Glad", desk.Worth{Potential: 1, Revenue: 1_000}, said(yes))
	for n := range 9 {
		live(10+n, fmt.Sprintf("Kim %c", 'A'+n), desk.Worth{Potential: 0.5, Revenue: 1_000}, said(no))
	}
	p.At(time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC))
	if err := service.PostLast(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, m := range p.Sent() {
		text := strings.Join(strings.Fields(m.Read.PlainText), " ")
		for _, want := range []string{"It went wrong for 11 customers", "1 customer who had a bad time",
			"An estimate of what is at risk in a year: 44,000 euro, likely between 19,000 and 58,000",
			"Too few of them"} {
			if !strings.Contains(text, want) {
				t.Errorf("to %v it does not say %q:\n%s", m.To, want, m.Read.PlainText)
			}
		}
		olga, kim := strings.Index(text, "Olga Peters: said “not yet”, silent since"), strings.Index(text, "Kim ")
		if named := olga > 0 && kim > olga && strings.Contains(text, "Erika Muster"); named == (m.To[0] == boss) {
			t.Errorf("to %v customers are named: %v\n%s", m.To, named, m.Read.PlainText)
		}
		if m.To[0] == boss && strings.Contains(text, "Erika") || strings.Contains(text, "Otto") ||
			strings.Contains(text, "Gerd") {
			t.Errorf("to %v somebody is named who is not to be", m.To)
		}
	}
	for _, format := range []string{"json", "csv", "text", "html"} {
		out, err := service.Answer(t.Context(), metrics.Asked{Format: format})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(out), "Olga") || !strings.Contains(string(out), "11") {
			t.Errorf("%s names a customer, or does not count them:\n%s", format, out)
		}
	}
}

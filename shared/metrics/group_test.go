package metrics_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/metrics"
)

// teamOf gives the settings so many agents, and each mailbox all of them.
func teamOf(y *years, agents ...string) {
	s := *y.World.Settings
	s.Agents = nil
	for _, id := range agents {
		s.Agents = append(s.Agents, desk.Agent{ID: id, Name: id, Addresses: []string{id + "@team.example"}})
	}
	s.Mailboxes = slices.Clone(s.Mailboxes)
	for i := range s.Mailboxes {
		s.Mailboxes[i].Agents = agents
	}
	y.World.Settings = &s
}

// ofMailbox gives the lives of support to some agents and those of billing to others.
func ofMailbox(support, billing []string) []life {
	var out []life
	rng := rand.New(rand.NewPCG(3, 15))
	for n := range 400 {
		at := opening.Add(time.Duration(n) * 2 * time.Hour)
		l := newLife(rng, at, n, support)
		if l.steps[0].after.Mailbox == "billing" {
			l = newLife(rand.New(rand.NewPCG(uint64(n), 1)), at, n, billing)
			for i := range l.steps {
				l.steps[i].after.Mailbox = "billing"
				for k := range l.steps[i].events {
					l.steps[i].events[k].Mailbox = "billing"
				}
			}
		}
		out = append(out, l)
	}
	return out
}

// Figures of one agent's, or of a handful of conversations, are told with the next
// mailbox's, in each form, and nobody can ask for them alone; a team of two is told
// them as they are.
func TestNoFigureIsOfOnePerson(t *testing.T) {
	for _, c := range []struct {
		name             string
		team             []string
		support, billing []string
		days             int
		groups           string // ids
		withheld         bool
	}{
		{"several in both", []string{"a", "b", "c"}, []string{"a", "b"}, []string{"b", "c"}, 14, "support billing",
			false},
		{"billing is one's", []string{"a", "b", "c"}, []string{"a", "b"}, []string{"c"}, 14, "support+billing", false},
		{"support is one's", []string{"a", "b", "c"}, []string{"a"}, []string{"b", "c"}, 14, "support+billing", false},
		{"all is one's", []string{"a", "b", "c"}, []string{"a"}, []string{"a"}, 14, "support+billing", true},
		{"a team of two", []string{"a", "b"}, []string{"a"}, []string{"b"}, 14, "support billing", false},
		{"one person", []string{"a"}, []string{"a"}, []string{"a"}, 14, "support billing", false},
	} {
		y := newYears(t, rand.New(rand.NewPCG(1, 1)))
		teamOf(y, c.team...)
		y.live(inOrder(ofMailbox(c.support, c.billing)), opening.AddDate(0, 0, 30))
		y.settle()
		from := opening.AddDate(0, 0, 14)
		week, err := y.service.Span(t.Context(), y.Settings, opening, from, from.AddDate(0, 0, c.days))
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		withheld := false
		for _, m := range week.Mailboxes {
			ids, withheld = append(ids, m.ID), withheld || m.Withheld != ""
			if m.Withheld != "" && (m.Now.Solved > 0 || m.First.Seen > 0) {
				t.Errorf("%s: withheld, and yet %+v", c.name, m.Now)
			}
		}
		if got := strings.Join(ids, " "); got != c.groups || withheld != c.withheld {
			t.Errorf("%s: groups %s, withheld %v; want %s, %v", c.name, got, withheld, c.groups, c.withheld)
		}
		for _, format := range []string{"text", "html", "json", "csv"} {
			ask := func(mailbox string) []byte {
				out, err := y.service.Answer(t.Context(), metrics.Asked{From: "2026-01-19", To: "2026-02-01",
					Mailbox: mailbox,
					Format:  format})
				if err != nil {
					t.Fatal(err)
				}
				return out
			}
			if alone := bytes.Equal(ask("billing"), ask("support")); alone != (c.groups == "support+billing") {
				t.Errorf("%s, %s: the mailboxes' reports are the same: %v", c.name, format, alone)
			}
		}
	}
}

// Four conversations of a mailbox are told with the next one's.
func TestAHandfulIsToldWithTheNext(t *testing.T) {
	y := newYears(t, rand.New(rand.NewPCG(1, 1)))
	teamOf(y, "a", "b", "c")
	few := 0
	all := slices.DeleteFunc(ofMailbox([]string{"a", "b"}, []string{"a", "c"}), func(l life) bool {
		if l.steps[0].after.Mailbox == "billing" {
			few++
		}
		return l.steps[0].after.Mailbox == "billing" && few > 4
	})
	y.live(inOrder(all), opening.AddDate(0, 0, 40))
	y.settle()
	week, err := y.service.Span(t.Context(), y.Settings, opening.AddDate(0, 0, -30), opening, opening.AddDate(0, 0, 30))
	if err != nil || len(week.Mailboxes) != 1 || week.Mailboxes[0].Name != y.Settings.Mailboxes[0].Name+" and Billing" {
		t.Errorf("%v: %+v", err, week.Mailboxes)
	}
}

// What is behind each figure is what one finds who looks slowly: the whole of it where
// it is no more than is kept, the lowest ids else, or those of the longest waits; and
// events that come twice, late, or after a rebuild change nothing.
func TestWhatIsBehindEachFigure(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 2))
	all := lives(rng, opening, 60, 12, []string{"anna", "ben", "cleo"})
	y := newYears(t, rng)
	now := opening.AddDate(0, 0, 58)
	y.live(inOrder(all), now)
	y.settle()
	from, to := opening.AddDate(0, 0, 42), opening.AddDate(0, 0, 49)
	var first letters.Week
	for i := range 2 {
		week, err := y.service.Span(t.Context(), y.Settings, opening.AddDate(0, 0, 35), from, to)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = week
			if _, err := y.service.RollUp(t.Context(), opening.AddDate(0, 0, 44)); err != nil {
				t.Fatal(err)
			}
		} else if !reflect.DeepEqual(week, first) {
			t.Error("made again, the report is another one")
		}
	}
	for _, m := range first.Mailboxes {
		want := slowlyBehind(slowly{all, berlin, now}, m.ID, from, to)
		for _, b := range m.Behind {
			ids, there := want[b.Figure]
			if !there {
				continue
			}
			slices.Sort(ids)
			ids = slices.Compact(ids)
			got := slices.Clone(b.Conversations)
			if slices.Sort(got); !slices.Equal(got, ids[:min(len(ids), desk.MaxBehind)]) {
				t.Errorf("%s, %s:\n got %v\nwant %v", m.ID, b.Figure, got, ids)
			}
			delete(want, b.Figure)
		}
		if len(want) > 0 {
			t.Errorf("%s: nothing is kept behind %v", m.ID, want)
		}
	}
}

// slowlyBehind finds the conversations behind the figures that are drawn by lot.
func slowlyBehind(s slowly, mailbox string, from, to time.Time) map[string][]desk.ConversationID {
	out := map[string][]desk.ConversationID{}
	last := map[desk.ConversationID]desk.Event{}
	for _, e := range s.events(mailbox, from, to) {
		add := func(figure string) { out[figure] = append(out[figure], e.Conversation) }
		switch {
		case e.Kind == desk.EventOpened:
			add(desk.FigureOpened)
		case e.Kind == desk.EventReopened:
			add(desk.FigureReopened)
		case e.Kind == desk.EventThanked:
			add(desk.FigureThanks)
		}
		if e.Kind == desk.EventSolved || e.Kind == desk.EventReopened || e.Detail == desk.UndoneClose {
			last[e.Conversation] = e
		}
		for _, r := range e.Reactions {
			switch {
			case (r.Kind == desk.SentAsIs || r.Kind == desk.SentChanged) && s.tied(e.Conversation):
				add(desk.FigureOnDefect)
			case r.Kind == desk.SentAsIs:
				add(desk.FigureTaken)
			case r.Kind == desk.SentChanged:
				add(desk.FigureChanged)
			case r.Kind == desk.Ignored:
				add(desk.FigureIgnored)
			case r.Kind == desk.CameBack:
				add(desk.FigureAsked)
			}
		}
	}
	for id, e := range last {
		if e.Kind != desk.EventSolved {
			continue
		}
		out[desk.FigureSolved] = append(out[desk.FigureSolved], id)
		if e.Answers != 1 || e.Reopened > 0 {
			out[desk.FigureNotAtFirst] = append(out[desk.FigureNotAtFirst], id)
		}
		if e.Handovers > 0 {
			out[desk.FigureHands] = append(out[desk.FigureHands], id)
		}
	}
	return out
}

// With other names for the agents each report is the same in each form, and so is what
// is behind its figures; there is nothing to ask for by agent.
func TestEachFormIsTheSameWithOtherNames(t *testing.T) {
	forms := map[string][]byte{}
	for i, agents := range [][]string{{"anna", "ben", "cleo"}, {"cleo", "anna", "ben"}} {
		rng := rand.New(rand.NewPCG(7, 7))
		steps := inOrder(lives(rng, opening, 40, 20, agents))
		y := newYears(t, rng)
		teamOf(y, "anna", "ben", "cleo")
		y.live(steps, opening.AddDate(0, 0, 38))
		y.settle()
		for _, a := range []metrics.Asked{{}, {Mailbox: "billing"}, {From: "2026-01-06", To: "2026-01-06"},
			{From: "2026-01-05", To: "2026-02-08"}} {
			for _, a.Format = range []string{"text", "html", "json", "csv"} {
				out, err := y.service.Answer(t.Context(), a)
				if err != nil {
					t.Fatal(err)
				}
				what := fmt.Sprintf("%+v", a)
				if i == 0 {
					forms[what] = out
				} else if !bytes.Equal(out, forms[what]) {
					t.Errorf("%s:\n%s\n%s", what, forms[what], out)
				}
			}
		}
	}
	for _, kind := range []reflect.Type{reflect.TypeFor[metrics.Asked](), reflect.TypeFor[metrics.Export](),
		reflect.TypeFor[metrics.ExportMailbox](), reflect.TypeFor[metrics.ExportFigure](),
		reflect.TypeFor[letters.Week](),
		reflect.TypeFor[letters.WeekOfMailbox](), reflect.TypeFor[desk.Figures](), reflect.TypeFor[desk.Behind]()} {
		for i := range kind.NumField() {
			if name := strings.ToLower(kind.Field(i).Name); strings.Contains(name, "agent") || strings.Contains(name,
				"owner") {
				t.Errorf("%s has %s", kind, kind.Field(i).Name)
			}
		}
	}
}

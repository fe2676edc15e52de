package waiting_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/waiting"
)

// berlin is a clock of the team's.
var berlin = func() *time.Location {
	z, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return z
}()

func clock(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, berlin)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func week(shifts ...desk.Shift) (w [7][]desk.Shift) {
	for d := time.Monday; d <= time.Friday; d++ {
		w[d] = shifts
	}
	return w
}

// team works from 9 to 18 with lunch, Ben from 12 on, and Cleo in New York.
func team() *desk.Settings {
	return &desk.Settings{
		Hours: desk.Hours{Zone: "Europe/Berlin", Holidays: "de-be",
			Week: week(desk.Shift{From: 9 * 60, To: 12*60 + 30}, desk.Shift{From: 13*60 + 30, To: 18 * 60})},
		Tiers: []desk.Tier{{ID: "partner", Name: "Partner", Customers: []string{"@hotel.example", "olga@home.example"}},
			{ID: "press", Name: "Press", Customers: []string{"desk@hotel.example"}}},
		Mailboxes: []desk.Mailbox{{ID: "support", Address: "support@shop.example", Within: 4 * time.Hour,
			Tiers: map[string]time.Duration{"partner": time.Hour}, Agents: []string{"anna", "ben", "cleo"}},
			{ID: "sales", Within: 48 * time.Hour, Agents: []string{"anna"}}, {ID: "jobs", Agents: []string{"anna"}}},
		Agents: []desk.Agent{{ID: "anna", Name: "Anna"},
			{ID: "ben", Name: "Ben", Hours: desk.Hours{Zone: "Europe/Berlin",
				Week: week(desk.Shift{From: 12 * 60, To: 20 * 60})}},
			{ID: "cleo", Name: "Cleo", Hours: desk.Hours{Zone: "America/New_York",
				Week: week(desk.Shift{From: 9 * 60, To: 17 * 60})}}, {ID: "dora", Name: "Dora"}},
		Quarantine: desk.QuarantinePolicy{To: []string{"dora"}},
	}
}

func TestPromise(t *testing.T) {
	for _, x := range []struct{ mailbox, customer, since, due, remind, why string }{
		{"support", "erika@home.example", "2026-03-02 09:00", "2026-03-02 14:00", "2026-03-02 12:00",
			"over lunch, and an hour before"},
		{"support", "erika@home.example", "2026-03-02 03:00", "2026-03-02 14:00", "2026-03-02 12:00",
			"the night does not count"},
		{"support", "erika@home.example", "2026-03-06 17:00", "2026-03-09 12:00", "2026-03-09 11:00",
			"nor does the weekend"},
		{"support", "erika@home.example", "2026-04-02 17:00", "2026-04-07 12:00", "2026-04-07 11:00", "nor Easter"},
		{"support", "Anybody@Hotel.Example", "2026-03-02 09:00", "2026-03-02 10:00", "2026-03-02 09:45",
			"a tier by its domain"},
		{"support", "olga@home.example", "2026-03-02 17:50", "2026-03-03 09:50", "2026-03-03 09:35",
			"a tier by its address"},
		{"support", "desk@hotel.example", "2026-03-02 09:00", "2026-03-02 14:00", "2026-03-02 12:00",
			"an address before its domain; its tier has no time of its own"},
		{"sales", "erika@home.example", "2026-03-05 11:00", "2026-03-09 11:00", "2026-03-09 09:00",
			"two days are working days, and two hours before is the most"},
		{"sales", "erika@home.example", "2026-03-07 11:00", "2026-03-11 09:00", "2026-03-10 16:00",
			"from a Saturday they count from Monday's first hour"},
		{"jobs", "erika@home.example", "2026-03-02 09:00", "", "", "nothing is promised"},
		{"gone", "erika@home.example", "2026-03-02 09:00", "", "", "a mailbox that is not there any more"},
	} {
		c := desk.Conversation{Mailbox: x.mailbox, State: desk.StateOpen, Opened: clock(t, x.since),
			Customer: desk.Person{Address: x.customer}}
		p, ok := waiting.PromiseOf(team(), c)
		if ok != (x.due != "") {
			t.Errorf("%s: promised %v", x.why, ok)
		}
		if ok && (!p.Due.Equal(clock(t, x.due)) || !p.Remind.Equal(clock(t, x.remind))) {
			t.Errorf("%s: due %v, reminded of %v; want %s, %s", x.why, p.Due.In(berlin), p.Remind.In(berlin), x.due,
				x.remind)
		}
	}
}

// The clock stands while the team spoke last, begins anew with the next mail, and
// goes on while somebody adds to it.
func TestTheClockStopsWhenTheTeamSpokeLast(t *testing.T) {
	s, c := team(), desk.Conversation{Mailbox: "support", State: desk.StateOpen, Opened: clock(t, "2026-03-02 09:00")}
	due := func() string {
		p, ok := waiting.PromiseOf(s, c)
		if !ok {
			return "none"
		}
		return p.Due.In(berlin).Format("2 Jan 15:04")
	}
	for _, step := range []struct {
		what, want string
		do         func()
	}{
		{"opened", "2 Mar 14:00", func() { c.CustomerWrote(clock(t, "2026-03-02 09:00"), "a@x", nil) }},
		{"added to", "2 Mar 14:00", func() { c.CustomerWrote(clock(t, "2026-03-02 11:00"), "b@x", nil) }},
		{"answered", "none", func() { c.Answered(clock(t, "2026-03-02 12:00"), "anna", 0) }},
		{"thanked", "none", func() { c.CustomerThanked(clock(t, "2026-03-02 12:10"), "c@x", nil) }},
		{"asked again", "2 Mar 18:00", func() { c.CustomerWrote(clock(t, "2026-03-02 14:00"), "d@x", nil) }},
		{"closed", "none", func() { c.Close(clock(t, "2026-03-02 15:00")) }},
		{"reopened", "3 Mar 12:00", func() { c.CustomerWrote(clock(t, "2026-03-02 17:00"), "e@x", nil) }},
	} {
		if step.do(); due() != step.want {
			t.Errorf("%s: due %s, want %s", step.what, due(), step.want)
		}
	}
}

func TestWhoIsReminded(t *testing.T) {
	away := func(agent, until string) desk.Rota {
		return desk.Rota{Absences: []desk.Absence{{Agent: agent, Until: clock(t, until)}}}
	}
	for _, x := range []struct {
		at, owner string
		rota      desk.Rota
		want      string
		why       waiting.Why
	}{
		{"2026-03-02 10:00", "anna", desk.Rota{}, "anna", waiting.WhyYours},
		{"2026-03-02 10:00", "ben", desk.Rota{}, "anna", waiting.WhyAway},
		{"2026-03-02 10:00", "", desk.Rota{}, "anna", waiting.WhyFree},
		{"2026-03-02 10:00", "left", desk.Rota{}, "anna", waiting.WhyFree},
		{"2026-03-02 12:45", "anna", desk.Rota{}, "ben", waiting.WhyAway},
		{"2026-03-02 10:00", "anna", away("anna", "2026-03-03 00:00"), "dora", waiting.WhyNobody},
		{"2026-03-02 10:00", "anna", away("anna", "2026-03-02 09:59"), "anna", waiting.WhyYours},
		{"2026-03-02 21:00", "anna", desk.Rota{}, "cleo", waiting.WhyAway},
		{"2026-03-03 03:00", "anna", desk.Rota{}, "dora", waiting.WhyNobody},
	} {
		c := desk.Conversation{ID: "conversation", Mailbox: "support", Owner: x.owner}
		a, why := waiting.Who(team(), c, clock(t, x.at), x.rota)
		if a.ID != x.want || why != x.why {
			t.Errorf("at %s, %q's: %s (%s), want %s (%s)", x.at, x.owner, a.ID, why, x.want, x.why)
		}
	}
}

// Of several at work each has a share of what is nobody's, and the same one always
// the same.
func TestNobodysIsSpread(t *testing.T) {
	got := map[string]int{}
	for n := range 300 {
		c := desk.Conversation{ID: desk.ConversationID(desk.DerivedID("c", string(rune(n)))), Mailbox: "support"}
		a, _ := waiting.Who(team(), c, clock(t, "2026-03-02 15:30"), desk.Rota{})
		if b, _ := waiting.Who(team(), c, clock(t, "2026-03-02 15:31"), desk.Rota{}); b.ID != a.ID {
			t.Fatalf("%s is told first, and %s a minute later", a.ID, b.ID)
		}
		got[a.ID]++
	}
	for _, id := range []string{"anna", "ben", "cleo"} {
		if got[id] < 60 {
			t.Errorf("of 300, %v", got)
		}
	}
}

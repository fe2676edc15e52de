package desk

import (
	"fmt"
	"testing"
	"time"
)

// What a lead is told of: one line a case. The list was written last at noon.
func TestSortHeld(t *testing.T) {
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	at := func(h int) time.Time { return noon.Add(time.Duration(h) * time.Hour) }
	mail := func(hold string, h int, from string, more ...func(*Inbound)) Inbound {
		in := Inbound{ID: fmt.Sprint(hold, h, from), Hold: hold, Recorded: at(h), ReceivedAt: at(h),
			Summary: Summary{From: from, Subject: "x"}}
		for _, f := range more {
			f(&in)
		}
		return in
	}
	bulk := func(in *Inbound) { in.Automatic = "bulk" }
	of := func(a string) func(*Inbound) { return func(in *Inbound) { in.Agent = a } }
	settled := func(in *Inbound) { in.SettledBy = "mail/9" }
	for name, c := range map[string]struct {
		held []Inbound
		all  bool
		want string // decide, nothing, earlier
	}{
		"a person's, taken for spam":         {[]Inbound{mail(HoldSpam, 1, "a@x")}, false, "1 0 0"},
		"advertising":                        {[]Inbound{mail(HoldSpam, 1, "a@x", bulk)}, false, "0 1 0"},
		"advertising, in the list of all":    {[]Inbound{mail(HoldSpam, 1, "a@x", bulk)}, true, "1 0 0"},
		"an unproven stranger":               {[]Inbound{mail(HoldUnverified, 1, "a@x")}, false, "1 0 0"},
		"a virus":                            {[]Inbound{mail(HoldVirus, 1, "a@x")}, true, "0 1 0"},
		"a code":                             {[]Inbound{mail(HoldVerification, 1, "a@x")}, false, "0 1 0"},
		"a code, in the list of all":         {[]Inbound{mail(HoldVerification, 1, "a@x")}, true, "1 0 0"},
		"an agent's own slip":                {[]Inbound{mail(HoldAgent, 1, "a@x", of("anna"))}, true, "0 0 0"},
		"in the name of nobody of the team":  {[]Inbound{mail(HoldAgent, 1, "a@x")}, true, "0 1 0"},
		"to somebody who left":               {[]Inbound{mail(HoldUnlisted, 1, "a@x")}, true, "0 1 0"},
		"seen before":                        {[]Inbound{mail(HoldSpam, -1, "a@x")}, false, "0 0 1"},
		"seen before, in the list of all":    {[]Inbound{mail(HoldSpam, -1, "a@x")}, true, "1 0 0"},
		"let in by a person, and held again": {[]Inbound{mail(HoldUnverified, 1, "a@x", settled)}, false, "0 0 1"},
		"twice the same": {[]Inbound{mail(HoldSpam, 1, "a@x"), mail(HoldSpam, 2, "a@x")}, false,
			"1 0 0"},
		"the same as one that was seen": {[]Inbound{mail(HoldSpam, 1, "a@x"), mail(HoldSpam, -2, "a@x")}, false,
			"0 0 1"},
		"the same words of two senders are two": {[]Inbound{mail(HoldSpam, 1, "a@x"), mail(HoldSpam, 2, "b@x")}, false,
			"2 0 0"},
	} {
		q := SortHeld(c.held, noon, c.all, nil)
		if got := fmt.Sprint(len(q.Decide), len(q.Nothing), q.Earlier); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	q := SortHeld([]Inbound{mail(HoldSpam, 3, "new@x"), mail(HoldSpam, 1, "Erika <Known@x>")}, noon, false,
		func(a string) int { return map[string]int{"known@x": 2}[a] })
	if q.Decide[0].Known != 2 {
		t.Errorf("who is known does not come first: %+v", q.Decide)
	}
}

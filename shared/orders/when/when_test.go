package when_test

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/replywell/replywell/shared/orders/when"
)

// clock is a Monday, 2 March 2026, 15:30 in Berlin.
func clock(t testing.TB) when.Clock {
	t.Helper()
	z, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return when.Clock{Now: time.Date(2026, 3, 2, 15, 30, 20, 0, z), Opens: 8*60 + 30}
}

// A line a case: what an agent writes, and what is read. "?" is asked about, "-" no time.
func TestRead(t *testing.T) {
	c := clock(t)
	for text, want := range map[string]string{
		// spans
		"3d": "Thu 5 Mar 2026, 08:30", "3 days": "Thu 5 Mar 2026, 08:30", "in 3 days": "Thu 5 Mar 2026, 08:30",
		"for three days": "Thu 5 Mar 2026, 08:30",
		"2h":             "Mon 2 Mar 2026, 17:30", "2 hours": "Mon 2 Mar 2026, 17:30",
		"an hour":      "Mon 2 Mar 2026, 16:30",
		"half an hour": "Mon 2 Mar 2026, 16:00",
		"90 min":       "Mon 2 Mar 2026, 17:00", "1.5h": "Mon 2 Mar 2026, 17:00", "a week": "Mon 9 Mar 2026, 08:30",
		"2w": "Mon 16 Mar 2026, 08:30", "1 month": "Thu 2 Apr 2026, 08:30",
		"48 hours": "Wed 4 Mar 2026, 15:30", "in 2 weeks": "Mon 16 Mar 2026, 08:30",
		// days
		"tomorrow": "Tue 3 Mar 2026, 08:30", "until tomorrow 9:00": "Tue 3 Mar 2026, 09:00",
		"tomorrow morning": "Tue 3 Mar 2026, 08:30", "tomorrow afternoon": "Tue 3 Mar 2026, 14:00",
		"the day after tomorrow": "Wed 4 Mar 2026, 08:30", "until Tuesday 9:00": "Tue 3 Mar 2026, 09:00",
		"Tuesday": "Tue 3 Mar 2026, 08:30", "fri 4pm": "Fri 6 Mar 2026, 16:00",
		"Friday at 16": "Fri 6 Mar 2026, 16:00", "Wednesday noon": "Wed 4 Mar 2026, 12:00",
		"next week": "Mon 9 Mar 2026, 08:30", "next month": "Wed 1 Apr 2026, 08:30",
		"17:00": "Mon 2 Mar 2026, 17:00", "until 9:00": "Tue 3 Mar 2026, 09:00", "at 9 am": "Tue 3 Mar 2026, 09:00",
		"today 17:00": "Mon 2 Mar 2026, 17:00", "this evening": "Mon 2 Mar 2026, 18:00",
		"tonight":                   "Mon 2 Mar 2026, 18:00",
		"Friday 3 in the afternoon": "Fri 6 Mar 2026, 15:00",
		// dates
		"8 Dec": "Tue 8 Dec 2026, 08:30", "8 April": "Wed 8 Apr 2026, 08:30",
		"April 8th 10:15": "Wed 8 Apr 2026, 10:15", "2026-04-08": "Wed 8 Apr 2026, 08:30",
		"8.4.":             "Wed 8 Apr 2026, 08:30",
		"08.04.2026 10:15": "Wed 8 Apr 2026, 10:15", "Wed 8 Apr 2026, 10:15": "Wed 8 Apr 2026, 10:15",
		"the 8th": "Sun 8 Mar 2026, 08:30", "25/4": "Sat 25 Apr 2026, 08:30", "4/25": "Sat 25 Apr 2026, 08:30",
		// German and others
		"bis Dienstag 9 Uhr": "Tue 3 Mar 2026, 09:00", "bis Dienstag um 9": "Tue 3 Mar 2026, 09:00",
		"in 3 Tagen": "Thu 5 Mar 2026, 08:30", "übermorgen": "Wed 4 Mar 2026, 08:30",
		"uebermorgen": "Wed 4 Mar 2026, 08:30",
		"morgen früh": "Tue 3 Mar 2026, 08:30", "Dienstag morgen": "Tue 3 Mar 2026, 08:30",
		"morgen Nachmittag": "Tue 3 Mar 2026, 14:00", "nächste Woche": "Mon 9 Mar 2026, 08:30",
		"in einer Woche": "Mon 9 Mar 2026, 08:30",
		"am 8. April":    "Wed 8 Apr 2026, 08:30", "am Mittwoch, um 14:00": "Wed 4 Mar 2026, 14:00",
		"in einer halben Stunde": "Mon 2 Mar 2026, 16:00", "demain à 14h": "Tue 3 Mar 2026, 14:00",
		"hasta el viernes": "Fri 6 Mar 2026, 08:30",
		"domani alle 10":   "Tue 3 Mar 2026, 10:00", "tot morgen 9:00": "Tue 3 Mar 2026, 09:00",
		// with words behind
		"tomorrow call the carrier":       "Tue 3 Mar 2026, 08:30 | call the carrier",
		"in 2 hours: call Erika back":     "Mon 2 Mar 2026, 17:30 | call Erika back",
		"Friday to ask about the 3 lamps": "Fri 6 Mar 2026, 08:30 | ask about the 3 lamps",
		// asked about
		"Monday": "?Mon 9 Mar 2026, 08:30", "next Thursday": "?Thu 12 Mar 2026, 08:30", "4/5": "?Mon 4 May 2026, 08:30",
		"at 3": "?Tue 3 Mar 2026, 15:00", "Tuesday 3:00": "?Tue 3 Mar 2026, 15:00",
		"Tue 3 Mar 2026, 03:00": "Tue 3 Mar 2026, 03:00",
		"3":                     "?Thu 5 Mar 2026, 08:30", "teusday": "?Tue 3 Mar 2026, 08:30",
		"tomorow": "?Tue 3 Mar 2026, 08:30",
		"3 dyas":  "?Thu 5 Mar 2026, 08:30", "2 huors": "?Mon 2 Mar 2026, 17:30", "8.4": "Wed 8 Apr 2026, 08:30",
		"April":      "?Wed 1 Apr 2026, 08:30",
		"today 9:00": "over ?Tue 3 Mar 2026, 09:00", "2026-03-01": "over ?Mon 1 Mar 2027, 08:30",
		"Tue 4 Mar": "?Wed 4 Mar 2026, 08:30", "2027-12-01": "far", "2025-12-01": "over ?Tue 1 Dec 2026, 08:30",
		// no time
		"": "-", "please": "-", "until she answers": "-", "today": "-", "31 April": "-", "0 days": "-", "in a": "-",
		"until": "-", "him": "-", "99999999": "-",
	} {
		r, ok := when.Read(text, c)
		got := "-"
		switch {
		case !ok:
		case !r.At.IsZero():
			got = r.At.Format(when.Layout)
		case !r.Likely.IsZero():
			got = "?" + r.Likely.Format(when.Layout)
		default:
			got = "far"
		}
		if r.Over {
			got = "over " + got
		}
		if ok && r.Rest != "" {
			got += " | " + r.Rest
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// What was asked about is read for sure when it is written as we write it.
func TestOurOwnLayoutIsSure(t *testing.T) {
	c := clock(t)
	for n := 1; n < 365; n += 3 {
		at := c.Now.Truncate(time.Minute).AddDate(0, 0, n).Add(time.Duration(n%24) * time.Hour)
		r, ok := when.Read(at.Format(when.Layout)+"; call 3 people", c)
		if !ok || !r.At.Equal(at) || r.Rest != "call 3 people" {
			t.Fatalf("%s is read as %+v", at.Format(when.Layout), r)
		}
	}
}

// TestWhatStandsBehindATimeStaysAsItIs: it is what the agent wants to be told then.
func TestWhatStandsBehindATimeStaysAsItIs(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("ask what the carrier said, and tell her; ", 40))
	rests := []string{"call Mrs Ito, she is ill", "look at 2,  3 and 4; then write", long, "é, " + long, "x"}
	for _, rest := range rests {
		for _, time := range []string{"tomorrow ", "3d, ", "until Tuesday 9:00; ", "in einer halben Stunde: ", "3d\t"} {
			if r, ok := when.Read(time+rest, clock(t)); !ok || r.Rest != rest {
				t.Errorf("%q: %v, and behind it stands\n%q", time+rest, ok, r.Rest)
			}
		}
	}
}

// On the nights when clocks are changed a day is a day.
func TestOverTheChangeOfClocks(t *testing.T) {
	c := clock(t)
	c.Now = time.Date(2026, 3, 28, 15, 0, 0, 0, c.Now.Location())
	for text, want := range map[string]string{"tomorrow 9:00": "Sun 29 Mar 2026, 09:00", "1d": "Sun 29 Mar 2026, 08:30",
		"24 hours": "Sun 29 Mar 2026, 16:00"} {
		if r, _ := when.Read(text, c); r.At.Format(when.Layout) != want {
			t.Errorf("%q: %s, want %s", text, r.At.Format(when.Layout), want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"3d", "until Tuesday 9:00", "8.12.", "next week", "in einer halben Stunde", "1.5h",
		"am 8. April um 9 Uhr", "today", "TdAY", "today: call him"} {
		f.Add(s)
	}
	c := clock(f)
	f.Fuzz(func(t *testing.T, s string) {
		r, ok := when.Read(s, c)
		unread := when.Reading{}
		if r.Today { // without an hour, which whoever asks may add
			unread = when.Reading{Today: true, Rest: r.Rest}
		}
		if !r.At.IsZero() && (!r.At.After(c.Now) || r.At.Sub(c.Now) > 367*24*time.Hour) || !ok &&
			r != unread || !strings.HasSuffix(strings.TrimSpace(s), r.Rest) {
			t.Fatalf("%q is read as %+v", s, r)
		}
	})
}

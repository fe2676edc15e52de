package calendar_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/calendar"
	"github.com/replywell/replywell/shared/desk"
)

// shop is a team in Berlin with lunch, short Saturdays, holidays and a day off.
func shop(t testing.TB, zone string) *calendar.Hours {
	t.Helper()
	said := desk.Hours{Zone: zone, Holidays: "de-be", Closed: []string{"2026-12-24"}}
	for _, line := range []string{"mon-fri 9:00-12:30 13:30-18:00", "sat 10-14"} {
		on, times, _ := strings.Cut(line, " ")
		days, err := calendar.ParseDays(on)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range days {
			if said.Week[d], err = calendar.ParseShifts(times); err != nil {
				t.Fatal(err)
			}
		}
	}
	h, err := calendar.Of(said)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func local(t testing.TB, h *calendar.Hours, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, h.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestWorkingTimeBetween(t *testing.T) {
	h := shop(t, "Europe/Berlin")
	for _, c := range []struct {
		from, to string
		want     time.Duration
		why      string
	}{
		{"2026-03-02 09:00", "2026-03-02 11:00", 2 * time.Hour, "within a shift"},
		{"2026-03-02 12:00", "2026-03-02 14:00", time.Hour, "over lunch"},
		{"2026-03-02 07:00", "2026-03-02 08:00", 0, "before work"},
		{"2026-03-02 17:00", "2026-03-03 10:00", 2 * time.Hour, "over night"},
		{"2026-03-06 17:00", "2026-03-09 10:00", 6 * time.Hour, "over a weekend with a short Saturday"},
		{"2026-05-22 17:00", "2026-05-26 10:00", 6 * time.Hour, "Whit Monday is off"},
		{"2026-03-06 17:00", "2026-03-09 09:00", 5 * time.Hour,
			"8 March is a Sunday, so Berlin's holiday costs nothing"},
		{"2026-12-23 17:00", "2026-12-28 10:00", 2 * time.Hour, "a day off of one's own, Christmas, and its Saturday"},
		{"2026-03-03 10:00", "2026-03-02 10:00", 0, "the wrong way round"},
		{"2026-03-27 17:00", "2026-03-30 10:00", 6 * time.Hour, "over the change to summer time"},
	} {
		if got := h.Between(local(t, h, c.from), local(t, h, c.to)); got != c.want {
			t.Errorf("%s to %s (%s): %v, want %v", c.from, c.to, c.why, got, c.want)
		}
	}
}

func TestWhenWorkingTimeHasPassed(t *testing.T) {
	h := shop(t, "Europe/Berlin")
	for _, c := range []struct {
		since   string
		working time.Duration
		want    string
		why     string
	}{
		{"2026-03-02 09:00", 2 * time.Hour, "2026-03-02 11:00", "within a shift"},
		{"2026-03-02 12:00", time.Hour, "2026-03-02 14:00", "over lunch"},
		{"2026-03-02 03:00", time.Hour, "2026-03-02 10:00", "a mail at night counts from the morning"},
		{"2026-03-02 09:00", 8 * time.Hour, "2026-03-02 18:00", "a whole day ends with the day"},
		{"2026-03-06 17:00", 4 * time.Hour, "2026-03-07 13:00", "into Saturday"},
		{"2026-04-02 17:00", 4 * time.Hour, "2026-04-04 13:00", "Good Friday is off"},
		{"2026-12-23 17:30", time.Hour, "2026-12-28 09:30", "Christmas"},
		{"2026-03-08 12:00", 0, "2026-03-08 12:00", "nothing has to pass"},
	} {
		if got := h.After(local(t, h, c.since), c.working); !got.Equal(local(t, h, c.want)) {
			t.Errorf("%v after %s (%s): %v, want %s", c.working, c.since, c.why, got.In(h.Zone()), c.want)
		}
	}
}

// On the night on which clocks change, a shift lasts as long as it really does.
func TestNightShiftsWhenClocksChange(t *testing.T) {
	said := desk.Hours{Zone: "Europe/Berlin"}
	for d := range said.Week {
		said.Week[d] = []desk.Shift{{From: 0, To: 6 * 60}}
	}
	h, err := calendar.Of(said)
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]time.Duration{"2026-03-28": 6, "2026-03-29": 5, "2026-10-25": 7} {
		from := local(t, h, day+" 00:00")
		if got := h.Between(from, from.AddDate(0, 0, 1)); got != want*time.Hour {
			t.Errorf("%s: %v, want %d h", day, got, want)
		}
	}
}

func TestRoundTheClock(t *testing.T) {
	at := time.Date(2026, 12, 25, 3, 0, 0, 0, time.UTC)
	for _, h := range []*calendar.Hours{calendar.Always, mustHours(t, desk.Hours{Zone: "Asia/Tokyo", Holidays: "jp"})} {
		if !h.Open(at) || h.Between(at, at.Add(50*time.Hour)) != 50*time.Hour ||
			!h.After(at, 5*time.Hour).Equal(at.Add(5*time.Hour)) || !h.WorkingDay(at) {
			t.Errorf("%v is not always open", h.Zone())
		}
	}
}

func mustHours(t testing.TB, said desk.Hours) *calendar.Hours {
	t.Helper()
	h, err := calendar.Of(said)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// Between is what one gets who looks at the clock every minute; After is its reverse.
func TestReckoningProperty(t *testing.T) {
	zones := []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"}
	all := map[string]*calendar.Hours{}
	for _, z := range zones {
		all[z] = shop(t, z)
	}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(r *rapid.T) {
		h := all[rapid.SampledFrom(zones).Draw(r, "zone")]
		from := start.Add(time.Duration(rapid.IntRange(0, 365*24*60).Draw(r, "from")) * time.Minute)
		long := rapid.IntRange(0, 12*24*60).Draw(r, "minutes")
		var slow time.Duration
		for i := range long {
			if minuteByMinute(h, from.Add(time.Duration(i)*time.Minute)) {
				slow += time.Minute
			}
		}
		to := from.Add(time.Duration(long) * time.Minute)
		if got := h.Between(from, to); got != slow {
			r.Fatalf("from %v, %d minutes: %v, one who looks each minute counts %v", from, long, got, slow)
		}
		due := h.After(from, slow)
		if h.Between(from, due) != slow || slow > 0 && due.After(to) {
			r.Fatalf("%v of working time after %v is %v, and between them lie %v", slow, from, due,
				h.Between(from, due))
		}
		if at, until, ok := h.Shift(from); !ok || h.Open(from) != minuteByMinute(h, from) || !until.After(from) ||
			!h.Open(at) {
			r.Fatalf("the shift at or after %v is %v to %v", from, at, until)
		}
	})
}

// minuteByMinute says by the wall's clock alone whether the shop is open.
func minuteByMinute(h *calendar.Hours, at time.Time) bool {
	l := at.In(h.Zone())
	if h.Holiday(l) != "" || l.Format(time.DateOnly) == "2026-12-24" {
		return false
	}
	m := l.Hour()*60 + l.Minute()
	switch l.Weekday() {
	case time.Sunday:
		return false
	case time.Saturday:
		return m >= 600 && m < 840
	}
	return m >= 540 && m < 750 || m >= 810 && m < 1080
}

func TestShiftsAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"9:00-12:30 13:30-18:00": "9:00-12:30 13:30-18:00",
		"9-17":                   "9:00-17:00",
		"8:30 - 12, 13 - 17":     "8:30-12:00 13:00-17:00",
		"9 to 17":                "9:00-17:00",
		"9–12 and 13–17":         "9:00-12:00 13:00-17:00",
		"22-24":                  "22:00-24:00",
		"closed":                 "",
		"22-6":                   "as two",
		"9-12 11-17":             "overlap",
		"nine to five":           "working hours",
		"9-25":                   "working hours",
		"9:5-10":                 "working hours",
		"9":                      "working hours",
	} {
		shifts, err := calendar.ParseShifts(text)
		var got []string
		for _, s := range shifts {
			got = append(got, calendar.ShiftText(s))
		}
		if err != nil && !strings.Contains(err.Error(), want) || err == nil && strings.Join(got, " ") != want {
			t.Errorf("%q: %v, %v; want %q", text, got, err, want)
		}
	}
	for text, want := range map[string]string{"mon-fri": "[1 2 3 4 5]", "Sat,Sun": "[6 0]", "fri-mon": "[5 6 0 1]",
		"Tuesday": "[2]", "day": "", "": ""} {
		days, err := calendar.ParseDays(text)
		var got []int
		for _, d := range days {
			got = append(got, int(d))
		}
		if (want == "") != (err != nil) || err == nil && fmt.Sprint(got) != want {
			t.Errorf("%q: %v, %v; want %s", text, got, err, want)
		}
	}
}

func TestHoursThatCannotBe(t *testing.T) {
	week := [7][]desk.Shift{1: {{From: 540, To: 600}}}
	for want, said := range map[string]desk.Hours{
		"time zone":   {Zone: "Berlin", Week: week},
		"not known":   {Holidays: "de-xx", Week: week},
		"not a day":   {Closed: []string{"24.12."}, Week: week},
		"one another": {Week: [7][]desk.Shift{1: {{From: 540, To: 600}, {From: 590, To: 610}}}},
	} {
		if _, err := calendar.Of(said); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", said, err, want)
		}
	}
}

func FuzzParseShifts(f *testing.F) {
	f.Add("9:00-12:30 13:30-18:00")
	f.Add("9 to 17")
	f.Fuzz(func(t *testing.T, s string) {
		shifts, err := calendar.ParseShifts(s)
		if err != nil {
			return
		}
		if _, err := calendar.Of(desk.Hours{Week: [7][]desk.Shift{1: shifts}}); err != nil {
			t.Fatalf("%q is read as %v, and %v", s, shifts, err)
		}
	})
}

func BenchmarkBetweenAMonth(b *testing.B) {
	h := shop(b, "Europe/Berlin")
	from := time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)
	for b.Loop() {
		h.Between(from, from.AddDate(0, 1, 0))
	}
}

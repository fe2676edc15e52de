package schedule_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/schedule"
)

const morning = "Good morning, "

// monday plays a Monday: Erika and Olga wait for Anna, Otto for nobody; Clara was
// answered by Anna and says thank you, Paul was answered by Ben.
func monday(t *testing.T) (*office, desk.Inbound) {
	t.Helper()
	o := newOffice(t)
	o.Settings.Mailboxes[0].Within, o.Settings.Morning.Off = 6*time.Hour, false
	o.opens("clara@customers.example", "The third lamp hums.")
	o.replies(anna, "third lamp hums", "Please turn it off.\n\nAnna")
	o.replies("clara@customers.example", "turn it off", "Thank you very much, that helped!")
	o.opens("paul@customers.example", "What does lamp twelve cost?")
	o.replies(ben, "lamp twelve", "It costs 12 euros.\n\nBen")
	o.until("2026-03-02 15:00")
	o.opens(erika, "The lamp flickers. What can I do?")
	o.replies(anna, "flickers", "#take")
	o.until("2026-03-02 15:30")
	o.opens("olga@customers.example", "Twelve lamps flicker in my hotel.")
	o.replies(anna, "in my hotel", "#take")
	return o, o.opens("otto@customers.example", "I send my lamp back.")
}

// At the beginning of the working day each agent has one mail: who waits for them, in
// which order, who is nobody's, who said thank you. A number brings the mail again,
// in its own thread, where the answer then is.
func TestTheMorningMail(t *testing.T) {
	o, otto := monday(t)
	if sent := with(o.until("2026-03-03 08:59"), anna, morning); len(sent) > 0 {
		t.Errorf("%d before the day begins", len(sent))
	}
	sent := o.until("2026-03-03 18:00")
	told := with(sent, anna, morning)
	if len(told) != 1 || len(with(sent, ben, morning)) != 1 {
		t.Fatalf("Anna has %d, Ben %d", len(told), len(with(sent, ben, morning)))
	}
	p := strings.Join(strings.Fields(told[0].Read.PlainText), " ")
	at := 0
	for _, says := range []string{"A number fetches that mail. Nothing that you write here goes to a customer.",
		"Good morning, Anna. Start with erika@customers.example.",
		"2 customers wait for you, the longest since Mon 15:00. 2 answers are due today.", "Due today:",
		"erika@customers.example, by " +
			"12:00", "“The lamp flickers. What can I do?” First: waits 3 h 9 min of 6 hours. Since Mon 15:00.",
		"olga@customers.example, by 12:30", "Nobody has it yet:", "reply 3 take", "otto@customers.example",
		"What the team needs:", "1 of those who wait is nobody’s yet.", "Thanks:", "Thank you very much",
		"The team answered 1 other customer since Mon 09:00"} {
		i := strings.Index(p[at:], says)
		if i < 0 {
			t.Fatalf("it does not say %q, there:\n%s", says, told[0].Read.PlainText)
		}
		at += i
	}
	if !strings.HasPrefix(told[0].Read.Subject, "Your day, Tue 3 Mar: 2 wait for you") ||
		told[0].Read.Header.Get("X-Replywell-Kind") != "morning" {
		t.Errorf("%s, %s", told[0].Read.Subject, told[0].Read.Header.Get("X-Replywell-Kind"))
	}
	if b := strings.Join(strings.Fields(with(sent, ben, morning)[0].Read.PlainText), " "); !strings.Contains(b,
		"Nobody waits for you.") || strings.Contains(b, "What the team needs") || strings.Contains(b, "very much") {
		t.Errorf("Ben, who is no lead, reads:\n%s", b)
	}
	first := o.last(anna, "flickers. What")
	o.sent = nil
	m := told[0]
	in := o.writes(anna, m.Read.ReplyTo[0].Address, "Re: "+m.Read.Subject, "In-Reply-To: <"+m.Read.MessageID+">\n",
		"1 please")
	if in.Outcome != desk.OutcomeAgent || len(o.sent) != 1 || o.sent[0].Read.References[0] != first.Read.References[0] {
		t.Fatalf("%s: %s; %d mails", in.Outcome, in.Reason, len(o.sent))
	}
	o.replies(anna, "flickers", "Dear Erika,\n\nplease change the bulb.\n\nAnna")
	o.last(erika, "change the bulb")
	in = o.writes(anna, m.Read.ReplyTo[0].Address, "Re: "+m.Read.Subject, "In-Reply-To: <"+m.Read.MessageID+">\n",
		"3 take")
	o.last(anna, "I send my lamp back.")
	if c := o.conv(otto.Conversation); c.Owner != "anna" {
		t.Errorf("it is %q's; %s", c.Owner, in.Reason)
	}
}

// Words that the mail does not name go nowhere and are given back.
func TestNothingIsAnsweredFromTheList(t *testing.T) {
	for _, text := range []string{"Dear Erika, please change the bulb.", "1 please change the bulb", "9", "#close",
		"1 #note she is angry"} {
		o, _ := monday(t)
		o.until("2026-03-03 09:05")
		before := len(o.sent)
		m := o.last(anna, morning)
		in := o.writes(anna, m.Read.ReplyTo[0].Address, "Re: "+m.Read.Subject, "", text)
		if in.Outcome != desk.OutcomeRefused || len(o.sent) != before+1 || o.sent[before].To[0] != anna ||
			!strings.Contains(o.sent[before].Read.PlainText, "Nobody got anything") {
			t.Errorf("%q: %s (%s), %d mails", text, in.Outcome, in.Reason, len(o.sent)-before)
		}
	}
}

// No mail on a day off, at the weekend, late in the day, to whom nothing concerns, or
// where it is off; round the clock there is one where a time is set.
func TestWhenThereIsAMorningMail(t *testing.T) {
	for name, x := range map[string]struct {
		prepare  func(*office)
		from, to string
		want     int
	}{
		"a holiday":             {nil, "2026-03-06 20:00", "2026-03-09 08:00", 0},
		"Good Friday to Easter": {nil, "2026-04-02 20:00", "2026-04-07 08:00", 0},
		"the day after Easter":  {nil, "2026-04-06 20:00", "2026-04-07 10:00", 1},
		"summer time begins": {func(o *office) { o.Settings.Hours = hours(t, "mon-sun 2:30-6") },
			"2026-03-28 20:00", "2026-03-29 20:00", 1},
		"summer time ends": {func(o *office) { o.Settings.Hours = hours(t, "mon-sun 2:30-6") },
			"2026-10-24 20:00", "2026-10-25 20:00", 1},
		"it did not run till noon": {nil, "2026-03-03 12:30", "2026-03-03 13:00", 1},
		"nor till the evening":     {nil, "2026-03-03 13:30", "2026-03-03 20:00", 0},
		"off": {func(o *office) { o.Settings.Morning.Off = true }, "2026-03-02 20:00",
			"2026-03-03 20:00", 0},
		"round the clock": {func(o *office) { o.Settings.Hours = desk.Hours{} }, "2026-03-02 20:00",
			"2026-03-03 20:00", 0},
		"round the clock, at 7": {func(o *office) {
			o.Settings.Hours = desk.Hours{}
			o.Settings.Morning.At = 7 * 60
		}, "2026-03-02 20:00", "2026-03-03 20:00", 1},
		"another zone": {func(o *office) {
			h := hours(t, "mon-fri 9-17")
			h.Zone = "America/New_York"
			o.Settings.Agents[0].Hours = h
		}, "2026-03-02 20:00", "2026-03-03 14:55", 0},
		"nothing to say": {func(o *office) { o.replies(anna, "flickers", "Please change the bulb.") },
			"2026-03-02 20:00", "2026-03-03 20:00", 0},
	} {
		o := newOffice(t)
		o.Settings.Mailboxes[0].Within, o.Settings.Morning.Off = 0, false
		o.opens(erika, "The lamp flickers. What can I do?")
		if x.prepare != nil {
			x.prepare(o)
		}
		jump(o, x.from)
		sent := with(o.until(x.to), anna, morning)
		if len(sent) != x.want {
			t.Errorf("%s: %d morning mails, want %d", name, len(sent), x.want)
		}
	}
}

// jump moves the clock with nothing running.
func jump(o *office, at string) {
	t, err := time.ParseInLocation("2006-01-02 15:04", at, o.zone)
	if err != nil {
		o.Fatal(err)
	}
	o.Pass(t.Sub(o.Now()))
}

// Many runs at once, and each of a new process, write one.
func TestOneMorningMailHoweverManyRuns(t *testing.T) {
	o, _ := monday(t)
	jump(o, "2026-03-03 09:01")
	for range 2 {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if _, err := (&schedule.Service{Home: o.Home()}).Run(o.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		o.Pass(time.Hour)
	}
	var sent []bench.Sent
	sent = append(sent, o.Sent()...)
	if n, m := len(with(sent, anna, morning)), len(with(sent, ben, morning)); n != 1 || m != 1 {
		t.Errorf("Anna has %d, Ben %d", n, m)
	}
}

// A hundred who wait make no longer mail.
func TestAMorningAfterALongNight(t *testing.T) {
	o := newOffice(t)
	o.Settings.Notifications.Most, o.Settings.Morning.Off = 1000, false
	for range 60 {
		o.opens(erika, "The lamp flickers. What can I do?")
		o.replies(anna, "flickers", "#take")
	}
	jump(o, "2026-03-03 09:01")
	m := with(o.later(5*time.Minute), anna, morning)
	if len(m) != 1 {
		t.Fatalf("%d morning mails", len(m))
	}
	if p := strings.Join(strings.Fields(m[0].Read.PlainText), " "); !strings.Contains(p, "60 customers wait for you") ||
		!strings.Contains(p, "more wait for you") || len(p) > 4000 {
		t.Errorf("%d characters:\n%s", len(p), m[0].Read.PlainText)
	}
}

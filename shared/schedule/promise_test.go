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

const reminder = "the one reminder before the promise is broken"

// Who waits is named with the promise in each mail, and one person is reminded of it
// once, in time, in the conversation's thread; a reply to that is the answer.
func TestAPromiseIsRemindedOfOnce(t *testing.T) {
	o := newOffice(t)
	in := o.opens(erika, "The lamp flickers. What can I do?")
	first := o.last(anna, "The lamp flickers")
	for _, says := range []string{"nobody’s yet; promise 14:00", "The team’s turn, by 14:00"} {
		if !strings.Contains(first.Read.PlainText, says) {
			t.Errorf("the mail does not say %q:\n%s", says, first.Read.PlainText)
		}
	}
	o.replies(anna, "The lamp flickers", "#take")
	if sent := o.until("2026-03-02 11:59"); len(sent) > 0 {
		t.Errorf("%d mails before it is time", len(sent))
	}
	sent := o.until("2026-03-03 12:00")
	told := with(sent, anna, reminder)
	if len(told) != 1 || len(with(sent, ben, "")) > 0 {
		t.Fatalf("reminded %d times, Ben got %d mails", len(told), len(with(sent, ben, "")))
	}
	m := told[0]
	for _, says := range []string{"yours; promise 14:00", "waits, promised by 14:00", "It is yours.",
		"The lamp flickers."} {
		if !strings.Contains(m.Read.PlainText, says) {
			t.Errorf("the reminder does not say %q:\n%s", says, m.Read.PlainText)
		}
	}
	if m.Read.Subject != first.Read.Subject || m.Read.References[0] != first.Read.References[0] {
		t.Error("the reminder is in no thread")
	}
	o.replies(anna, reminder, "Please change the bulb.\n\nAnna")
	if got := o.last(erika, "change the bulb"); got.Read == nil || o.conv(in.Conversation).State != desk.StateAnswered {
		t.Error("the answer to a reminder did not go")
	}
	// The customer asks again: the clock begins anew, and so does the reminder.
	o.replies(erika, "change the bulb", "I did; it still flickers. What now?")
	if sent := o.until("2026-03-04 18:00"); len(with(sent, anna, reminder)) != 1 {
		t.Errorf("reminded of the second question %d times", len(with(sent, anna, reminder)))
	}
}

func TestWhomTheReminderGoesTo(t *testing.T) {
	for _, x := range []struct {
		name   string
		before func(*office)
		to     string
		says   string
	}{
		{"nobody's, Ben works alone", func(o *office) { o.Settings.Agents[0].Hours = hours(t, "sat 9-10") }, ben,
			"Nobody has it yet, so you are asked."},
		{"Ben's, who has left for the day", func(o *office) {
			o.Settings.Agents[1].Hours = hours(t, "mon-fri 9-11")
			o.replies(ben, "flickers", "#take")
		}, anna, "It is Ben Okafor’s, who is not at work now."},
		{"Ben's, and nobody works; the lead", func(o *office) {
			o.Settings.Agents[0].Hours, o.Settings.Agents[1].Hours = hours(t, "sat 9-10"), hours(t, "mon-fri 9-11")
			o.replies(ben, "flickers", "#take")
		}, anna, "so the lead is told"},
	} {
		o := newOffice(t)
		o.opens(erika, "The lamp flickers. What can I do?")
		x.before(o)
		sent := o.until("2026-03-02 14:00")
		if len(sent) != 1 || len(with(sent, x.to, x.says)) != 1 {
			t.Errorf("%s: %d mails", x.name, len(sent))
			for _, m := range sent {
				t.Log(m.To, m.Read.PlainText)
			}
		}
	}
}

// What ends a wait ends the reminder, and nothing is reminded of that nobody
// promised, or whose time was over long before.
func TestNoReminder(t *testing.T) {
	for name, do := range map[string]func(*office){
		"answered":       func(o *office) { o.replies(anna, "flickers", "Please change the bulb.") },
		"closed":         func(o *office) { o.replies(anna, "flickers", "#close") },
		"nothing is set": func(o *office) { o.Settings.Mailboxes[0].Within = 0 },
	} {
		o := newOffice(t)
		o.opens(erika, "The lamp flickers. What can I do?")
		do(o)
		o.sent = nil
		o.later(10 * time.Hour)
		for _, m := range o.later(20 * time.Hour) {
			t.Errorf("%s: a mail to %v: %s", name, m.To, m.Read.PlainText)
		}
	}
}

// A promise that broke while nothing could run is told of all the same, once, and since
// when it is late.
func TestAPromiseThatBrokeWhileNothingRan(t *testing.T) {
	o := newOffice(t)
	o.opens(erika, "The lamp flickers. What can I do?")
	o.sent = nil
	o.Pass(8 * 24 * time.Hour)
	o.later(30 * time.Hour)
	told := with(o.sent, anna, "late since Mon 2 Mar, 14:00")
	told = append(told, with(o.sent, ben, "late since Mon 2 Mar, 14:00")...)
	if len(told) != 1 || len(o.sent) != 1 {
		t.Errorf("%d of %d mails say that it is late", len(told), len(o.sent))
	}
}

// Two runs at once, and one that dies, remind once.
func TestRunsAtOnceRemindOnce(t *testing.T) {
	o := newOffice(t)
	for range 5 {
		o.opens(erika, "The lamp flickers. What can I do?")
	}
	o.Pass(3*time.Hour + time.Minute)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			s := &schedule.Service{Home: o.Home()}
			if _, err := s.Run(o.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var sent []bench.Sent
	sent = append(sent, o.Sent()...)
	if n := len(with(sent, anna, reminder)) + len(with(sent, ben, reminder)); n != 5 {
		t.Errorf("%d reminders of 5 promises", n)
	}
}

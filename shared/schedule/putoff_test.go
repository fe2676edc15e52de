package schedule_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

const back = "is back, as it was put off until now"

// answered opens a conversation and answers it, with orders below the answer.
func (o *office) answered(below string) desk.Inbound {
	o.Helper()
	in := o.opens(erika, "The lamp flickers. What can I do?")
	o.replies(anna, "flickers", "Dear Erika,\n\nplease change the bulb, and tell us whether that helps.\n\nAnna\n\n"+
		below)
	return in
}

// What is put off returns by one mail, in its thread, at the time, to whoever put it off.
func TestWhatIsPutOffReturns(t *testing.T) {
	o := newOffice(t)
	in := o.answered("#snooze until Tuesday 9:00")
	if got := o.last(erika, "change the bulb"); strings.Contains(got.Read.PlainText, "snooze") {
		t.Errorf("the customer reads:\n%s", got.Read.PlainText)
	}
	if c := o.conv(in.Conversation); c.State != desk.StateAnswered || c.Snoozed.By != "anna" ||
		!c.Snoozed.Until.Equal(time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC)) {
		t.Fatalf("%+v", c)
	}
	if sent := o.until("2026-03-03 08:59"); len(sent) > 0 {
		t.Errorf("%d mails before the time", len(sent))
	}
	sent := o.until("2026-03-05 09:00")
	told := with(sent, anna, back)
	if len(told) != 1 || len(sent) != 1 {
		t.Fatalf("%d mails, %d of them bring it back", len(sent), len(told))
	}
	if p := told[0].Read; !strings.Contains(p.PlainText, "has not written since our answer") ||
		p.Subject != o.last(anna, "flickers").Read.Subject {
		t.Errorf("it comes back as:\n%s", p.PlainText)
	}
	o.replies(anna, back, "Dear Erika,\n\ndid it help?\n\nAnna")
	o.last(erika, "did it help?")
	if c := o.conv(in.Conversation); !c.Snoozed.Until.IsZero() {
		t.Error("it is put off still")
	}
}

// A thank-you and automatic mail do not wake it; what the customer really writes does.
func TestWhatWakesIt(t *testing.T) {
	for name, x := range map[string]struct {
		above, text string
		wakes       bool
	}{
		"a thank-you":   {"", "Thank you very much!", false},
		"out of office": {"Auto-Submitted: auto-replied\n", "I am out of the office until Monday.", false},
		"a question":    {"", "It flickers still. What now?", true},
	} {
		o := newOffice(t)
		in := o.answered("#snooze 3d")
		m := o.last(erika, "change the bulb")
		o.writes(erika, m.Read.ReplyTo[0].Address, "Re: "+m.Read.Subject, x.above+"In-Reply-To: <"+m.Read.MessageID+
			">\n", x.text)
		c := o.conv(in.Conversation)
		if woken := c.Snoozed.Until.IsZero(); woken != x.wakes {
			t.Errorf("%s: put off until %v", name, c.Snoozed.Until)
		}
		sent := o.until("2026-03-05 10:00")
		if n := len(with(sent, anna, back)); (n == 1) == x.wakes {
			t.Errorf("%s: it came back %d times", name, n)
		}
		if x.wakes {
			if m := o.last(anna, "brings it back"); !strings.Contains(
				strings.Join(strings.Fields(m.Read.PlainText), " "),
				"You put this off until Thu 09:00; their mail brings it back.") {
				t.Errorf("the mail that wakes it:\n%s", m.Read.PlainText)
			}
		}
	}
}

// One who waits can be put off, too; the promise is reminded of all the same, and a
// thank-you does not wake it.
func TestPuttingOffOneWhoWaits(t *testing.T) {
	o := newOffice(t)
	in := o.opens(erika, "The lamp flickers. What can I do?")
	o.replies(anna, "flickers", "#take\n#snooze 2 days")
	if c := o.conv(in.Conversation); c.State != desk.StateOpen || c.Snoozed.Until.IsZero() {
		t.Fatalf("%+v", c)
	}
	o.writes(erika, support, "Re: The lamp", "In-Reply-To: <m1@customers.example>\n", "Thanks!")
	sent := o.until("2026-03-05 12:00")
	if n := len(with(sent, anna, reminder)); n != 1 {
		t.Errorf("reminded of the promise %d times", n)
	}
	if told := with(sent, anna, back); len(told) != 1 ||
		!strings.Contains(told[0].Read.PlainText, "waits for an answer") {
		t.Errorf("it came back %d times", len(told))
	}
}

// A reminder comes whatever happened, with the agent's words, to the agent alone.
func TestReminders(t *testing.T) {
	o := newOffice(t)
	in := o.opens(erika, "The lamp flickers. What can I do?")
	o.replies(ben, "flickers", "#remind tomorrow 10:00 call the carrier")
	o.replies(anna, "flickers", "Dear Erika,\n\nplease change the bulb.\n\nAnna\n\n#close")
	if c := o.conv(in.Conversation); len(c.Reminders) != 1 || c.Reminders[0].Said != "call the carrier" ||
		c.State != desk.StateSolved {
		t.Fatalf("%+v", c)
	}
	sent := o.until("2026-03-04 10:00")
	told := with(sent, ben, "You asked to be reminded: “call the carrier”")
	if len(told) != 1 || len(sent) != 1 || !strings.Contains(told[0].Read.PlainText, "This is solved.") {
		t.Fatalf("%d mails, %d reminders", len(sent), len(told))
	}
	for _, m := range with(o.sent, erika, "") {
		if strings.Contains(m.Read.PlainText, "carrier") {
			t.Errorf("the customer reads:\n%s", m.Read.PlainText)
		}
	}
}

// What a hurried agent writes, and what comes of it: nothing of it ever goes to the
// customer.
func TestTimesAsAgentsWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"#snooze 3d":                            "Thu 5 Mar 09:00",
		"#snooze until Wednesday":               "Wed 4 Mar 09:00",
		"# snooze tomorrow morning":             "Tue 3 Mar 09:00",
		"#Snooze: in 2 hours, please":           "Mon 2 Mar 11:00",
		"#snooze bis Mittwoch 14 Uhr":           "Wed 4 Mar 14:00",
		"#wiedervorlage übermorgen":             "Wed 4 Mar 09:00",
		"#snoze 3d":                             "Did you mean #snooze Thu 5 Mar 2026, 09:00?",
		"#snooze 3 dyas":                        "Did you mean #snooze Thu 5 Mar 2026, 09:00?",
		"#snooze Monday":                        "Did you mean #snooze Mon 9 Mar 2026, 09:00?",
		"#snooze today 8:00":                    "Did you mean #snooze Tue 3 Mar 2026, 08:00?",
		"#snooze 2025-12-01":                    "Did you mean #snooze Tue 1 Dec 2026, 09:00?",
		"#snooze at 3":                          "Did you mean #snooze Mon 2 Mar 2026, 15:00?",
		"#snooze tomorrow he promised to write": "Did you mean #snooze Tue 3 Mar 2026, 09:00",
		"#snooze":                               "#snooze needs a time",
		"#snooze until she writes":              "#snooze needs a time",
		"#snooze 3 years":                       "Did you mean #snooze",
		"#snooze 3d\n#close":                    "use one of them",
	} {
		o := newOffice(t)
		in := o.opens(erika, "The lamp flickers. What can I do?")
		o.replies(anna, "flickers", text)
		if n := len(with(o.sent, erika, "")); n > 0 {
			t.Errorf("%q: the customer got %d mails", text, n)
		}
		c := o.conv(in.Conversation)
		got := c.Snoozed.Until.In(o.zone).Format("Mon 2 Jan 15:04")
		if c.Snoozed.Until.IsZero() {
			got = ""
			if m := o.sent[len(o.sent)-1]; len(m.To) == 1 && m.To[0] == anna {
				got = strings.Join(strings.Fields(m.Read.PlainText), " ")
			}
		}
		if !strings.Contains(got, want) || c.Snoozed.Until.IsZero() && strings.HasPrefix(want, "Mon") {
			t.Errorf("%q: %s, want %q", text, got, want)
		}
	}
}

// The question can be answered later: the time is the one that was asked about.
func TestTheAnswerToAQuestionAboutATime(t *testing.T) {
	o := newOffice(t)
	in := o.opens(erika, "The lamp flickers. What can I do?")
	o.replies(anna, "flickers", "#snooze Monday")
	o.until("2026-03-03 10:00")
	o.replies(anna, "Did you mean #snooze", "yes")
	if c := o.conv(in.Conversation); c.Snoozed.Until.In(o.zone).Format("Mon 2 Jan 15:04") != "Mon 9 Mar 09:00" {
		t.Errorf("put off until %v; %s", c.Snoozed.Until, o.sent[len(o.sent)-1].Read.PlainText)
	}
}

// Who does not answer is asked once, kindly, in their own language, after the agent
// was told; then it is closed, and what they write opens it again.
func TestFollowedUpOnceThenClosed(t *testing.T) {
	o := newOffice(t)
	o.Settings.Mailboxes[0].FollowUp, o.Settings.Mailboxes[0].Closes = 3*24*time.Hour, 2*24*time.Hour
	in := o.opens(erika, "Guten Tag, meine Lampe flackert immer noch. Was kann ich denn jetzt noch machen?")
	o.replies(anna, "flackert", "Guten Tag,\n\nbitte wechseln Sie die Birne.\n\nAnna\n\n#pending")
	sent := o.until("2026-03-05 08:59")
	told := with(sent, anna, "is asked on Thu 09:00 whether it is settled")
	if len(told) != 1 || len(sent) != 1 || !strings.Contains(told[0].Read.PlainText, "reply #open") {
		t.Fatalf("%d mails before they are asked, %d tell the agent", len(sent), len(told))
	}
	sent = o.until("2026-03-06 20:00")
	asked := with(sent, erika, "brauchen Sie noch Hilfe")
	if len(asked) != 1 || len(sent) != 1 || !strings.Contains(asked[0].Read.PlainText, "bis zum 09.03.2026") ||
		asked[0].Read.Header.Get("Auto-Submitted") == "" {
		for _, m := range sent {
			t.Log(m.To, m.Read.PlainText)
		}
		t.Fatalf("%d mails, %d ask", len(sent), len(asked))
	}
	if c := o.conv(in.Conversation); c.State != desk.StateAnswered {
		t.Errorf("it is %s before its time", c.State)
	}
	if sent = o.until("2026-03-13 10:00"); len(sent) > 0 {
		t.Errorf("%d mails after they were asked", len(sent))
	}
	if c := o.conv(in.Conversation); c.State != desk.StateSolved {
		t.Errorf("it is %s", c.State)
	}
	o.replies(erika, "brauchen Sie noch Hilfe", "Ja, es flackert noch.")
	if c := o.conv(in.Conversation); c.State != desk.StateOpen {
		t.Errorf("after their answer it is %s", c.State)
	}
}

// The customer's answer, or #open, ends it; without the setting nobody is asked.
func TestNobodyIsFollowedUpWhoAnswered(t *testing.T) {
	for name, do := range map[string]func(*office){
		"answered":     func(o *office) { o.replies(erika, "change the bulb", "It helped a bit. What else can I do?") },
		"#open":        func(o *office) { o.replies(anna, "whether it is settled", "#open") },
		"not wanted":   func(o *office) {},
		"#snooze then": func(o *office) { o.replies(anna, "whether it is settled", "#snooze until 20 March") },
	} {
		o := newOffice(t)
		if name != "not wanted" {
			o.Settings.Mailboxes[0].FollowUp, o.Settings.Mailboxes[0].Closes = 3*24*time.Hour, 2*24*time.Hour
		}
		o.answered("#pending")
		o.until("2026-03-04 12:00")
		do(o)
		if sent := with(o.until("2026-03-12 10:00"), erika, ""); len(sent) > 0 {
			t.Errorf("%s: they were asked all the same:\n%s", name, sent[0].Read.PlainText)
		}
	}
}

package schedule_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

const carla = "carla@team.lantern.example"

// forty plays a day: three agents answer forty customers, of whom every second asks
// once more and every third says thank you. Who has a mail of a customer's answers
// it: whose it is, else they in turn. It gives how many mails each agent had.
func forty(t *testing.T, prepare func(*office)) (map[string]int, *office) {
	o := newOffice(t)
	s := o.Settings
	s.Agents = append(slices.Clone(s.Agents), desk.Agent{ID: "carla", Name: "Carla Reyes", PublicName: "Carla",
		Addresses: []string{carla}, Hours: desk.Hours{Zone: "Europe/Berlin"}})
	s.Mailboxes = slices.Clone(s.Mailboxes)
	s.Mailboxes[0].Agents = []string{"anna", "ben", "carla"}
	s.Notifications.Most, s.Morning.Off = 1000, false
	prepare(o)
	o.until("2026-03-03 09:05")
	o.sent = nil
	team := []string{anna, ben, carla}
	answers := func(customer, words string, n int) {
		who := team[n%3]
		if len(with(o.sent, who, words)) == 0 || strings.Contains(o.last(who, words).Read.PlainText,
			"’s turn, or yours") {
			for _, a := range team {
				if m := with(o.sent, a, words); len(m) > 0 &&
					!strings.Contains(m[len(m)-1].Read.PlainText, "’s turn, or yours") {
					who = a
				}
			}
		}
		o.replies(who, words, fmt.Sprintf("Dear customer,\n\nthe answer to %s is here.\n\nYours", words))
		if len(with(o.sent, customer, "the answer to "+words)) != 1 {
			t.Errorf("%s has %d answers to %s", customer, len(with(o.sent, customer, "the answer to "+words)), words)
		}
	}
	for n := range 40 {
		customer := fmt.Sprintf("customer%d@customers.example", n)
		first, second := fmt.Sprintf("lamp number %d1", n), fmt.Sprintf("lamp number %d2", n)
		o.opens(customer, "What of the "+first+"?")
		o.later(5 * time.Minute)
		answers(customer, first, n)
		if n%2 == 0 {
			o.replies(customer, "the answer to "+first, "And the "+second+", please?")
			answers(customer, second, n)
		}
		if n%3 == n/3%3 {
			o.replies(customer, "the answer to "+first, "Thank you very much!")
		}
	}
	had := map[string]int{}
	for _, a := range team {
		had[a] = len(with(o.sent, a, ""))
	}
	return had, o
}

// TestADayOfForty measures what an agent has to read for a day of forty answered
// customers, the morning mail of the next day included: how many on average, and at most.
func TestADayOfForty(t *testing.T) {
	for _, x := range []struct {
		name    string
		prepare func(*office)
		mean    int
		most    int
	}{
		{"all", func(o *office) {
			for i := range o.Settings.Agents {
				o.Settings.Agents[i].Notify = desk.NotifyAll
			}
		}, 120, 130},
		{"involved", func(*office) {}, 55, 65},
		{"involved, and shared out", func(o *office) { o.Settings.Mailboxes[0].Share = true }, 27, 35},
	} {
		had, o := forty(t, x.prepare)
		o.until("2026-03-04 09:30")
		for a := range had {
			had[a] = len(with(o.sent, a, ""))
		}
		t.Logf("%s: %d, %d, %d mails", x.name, had[anna], had[ben], had[carla])
		sum := 0
		for a, n := range had {
			if sum += n; n > x.most {
				t.Errorf("%s: %s had %d mails, want %d at most", x.name, a, n, x.most)
			}
		}
		if sum > 3*x.mean {
			t.Errorf("%s: %d mails to three, want %d to each", x.name, sum, x.mean)
		}
	}
}

// Who wants one mail an hour for what is not theirs has it at the full hour, and it says
// why; what is theirs comes at once.
func TestOneMailAnHour(t *testing.T) {
	o := newOffice(t)
	o.Settings.Agents[1].Notify = desk.NotifyDigest
	o.Settings.Notifications.Window = 10 * time.Minute
	o.until("2026-03-02 09:10")
	o.opens(erika, "The lamp flickers. What can I do?")
	o.opens("otto@customers.example", "I send my lamp back.")
	if n := len(with(o.sent, ben, "")); n > 0 {
		t.Errorf("Ben has %d mails at once", n)
	}
	sent := with(o.until("2026-03-02 09:59"), ben, "")
	if len(sent) > 0 {
		t.Errorf("and %d before the hour", len(sent))
	}
	sent = with(o.until("2026-03-02 10:10"), ben, "")
	if len(sent) != 1 || !strings.Contains(strings.Join(strings.Fields(sent[0].Read.PlainText), " "),
		"You get what is not yours in one mail an hour") || !strings.Contains(sent[0].Read.PlainText, "flickers") ||
		!strings.Contains(sent[0].Read.PlainText, "lamp back") {
		t.Fatalf("at ten he has %d", len(sent))
	}
	var mine bench.Sent
	o.replies(anna, "flickers", "#assign Ben")
	if mine = o.last(ben, "gave this to you"); mine.Read == nil {
		t.Fatal("what is his did not come at once")
	}
	o.replies(ben, "gave this to you", "Dear Erika,\n\nplease change the bulb.\n\nBen")
	o.replies(erika, "change the bulb", "It flickers still. What now?")
	o.last(ben, "It flickers still")
}

package schedule_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/calendar"
	"github.com/replywell/replywell/shared/desk"
)

const (
	support = "support@lantern.example"
	erika   = "erika@customers.example"
	anna    = "anna@team.lantern.example"
	ben     = "ben@team.lantern.example"
)

// office is a desk with hours, whose clock is moved by hand.
type office struct {
	*bench.Path
	zone *time.Location
	n    int
	sent []bench.Sent
}

func hours(t testing.TB, lines ...string) (h desk.Hours) {
	t.Helper()
	h.Zone, h.Holidays = "Europe/Berlin", "de-be"
	for _, l := range lines {
		on, times, _ := strings.Cut(l, " ")
		days, err := calendar.ParseDays(on)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range days {
			if h.Week[d], err = calendar.ParseShifts(times); err != nil {
				t.Fatal(err)
			}
		}
	}
	return h
}

// newOffice opens on Monday, 2 March 2026, at 9:00 in Berlin. It answers within four
// working hours.
func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{Path: bench.NewPath(t)}
	s := o.Settings
	s.Hours = hours(t, "mon-fri 9:00-12:30 13:30-18:00")
	s.Mailboxes[0].Within, s.Morning.Off = 4*time.Hour, true
	s.Mailboxes[0].Untaken = 0
	for i := range s.Agents {
		s.Agents[i].Hours.Zone = "Europe/Berlin"
	}
	var err error
	if o.zone, err = time.LoadLocation("Europe/Berlin"); err != nil {
		t.Fatal(err)
	}
	o.until("2026-03-02 09:00")
	return o
}

// until lets the time pass to a moment of the office's clock, and keeps what is sent.
func (o *office) until(at string) []bench.Sent {
	o.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", at, o.zone)
	if err != nil {
		o.Fatal(err)
	}
	if t.Before(o.Now()) {
		o.Pass(t.Sub(o.Now())) // only to begin
	}
	return o.later(t.Sub(o.Now()))
}

// later lets time pass, and does every ten minutes what is due.
func (o *office) later(d time.Duration) (sent []bench.Sent) {
	o.Helper()
	for end := o.Now().Add(d); o.Now().Before(end); {
		o.Pass(min(10*time.Minute, end.Sub(o.Now())))
		if _, err := o.Schedule.Run(o.Context()); err != nil {
			o.Fatal(err)
		}
		sent = append(sent, o.Sent()...)
	}
	o.sent = append(o.sent, sent...)
	return sent
}

// writes brings a mail, and what it causes.
func (o *office) writes(from, to, subject, above, text string) desk.Inbound {
	o.Helper()
	o.n++
	in := o.Arrive(bench.Arrival{From: from, To: []string{to}, Verdicts: bench.Trusted,
		Raw: fmt.Sprintf("From: <%s>\nTo: <%s>\nSubject: %s\nMessage-ID: <m%d@%s>\n%s\n%s\n", from, to, subject, o.n,
			strings.SplitN(from, "@", 2)[1], above, text)})
	o.sent = append(o.sent, o.Sent()...)
	return in
}

// opens lets a customer write for the first time.
func (o *office) opens(from, text string) desk.Inbound {
	o.Helper()
	return o.writes(from, support, "The lamp", "", text)
}

// replies answers the newest mail to somebody that has the words.
func (o *office) replies(from, words, text string) desk.Inbound {
	o.Helper()
	m := o.last(from, words)
	return o.writes(from, m.Read.ReplyTo[0].Address, "Re: "+m.Read.Subject, "In-Reply-To: <"+m.Read.MessageID+">\n",
		text)
}

// with are the mails to somebody that have the words.
func with(sent []bench.Sent, to, words string) (out []bench.Sent) {
	for _, m := range sent {
		if slices.Contains(m.To, to) && strings.Contains(m.Read.Subject+"\n"+
			strings.Join(strings.Fields(m.Read.PlainText), " "), words) {
			out = append(out, m)
		}
	}
	return out
}

func (o *office) last(to, words string) bench.Sent {
	o.Helper()
	found := with(o.sent, to, words)
	if len(found) == 0 {
		o.Fatalf("no mail to %s with %q", to, words)
	}
	return found[len(found)-1]
}

func (o *office) conv(id desk.ConversationID) desk.Conversation {
	o.Helper()
	c, err := o.Store.Conversation(o.Context(), id)
	if err != nil {
		o.Fatal(err)
	}
	return c
}

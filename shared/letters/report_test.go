package letters_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/measure"
)

// took are first answers that took so long, and n customers who have waited so long and wait still.
func took(n int, still time.Duration, over ...time.Duration) measure.Survival {
	var waits []measure.Wait
	for _, d := range over {
		waits = append(waits, measure.Wait{Exit: d, Over: true})
	}
	for range n {
		waits = append(waits, measure.Wait{Exit: still})
	}
	return measure.Survive(waits)
}

// What a report says, and does not say, in one line a case.
func TestWhatTheReportSays(t *testing.T) {
	w := writer(t)
	monday := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	hours := func(n ...int) (out []time.Duration) {
		for _, h := range n {
			out = append(out, time.Duration(h)*time.Hour)
		}
		return out
	}
	quick, slow := took(0, 0, hours(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2)...), took(30, 90*time.Hour, hours(20, 30)...)
	box := func(change func(*letters.WeekOfMailbox)) letters.WeekOfMailbox {
		m := letters.WeekOfMailbox{Name: "Support"}
		change(&m)
		return m
	}
	waits := func(n int, since time.Time) letters.WeekOfMailbox {
		return box(func(m *letters.WeekOfMailbox) { m.Waiting = letters.Waiting{Customers: n, Since: since} })
	}
	for _, c := range []struct {
		name      string
		week      letters.Week
		says, not string
	}{
		{"who waits in the second mailbox stands in the preview",
			letters.Week{Mailboxes: []letters.WeekOfMailbox{waits(0, time.Time{}), waits(40, monday)}},
			"preview: 40 customers wait", "preview: Nobody"},
		{"and of both the sum, since the first of all",
			letters.Week{Mailboxes: []letters.WeekOfMailbox{waits(1, monday), waits(2, monday.AddDate(0, 0, -3))}},
			"preview: 3 customers wait for an answer, the oldest since Fri 30 Oct", "preview: 1"},
		{"working hours are no days", letters.Week{Mailboxes: []letters.WeekOfMailbox{
			box(func(m *letters.WeekOfMailbox) { m.WorkingHours, m.First = true, took(0, 0, hours(30, 30)...) })}},
			"30 hours", "1 day"},
		{"round the clock they are", letters.Week{Mailboxes: []letters.WeekOfMailbox{
			box(func(m *letters.WeekOfMailbox) { m.First = took(0, 0, hours(30, 30)...) })}}, "1 day 6 h", "30 hours"},
		{"a span that is no week, in which nobody got an answer as quickly as nine in ten before, is called by its " +
			"name", letters.Week{Span: "hour", Days: "now",
			Mailboxes: []letters.WeekOfMailbox{box(func(m *letters.WeekOfMailbox) {
				m.First, m.FirstEarlier = slow,
					quick
			})}}, "much longer than the hour before", "week"},
		{"the chat hears who waits", letters.Week{Mailboxes: []letters.WeekOfMailbox{waits(40, monday)}},
			"chat: Support, 2 November to 8 November 2026: 40 customers wait", "nobody waits"},
		{"and no time that nobody took", letters.Week{
			Mailboxes: []letters.WeekOfMailbox{box(func(m *letters.WeekOfMailbox) { m.First = took(3, time.Hour) })}},
			"First answer: Half are not answered yet Counts", "within not yet,"},
		{"nor one where nobody asked", letters.Week{Mailboxes: []letters.WeekOfMailbox{waits(0, time.Time{})}},
			"Nobody waits", "First answer"},
	} {
		c.week.From, c.week.To = monday, monday.AddDate(0, 0, 7)
		ready, _, err := w.Report(desk.DerivedID("report"), "ben@team.example", w.Settings.Mailboxes[0], c.week)
		if err != nil {
			t.Fatal(err)
		}
		mail := email.Read(ready.Raw, "")
		_, preview, _ := strings.Cut(mail.HTML, "<body")
		said := strings.Join(strings.Fields("preview: "+between(preview, ">", "<")+" mail: "+mail.Text+" chat: "+
			chat(w, c.week)), " ")
		if !strings.Contains(said, c.says) || strings.Contains(strings.ReplaceAll(said, "weekly", ""), c.not) {
			t.Errorf("%s: wants %q and not %q:\n%s", c.name, c.says, c.not, said)
		}
	}
}

// chat is what Slack shows.
func chat(w letters.Writer, k letters.Week) string {
	text, blocks := w.Chat(k)
	for _, b := range blocks {
		if t, ok := b.(map[string]any)["text"].(map[string]string); ok {
			text += "\n" + strings.ReplaceAll(t["text"], "*", "")
		}
	}
	return text
}

// between is the first text between the two marks that holds more than spaces.
func between(s, from, to string) string {
	for {
		_, rest, ok := strings.Cut(s, from)
		if !ok {
			return ""
		}
		text, _, _ := strings.Cut(rest, to)
		if strings.TrimSpace(text) != "" {
			return text
		}
		s = rest
	}
}

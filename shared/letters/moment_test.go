package letters_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/waiting"
)

// A moment for more stands in the first lines, with why; what the team's list says of
// the customer stands where it says who they are.
func TestAMomentForMoreIsNamedFirst(t *testing.T) {
	w := writer(t)
	anna, mb := w.Settings.Agents[0], w.Settings.Mailboxes[0]
	all := situations(t)
	valued := all["short-question"]
	valued.conv.Worth = desk.Worth{Potential: 0.9, Tier: "Partner", Owner: "ben",
		Since: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)}
	valued.more.Moment = waiting.MomentValued
	ready, err := w.Notification("moment", anna, mb, valued.conv, valued.msg, valued.more)
	golden(t, "moment-valued", ready, err)
	for _, x := range []struct {
		what waiting.Moment
		name string
		want string
	}{
		{waiting.MomentBadTime, "reopened",
			"A moment for more: Erika Muster comes back about what was called solved."},
		{waiting.MomentBadTime, "reply", "it is the third mail of Erika Muster about one trouble."},
		{waiting.MomentLong, "first-contact", "Erika Muster has been a customer for 4 years."},
		{waiting.MomentFirst, "first-contact", "A moment for more: the first mail of Erika Muster."},
	} {
		s := all[x.name]
		s.more.Moment, s.more.CustomerFrom = x.what, friday.AddDate(-4, -2, 0)
		ready, err := w.Notification("moment", anna, mb, s.conv, s.msg, s.more)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(ready.Letter.Text), " ")
		at, words := strings.Index(text, x.want), strings.Index(text, firstWords(s.msg.Text))
		if at < 0 || at > words {
			t.Errorf("%s: not above the new words: %s", x.what, text[:min(len(text), 400)])
		}
	}
}

func firstWords(s string) string {
	words := strings.Fields(s)
	return strings.Join(words[:min(len(words), 4)], " ")
}

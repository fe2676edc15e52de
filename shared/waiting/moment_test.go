package waiting_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/waiting"
)

// moments are found in as many new conversations, each with an id of its own, changed by each.
func moments(n int, each func(*waiting.Contact)) map[waiting.Moment]int {
	found := map[waiting.Moment]int{}
	for i := range n {
		x := waiting.Contact{New: true, Proven: true, At: time.Date(2026, 12, 4, 9, 0, 0, 0, time.UTC)}
		x.Conversation = desk.Conversation{ID: desk.ConversationID(fmt.Sprintf("conversation%d", i)),
			Customer: desk.Person{Address: "clara@hoff.example"}, CustomerMessages: 1}
		each(&x)
		m, _ := waiting.MomentOf(&desk.Settings{}, x)
		found[m]++
	}
	return found
}

func TestMomentsForMore(t *testing.T) {
	at := time.Date(2026, 12, 4, 9, 0, 0, 0, time.UTC)
	before := func(d time.Duration) []desk.Conversation { return []desk.Conversation{{Opened: at.Add(-d)}} }
	const day = 24 * time.Hour
	for _, x := range []struct {
		why         string
		each        func(*waiting.Contact)
		want        waiting.Moment
		least, most int // of a thousand
	}{
		{"a first contact, by lot", func(*waiting.Contact) {}, waiting.MomentFirst, 30, 80},
		{"a first contact that counts", func(x *waiting.Contact) { x.Conversation.Worth.Potential = 0.9 },
			waiting.MomentValued, 1000, 1000},
		{"somebody in copy counts: nothing of the writer's own", func(x *waiting.Contact) {
			x.Conversation.Worth = desk.Worth{Potential: 0.9, Copied: "olga@hotel.example"}
		}, waiting.MomentValued, 0, 0},
		{"a customer for years, by lot", func(x *waiting.Contact) { x.Others = before(4 * 365 * day) },
			waiting.MomentLong, 150, 250},
		{"by the team's list", func(x *waiting.Contact) { x.Conversation.Worth.Since = at.AddDate(-4, 0, 0) },
			waiting.MomentLong, 150, 250},
		{"not again soon", func(x *waiting.Contact) {
			x.Others = append(before(30*day), before(4*365*day)...)
		}, "", 1000, 1000},
		{"a customer for a year", func(x *waiting.Contact) { x.Others = before(365 * day) }, "", 1000, 1000},
		{"solved, and open again", func(x *waiting.Contact) { x.New, x.Reopened = false, true },
			waiting.MomentBadTime, 1000, 1000},
		{"the third mail about one trouble", func(x *waiting.Contact) {
			x.New, x.Conversation.CustomerMessages, x.Conversation.Answers = false, 3, 1
		}, waiting.MomentBadTime, 1000, 1000},
		{"the second", func(x *waiting.Contact) {
			x.New, x.Conversation.CustomerMessages, x.Conversation.Answers = false, 2, 1
		}, "", 1000, 1000},
		{"the fourth: it was said", func(x *waiting.Contact) {
			x.New, x.Conversation.CustomerMessages, x.Conversation.Answers = false, 4, 1
		}, "", 1000, 1000},
		{"anybody may have written it", func(x *waiting.Contact) { x.Proven, x.Reopened = false, true }, "",
			1000, 1000},
	} {
		if n := moments(1000, x.each)[x.want]; n < x.least || n > x.most {
			t.Errorf("%s: %d of 1000 are %q, want %d to %d", x.why, n, x.want, x.least, x.most)
		}
	}
}

// An ordinary day: of a hundred mails sixty are first contacts, twenty are replies, ten
// are of customers for years, three come back.
func TestMomentsAreRare(t *testing.T) {
	const mails = 10000
	at := time.Date(2026, 12, 4, 9, 0, 0, 0, time.UTC)
	i, told := 0, 0
	for m, n := range moments(mails, func(x *waiting.Contact) {
		switch i++; {
		case i%100 < 60:
		case i%100 < 80:
			x.New, x.Conversation.CustomerMessages, x.Conversation.Answers = false, 2, 1
		case i%100 < 90:
			x.Others = []desk.Conversation{{Opened: at.AddDate(-5, 0, 0)}}
		case i%100 < 93:
			x.New, x.Reopened = false, true
		default:
			x.Others = []desk.Conversation{{Opened: at.AddDate(-1, 0, 0)}}
		}
	}) {
		if m != "" {
			told += n
		}
	}
	t.Logf("a moment for more is told in %.1f of 100 mails", 100*float64(told)/mails)
	if told > mails/10 || told < mails/50 {
		t.Errorf("told in %d of %d mails", told, mails)
	}
}

package schedule_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/schedule"
)

// three is the office with a third agent, Carla.
func three(t *testing.T) *office {
	t.Helper()
	o := newOffice(t)
	o.third()
	return o
}

func (o *office) third() {
	s := o.Settings
	s.Agents = append(slices.Clone(s.Agents), desk.Agent{ID: "carla", Name: "Carla Reyes", PublicName: "Carla",
		Addresses: []string{carla}, Hours: desk.Hours{Zone: "Europe/Berlin"}})
	s.Mailboxes = slices.Clone(s.Mailboxes)
	s.Mailboxes[0].Agents = []string{"anna", "ben", "carla"}
	s.Mailboxes[0].Within = 0
}

func (o *office) rota() desk.Rota {
	o.Helper()
	r, err := o.Store.Rota(o.Context())
	if err != nil {
		o.Fatal(err)
	}
	return r
}

// automatic is what an agent's mail program answers to a mail of ours.
func (o *office) automatic(from, words string) {
	o.Helper()
	m := o.last(from, words)
	o.writes(from, m.Read.ReplyTo[0].Address, "Automatic reply: "+m.Read.Subject,
		"Auto-Submitted: auto-replied\nIn-Reply-To: <"+m.Read.MessageID+">\n", "I am out of the office.")
}

// Ben is ill at noon: what waits for him goes to colleagues within a minute, each told
// once whose it was and why; nothing comes to him while he is away, and the morning mail
// of his return says what became of it.
func TestAnAgentIsIllAtNoon(t *testing.T) {
	for _, x := range []struct {
		name string
		away func(*office)
		says string
	}{
		{"he says so", func(o *office) { o.replies(ben, "lamp number 1", "#away until Thursday\n\nI have the flu.") },
			"It was Ben Okafor’s, who is away until Thu 5 Mar, 09:00."},
		{"his mail program says so", func(o *office) { o.automatic(ben, "What of the lamp number 1? First contact.") },
			"It was Ben Okafor’s, who is away, as an automatic reply says."},
	} {
		o := three(t)
		o.Settings.Morning.Off = false
		var in []desk.Inbound
		for n := range 4 {
			words := fmt.Sprintf("lamp number %d", n)
			in = append(in, o.opens(fmt.Sprintf("c%d@customers.example", n), "What of the "+words+"?"))
			o.replies(ben, words, "#take")
		}
		o.replies(ben, "lamp number 3", "Dear customer,\n\nplease wait for the lamp number 3.\n\nBen")
		o.until("2026-03-02 12:00")
		x.away(o)
		if m := o.sent[len(o.sent)-1]; m.To[0] != ben {
			t.Fatalf("%s: the last mail is to %v", x.name, m.To)
		}
		before := len(o.sent)
		o.later(10 * time.Minute)
		moved := map[string]int{}
		for _, m := range o.sent[before:] {
			text := strings.Join(strings.Fields(m.Read.PlainText), " ")
			if !strings.Contains(text, "This conversation is yours now") || !strings.Contains(text, x.says) {
				t.Errorf("%s: %v is told %s", x.name, m.To, text)
			}
			moved[m.To[0]]++
		}
		if moved[anna]+moved[carla] != 3 || moved[anna] == 0 || moved[carla] == 0 || moved[ben] != 0 {
			t.Errorf("%s: moved to %v", x.name, moved)
		}
		for n, i := range in {
			if owner := o.conv(i.Conversation).Owner; (owner == "ben") != (n == 3) {
				t.Errorf("%s: number %d is %s's", x.name, n, owner)
			}
		}
		// Whose customer writes again is a colleague's, who is told why; new ones are not his.
		before = len(o.sent)
		o.replies("c3@customers.example", "wait for the lamp number 3", "It has come, and it is broken. What now?")
		o.opens("new@customers.example", "Do you have a green one?")
		for _, m := range o.sent[before:] {
			if m.To[0] == ben {
				t.Errorf("%s: Ben is told of %s", x.name, m.Read.PlainText)
			}
		}
		if got := o.conv(in[3].Conversation).Owner; got == "ben" || got == "" {
			t.Errorf("%s: who wrote again is %q's", x.name, got)
		}
		if n := len(with(o.sent[before:], anna, x.says)) + len(with(o.sent[before:], carla, x.says)); n != 1 {
			t.Errorf("%s: %d are told why the second question is theirs", x.name, n)
		}
		before = len(o.sent)
		o.until("2026-03-04 18:00")
		if n := len(with(o.sent[before:], ben, "")); n != 0 {
			t.Errorf("%s: Ben has %d mails while he is away", x.name, n)
		}
		before = len(o.sent)
		if strings.Contains(x.name, "program") {
			o.until("2026-03-05 08:30")
			o.replies(ben, "Your mail program says that you are away", "#back")
		}
		o.until("2026-03-05 10:00")
		back := with(o.sent[before:], ben, "While you were away")
		if len(back) != 1 {
			t.Fatalf("%s: %d mails tell Ben what moved", x.name, len(back))
		}
		text := strings.Join(strings.Fields(back[0].Read.PlainText), " ")
		for n := range 4 {
			if !strings.Contains(text, in[n].Conversation.Reference()) {
				t.Errorf("%s: the mail does not name number %d: %s", x.name, n, text)
			}
		}
		if o.until("2026-03-06 10:00"); len(with(o.sent, ben, "While you were away")) != 1 {
			t.Errorf("%s: told again", x.name)
		}
	}
}

// One who is taken out of the settings has nothing that waits a minute later; what they
// put off and wanted to be reminded of is the colleague's, and their reply addresses do
// nothing.
func TestAnAgentWhoIsTakenOut(t *testing.T) {
	o := three(t)
	in := o.opens(erika, "The lamp flickers. What can I do?")
	off := o.opens("otto@customers.example", "I send my lamp back.")
	o.replies(ben, "flickers", "#take\n#remind Wednesday 10:00 call the carrier")
	o.replies(ben, "lamp back", "#take\n#snooze until Wednesday 11:00")
	o.Settings.Agents = slices.Delete(slices.Clone(o.Settings.Agents), 1, 2)
	o.Settings.Mailboxes[0].Agents = []string{"anna", "carla"}
	before := len(o.sent)
	o.later(time.Minute)
	told := o.sent[before:]
	if a, c := with(told, anna, "who does not answer"), with(told, carla, "who does not answer"); len(told) != 2 ||
		len(a) != 1 || len(c) != 1 {
		t.Errorf("%d mails tell of two conversations", len(told))
	}
	address := map[string]string{"anna": anna, "carla": carla}
	flickers, back := address[o.conv(in.Conversation).Owner], address[o.conv(off.Conversation).Owner]
	if flickers == "" || back == "" || flickers == back {
		t.Fatalf("they are %q's and %q's", flickers, back)
	}
	before = len(o.sent)
	o.until("2026-03-04 12:00")
	if len(with(o.sent[before:], flickers, "You asked to be reminded: “call the carrier”")) != 1 ||
		len(with(o.sent[before:], back, "is back, as it was put off until now")) != 1 {
		t.Error("what he had put off did not come to whose it is now")
		for _, m := range o.sent[before:] {
			t.Log(m.To, m.Read.PlainText)
		}
	}
}

// Whatever runs at once, each conversation moves once and one colleague is told of it,
// and what is given is given by turn.
func TestRunsAtOnceHandOnOnce(t *testing.T) {
	o := three(t)
	for n := range 6 {
		words := fmt.Sprintf("lamp number %d", n)
		o.opens(fmt.Sprintf("c%d@customers.example", n), "What of the "+words+"?")
		o.replies(ben, words, "#take")
	}
	o.replies(ben, "lamp number 0", "#away")
	before := len(o.sent)
	for range 3 { // who met another looks again a minute later
		o.Pass(time.Minute)
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
	}
	o.sent = append(o.sent, o.Sent()...)
	a, c := len(with(o.sent[before:], anna, "yours now")), len(with(o.sent[before:], carla, "yours now"))
	if a != 3 || c != 3 {
		t.Errorf("six conversations moved by %d and %d mails", a, c)
	}
}

// A mail program that was wrong is put right by the agent's next mail, and is not believed
// again that day.
func TestAMistakenOutOfOffice(t *testing.T) {
	o := three(t)
	o.opens(erika, "The lamp flickers. What can I do?")
	o.automatic(ben, "flickers")
	if _, away := o.rota().At("ben", o.Now()); !away {
		t.Fatal("he is not away")
	}
	o.later(20 * time.Minute)
	o.replies(ben, "flickers", "Dear Erika,\n\nplease change the bulb.\n\nBen")
	if _, away := o.rota().At("ben", o.Now()); away {
		t.Error("his own answer did not end it")
	}
	o.automatic(ben, "flickers")
	if _, away := o.rota().At("ben", o.Now()); away {
		t.Error("the program is believed again")
	}
}

// How #away is read, and what it leads to.
func TestHowAwayIsSaid(t *testing.T) {
	for _, x := range []struct{ written, until string }{
		{"#away", "open"},
		{"#away please", "open"},
		{"#away until Friday", "Fri 6 Mar 09:00"},
		{"#away until Friday, I have the flu", "Fri 6 Mar 09:00"},
		{"#away 3d", "Thu 5 Mar 09:00"},
		{"#away bis Mittwoch", "Wed 4 Mar 09:00"},
		{"#away for a week", "Mon 9 Mar 09:00"},
		{"#away today", "Tue 3 Mar 09:00"},
		{"#ooo 2 hours", "Mon 2 Mar 11:00"},
		{"#away Friday", "asked"},
		{"#away tomorrow", "asked"},
		{"away until Friday", "asked"},
		{"#away until whenever", "refused"},
	} {
		o := three(t)
		in := o.opens(erika, "The lamp flickers. What can I do?")
		o.replies(ben, "flickers", x.written)
		got := "asked"
		if a, away := o.rota().At("ben", o.Now()); away && a.Until.IsZero() {
			got = "open"
		} else if away {
			got = a.Until.In(o.zone).Format("Mon 2 Jan 15:04")
		} else if len(with(o.sent, ben, "Did you mean")) == 0 {
			got = "refused"
		}
		if got != x.until || len(with(o.sent, erika, "")) != 0 || o.conv(in.Conversation).State != desk.StateOpen {
			t.Errorf("%s: %s, want %s; Erika has %d mails", x.written, got, x.until, len(with(o.sent, erika, "")))
		}
	}
}

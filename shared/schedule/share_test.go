package schedule_test

import (
	"slices"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

const nobodyTook = "Nobody has taken this yet"

// What nobody took for two working hours is told once to all who answer the mailbox,
// whatever they want to be told of; what somebody took is not, nor what waits overnight
// for no longer than that.
func TestWhatNobodyTookIsToldToAll(t *testing.T) {
	o := three(t)
	o.Settings.Mailboxes[0].Untaken = 2 * time.Hour
	o.Settings.Agents[1].Notify = desk.NotifyMine
	o.opens("c1@customers.example", "What of the lamp number 1?")
	o.opens("c2@customers.example", "What of the lamp number 2?")
	o.replies(anna, "lamp number 2", "#take")
	if early := with(o.until("2026-03-02 10:50"), anna, nobodyTook); len(early) > 0 {
		t.Error("it is told before its time")
	}
	sent := o.until("2026-03-02 12:00")
	for _, to := range []string{anna, ben, carla} {
		if got := with(sent, to, nobodyTook); len(got) != 1 || len(with(got, to, "lamp number 1")) != 1 {
			t.Errorf("%s is told %d times", to, len(got))
		}
	}
	o.until("2026-03-02 17:00")
	late := o.opens("c3@customers.example", "What of the lamp number 3?")
	if sent := o.until("2026-03-03 09:50"); len(with(sent, anna, nobodyTook)) > 0 {
		t.Error("the night counts")
	}
	if sent := o.until("2026-03-03 10:20"); len(with(sent, ben, "lamp number 3")) != 1 {
		t.Error("an hour of the evening and an hour of the morning do not")
	}
	if o.conv(late.Conversation).Owner != "" {
		t.Error("it became somebody's")
	}
	if sent := o.until("2026-03-06 17:00"); len(with(sent, anna, nobodyTook)) > 0 {
		t.Error("it is told again")
	}
}

// Each has no more waiting conversations than they can; the next one is nobody's, and
// all are told. Who answers one has room again.
func TestNobodyGetsMoreThanTheyCan(t *testing.T) {
	o := three(t)
	o.Settings.Mailboxes[0].Share = true
	for i := range o.Settings.Agents {
		o.Settings.Agents[i].Capacity = 1
	}
	owners := func(in ...desk.Inbound) (out []string) {
		for _, i := range in {
			out = append(out, o.conv(i.Conversation).Owner)
		}
		return out
	}
	a := o.opens("c1@customers.example", "What of the lamp number 1?")
	b := o.opens("c2@customers.example", "What of the lamp number 2?")
	c := o.opens("c3@customers.example", "What of the lamp number 3?")
	d := o.opens("c4@customers.example", "What of the lamp number 4?")
	got := owners(a, b, c)
	slices.Sort(got)
	if !slices.Equal(got, []string{"anna", "ben", "carla"}) || owners(d)[0] != "" {
		t.Fatalf("they went to %v, and the fourth to %v", owners(a, b, c), owners(d))
	}
	for _, to := range []string{anna, ben, carla} {
		o.last(to, "lamp number 4")
	}
	first := owners(a)[0]
	o.replies(first+"@team.lantern.example", "lamp number 1", "Hello,\n\nit is on its way.\n\nBest regards")
	o.until("2026-03-02 09:20")
	if e := o.opens("c5@customers.example", "What of the lamp number 5?"); owners(e)[0] != first {
		t.Errorf("the next one is %q's and not %q's, who has room", owners(e)[0], first)
	}
}

// A team that a conversation is given to has one of its own for it.
func TestATeamSharesAmongItself(t *testing.T) {
	o := three(t)
	o.Settings.Mailboxes[0].Share = true
	o.Settings.Teams = []desk.Team{{ID: "billing", Name: "Billing", Agents: []string{"ben"},
		Topics: []string{"invoice"}}}
	var in desk.Inbound
	for n := 0; o.of(in).Owner != "anna"; n++ { // until Anna's turn has come
		if n == 9 {
			t.Fatal("Anna gets none")
		}
		in = o.opens("c"+string(rune('1'+n))+"@customers.example", "What of the lamp number "+string(rune('1'+n))+"?")
	}
	m := o.last(anna, "lamp number")
	o.writes(anna, m.Read.ReplyTo[0].Address, "Re: "+m.Read.Subject,
		"In-Reply-To: <"+m.Read.MessageID+">\n", "#team billing")
	if c := o.conv(in.Conversation); c.Team != "billing" || c.Owner != "ben" {
		t.Errorf("it is %q's, of the team %q", c.Owner, c.Team)
	}
	o.replies(ben, "lamp number", "#team biling")
	if c := o.conv(in.Conversation); c.Team != "billing" {
		t.Errorf("a slip of the name made it %q's", c.Team)
	}
}

// of is the conversation of a mail, if there was one.
func (o *office) of(in desk.Inbound) desk.Conversation {
	if in.Conversation == "" {
		return desk.Conversation{}
	}
	return o.conv(in.Conversation)
}

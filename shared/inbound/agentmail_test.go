package inbound_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

// agentsMail is an answer of Anna's, correct in every point.
func (w *world) agentsMail(conv desk.ConversationID) mail {
	return mail{from: "Anna Agent <anna@team.example>", subject: "Re: [x] The pump leaks", id: "ans@team.example",
		body: "Please tighten the ring.", recipients: []string{w.agentAddress(conv, "anna")}}
}

func TestAnAgentsAnswerIsCarriedOut(t *testing.T) {
	for name, change := range map[string]func(*world, *mail){
		"as it is":                        func(*world, *mail) {},
		"from the agent's second address": func(_ *world, m *mail) { m.from = "anna@HOME.example" },
		"with an encoded name": func(_ *world, m *mail) {
			m.from = "=?utf-8?q?=C3=84nna=2C_Agent?= <anna@team.example>"
		},
		"to everybody": func(_ *world, m *mail) {
			m.recipients = append([]string{"support@shop.example"}, m.recipients...)
		},
		"with its address in upper case": func(_ *world, m *mail) {
			m.recipients[0] = strings.ToUpper(m.recipients[0])
		},
		"after five months": func(w *world, _ *mail) { w.At(w.Now().AddDate(0, 5, 0)) },
		"below a company's bulk headers": func(_ *world, m *mail) {
			m.headers = "List-Unsubscribe: <mailto:x@team.example>\n"
		},
		"about a one-time code": func(_ *world, m *mail) {
			m.subject, m.body = "Re: code",
				"Your verification code is 123456."
		},
	} {
		w := newWorld(t)
		first := w.receive(erika)
		m := w.agentsMail(first.Conversation)
		change(w, &m)
		in := w.receive(m)
		if in.Outcome != desk.OutcomeAgent || in.Conversation != first.Conversation || len(w.agents.seen) != 1 {
			t.Errorf("%s: recorded as %s (%s), carried %v", name, in.Outcome, in.Reason, w.agents.seen)
		}
	}
}

func TestMailInAnAgentsNameIsHeldUnlessEverythingHolds(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*world, *mail)
		why    string // stands in the reason and in the notice
		told   string // the agent who hears of it; "" nobody
	}{
		"not authenticated": {func(_ *world, m *mail) { v := pass; v.DMARC = desk.VerdictGray; m.verdicts = &v },
			"could not confirm", "anna"},
		"verdict disabled": {func(_ *world, m *mail) { v := pass; v.DMARC = desk.VerdictDisabled; m.verdicts = &v },
			"could not confirm", "anna"},
		"no verdict at all": {func(_ *world, m *mail) { m.verdicts = &desk.Verdicts{} }, "could not confirm", "anna"},
		"the customer writes to it": {func(_ *world, m *mail) { m.from = "erika@customer.example" },
			"somebody else wrote it", "anna"},
		"a stranger writes to it": {func(_ *world, m *mail) { m.from = "mallory@elsewhere.example" },
			"somebody else wrote it", "anna"},
		"Anna writes from home": {func(_ *world, m *mail) { m.from = "Anna <a.agent@elsewhere.example>" },
			"one of your own addresses", "anna"},
		"a colleague answers it": {func(_ *world, m *mail) { m.from = "ben@team.example" },
			"the reply address of Anna Agent", "ben"},
		"two addresses in From": {func(_ *world, m *mail) { m.from = "anna@team.example, mallory@elsewhere.example" },
			"exactly one sender", "anna"},
		"two From fields": {func(_ *world, m *mail) { m.headers = "From: mallory@elsewhere.example\n" },
			"exactly one sender", "anna"},
		"a group as From": {func(_ *world, m *mail) { m.from = "team: anna@team.example;" },
			"exactly one sender", "anna"},
		"the agent in the name alone": {func(_ *world, m *mail) {
			m.from = "\"anna@team.example\" <mallory@elsewhere.example>"
		},
			"exactly one sender", "anna"},
		"only Reply-To is the agent's": {func(_ *world, m *mail) {
			m.from, m.headers = "mallory@elsewhere.example", "Reply-To: anna@team.example\n"
		}, "somebody else wrote it", "anna"},
		"only Sender is the agent's": {func(_ *world, m *mail) {
			m.from, m.headers = "",
				"Sender: anna@team.example\n"
		}, "exactly one sender", "anna"},
		"too old": {func(w *world, _ *mail) { w.At(w.Now().AddDate(1, 0, 0)) }, "too old", "anna"},
		"no longer of the mailbox": {func(w *world, _ *mail) { w.Settings.Mailboxes[0].Agents = []string{"ben"} },
			"no longer one of the agents", "anna"},
		"no longer an agent": {func(w *world, _ *mail) { w.Settings.Agents = w.Settings.Agents[1:] },
			"no longer in the settings", ""},
		"to an address of another key": {func(_ *world, m *mail) {
			m.recipients = []string{"support+" + strings.Repeat("a", 53) + "@shop.example"}
		}, "was not made here", "anna"},
		"typed by hand to the mailbox": {func(_ *world, m *mail) {
			m.recipients, m.reply = []string{"support@shop.example"}, "first@customer.example"
		}, "reply to our mail", "anna"},
	} {
		w := newWorld(t)
		first := w.receive(erika)
		m := w.agentsMail(first.Conversation)
		c.change(w, &m)
		in := w.receive(m)
		if in.Outcome != desk.OutcomeHeld || !strings.Contains(in.Reason, c.why) || len(w.agents.seen) != 0 {
			t.Errorf("%s: recorded as %s (%s), carried %v", name, in.Outcome, in.Reason, w.agents.seen)
			continue
		}
		if e := w.events(desk.EventHeld); len(e) != 1 || e[0].Detail == "" {
			t.Errorf("%s: events %v", name, e)
		}
		told := ""
		for _, o := range w.outbox() {
			if o.CausedBy == in.ID {
				told += o.Agent
				if o.Kind != desk.OutboxNotice || o.To[0] != o.Agent+"@team.example" ||
					!strings.Contains(o.PlainText, c.why) {
					t.Errorf("%s: told by %+v\n%s", name, o.OutboxItem, o.PlainText)
				}
			}
		}
		if told != c.told {
			t.Errorf("%s: told %q", name, told)
		}
		if held, err := w.Store.Held(t.Context(), 0); err != nil || len(held) != 1 {
			t.Errorf("%s: the list of held mail has %d entries, %v", name, len(held), err)
		}
		if got := w.conversation(first.Conversation).Messages; got != 1 {
			t.Errorf("%s: the conversation has %d messages", name, got)
		}
	}
}

func TestNoticesOfHeldMailAreBounded(t *testing.T) {
	w := newWorld(t)
	first := w.receive(erika)
	before := len(w.outbox())
	for range 12 {
		m := w.agentsMail(first.Conversation)
		m.from, m.id = "mallory@elsewhere.example", ""
		if in := w.receive(m); in.Outcome != desk.OutcomeHeld {
			t.Fatalf("recorded as %+v", in)
		}
	}
	if n := len(w.outbox()) - before; n != 5 {
		t.Errorf("%d notices in a day", n)
	}
	w.At(w.Now().Add(24 * time.Hour))
	m := w.agentsMail(first.Conversation)
	m.from = "mallory@elsewhere.example"
	w.receive(m)
	if n := len(w.outbox()) - before; n != 6 {
		t.Errorf("%d notices after another day", n)
	}
}

// Of an out-of-office note the agent is told once, who is away from then on; and nothing
// else comes of it.
func TestWhatAnAgentsMailboxSendsByItselfCausesNothing(t *testing.T) {
	w := newWorld(t)
	first := w.receive(erika)
	c := w.conversation(first.Conversation)
	path, err := w.writer().BounceAddress(w.Settings.Mailboxes[0], c.ID, "anna", 1)
	if err != nil {
		t.Fatal(err)
	}
	before := len(w.outbox())
	for i, to := range []string{w.agentAddress(c.ID, "anna"), path, "support@shop.example"} {
		in := w.receive(mail{from: "anna@team.example", path: "<>", subject: "Automatic reply: away",
			headers: "Auto-Submitted: auto-replied\n",
			body:    "I am away until Monday.", recipients: []string{to}})
		want := "nothing was sent"
		if i == 0 {
			want = "is away"
		}
		if in.Outcome != desk.OutcomeAgent || !strings.Contains(in.Reason, want) {
			t.Errorf("recorded as %s (%s)", in.Outcome, in.Reason)
		}
	}
	if len(w.agents.seen) != 0 || len(w.outbox()) != before+1 || w.conversation(c.ID).Messages != 1 {
		t.Error("an out-of-office note of the agent's did something")
	}
}

func TestOneAnswerToTwoConversationsIsHeld(t *testing.T) {
	w := newWorld(t)
	first := w.receive(erika)
	other := erika
	other.from, other.id = "max@customer.example", "max@customer.example"
	second := w.receive(other)
	m := w.agentsMail(first.Conversation)
	m.recipients = append(m.recipients, w.agentAddress(second.Conversation, "anna"))
	if in := w.receive(m); in.Outcome != desk.OutcomeHeld || !strings.Contains(in.Reason, "several conversations") {
		t.Errorf("in one delivery: %s (%s)", in.Outcome, in.Reason)
	}
	for i, c := range []desk.ConversationID{first.Conversation, second.Conversation} {
		m.recipients = []string{w.agentAddress(c, "anna")}
		want := []desk.Outcome{desk.OutcomeAgent, desk.OutcomeHeld}[i]
		if in := w.receive(m); in.Outcome != want {
			t.Errorf("delivery %d of two: %s (%s)", i+1, in.Outcome, in.Reason)
		}
	}
}

func TestAReplyToAllIsCarriedOutOnce(t *testing.T) {
	for _, supportFirst := range []bool{false, true} {
		w := newWorld(t)
		first := w.receive(erika)
		m := w.agentsMail(first.Conversation)
		m.reply = "first@customer.example"
		token := m.recipients
		for i := range 2 {
			if m.recipients = token; (i == 0) == supportFirst {
				m.recipients = []string{"support@shop.example"}
			}
			w.receive(m)
		}
		if len(w.agents.seen) != 1 {
			t.Errorf("support@ first %v: carried out %d times", supportFirst, len(w.agents.seen))
		}
	}
}

func TestAnAgentMayBeACustomer(t *testing.T) {
	w := newWorld(t)
	in := w.receive(mail{from: "anna@team.example", subject: "My own order", id: "own@team.example",
		body: "Where is my own order?"})
	if in.Outcome != desk.OutcomeThreaded {
		t.Fatalf("recorded as %s (%s)", in.Outcome, in.Reason)
	}
	again := w.receive(mail{from: "anna@team.example", subject: "Re: My own order", id: "own2@team.example",
		reply: "own@team.example", body: "It came."})
	if again.Conversation != in.Conversation {
		t.Errorf("the second mail is %s (%s)", again.Outcome, again.Reason)
	}
}

func TestAnAnswerToADigestReachesNobody(t *testing.T) {
	w := newWorld(t)
	first := w.receive(erika)
	told := w.to("anna", first.ID)[0]
	ready, _, err := w.writer().Digest("d1", w.Settings.Agents[0], []desk.OutboxItem{told.OutboxItem})
	if err != nil {
		t.Fatal(err)
	}
	item := ready.Queued(w.Now(), "digest")
	if err := w.Store.Commit(t.Context(), &store.Change{Outbox: []*desk.OutboxItem{item},
		MessageIDs: map[string]store.MessageRef{item.MessageID: {Conversation: first.Conversation, Sequence: 1,
			Outgoing: true, Outbox: item.ID}}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Blobs.Put(t.Context(), item.Raw, ready.Raw); err != nil {
		t.Fatal(err)
	}
	in := w.receive(mail{from: "anna@team.example", subject: "Re: 1 new message", id: "rd@team.example",
		reply: item.MessageID, body: "Tighten the ring."})
	if in.Outcome != desk.OutcomeHeld || !strings.Contains(in.Reason, "several conversations") {
		t.Errorf("recorded as %s (%s)", in.Outcome, in.Reason)
	}
	n := w.to("anna", in.ID)
	if len(n) != 1 || len(n[0].ReplyTo) != 1 || !strings.HasPrefix(n[0].ReplyTo[0].Name, "Nobody reads replies") {
		t.Errorf("the notice can be answered: %v", n)
	}
}

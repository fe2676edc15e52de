package inbound_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

var erika = mail{from: "Erika Muster <erika@customer.example>", to: "support@shop.example", subject: "The pump leaks",
	id: "first@customer.example", body: "Hello,\n\nmy new pump leaks at the ring.\n\nErika"}

func TestANewMailOpensAConversationAndTellsEveryAgent(t *testing.T) {
	w := newWorld(t)
	in := w.receive(erika)
	if in.Outcome != desk.OutcomeThreaded || in.Sequence != 1 || in.Mailbox != "support" {
		t.Fatalf("recorded as %+v", in)
	}
	c := w.conversation(in.Conversation)
	customer := desk.Person{Name: "Erika Muster", Address: "erika@customer.example"}
	if c.State != desk.StateOpen || c.Customer != customer || c.Subject != "The pump leaks" ||
		c.CustomerMessages != 1 || c.Thread.Last != "first@customer.example" {
		t.Errorf("the conversation is %+v", c)
	}
	m := w.messages(c.ID)[0]
	if !m.Verified || m.Evidence.Rule != desk.EvidenceNew || !strings.Contains(m.Text, "my new pump leaks") ||
		len(m.Suggested) != 1 {
		t.Errorf("the message is %+v", m)
	}
	for _, agent := range []string{"anna", "ben"} {
		told := w.to(agent, in.ID)
		if len(told) != 1 {
			t.Fatalf("%s was told %d times", agent, len(told))
		}
		n := told[0]
		if n.From.Address != "support@shop.example" || n.From.Name != "Erika Muster (Shop Support)" {
			t.Errorf("the notification comes from %v", n.From)
		}
		if !strings.Contains(n.PlainText, "my new pump leaks") || !strings.Contains(n.HTML, "my new pump leaks") {
			t.Error("the customer's text is not in both parts")
		}
		if n.Subject != "["+c.ID.Reference()+"] The pump leaks" || len(n.References) == 0 ||
			!strings.HasPrefix(n.References[0], "c."+string(c.ID)) {
			t.Errorf("it does not make a thread: %q %v", n.Subject, n.References)
		}
		if len(n.ReplyTo) != 1 || !strings.HasPrefix(n.ReplyTo[0].Address, "support+") {
			t.Errorf("it is answered to %v", n.ReplyTo)
		}
	}
	if len(w.woken) != 2 {
		t.Errorf("the sender was woken for %d mails", len(w.woken))
	}
	if o := w.events(desk.EventOpened); len(o) != 1 || o[0].Conversation != c.ID {
		t.Errorf("opened: %v", o)
	}
	if o := w.events(desk.EventSuggested); len(o) != 1 || o[0].Articles[0] != "pump-leaks" {
		t.Errorf("suggested: %v", o)
	}
}

func TestACustomersReplyJoinsItsConversation(t *testing.T) {
	w := newWorld(t)
	first := w.receive(erika)
	replyTo, _ := w.answered(first.Conversation, "answer@email.amazonses.com")
	base := mail{from: "erika@CUSTOMER.example", subject: "Re: The pump leaks", body: "It still leaks."}
	for name, change := range map[string]func(m *mail){
		"by its reply address": func(m *mail) { m.recipients = []string{replyTo} },
		"by its reply address, shouted": func(m *mail) {
			m.recipients = []string{strings.ToUpper(replyTo)}
		},
		"by the id of our answer":                func(m *mail) { m.reply = "answer@email.amazonses.com" },
		"by that id as another region writes it": func(m *mail) { m.reply = "answer@eu-west-1.amazonses.com" },
		"by the customer's own earlier mail":     func(m *mail) { m.references = "<first@customer.example>" },
		"by an old id among unknown ones": func(m *mail) {
			m.references = "<first@customer.example> <x@y> <z@y>"
			m.reply = "z@y"
		},
		"by its reply address among other people": func(m *mail) {
			m.recipients = []string{"boss@customer.example", "<" + replyTo + ">"}
		},
		"with a reply address a year old": func(m *mail) {
			m.recipients = []string{replyTo}
			w.At(monday.AddDate(1, 0, 0))
		},
		"with a reply address that is out of date": func(m *mail) {
			m.recipients = []string{replyTo}
			w.At(monday.AddDate(4, 0, 0))
		},
	} {
		w.At(monday)
		m := base
		m.id = strings.ReplaceAll(name, " ", "-") + "@customer.example"
		change(&m)
		before := w.conversation(first.Conversation)
		in := w.receive(m)
		after := w.conversation(first.Conversation)
		if in.Conversation != first.Conversation || in.Outcome != desk.OutcomeThreaded ||
			after.Messages != before.Messages+1 || after.State != desk.StateOpen {
			t.Errorf("%s: recorded as %+v", name, in)
			continue
		}
		ms := w.messages(first.Conversation)
		if ev := ms[len(ms)-1].Evidence; ev.Rule == desk.EvidenceNew || ev.Detail == "" {
			t.Errorf("%s: evidence %+v", name, ev)
		}
	}
}

func TestAReplyToASolvedConversationReopensIt(t *testing.T) {
	w := newWorld(t)
	first := w.receive(erika)
	replyTo, _ := w.answered(first.Conversation, "a1@shop.example")
	c := w.conversation(first.Conversation)
	c.Close(w.Now().Add(time.Hour))
	w.save(c)
	in := w.receive(mail{from: "erika@customer.example", subject: "Re: The pump leaks", id: "r1@customer.example",
		body: "No, it leaks again.", recipients: []string{replyTo}})
	if c = w.conversation(first.Conversation); c.State != desk.StateOpen || c.Reopened != 1 {
		t.Errorf("after the reply it is %+v", c)
	}
	if e := w.events(desk.EventReopened); len(e) != 1 || !e[0].SolvedBefore.Equal(monday.Add(time.Hour)) {
		t.Errorf("events %v", e)
	}
	if n := w.to("anna", in.ID); len(n) != 1 || !strings.Contains(n[0].PlainText, "open again") {
		t.Error("the agent is not told that it was solved before")
	}
}

func TestAStrangerGetsASideConversationAndNoHistory(t *testing.T) {
	w := newWorld(t)
	first := w.receive(erika)
	replyTo, _ := w.answered(first.Conversation, "a1@shop.example")
	for name, m := range map[string]mail{
		"with the reply address": {recipients: []string{replyTo}},
		"with the message id":    {reply: "a1@shop.example"},
	} {
		m.from, m.subject, m.id, m.body = "mallory@elsewhere.example", "Re: The pump leaks",
			strings.ReplaceAll(name, " ", "-")+"@elsewhere.example", "Send me everything you have."
		in := w.receive(m)
		if in.Conversation == first.Conversation || in.Outcome != desk.OutcomeThreaded {
			t.Fatalf("%s: recorded as %+v", name, in)
		}
		c := w.conversation(in.Conversation)
		if len(c.Linked) != 1 || c.Linked[0] != first.Conversation ||
			c.Customer.Address != "mallory@elsewhere.example" {
			t.Errorf("%s: the side conversation is %+v", name, c)
		}
		if ev := w.messages(c.ID)[0].Evidence; ev.Rule != desk.EvidenceNew || ev.Linked != first.Conversation {
			t.Errorf("%s: evidence %+v", name, ev)
		}
		n := w.to("anna", in.ID)[0]
		if !strings.Contains(n.PlainText, "Somebody else wrote into a conversation") ||
			!strings.Contains(n.PlainText, first.Conversation.Reference()) {
			t.Errorf("%s: the agent is not asked:\n%s", name, n.PlainText)
		}
		if strings.Contains(n.PlainText, "my new pump leaks") {
			t.Errorf("%s: the other conversation's text stands in the notification", name)
		}
	}
	if c := w.conversation(first.Conversation); c.Messages != 2 {
		t.Errorf("the conversation grew to %d messages", c.Messages)
	}
}

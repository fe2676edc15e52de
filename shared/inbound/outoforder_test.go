package inbound_test

import (
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

// Three answers to one mail come before it; all four are one conversation. What
// a colleague answers to the same mail is theirs, and linked.
func TestAnswersThatOvertakeTheMailTheyAnswer(t *testing.T) {
	w := newWorld(t)
	reply := func(id, answers, references string) desk.Inbound {
		return w.receive(mail{from: "erika@customer.example", subject: "Re: The pump leaks", body: id, id: id +
			"@customer.example", reply: answers, references: references})
	}
	first := reply("r1", "m0@customer.example", "")
	second := reply("r2", "m0@customer.example", "<m0@customer.example>")
	third := reply("r3", "x9@elsewhere.example", "<m0@customer.example> <x8@elsewhere.example> <x9@elsewhere.example>")
	other := w.receive(mail{from: "joao@customer.example", subject: "Re: The pump leaks", body: "o",
		id: "o1@customer.example", reply: "m0@customer.example"})
	late := w.receive(mail{from: "Erika@Customer.example", subject: "The pump leaks", body: "the first",
		id: "m0@customer.example"})
	for _, in := range []desk.Inbound{second, third, late} {
		if in.Conversation != first.Conversation || in.Outcome != desk.OutcomeThreaded {
			t.Errorf("%s went to %s, not to %s", in.ID, in.Conversation, first.Conversation)
		}
	}
	if other.Conversation == first.Conversation {
		t.Error("another customer's answer to the same mail was let in")
	}
	if m := w.messages(other.Conversation); len(m) != 1 || m[0].Evidence.Rule != desk.EvidenceNew ||
		m[0].Evidence.Linked != first.Conversation {
		t.Errorf("another customer's mail: %+v", m)
	}
	if m := w.messages(first.Conversation); len(m) != 4 || m[3].Evidence.Rule != desk.EvidenceAwaited {
		t.Errorf("the conversation has %d messages", len(m))
	}
}

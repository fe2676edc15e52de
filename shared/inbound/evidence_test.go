package inbound_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

const ids = "0100-abc@email.amazonses.com"

// came checks where a mail came, and by which evidence.
func (w *world) came(in desk.Inbound, conv desk.ConversationID, rule string) {
	w.Helper()
	if in.Outcome != desk.OutcomeThreaded {
		w.Fatalf("recorded as %s (%s)", in.Outcome, in.Reason)
	}
	ms := w.messages(in.Conversation)
	if got := ms[len(ms)-1].Evidence.Rule; in.Conversation != conv || got != rule {
		w.Fatalf("it is in %s by %s, not in %s by %s", in.Conversation, got, conv, rule)
	}
}

func TestAConversationClosedAYearAgo(t *testing.T) {
	for name, c := range map[string]struct {
		mail mail
		rule string
	}{
		"an id opens it again":           {mail{reply: ids, subject: "Re: The pump leaks"}, desk.EvidenceMessageID},
		"a reply address opens it again": {mail{subject: "Hello again"}, desk.EvidenceToken},
		"its subject does not":           {mail{subject: "Re: The pump leaks"}, desk.EvidenceNew},
		"a quoted Message-ID does it too": {mail{subject: "Again", body: "It leaks again.\n\n> Message-ID: <" + ids +
			">\n> Please tighten the ring.\n"}, desk.EvidenceQuotedID},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.Settings.SubjectWindow = 14 * 24 * time.Hour
			first := w.receive(erika)
			replyTo, _ := w.answered(first.Conversation, ids)
			conv := w.conversation(first.Conversation)
			conv.Close(w.Now())
			w.save(conv)
			w.At(w.Now().AddDate(1, 0, 0))
			m := c.mail
			m.from, m.id = "erika@customer.example", "year@customer.example"
			if m.body == "" {
				m.body = "It leaks again."
			}
			if c.rule == desk.EvidenceToken {
				m.recipients = []string{replyTo}
			}
			in := w.receive(m)
			if c.rule == desk.EvidenceNew {
				if old := w.conversation(first.Conversation); in.Conversation == old.ID ||
					old.State != desk.StateSolved {
					t.Errorf("it is in %s; the old one is %s", in.Conversation, old.State)
				}
				return
			}
			w.came(in, first.Conversation, c.rule)
			if old := w.conversation(first.Conversation); old.State != desk.StateOpen || old.Reopened != 1 {
				t.Errorf("the conversation is %s, reopened %d times", old.State, old.Reopened)
			}
		})
	}
}

func TestOneMailToTwoMailboxesIsOneConversation(t *testing.T) {
	w := newWorld(t)
	m := erika
	m.to = "Shop <support@shop.example>, sales@shop.example"
	first := w.receive(m)
	m.recipients, m.headers = []string{"sales@shop.example"}, "Received: by another way\n"
	second := w.receive(m)
	if second.Outcome != desk.OutcomeDuplicate || second.Of != first.ID || len(w.messages(first.Conversation)) != 1 {
		t.Errorf("the second copy is %s of %q", second.Outcome, second.Of)
	}
	n := w.to("anna", first.ID)
	if len(n) != 1 || !strings.Contains(n[0].PlainText, "Also sent to Shop Sales.") {
		t.Errorf("the agent is told %v", n)
	}
	if n := w.to("ben", second.ID); len(n) != 0 {
		t.Errorf("the second copy caused %d mails", len(n))
	}
}

// A service that hides the envelope's recipient still leaves the reply address
// in one of these.
func TestAReplyAddressInTheHeaderAlone(t *testing.T) {
	for _, field := range []string{"To", "Cc", "Delivered-To"} {
		w := newWorld(t)
		first := w.receive(erika)
		replyTo, _ := w.answered(first.Conversation, ids)
		m := mail{subject: "Another word", id: "h@customer.example", body: "It works now.", headers: field +
			": Shop Support <" + replyTo + ">\n"}
		m.from = "erika@customer.example"
		w.came(w.receive(m), first.Conversation, desk.EvidenceHeaderToken)
		m.from, m.id = "mallory@elsewhere.example", "h@elsewhere.example"
		if in := w.receive(m); in.Conversation == first.Conversation {
			t.Errorf("%s: a stranger joined by it", field)
		}
	}
}

func TestWhatStandsInTheQuotedTextAlone(t *testing.T) {
	w := newWorld(t)
	first := w.receive(erika)
	replyTo, _ := w.answered(first.Conversation, ids)
	for rule, quote := range map[string]string{
		desk.EvidenceQuotedToken: "> From: Shop Support <" + replyTo + ">\n> Please tighten the ring.",
		desk.EvidenceQuotedID:    "> Message-ID: <" + ids + ">\n> Please tighten the ring.",
	} {
		m := mail{from: "erika@customer.example", subject: "My kitchen", id: rule + "@customer.example", body: "By " +
			rule + ": it works now.\n\n" + quote}
		w.came(w.receive(m), first.Conversation, rule)
		m.from, m.id = "mallory@elsewhere.example", rule+"@elsewhere.example"
		if in := w.receive(m); in.Conversation == first.Conversation {
			t.Errorf("%s: a stranger joined by it", rule)
		}
	}
}

func TestAMailThatNamesTwoOfTheSendersConversationsLinksThem(t *testing.T) {
	w := newWorld(t)
	first := w.receive(erika)
	second := w.receive(mail{from: "erika@customer.example", subject: "My invoice", id: "invoice@customer.example",
		body: "Where is it?"})
	in := w.receive(mail{from: "erika@customer.example", subject: "Both", id: "both@customer.example",
		reply:      "invoice@customer.example",
		references: "<first@customer.example> <invoice@customer.example>", body: "These are about one order."})
	w.came(in, second.Conversation, desk.EvidenceMessageID)
	a, b := w.conversation(first.Conversation), w.conversation(second.Conversation)
	if len(a.Linked) != 1 || a.Linked[0] != b.ID || len(b.Linked) != 1 || b.Linked[0] != a.ID ||
		len(w.messages(a.ID)) != 1 {
		t.Errorf("linked are %v and %v", a.Linked, b.Linked)
	}
	text := w.to("anna", in.ID)[0].PlainText
	if !strings.Contains(text, "nothing was joined:") || !strings.Contains(text, "- ["+a.ID.Reference()+"]") ||
		!strings.Contains(text, "#merge "+a.ID.Reference()+" joins it") {
		t.Errorf("the agent is told:\n%s", text)
	}
}

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

func TestOddCasesOfThreading(t *testing.T) {
	w := newWorld(t)
	w.Settings.SubjectWindow = 14 * 24 * time.Hour
	first := w.receive(erika)
	reply := func(m mail) (desk.Inbound, string) {
		m.from = "erika@customer.example"
		in := w.receive(m)
		ms := w.messages(in.Conversation)
		return in, ms[len(ms)-1].Evidence.Rule
	}
	refs := "<first@customer.example>"
	for i := range 200 {
		refs += fmt.Sprintf(" <r%d@elsewhere.example>", i)
	}
	if in, rule := reply(mail{subject: "Other", id: "long@customer.example", references: refs,
		body: "a"}); in.Conversation != first.Conversation || rule != desk.EvidenceMessageID {
		t.Errorf("200 references: %s", rule)
	}
	if in, _ := reply(mail{subject: "Quite another thing", id: "first@customer.example", body: "b"}); in.Conversation ==
		first.Conversation {
		t.Error("a reused Message-ID joined")
	}
	if in, rule := reply(mail{subject: "AW: " + strings.ToUpper(erika.subject), id: "s@customer.example",
		body: "c"}); in.Conversation != first.Conversation || rule != desk.EvidenceSubject {
		t.Errorf("the same subject: %s", rule)
	}
	if in := w.receive(mail{from: "mallory@elsewhere.example", subject: "Re: " + erika.subject,
		id: "m@elsewhere.example", body: "d"}); in.Conversation == first.Conversation {
		t.Error("a stranger joined by the subject")
	}
	w.At(w.Now().Add(15 * 24 * time.Hour))
	if in, _ := reply(mail{subject: "Re: " + erika.subject, id: "late@customer.example", body: "e"}); in.Conversation ==
		first.Conversation {
		t.Error("the subject counted after its window")
	}
}

package inbound_test

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

const forwardedInline = `Known customer, please be quick.

---------- Forwarded message ---------
From: Erika Muster <erika@customer.example>
Date: Mon, 2 Nov 2026 at 08:00
Subject: The pump leaks
To: Anna Agent <anna@team.example>

Dear Anna,

the pump that you sold me leaks.

Erika
`

// An agent who forwards a customer's mail opens a conversation with the
// customer; what the agent wrote above it stays in the team.
func TestAnAgentBringsACustomersMail(t *testing.T) {
	whole := "Known customer, please be quick.\n--b\nContent-Type: message/rfc822\n\nFrom: Erika Muster " +
		"<erika@customer.example>\nTo: anna@team.example\nSubject: The pump leaks\n" +
		"Message-ID: <original@customer.example>\nDate: Mon, 02 Nov 2026 08:00:00 +0000\n\nDear Anna,\n\nthe pump " +
		"that you sold me leaks.\n\nErika\n--b--"
	for name, m := range map[string]mail{
		"inline": {body: forwardedInline},
		"whole": {headers: "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n",
			body: "--b\nContent-Type: text/plain\n\n" + whole},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			m.from, m.subject, m.id = "Anna Agent <anna@team.example>", "Fwd: The pump leaks", "f1@team.example"
			in := w.receive(m)
			conv := w.conversation(in.Conversation)
			if conv.Customer.Address != "erika@customer.example" || conv.Subject != "The pump leaks" ||
				conv.State != desk.StateOpen {
				t.Fatalf("the conversation is %+v", conv)
			}
			ms := w.messages(in.Conversation)
			if len(ms) != 2 || ms[0].Kind != desk.KindNote || ms[0].Text != "Known customer, please be quick." ||
				ms[0].Agent != "anna" {
				t.Fatalf("the messages are %+v", ms)
			}
			got := ms[1]
			if got.Kind != desk.KindCustomer || !strings.Contains(got.Text, "the pump that you sold me leaks") ||
				strings.Contains(got.Text, "please be quick") ||
				got.Verified || got.Agent != "anna" || got.Evidence.Rule != desk.EvidenceAgentForward ||
				got.From.Address != "erika@customer.example" {
				t.Errorf("the customer's message is %+v", got)
			}
			if name == "whole" && conv.Thread.Last != "original@customer.example" || name == "inline" &&
				conv.Thread.Last != "" {
				t.Errorf("the answer would say it answers %q", conv.Thread.Last)
			}
			for _, agent := range []string{"anna", "ben"} {
				told := w.to(agent, in.ID)
				if len(told) != 1 || !strings.Contains(told[0].Text, "Anna Agent forwarded it to Shop Support") ||
					!strings.Contains(told[0].Text, "please be quick") {
					t.Errorf("%s was told: %+v", agent, told)
				}
			}
		})
	}
}

// Nobody else's forward makes a conversation with the person in it.
func TestWhoeverElseForwardsIsTheCustomer(t *testing.T) {
	fail := pass
	fail.DMARC = desk.VerdictFail
	for name, m := range map[string]mail{
		"a customer":                  {from: "joao@customer.example"},
		"somebody in an agent's name": {from: "Anna Agent <anna@team.example>", verdicts: &fail},
		"an agent, of the team's mail": {from: "anna@team.example",
			body: strings.ReplaceAll(forwardedInline, "erika@customer.example", "ben@team.example")},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			m.subject, m.id = "Fwd: The pump leaks", "f1@x.example"
			if m.body == "" {
				m.body = forwardedInline
			}
			in := w.receive(m)
			if c := w.conversation(in.Conversation); c.Customer.Address != address(m.from) {
				t.Errorf("the conversation is %s's", c.Customer.Address)
			}
		})
	}
}

// A mail program puts the thread into a forward's References. Two of one thread
// belong to one conversation of the customer's, and the second is taken in at
// once: the ids that the first awaits are looked up for the customer, and not for
// the agent who forwards.
func TestTwoForwardsOfOneThread(t *testing.T) {
	w := newWorld(t)
	refs := "<root@customer.example> <second@team.example>"
	first := w.receive(mail{from: "Anna Agent <anna@team.example>", subject: "Fwd: The pump leaks",
		id: "f1@team.example", references: refs, body: forwardedInline})
	second := w.receive(mail{from: "Anna Agent <anna@team.example>", subject: "Fwd: The bill", id: "f2@team.example",
		references: refs,
		body: strings.NewReplacer("The pump leaks", "The bill", "the pump that you sold me leaks",
			"the bill is wrong").Replace(forwardedInline)})
	if first.Conversation == "" || second.Conversation != first.Conversation {
		t.Errorf("the first went to %q, the second to %q", first.Conversation, second.Conversation)
	}
}

// TestNoSignatureIsInvisible: what was set aside is in every notification, unless
// agents have seen it from this sender before.
func TestNoSignatureIsInvisible(t *testing.T) {
	w := newWorld(t)
	card := "\n\n-- \nErika Muster\n030 1234567"
	n := 0
	shown := func(from, subject, answers, body, part string) bool {
		t.Helper()
		n++
		in := w.receive(mail{from: from, subject: subject, id: string(rune('a'+n)) + "@customer.example",
			reply: answers, body: body})
		told := w.to("anna", in.ID)
		if len(told) != 1 {
			t.Fatalf("%d notifications of %q (%s)", len(told), body, in.Reason)
		}
		return strings.Contains(told[0].PlainText, part)
	}
	erika := "Erika <erika@customer.example>"
	if !shown(erika, "Order 1", "", "Where is it?"+card, "030 1234567") {
		t.Error("a first signature is not shown")
	}
	if shown(erika, "Re: Order 1", "b@customer.example", "And when?"+card, "030 1234567") {
		t.Error("a known signature is shown again")
	}
	if !shown(erika, "Re: Order 1", "b@customer.example", "I moved."+card+"\n5 Mill Lane", "5 Mill Lane") {
		t.Error("a signature that changed is not shown")
	}
	if shown(erika, "Order 2", "", "One more thing."+card, "030 1234567") {
		t.Error("a signature that is known from another conversation is shown again")
	}
	if !shown("Joao <joao@customer.example>", "Order 3", "", "Hello."+card, "030 1234567") {
		t.Error("another sender's signature is taken for known")
	}
	long := strings.Repeat("A line of the card\n", 40)
	if !shown("Kim <kim@customer.example>", "Order 4", "", "Hello.\n\n-- \n"+long+"LAST", "LAST") {
		t.Error("the end of a long signature is not shown")
	}
}

// TestMailThatIsPassedOnIsTheCustomers: groups, hosts and forms change From and
// add a list's headers; the person who wrote is the customer all the same, and
// counts as not confirmed, for the verdicts speak of whoever passed it on.
func TestMailThatIsPassedOnIsTheCustomers(t *testing.T) {
	for name, m := range map[string]mail{
		"by a group": {from: "'Erika Muster' via Support <help@shop.example>", path: "help+bncBC123@shop.example",
			headers: "X-Original-From: Erika Muster <erika@customer.example>\nReply-To: Erika Muster " +
				"<erika@customer.example>\n" +
				"Precedence: list\nMailing-list: list help@shop.example; contact help+owners@shop.example\nList-ID: " +
				"<help.shop.example>\n" +
				"X-Google-Group-Id: 123456\nList-Unsubscribe: " +
				"<mailto:googlegroups-manage+1+unsubscribe@googlegroups.com>\n"},
		"by a mailing list": {from: "Erika Muster <erika@customer.example>", path: "help-bounces@shop.example",
			headers: "Precedence: list\nList-Id: Help <help.shop.example>\nX-BeenThere: help@shop.example\n" +
				"List-Post: <mailto:help@shop.example>\n" +
				"List-Unsubscribe: <mailto:help-request@shop.example?subject=unsubscribe>\n"},
		"by a web form": {from: "Shop web form <form@shop-forms.example>",
			headers: "Reply-To: Erika Muster <erika@customer.example>\n" +
				"X-Mailer: PHPMailer 6.8.0\nAuto-Submitted: auto-generated\n"},
	} {
		w := newWorld(t)
		m.to, m.subject, m.id = "help@shop.example", "The pump leaks", "fwd@customer.example"
		m.body = "Name: Erika Muster\nEmail: erika@customer.example\nMessage: My pump leaks. What can I do?"
		in := w.receive(m)
		if in.Outcome != desk.OutcomeThreaded {
			t.Errorf("%s: recorded as %s (%s)", name, in.Outcome, in.Reason)
			continue
		}
		c, msg := w.conversation(in.Conversation), w.messages(in.Conversation)[0]
		if c.Customer.Address != "erika@customer.example" || msg.Kind != desk.KindCustomer ||
			c.State != desk.StateOpen {
			t.Errorf("%s: the customer is %v, the message is %s (%s)", name, c.Customer, msg.Kind, msg.Automatic)
		}
		if msg.Verified || !strings.Contains(msg.Evidence.Detail, "author by") {
			t.Errorf("%s: verified %v by %q", name, msg.Verified, msg.Evidence.Detail)
		}
		if n := w.to("anna", in.ID); len(n) != 1 || !strings.Contains(n[0].PlainText, "not confirmed") {
			t.Errorf("%s: the agent is not told that the sender is not confirmed", name)
		}
	}
}

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

package inbound_test

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

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

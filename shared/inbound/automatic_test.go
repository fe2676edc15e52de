package inbound_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

func TestAutomaticMailIsShownAndChangesNothing(t *testing.T) {
	for name, m := range map[string]mail{
		"to the reply address":           {from: "erika@customer.example"},
		"to the envelope sender":         {from: "erika@customer.example", path: "<>"},
		"from the customer's postmaster": {from: "office@customer.example", path: "<>"},
	} {
		w := newWorld(t)
		first := w.receive(erika)
		replyTo, path := w.answered(first.Conversation, "a1@shop.example")
		c := w.conversation(first.Conversation)
		c.Close(w.Now())
		w.save(c)
		m.recipients = []string{replyTo}
		if m.path != "" {
			m.recipients = []string{path}
		}
		m.subject, m.headers, m.body = "Out of office", "Auto-Submitted: auto-replied\n",
			"I am on holiday until Monday."
		in := w.receive(m)
		c = w.conversation(first.Conversation)
		if in.Conversation != c.ID || c.Messages != 3 || c.State != desk.StateSolved || c.Reopened != 0 ||
			c.CustomerMessages != 1 {
			t.Errorf("%s: %s (%s), the conversation is %+v", name, in.Outcome, in.Reason, c)
		}
		if k := w.messages(c.ID)[2]; k.Kind != desk.KindAutomatic || !strings.Contains(k.Automatic, "header") {
			t.Errorf("%s: the message is %+v", name, k)
		}
		n := w.to("anna", in.ID)
		if len(n) != 1 || !strings.Contains(n[0].PlainText, "No person wrote this") {
			t.Errorf("%s: agents do not hear of it", name)
		}
	}
}

func TestAMachineOpensNoConcern(t *testing.T) {
	w := newWorld(t)
	in := w.receive(mail{from: "monitor@machine.example", path: "<>", subject: "Disk full",
		headers: "Auto-Submitted: auto-generated\n", body: "The disk is full.", id: "disk@machine.example"})
	c := w.conversation(in.Conversation)
	if c.State == desk.StateOpen || len(w.events(desk.EventOpened)) != 0 || len(w.to("anna", in.ID)) != 1 {
		t.Errorf("a machine's mail opened %+v", c)
	}
	w.receive(mail{from: "monitor@machine.example", subject: "Re: Disk full",
		body: "I am a person at that address. Please help.", reply: "disk@machine.example"})
	if c = w.conversation(c.ID); c.State != desk.StateOpen || c.Reopened != 0 || len(w.events(desk.EventOpened)) != 1 {
		t.Errorf("a person's mail made of it %+v", c)
	}
}

// dsn is a delivery report as RFC 3464 describes it.
func dsn(original string) mail {
	return mail{from: "Mail Delivery System <mailer-daemon@mx.example>", path: "<>",
		subject: "Undelivered Mail Returned to Sender",
		headers: "Content-Type: multipart/report; report-type=delivery-status; boundary=b\nMIME-Version: 1.0\n" +
			"Auto-Submitted: auto-replied\n",
		body: "--b\nContent-Type: text/plain\n\nI could not deliver your mail.\n\n--b\nContent-Type: " +
			"message/delivery-status\n\n" +
			"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; erika@customer.example\nAction: failed\n" +
			"Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n\n" +
			"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <" + original +
			">\nSubject: Re: The pump leaks\nTo: erika@customer.example\n\n--b--"}
}

func TestADeliveryReportFindsItsAnswer(t *testing.T) {
	for name, envelope := range map[string]bool{"by the envelope sender": true, "by the Message-ID": false} {
		w := newWorld(t)
		first := w.receive(erika)
		_, path := w.answered(first.Conversation, "a1@shop.example")
		m := dsn("a1@shop.example")
		if envelope {
			m = dsn("unknown@elsewhere.example")
			m.recipients = []string{path}
		}
		in := w.receive(m)
		if in.Outcome != desk.OutcomeReport || in.Conversation != first.Conversation || in.Sequence != 2 ||
			len(w.reports.seen) != 1 {
			t.Errorf("%s: recorded as %+v", name, in)
			continue
		}
		ev := w.reports.seen[0]
		if ev.Outbox != desk.DerivedID("answer", "a1@shop.example") || ev.Kind != desk.DeliveryBounced ||
			len(ev.Recipients) != 1 || !ev.Recipients[0].Permanent {
			t.Errorf("%s: reported as %+v", name, ev)
		}
		if w.conversation(first.Conversation).State != desk.StateAnswered {
			t.Errorf("%s: the report changed whose turn it is", name)
		}
	}
}

func TestAReportAboutForeignMailIsHeld(t *testing.T) {
	w := newWorld(t)
	in := w.receive(dsn("unknown@elsewhere.example"))
	if in.Outcome != desk.OutcomeHeld || len(w.outbox()) != 0 || len(w.reports.seen) != 0 {
		t.Errorf("recorded as %+v", in)
	}
}

func TestAVerificationMailReachesNobody(t *testing.T) {
	w := newWorld(t)
	first := w.receive(erika)
	replyTo, _ := w.answered(first.Conversation, "a1@shop.example")
	before := len(w.outbox())
	for _, to := range []string{"support@shop.example", replyTo} {
		in := w.receive(mail{from: "no-reply@chat.example", subject: "Your verification code: 123456",
			recipients: []string{to},
			body: "Your verification code is 123456.\n\nIt expires in 10 minutes. If you did not request this code, " +
				"ignore this mail."})
		if in.Outcome != desk.OutcomeHeld || len(w.outbox()) != before {
			t.Errorf("to %s: %s (%s)", to, in.Outcome, in.Reason)
		}
	}
}

// A mere thank-you leaves a closed conversation closed, is counted, and is told
// to nobody; every other mail opens it again.
func TestThanksLeaveAConversationClosed(t *testing.T) {
	for name, c := range map[string]struct {
		body    string
		headers string
		state   desk.State
	}{
		"thanks": {"Thank you very much, it works now!\n\nErika", "", desk.StateSolved},
		"thanks with a quote": {"Vielen Dank!\n\nAm 2. November 2026 schrieb Shop Support:\n> Bitte den Ring " +
			"festziehen.", "", desk.StateSolved},
		"thanks and more":    {"Thanks, but it leaks again.", "", desk.StateOpen},
		"thanks, a question": {"Thank you! When does the shop open?", "", desk.StateOpen},
		"out of office":      {"I am out of the office.", "Auto-Submitted: auto-replied\n", desk.StateSolved},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			first := w.receive(mail{from: "Erika Muster <erika@customer.example>", subject: "The pump leaks",
				body: "It leaks.", id: "m1@customer.example"})
			w.answered(first.Conversation, "a1@shop.example")
			conv := w.conversation(first.Conversation)
			conv.Close(w.Now())
			w.save(conv)
			w.At(w.Now().Add(time.Hour))
			in := w.receive(mail{from: "Erika Muster <erika@customer.example>", subject: "Re: The pump leaks",
				body: c.body, headers: c.headers, id: "m2@customer.example", reply: "a1@shop.example"})
			got := w.conversation(first.Conversation)
			if in.Conversation != first.Conversation || got.State != c.state || got.Messages != 3 {
				t.Fatalf("the conversation %s is %s and has %d messages; want %s, %s, 3", in.Conversation, got.State,
					got.Messages, first.Conversation, c.state)
			}
			thanked, told := len(w.events(desk.EventThanked)), len(w.to("anna", in.ID))
			merely := c.state == desk.StateSolved && c.headers == ""
			if merely != (thanked == 1) || merely == (told == 1) {
				t.Errorf("%d events of thanks, and Anna was told %d times", thanked, told)
			}
		})
	}
}

// Where an answer was sent and the conversation is not closed, agents read the
// thanks, and the customer is not waiting again.
func TestThanksForAnAnswerAskForNone(t *testing.T) {
	w := newWorld(t)
	first := w.receive(mail{from: "erika@customer.example", subject: "The pump leaks", body: "It leaks.",
		id: "m1@customer.example"})
	w.answered(first.Conversation, "a1@shop.example")
	in := w.receive(mail{from: "erika@customer.example", subject: "Re: The pump leaks", body: "Thanks a lot!",
		id: "m2@customer.example", reply: "a1@shop.example"})
	if c := w.conversation(first.Conversation); c.State != desk.StateAnswered || c.Due.IsZero() ||
		len(w.to("anna", in.ID)) != 1 {
		t.Errorf("the conversation is %s, due %s, and Anna was told %d times", c.State, c.Due, len(w.to("anna", in.ID)))
	}
}

package inbound_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/store"
)

func TestWhatTheReceivingServiceFindsIsHeld(t *testing.T) {
	for name, change := range map[string]func(*desk.Verdicts){
		"virus": func(v *desk.Verdicts) { v.Virus = desk.VerdictFail },
		"spam":  func(v *desk.Verdicts) { v.Spam = desk.VerdictFail },
	} {
		w := newWorld(t)
		m, v := erika, pass
		change(&v)
		m.verdicts = &v
		in := w.receive(m)
		if in.Outcome != desk.OutcomeHeld || !strings.Contains(in.Reason, name) || len(w.outbox()) != 0 {
			t.Errorf("%s: recorded as %s (%s)", name, in.Outcome, in.Reason)
		}
	}
}

func TestOurOwnMailIsDropped(t *testing.T) {
	w := newWorld(t)
	first := w.receive(erika)
	w.answered(first.Conversation, "0100-abc@email.amazonses.com")
	notification := w.to("anna", first.ID)[0]
	for name, m := range map[string]mail{
		"an answer, as composed":            {id: "0100-abc@email.amazonses.com"},
		"an answer, as SES rewrote it":      {id: "0100-abc@eu-central-1.amazonses.com"},
		"a notification, sent on by a rule": {id: notification.MessageID},
		"one with its id changed":           {id: "other@relay.example", headers: "X-Loop: support@shop.example\n"},
	} {
		before := len(w.outbox())
		m.from, m.subject, m.body = "Shop Support <support@shop.example>", "Re: The pump leaks",
			"Please tighten the ring."
		if in := w.receive(m); in.Outcome != desk.OutcomeOwn || in.Reason == "" || len(w.outbox()) != before {
			t.Errorf("%s: recorded as %s (%s)", name, in.Outcome, in.Reason)
		}
	}
}

func TestMailThatNamesNobodyIsShownAndCannotBeAnswered(t *testing.T) {
	for name, m := range map[string]mail{
		"no From, null path":      {path: "<>"},
		"From is no address":      {from: "undisclosed sender", path: "<>"},
		"From is our own address": {from: "Web form <support@shop.example>", path: "support@shop.example"},
	} {
		w := newWorld(t)
		m.subject, m.body = "A question", "Please call me at 030 123456."
		in := w.receive(m)
		if in.Outcome != desk.OutcomeThreaded {
			t.Errorf("%s: recorded as %s (%s)", name, in.Outcome, in.Reason)
			continue
		}
		if c := w.conversation(in.Conversation); c.Customer.Address != "" {
			t.Errorf("%s: the customer is %+v", name, c.Customer)
		}
		n := w.to("anna", in.ID)
		if len(n) != 1 || !strings.Contains(n[0].PlainText, "no address to answer to") ||
			!strings.Contains(n[0].PlainText, "030 123456") {
			t.Errorf("%s: the agent is told %v", name, n)
		}
	}
}

func TestWithoutFromTheEnvelopeNamesTheSender(t *testing.T) {
	w := newWorld(t)
	in := w.receive(mail{path: "<max@customer.example>", subject: "Hello", body: "Where is my order?"})
	c := w.conversation(in.Conversation)
	if c.Customer.Address != "max@customer.example" {
		t.Errorf("the customer is %+v", c.Customer)
	}
	if w.messages(c.ID)[0].Verified {
		t.Error("an envelope sender counts as confirmed")
	}
}

func TestTheFirstRecipientThatIsOursChoosesTheMailbox(t *testing.T) {
	for _, c := range []struct {
		recipients []string
		mailbox    string
	}{
		{[]string{"help@shop.example"}, "support"},
		{[]string{"Sales+Tag@Shop.Example"}, "sales"},
		{[]string{"someone@elsewhere.example", "sales@shop.example", "support@shop.example"}, "sales"},
		{[]string{"anything@reply.shop.example"}, "sales"},
		{[]string{"info@alias.example"}, "support"},
		{[]string{}, "support"},
	} {
		w := newWorld(t)
		m := erika
		m.recipients = c.recipients
		if in := w.receive(m); in.Mailbox != c.mailbox || in.Outcome != desk.OutcomeThreaded {
			t.Errorf("%v: %s in %s", c.recipients, in.Outcome, in.Mailbox)
		}
	}
}

func TestTheTextIsNeverEmpty(t *testing.T) {
	for body, want := range map[string]string{
		"":                       "(no text)",
		"> only what was quoted": "only what was quoted",
	} {
		w := newWorld(t)
		m := erika
		m.body = body
		in := w.receive(m)
		if got := w.messages(in.Conversation)[0].Text; !strings.Contains(got, want) {
			t.Errorf("of %q is shown %q", body, got)
		}
	}
	w := newWorld(t)
	m := erika
	m.headers = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
	m.body = "--b\nContent-Type: image/png; name=a.png\nContent-Disposition: attachment; filename=a.png\n" +
		"Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n" +
		"--b\nContent-Type: image/png\nContent-Disposition: attachment; filename=\"../b.png\"\n" +
		"Content-Transfer-Encoding: base64\n\niVBORw0KGgoA\n--b--"
	in := w.receive(m)
	msg := w.messages(in.Conversation)[0]
	if msg.Text != "(no text; 2 attachments)" || len(msg.Attachments) != 2 {
		t.Errorf("shown is %q with %v", msg.Text, msg.Attachments)
	}
	n := w.to("anna", in.ID)[0]
	if len(n.Attachments) != 2 || strings.ContainsAny(n.Attachments[1].Filename, `/\`) {
		t.Errorf("the agent gets %v", n.Attachments)
	}
}

func TestAStrangersHeadersStayInTheirPlace(t *testing.T) {
	w := newWorld(t)
	m := erika
	m.from = "=?utf-8?q?Erika=0D=0ABcc:_all@team.example?= <erika@customer.example>"
	m.subject = "=?utf-8?q?Hello=0D=0AReply-To:_evil@elsewhere.example?="
	n := w.to("anna", w.receive(m).ID)[0]
	if n.Header.Has("Bcc") || len(n.Header.Values("Reply-To")) != 1 ||
		strings.Contains(n.Header.Get("Reply-To"), "evil") {
		t.Errorf("the header of the notification is %v", n.Header)
	}
}

func TestAVeryLongMailIsCutInTheRecordAndKeptWhole(t *testing.T) {
	w := newWorld(t)
	m := erika
	m.subject = strings.Repeat("long ", 2000)
	m.body = strings.Repeat("Every word of this counts.\n", 40_000)
	in := w.receive(m)
	msg := w.messages(in.Conversation)[0]
	if !msg.TextCut || len(msg.Text) > desk.MaxInlineText || len(msg.Subject) > 600 {
		t.Errorf("the record holds %d bytes of text, %d of subject", len(msg.Text), len(msg.Subject))
	}
	if n := w.to("anna", in.ID); len(n) != 1 || n[0].Size > 200_000 {
		t.Error("the notification is not there, or too large")
	}
}

func TestWhatStandsBelowTheTextIsShownOnce(t *testing.T) {
	w := newWorld(t)
	m := erika
	m.body = "My pump leaks, see below.\n\n-- \nErika Muster\nPhone 030 123456\n\nOn Mon, Oct 26, 2026 at 9:14 AM " +
		"Billing <billing@other.example> wrote:\n\n> Your invoice 20881 is due.\n"
	first := w.receive(m)
	if text := w.messages(first.Conversation)[0].Text; strings.Contains(text, "20881") {
		t.Errorf("the message is %q", text)
	}
	n := w.to("anna", first.ID)[0].PlainText
	if !strings.Contains(n, "030 123456") || !strings.Contains(n, "20881") {
		t.Errorf("the agent is told:\n%s", n)
	}
	m.id, m.reply = "again@customer.example", "first@customer.example"
	if n := w.to("anna", w.receive(m).ID)[0].PlainText; strings.Contains(n, "20881") {
		t.Errorf("the quote is shown again:\n%s", n)
	}
}

func TestAnEncryptedMailIsSaidToBeSo(t *testing.T) {
	w := newWorld(t)
	m := erika
	m.headers = "MIME-Version: 1.0\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; " +
		"boundary=b\n"
	m.body = "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n--b\nContent-Type: " +
		"application/octet-stream; name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP " +
		"MESSAGE-----\n\n--b--"
	n := w.to("anna", w.receive(m).ID)
	if len(n) != 1 || !strings.Contains(n[0].PlainText, "This mail is encrypted") || len(n[0].Attachments) == 0 {
		t.Errorf("the agent is told %v", n)
	}
}

func TestAParkedMailIsTriedAnew(t *testing.T) {
	w := newWorld(t)
	boxes := w.Settings.Mailboxes
	w.Settings.Mailboxes = nil
	d := w.arrives(erika)
	for range 2 {
		if in, err := w.Receive(t.Context(), d); err != nil || in.Outcome != desk.OutcomeParked ||
			!strings.Contains(in.Reason, "no mailbox is configured") {
			t.Fatalf("recorded as %+v, %v", in, err)
		}
	}
	w.Settings.Mailboxes = boxes
	for range 2 {
		if in, err := w.Receive(t.Context(), d); err != nil || in.Outcome != desk.OutcomeThreaded || in.Sequence != 1 {
			t.Errorf("recorded as %+v, %v", in, err)
		}
	}
	if n := len(w.outbox()); n != 2 {
		t.Errorf("%d notifications", n)
	}
}

func TestAgentsSeeWhoElseHasTheMail(t *testing.T) {
	w := newWorld(t)
	m := erika
	m.to = "Shop <support@shop.example>, Max Muster <max@customer.example>"
	m.headers = "Cc: erika@customer.example, boss@customer.example\n"
	n := w.to("anna", w.receive(m).ID)[0]
	if !strings.Contains(n.PlainText, "Not part of this conversation yet.") ||
		!strings.Contains(n.PlainText, "- Max Muster, max@customer.example\n- boss@customer.example\n") ||
		strings.Contains(n.PlainText, "In copy") {
		t.Errorf("the agent is told:\n%s", n.PlainText)
	}
	if len(n.To) != 1 || len(n.Cc) != 0 {
		t.Errorf("it goes to %v, %v", n.To, n.Cc)
	}
}

func TestABrokenKnowledgeBaseKeepsNoMailBack(t *testing.T) {
	w := newWorld(t)
	w.Ranker = func(context.Context) (inbound.Ranker, error) { return nil, errors.New("the index is gone") }
	in := w.receive(erika)
	if in.Outcome != desk.OutcomeThreaded || !strings.Contains(in.Reason, "the index is gone") ||
		len(w.to("anna", in.ID)) != 1 {
		t.Errorf("recorded as %s (%s)", in.Outcome, in.Reason)
	}
}

func TestAThousandRecipientsFitTheRecord(t *testing.T) {
	w := newWorld(t)
	m := erika
	for i := range 1000 {
		m.recipients = append(m.recipients, fmt.Sprintf("support+%d%s@shop.example", i, strings.Repeat("x", 200)))
	}
	if in := w.receive(m); in.Outcome != desk.OutcomeThreaded || len(in.Recipients) > 100 {
		t.Errorf("recorded as %s (%s) with %d recipients", in.Outcome, in.Reason, len(in.Recipients))
	}
}

func TestAConversationWhoseMailboxIsGoneMovesToTheOneThatWasWrittenTo(t *testing.T) {
	w := newWorld(t)
	m := erika
	m.recipients = []string{"sales@shop.example"}
	first := w.receive(m)
	w.Settings.Mailboxes = w.Settings.Mailboxes[:1]
	in := w.receive(mail{from: "erika@customer.example", subject: "Re: The pump leaks", id: "r@customer.example",
		reply: "first@customer.example", body: "Hello?"})
	if c := w.conversation(first.Conversation); in.Conversation != c.ID || c.Mailbox != "support" ||
		len(w.to("anna", in.ID)) != 1 {
		t.Errorf("recorded as %s (%s), the conversation is of %s", in.Outcome, in.Reason, c.Mailbox)
	}
}

func TestAMailThatIsNotThereIsParked(t *testing.T) {
	w := newWorld(t)
	in, err := w.Receive(t.Context(), inbound.Delivery{ID: "gone", Raw: "mail/gone", ReceivedAt: w.Now()})
	if err != nil || in.Outcome != desk.OutcomeParked || !strings.Contains(in.Reason, "not in the mail store") {
		t.Errorf("recorded as %+v, %v", in, err)
	}
	if again, err := w.Receive(t.Context(), inbound.Delivery{ID: "gone", Raw: "mail/gone", ReceivedAt: w.Now()}); err !=
		nil || again.Outcome != desk.OutcomeParked {
		t.Errorf("a second time %+v, %v", again, err)
	}
	if _, err := w.Store.Inbound(t.Context(), "gone"); errors.Is(err, store.ErrNotFound) {
		t.Error("nothing was recorded")
	}
}

func TestAMailOfFiveThousandPartsIsShown(t *testing.T) {
	w := newWorld(t)
	m := erika
	m.headers = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
	m.body = "--b\nContent-Type: text/plain\n\nMany pictures.\n" +
		strings.Repeat("--b\nContent-Type: image/png; name=p.png\nContent-Disposition: attachment; filename=p.png\n"+
			"Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n", 5000) + "--b--"
	in := w.receive(m)
	if in.Outcome != desk.OutcomeThreaded {
		t.Fatalf("recorded as %s (%s)", in.Outcome, in.Reason)
	}
	if n := len(w.messages(in.Conversation)[0].Attachments); n == 0 || n > 100 {
		t.Errorf("%d attachments are described in the record", n)
	}
	n := w.to("anna", in.ID)
	if len(n) != 1 || !strings.Contains(n[0].PlainText, "Many pictures.") ||
		!strings.Contains(n[0].PlainText, "more") || len(n[0].Attachments) > 60 {
		t.Errorf("the agent is told by %d mails", len(n))
	}
}

// However long a conversation is, its first mail stands in what agents are told.
func TestTheFirstMailIsAlwaysShown(t *testing.T) {
	w := newWorld(t)
	first := w.receive(erika)
	in := first
	for i := range 12 {
		m := mail{from: "erika@customer.example", subject: "Re: " + erika.subject,
			id: fmt.Sprintf("more%d@customer.example", i), reply: erika.id,
			body: fmt.Sprintf("It is remark number %d.", i)}
		in = w.receive(m)
		w.At(w.Now().Add(time.Minute))
	}
	text := w.to("anna", in.ID)[0].PlainText
	if in.Conversation != first.Conversation || !strings.Contains(text, "The first: ") ||
		!strings.Contains(text, "9 more mails came between.") || !strings.Contains(text, "remark number 10.") ||
		strings.Contains(text, "remark number 8.") {
		t.Errorf("the agent is told:\n%s", text)
	}
}

// FuzzReceive: whatever bytes arrive, they are recorded, the bytes stay, and
// nobody but agents is written to.
func FuzzReceive(f *testing.F) {
	for _, m := range []mail{erika, dsn("a1@shop.example"), {},
		{from: "a@b, c@d", subject: "=?x?q?", headers: "Content-Type: multipart/mixed; boundary=\n",
			body: "--\n--\n"}} {
		f.Add([]byte(m.raw()), m.path, "support@shop.example")
	}
	f.Add([]byte("\x00\xff\r\n\r\n"), "<>", "support+aaaa@shop.example")
	f.Add([]byte{}, "", "")
	for _, system := range systems {
		m := passedMail(system, "Jo Fox <jo@fox.example>", "Flat 12", "jo1@fox.example", "first@customer.example",
			"Can I see it?")
		f.Add([]byte(m.raw()), m.path, "support@shop.example")
	}
	f.Fuzz(func(t *testing.T, raw []byte, path, recipient string) {
		w := newWorld(t)
		for try := range 2 {
			if err := w.Blobs.Put(t.Context(), "mail/x", raw); err != nil {
				t.Fatal(err)
			}
			in, err := w.Receive(t.Context(), inbound.Delivery{ID: "x", Raw: "mail/x", MailFrom: path,
				Recipients: []string{recipient}, ReceivedAt: w.Now(), Verdicts: pass, Size: len(raw)})
			if err != nil || in.Outcome == "" {
				t.Fatalf("try %d: %+v, %v", try, in, err)
			}
			if in.Outcome == desk.OutcomeParked {
				t.Fatalf("parked: %s", in.Reason)
			}
		}
		for _, o := range w.outbox() {
			if _, ok := w.Settings.AgentAt(o.To[0]); !ok || len(o.To) != 1 {
				t.Fatalf("a mail goes to %s", fmt.Sprint(o.To))
			}
		}
	})
}

package automatic_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
)

func parse(lines ...string) *message.Message {
	return message.Parse([]byte(strings.Join(lines, "\r\n")))
}

func TestTheNullReturnPathOfTheEnvelopeCounts(t *testing.T) {
	m := parse("From: Karl <karl@firma.example>", "Subject: Order", "", "Where is it?")
	if j := automatic.Judge(m, "<>"); j.Kind != automatic.AutoReply || j.Rule != "null-return-path" {
		t.Errorf("with <>: %+v", j)
	}
	for _, path := range []string{"", "karl@firma.example", "<karl@firma.example>"} {
		if j := automatic.Judge(m, path); j.Automatic() {
			t.Errorf("with %q: %+v", path, j)
		}
	}
	// The envelope is more trustworthy than the header.
	m = parse("Return-Path: <>", "From: Karl <karl@firma.example>", "Subject: Order", "", "Where is it?")
	if j := automatic.Judge(m, "karl@firma.example"); j.Automatic() {
		t.Errorf("header against envelope: %+v", j)
	}
}

func TestOutlookResponsesWithoutACalendarPart(t *testing.T) {
	for subject, want := range map[string]automatic.Kind{"Accepted: Call": automatic.Calendar,
		"Zugesagt: Anruf": automatic.Calendar, "Call": automatic.Person} {
		m := parse("From: Karl <karl@firma.example>", "Subject: "+subject,
			"Content-Class: urn:content-classes:calendarmessage", "", "Fine.")
		if j := automatic.Judge(m, ""); j.Kind != want {
			t.Errorf("%s: %+v", subject, j)
		}
	}
}

// The status is the one that the report states; where it states none, the SMTP
// code and the words tell.
func TestStatusAndReasonOfWhatServersSay(t *testing.T) {
	for said, want := range map[string]automatic.BounceRecipient{
		"550 5.1.1 user unknown": {Status: "5.1.1", Action: "failed", Permanent: true,
			Reason: "The mailbox does not exist"},
		"550 No such user here": {Status: "5.1.1", Action: "failed", Permanent: true,
			Reason: "The mailbox does not exist"},
		"552 Quota exceeded": {Status: "5.2.2", Action: "failed", Permanent: true,
			Reason: "The mailbox is full"},
		"452 4.2.2 Over quota": {Status: "4.2.2", Action: "failed",
			Reason: "The mailbox is full; it may work later"},
		"421 Try again later": {Status: "4.7.1", Action: "failed",
			Reason: "The receiver asked us to try again later; it may work later"},
		"554 5.7.1 Message blocked as spam": {Status: "5.7.1", Action: "failed", Permanent: true,
			Reason: "The receiver took the message for spam"},
		"550 5.7.26 Unauthenticated email is not accepted": {Status: "5.7.26", Action: "failed", Permanent: true,
			Reason: "The receiver could not verify that the message comes from your domain (SPF, DKIM or DMARC)"},
		"550 host 4.2.2.1 said nothing else": {Status: "5.0.0", Action: "failed", Permanent: true,
			Reason: "The message could not be delivered"},
		"host mx.firma.example[192.0.2.55] refused at 10:55:01": {Status: "5.7.1", Action: "failed", Permanent: true,
			Reason: "The receiver refused the message"},
		"554 delivery error: dd Requested mail action aborted": {Status: "5.0.0", Action: "failed", Permanent: true,
			Reason: "The message could not be delivered"},
		"550 Exceeded the maximum message size of 10 MB": {Status: "5.3.4", Action: "failed", Permanent: true,
			Reason: "The message is too big"},
		"Host or domain name not found. Name service error": {Status: "5.1.2", Action: "failed", Permanent: true,
			Reason: "The domain does not exist or takes no mail"},
		"554 5.4.14 Hop count exceeded - possible mail loop": {Status: "5.4.14", Action: "failed", Permanent: true,
			Reason: "The mail went round in a circle"},
	} {
		m := parse("From: MAILER-DAEMON@mx.mail.example", "Subject: Undelivered Mail Returned to Sender", "",
			"<karl@firma.example>: "+said)
		want.Address = "karl@firma.example"
		j := automatic.Judge(m, "<>")
		if len(j.Recipients) == 1 {
			j.Recipients[0].Said = ""
		}
		if len(j.Recipients) != 1 || j.Recipients[0] != want {
			t.Errorf("%q:\n got %+v\nwant %+v", said, j.Recipients, want)
		}
	}
}

// Fields that people's clients, providers and filters add change nothing.
func TestOrdinaryFieldsMakeNoRobot(t *testing.T) {
	ordinary := []string{"X-Mailer: Apple Mail (2.3731)", "User-Agent: Mozilla Thunderbird", "X-Mailer: Zimbra 8.8.15",
		"X-Mailer: iPhone Mail (20A)", "Thread-Index: AdvQm0x1kD2Zb3nSTk6pYk8cV0aZcg==", "Thread-Topic: Order",
		"X-MS-Has-Attach: yes", "X-MS-TNEF-Correlator:",
		"X-MS-Exchange-Inbox-Rules-Loop: support@shop.example", "X-MS-Exchange-Organization-AuthAs: Internal",
		"X-MS-Exchange-CrossTenant-FromEntityHeader: Hosted", "X-Auto-Response-Suppress: DR, RN, NRN",
		"X-Auto-Response-Suppress: RN", "Auto-Submitted: no", "Precedence: first-class", "Precedence: normal",
		"X-Spam-Status: No, score=-1", "X-Spam-Flag: NO", "X-Virus-Scanned: clamav", "X-Originating-IP: [192.0.2.1]",
		"Importance: high", "X-Priority: 1", "Disposition-Notification-To: karl@firma.example",
		"Return-Receipt-To: karl@firma.example", "Organization: Firma", "Feedback-ID: 1.eu:AmazonSES",
		"X-SES-Outgoing: 2026",
		"X-Google-DKIM-Signature: v=1", "X-Gm-Message-State: AC", "In-Reply-To: <a@shop.example>",
		"References: <a@shop.example>", "Sender: karl@firma.example", "Reply-To: karl@privat.example",
		"Return-Path: <karl@firma.example>", "Errors-To: karl@firma.example", "X-Loop: support@shop.example",
		"X-Antivirus: Avast", "X-Forwarded-Encrypted: i=1", "Resent-From: support@shop.example",
		"Delivered-To: support@shop.example", "Accept-Language: en", "Content-Language: en", "X-Autoreply: no"}
	rapid.Check(t, func(t *rapid.T) {
		lines := append(rapid.SliceOfNDistinct(rapid.SampledFrom(ordinary), 0, 12, rapid.ID[string]).Draw(t, "fields"),
			"From: Karl Beispiel <karl@firma.example>", "To: support@shop.example", "Subject: Order 77", "",
			"Where is my order?")
		if j := automatic.Judge(parse(lines...), ""); j.Automatic() {
			t.Fatalf("taken for %s by %s:\n%s", j.Kind, j.Rule, strings.Join(lines, "\n"))
		}
	})
}

// Many services' mail says what it is in its text alone; that it comes from a
// machine it says in its header.
func TestVerificationMailIsKnownByItsText(t *testing.T) {
	for name, lines := range map[string][]string{
		"Devise": {"Auto-Submitted: auto-generated", "Subject: Confirmation instructions", "", "Welcome!",
			"Click the link below to confirm your email address: https://x.example/c/1"},
		"an answer": {"Auto-Submitted: auto-replied", "In-Reply-To: <1@shop.example>", "Subject: Welcome", "",
			"Your confirmation code is 482-193."},
		"a workspace": {"Auto-Submitted: auto-generated", "Subject: Ann is waiting for you", "",
			"Accept the invitation: https://x.example/i/1"},
	} {
		if j := automatic.Judge(parse(append([]string{"From: App <app@service.example>"}, lines...)...),
			""); j.Kind != automatic.Verification {
			t.Errorf("%s: %+v", name, j)
		}
	}
	for name, lines := range map[string][]string{
		"a person": {"From: Karl <karl@firma.example>", "Subject: Help", "",
			"The mail says: confirm your email address at https://x.example, and it does not work."},
		"without link": {"From: App <noreply@service.example>", "Auto-Submitted: auto-generated", "Subject: Hint", "",
			"Please confirm your account soon."},
	} {
		if j := automatic.Judge(parse(lines...), ""); j.Kind == automatic.Verification {
			t.Errorf("%s: %+v", name, j)
		}
	}
}

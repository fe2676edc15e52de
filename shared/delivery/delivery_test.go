package delivery_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/email/automatic"
)

func TestJudge(t *testing.T) {
	const (
		connect, login, sender, to, text, service, report = delivery.StageConnect, delivery.StageLogin,
			delivery.StageSender, delivery.StageRecipient, delivery.StageText, delivery.StageService,
			delivery.StageReport
	)
	for _, c := range []struct {
		stage  delivery.Stage
		code   int
		status string
		name   string
		text   string
		want   string // class, and "sure" or "whole"
	}{
		// Trouble of the relay.
		{connect, 0, "", "", "connection refused", "route whole"},
		{connect, 0, "", "", "i/o timeout", "route whole"},
		{connect, 554, "5.7.1", "", "No SMTP service here", "route whole"},
		{connect, 421, "4.3.2", "", "Too many connections", "route whole"},
		{connect, 0, "", "", "tls: certificate has expired", "route whole"},
		{login, 535, "5.7.8", "", "Authentication credentials invalid", "route whole"},
		{login, 454, "4.7.0", "", "Temporary authentication failure", "route whole"},
		{sender, 530, "5.7.0", "", "Authentication required", "route whole"},
		{sender, 550, "5.1.0", "", "Address rejected", "route"},
		{sender, 553, "5.1.8", "", "Sender address rejected: Domain not found", "route"},
		{sender, 553, "", "", "sorry, that sender is not allowed", "route"},
		{sender, 451, "4.3.0", "", "Temporary lookup failure", "route"},
		{sender, 452, "4.3.1", "", "Insufficient system storage", "route"},
		{sender, 552, "5.3.4", "", "Message size exceeds fixed limit", "message sure"},
		{sender, 552, "", "", "message too big", "message sure"},
		{to, 530, "5.7.1", "", "Must issue STARTTLS first", "route whole"},
		{to, 421, "4.3.2", "", "Service shutting down", "route whole"},
		{to, 554, "5.7.1", "", "Relay access denied", "route"},
		{to, 454, "4.7.1", "", "Relay access denied", "route"},
		{to, 550, "5.4.5", "", "Daily user sending limit exceeded", "route"},
		{to, 503, "5.5.1", "", "need MAIL before RCPT", "route"},
		{text, 451, "4.3.0", "", "Error: queue file write error", "route"},
		{text, 550, "5.7.0", "", "You have exceeded your message sending quota; slow down", "route"},
		{delivery.StageBroken, 0, "", "", "EOF", "temporary"},
		// One recipient.
		{to, 550, "5.1.1", "", "User unknown in virtual mailbox table", "recipient sure"},
		{to, 550, "", "", "No such user here", "recipient sure"},
		{to, 553, "", "", "sorry, no mailbox here by that name", "recipient sure"},
		{to, 550, "5.1.2", "", "Host unknown", "recipient sure"},
		{to, 556, "5.1.10", "", "Recipient address has null MX", "recipient sure"},
		{to, 550, "5.2.1", "", "The email account is disabled", "recipient sure"},
		{to, 552, "5.2.2", "", "Mailbox full", "recipient sure"},
		{to, 550, "5.7.1", "", "Service unavailable; client host blocked using zen.spamhaus.org", "recipient"},
		{to, 550, "5.7.1", "", "Rejected by policy", "recipient"},
		{to, 554, "", "", "Transaction failed", "recipient"},
		{to, 550, "5.7.26", "", "Unauthenticated mail is not accepted", "recipient"},
		// One recipient, for now.
		{to, 450, "4.2.0", "", "Greylisted, try again in 5 minutes", "temporary"},
		{to, 451, "4.7.1", "", "try later", "temporary"},
		{to, 452, "4.2.2", "", "Over quota", "temporary"},
		{text, 451, "", "", "local error in processing", "route"},
		// This mail.
		{text, 552, "5.3.4", "", "Message too large", "message sure"},
		{text, 554, "5.7.1", "", "Message blocked as spam", "message"},
		{text, 554, "5.6.0", "", "malformed header", "message"},
		{text, 554, "", "", "Transaction failed", "message"},
		{to, 552, "", "", "this is too much for us", "recipient sure"},
		// SES, at once.
		{service, 0, "", "TooManyRequestsException", "Maximum sending rate exceeded.", "route whole"},
		{service, 0, "", "TooManyRequestsException", "Daily message quota exceeded.", "route whole"},
		{service, 0, "", "LimitExceededException", "limit", "route whole"},
		{service, 0, "", "SendingPausedException", "paused", "route whole"},
		{service, 0, "", "AccountSuspendedException", "suspended", "route whole"},
		{service, 0, "", "MailFromDomainNotVerifiedException", "x", "route whole"},
		{service, 0, "", "NotFoundException", "Configuration set <x> does not exist.", "route whole"},
		{service, 0, "", "AccessDeniedException", "not authorized", "route whole"},
		{service, 0, "", "ExpiredTokenException", "expired", "route whole"},
		{service, 0, "", "MessageRejected", "Email address is not verified. The following identities failed the check",
			"route"},
		{service, 0, "", "MessageRejected", "Illegal content", "message sure"},
		{service, 0, "", "BadRequestException", "Missing final '@domain'", "message sure"},
		// SES, later; delivery reports.
		{report, 0, "5.1.1", "NoEmail", "smtp; 550 5.1.1 unknown user", "recipient sure"},
		{report, 0, "", "OnAccountSuppressionList", "", "recipient sure"},
		{report, 0, "", "Suppressed", "", "recipient sure"},
		{report, 0, "4.2.2", "MailboxFull", "", "recipient sure"},
		{report, 0, "5.3.4", "MessageTooLarge", "", "message sure"},
		{report, 0, "5.6.1", "AttachmentRejected", "", "message sure"},
		{report, 0, "", "Reject", "Bad content", "message sure"},
		{report, 0, "5.1.1", "", "550 5.1.1 <x@y.example> User unknown", "recipient sure"},
		{report, 0, "5.0.0", "", "smtp; 550 mailbox is full", "recipient sure"},
		{report, 0, "4.4.7", "", "delivery time expired", "recipient"},
		{report, 0, "", "", "", "recipient"},
	} {
		a := delivery.Response{Stage: c.stage, Code: c.code, Status: c.status, Name: c.name, Text: c.text}
		v := delivery.Judge(a)
		got := string(v.Class)
		if v.Sure {
			got += " sure"
		}
		if v.Whole {
			got += " whole"
		}
		if got != c.want {
			t.Errorf("%s %d %s %s %q: %s (%s), want %s", c.stage, c.code, c.status, c.name, c.text, got, v.Cause,
				c.want)
		}
	}
}

// Each line is one reason in several ways: as it stands in the dialogue, in a
// report, and in an event of SES. People read the same.
func TestExplainSaysTheSameWhicheverWayItCame(t *testing.T) {
	const who = "erika@customers.example"
	for want, ways := range map[string][]delivery.Response{
		"There is no mailbox erika@customers.example.": {
			{Stage: delivery.StageRecipient, Code: 550, Status: "5.1.1", Text: "no such user"},
			{Stage: delivery.StageReport, Status: "5.1.1",
				Text: "smtp; 550 5.1.1 <erika@customers.example>: Recipient address rejected: User unknown"},
			{Stage: delivery.StageReport, Text: "550 unknown recipient"},
			{Stage: delivery.StageReport, Name: "NoEmail"}},
		"The mailbox erika@customers.example is full.": {
			{Stage: delivery.StageRecipient, Code: 552, Status: "5.2.2", Text: "over quota"},
			{Stage: delivery.StageRecipient, Code: 452, Status: "4.2.2", Text: "mailbox full"},
			{Stage: delivery.StageReport, Status: "4.2.2"},
			{Stage: delivery.StageReport, Name: "MailboxFull", Text: "smtp; 452 4.2.2 quota"}},
		"The mail server of erika@customers.example takes no mail of that size.": {
			{Stage: delivery.StageSender, Code: 552, Status: "5.3.4", Text: "exceeds limit"},
			{Stage: delivery.StageReport, Status: "5.3.4"}, {Stage: delivery.StageReport, Name: "MessageTooLarge"}},
		"The mail server of erika@customers.example took the mail for advertising.": {
			{Stage: delivery.StageText, Code: 554, Status: "5.7.1", Text: "Message blocked as spam"},
			{Stage: delivery.StageReport, Status: "5.7.1", Text: "550 5.7.1 spam content"},
			{Stage: delivery.StageReport, Name: "ContentRejected"}},
		"Amazon's mail service sends nothing to erika@customers.example, because mail to it came back before.": {
			{Stage: delivery.StageReport, Name: "OnAccountSuppressionList"},
			{Stage: delivery.StageReport, Name: "Suppressed"}},
	} {
		for _, a := range ways {
			if s := delivery.Explain(a, who); s.What != want {
				t.Errorf("%+v\n got %s\nwant %s", a, s.What, want)
			}
		}
	}
	full := delivery.Explain(delivery.Response{Stage: delivery.StageReport, Name: "MailboxFull"}, who)
	if !full.Passes || !strings.Contains(full.Next, "not for ever") {
		t.Errorf("a full mailbox: %+v", full)
	}
}

// What is quoted of a server is what the server said.
func TestExplainQuotesTheServerAlone(t *testing.T) {
	for said, want := range map[string]string{
		"smtp; 550 5.1.1 user unknown":   "550 5.1.1 user unknown",
		"x-unix; unknown mailer error 2": "unknown mailer error 2",
		":\n192.0.2.1 does not like recipient.\nRemote host said: 550 unknown user\n\n" +
			"--- Below this line is a copy of the message.": "192.0.2.1 does not like recipient. " +
			"Remote host said: 550 unknown user",
		"550 no; ask postmaster": "550 no; ask postmaster",
		"no such user":           "no such user",
	} {
		if got := delivery.Explain(delivery.Response{Stage: delivery.StageReport, Text: said},
			"erika@customers.example").Server; got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}

// Every cause has words of its own, and none of them is what servers say.
func TestEveryCauseIsExplained(t *testing.T) {
	none := delivery.Explain(delivery.Response{}, "x@y.example").What
	for _, cause := range automatic.Causes() {
		if !delivery.Explained(cause) {
			t.Errorf("nothing is said for the cause %q", cause)
		}
	}
	if !strings.Contains(none, "does not say why") {
		t.Errorf("%q", none)
	}
}

func TestWidespread(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	said := func(text, domain string, sure bool, ago time.Duration) delivery.Refusal {
		return delivery.Refusal{Words: delivery.Words(
			delivery.Response{Stage: delivery.StageRecipient, Code: 550, Status: "5.7.1", Text: text}), Domain: domain,
			Sure: sure, At: now.Add(-ago)}
	}
	for i, c := range []struct {
		this   delivery.Refusal
		before []delivery.Refusal
		want   bool
	}{
		{said("<a@x.example>: refused", "x.example", false, 0), nil, false},
		{said("<a@x.example>: refused", "x.example", false, 0),
			[]delivery.Refusal{said("<b@x.example>: refused", "x.example", false, time.Minute)}, false},
		{said("<a@x.example>: refused (id 7f3)", "x.example", false, 0),
			[]delivery.Refusal{said("<b@y.example>: refused (id 9a1)", "y.example", false, time.Minute)}, true},
		{said("<a@x.example>: refused", "x.example", false, 0),
			[]delivery.Refusal{said("<b@y.example>: refused", "y.example", false, 2*time.Hour)}, false},
		{said("<a@x.example>: refused", "x.example", false, 0),
			[]delivery.Refusal{said("<b@y.example>: not today", "y.example", false, time.Minute)}, false},
		{said("user unknown", "x.example", true, 0),
			[]delivery.Refusal{said("user unknown", "y.example", true, time.Minute)}, false},
		{said("user unknown", "x.example", true, 0),
			[]delivery.Refusal{said("user unknown", "y.example", true, 0), said("user unknown", "z.example", true, 0)},
			true},
	} {
		if got := delivery.Widespread(c.this, c.before); got != c.want {
			t.Errorf("line %d: %v", i+1, got)
		}
	}
}

func FuzzJudge(f *testing.F) {
	f.Add("recipient", 550, "5.1.1", "", "no such user")
	f.Add("service", 0, "", "MessageRejected", "x")
	f.Fuzz(func(t *testing.T, stage string, code int, status, name, text string) {
		a := delivery.Response{Stage: delivery.Stage(stage), Code: code, Status: status, Name: name, Text: text}
		v := delivery.Judge(a)
		s := delivery.Explain(a, "a@b.example")
		if v.Class == "" || s.What == "" || s.Next == "" || strings.ContainsAny(s.Server, "\r\n") ||
			len(s.Server) > 300 {
			t.Errorf("%+v: %+v, %+v", a, v, s)
		}
		_ = fmt.Sprint(delivery.Words(a))
	})
}

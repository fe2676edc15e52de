package local

import (
	"bytes"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/send"
)

// Provocations are the addresses at the sample customers' domains that do what
// their name says, so that the rare paths can be tried by hand.
var Provocations = []struct{ Local, Does string }{
	{"bounce", "does not exist: a delivery report comes back (RFC 3464, status 5.1.1)"},
	{"full", "has a full mailbox: a delivery report comes back (status 5.2.2)"},
	{"complaint", "gets the mail and reports it as spam (ARF, RFC 5965)"},
	{"ooo", "gets the mail and answers that nobody is in (RFC 3834)"},
	{"slow", "refuses for now, and takes the mail at the third attempt or after 20 seconds"},
	{"refused", "is refused for good at once"},
}

// provoked tells whether a mail reaches the mailbox, and what mail the
// recipient's system writes to the envelope sender.
func (s *Sample) provoked(m send.Mail, to, sentID string, raw []byte) (arrives bool, report []byte) {
	now := s.now()
	switch s.behaviour(to) {
	case "bounce":
		return false, deliveryReport(m, to, "5.1.1", "550 5.1.1 <"+to+">: Recipient address rejected: User unknown", raw, now)
	case "full":
		return false, deliveryReport(m, to, "5.2.2", "552 5.2.2 <"+to+">: Mailbox full", raw, now)
	case "complaint":
		return true, abuseReport(m, to, raw, now)
	case "ooo":
		return true, vacation(m, to, sentID, raw, now)
	}
	return true, nil
}

// deliveryReport is what a mail server writes of a mail it cannot deliver.
func deliveryReport(m send.Mail, to, status, diagnostic string, original []byte, now time.Time) []byte {
	host := "mx." + domainOf(to)
	return multipartReport(m, "delivery-status", host, "MAILER-DAEMON@"+host, "Mail Delivery System", m.From, "Undelivered Mail Returned to Sender",
		"This is the mail system at host "+host+".\r\n\r\nYour message could not be delivered to one or more recipients.\r\n\r\n<"+to+">: "+diagnostic+"\r\n",
		"message/delivery-status", "Reporting-MTA: dns; "+host+"\r\nArrival-Date: "+rfcDate(now)+"\r\n\r\n"+
			"Final-Recipient: rfc822; "+to+"\r\nOriginal-Recipient: rfc822; "+to+"\r\nAction: failed\r\nStatus: "+status+
			"\r\nDiagnostic-Code: smtp; "+diagnostic+"\r\n", original, now)
}

// abuseReport is what a mailbox provider writes when somebody pressed "spam".
func abuseReport(m send.Mail, to string, original []byte, now time.Time) []byte {
	host := "fbl." + domainOf(to)
	return multipartReport(m, "feedback-report", host, "feedback@"+host, "Feedback Loop", m.From, "FW: complaint about a mail",
		"This is an abuse report for an email message received from your system.\r\n",
		"message/feedback-report", "Feedback-Type: abuse\r\nUser-Agent: SampleMailbox/1.0\r\nVersion: 1\r\nOriginal-Mail-From: <"+m.From+
			">\r\nOriginal-Rcpt-To: <"+to+">\r\nReceived-Date: "+rfcDate(now)+"\r\n", original, now)
}

func multipartReport(m send.Mail, kind, host, from, name, to, subject, text, statusType, status string, original []byte, now time.Time) []byte {
	boundary := "=_" + desk.DerivedID("boundary", kind, m.Outbox)
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: %s <%s>\r\nTo: <%s>\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%s@%s>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n",
		name, from, to, subject, rfcDate(now), desk.DerivedID(kind, m.Outbox, now.String()), host)
	fmt.Fprintf(&b, "Content-Type: multipart/report; report-type=%s;\r\n\tboundary=\"%s\"\r\n\r\n", kind, boundary)
	fmt.Fprintf(&b, "--%s\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n%s\r\n", boundary, text)
	fmt.Fprintf(&b, "--%s\r\nContent-Type: %s\r\n\r\n%s\r\n", boundary, statusType, status)
	fmt.Fprintf(&b, "--%s\r\nContent-Type: text/rfc822-headers\r\n\r\n%s\r\n--%s--\r\n", boundary, headerOf(original), boundary)
	return b.Bytes()
}

// vacation is an out-of-office notice. It goes to the envelope sender, as
// RFC 3834 section 4 asks.
func vacation(m send.Mail, to, sentID string, original []byte, now time.Time) []byte {
	subject := "your mail"
	if msg, err := mail.ReadMessage(bytes.NewReader(original)); err == nil {
		subject = oneLine(msg.Header.Get("Subject"))
	}
	id := sentID + "@" + SampleDomain
	return []byte("From: <" + to + ">\r\nTo: <" + m.From + ">\r\nSubject: Out of office: " + subject + "\r\nDate: " + rfcDate(now) +
		"\r\nMessage-ID: <" + desk.DerivedID("vacation", m.Outbox, now.String()) + "@" + domainOf(to) + ">\r\nIn-Reply-To: <" + id + ">\r\nReferences: <" + id +
		">\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n" +
		"Thank you for your mail. I am out of office and will read it when I am back.\r\n")
}

// headerOf gives the header of a mail, without the empty line that ends it.
func headerOf(raw []byte) []byte {
	if i := bytes.Index(raw, []byte("\r\n\r\n")); i >= 0 {
		return raw[:i+2]
	}
	return raw
}

func rfcDate(t time.Time) string { return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 -0700") }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

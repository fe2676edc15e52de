package local

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/mail"
	"strings"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/local/mailbox"
	"github.com/replywell/replywell/shared/send"
)

// SampleDomain stands behind the ids that the sample outbox gives: like those
// of SES, with a region that does not exist.
const SampleDomain = "sample-1.amazonses.com"

// Sample is the carrier of sample mode. Nothing leaves the machine: each mail
// is put into the sample mailbox of its recipient. In all that its caller can
// see it behaves as SES does: it gives every mail an id of its own, replaces
// Message-ID and Date, and tells of what became of the mail by events.
type Sample struct {
	boxes   *mailbox.Boxes
	domains map[string]bool // of the sample customers: where some addresses do what their name says
	submit  func(ctx context.Context, from, to string, raw []byte) error
	record  func(context.Context, desk.DeliveryEvent) error
	now     func() time.Time
	log     *slog.Logger

	mu      sync.Mutex
	tried   map[string]try // mails to slow@, by outbox id
	pending sync.WaitGroup
}

type try struct {
	times int
	first time.Time
}

var _ send.Carrier = (*Sample)(nil)

func newSample(boxes *mailbox.Boxes, settings *desk.Settings, now func() time.Time, log *slog.Logger) *Sample {
	s := &Sample{boxes: boxes, domains: map[string]bool{}, now: now, log: log, tried: map[string]try{}}
	for _, c := range settings.Customers {
		s.domains[domainOf(c.Address)] = true
	}
	return s
}

// Send puts the mail into its recipients' mailboxes. Sending one outbox item
// again delivers nothing twice.
func (s *Sample) Send(ctx context.Context, m send.Mail) (string, error) {
	for _, to := range m.To {
		if err := s.refuse(m, to); err != nil {
			return "", err
		}
	}
	now := s.now()
	sentID := "0100" + desk.DerivedID("sample outbox", m.Outbox) + "-000000"
	raw := rewritten(m.Raw, sentID+"@"+SampleDomain, now)
	reached := true
	for _, to := range m.To {
		arrives, report := s.provoked(m, to, sentID, raw)
		if arrives {
			if err := s.boxes.Put(to, mailbox.Inbox, m.Outbox, raw); err != nil {
				return "", err
			}
		}
		reached = reached && arrives
		if report != nil {
			s.pending.Go(func() { s.report(context.WithoutCancel(ctx), m.From, report) })
		}
	}
	s.pending.Go(func() { s.tell(context.WithoutCancel(ctx), m, sentID, now, reached) })
	return sentID, nil
}

// Confirms is false: a mail is delivered once however often it is sent, so a
// lost answer needs no waiting.
func (s *Sample) Confirms() bool { return false }

// Rate is beyond what one machine composes.
func (s *Sample) Rate(context.Context) (float64, error) { return 1000, nil }

// wait returns when every event and report that is on its way has arrived.
func (s *Sample) wait() { s.pending.Wait() }

// tell records what SES would tell by its events.
func (s *Sample) tell(ctx context.Context, m send.Mail, sentID string, at time.Time, delivered bool) {
	if s.record == nil {
		return
	}
	kinds := []desk.DeliveryKind{desk.DeliverySend}
	if delivered {
		kinds = append(kinds, desk.DeliveryDelivered)
	}
	for _, kind := range kinds {
		ev := desk.DeliveryEvent{Outbox: m.Outbox, SentID: sentID, Kind: kind, At: at, ID: desk.DerivedID("sample event", m.Outbox, string(kind))}
		if err := s.record(ctx, ev); err != nil {
			s.log.Warn("an event of the sample outbox could not be recorded", "outbox", m.Outbox, "kind", kind, "error", err)
		}
	}
}

// report submits a mail that a recipient's system writes, by SMTP like any other.
func (s *Sample) report(ctx context.Context, to string, raw []byte) {
	if s.submit == nil {
		return
	}
	if err := s.submit(ctx, "<>", to, raw); err != nil {
		s.log.Warn("a sample recipient's report could not be submitted", "error", err)
	}
}

// refuse is what a recipient's server answers at once.
func (s *Sample) refuse(m send.Mail, to string) error {
	switch s.behaviour(to) {
	case "refused":
		return sampleRefusal(to, 550, "5.7.1", "mail from here is refused")
	case "slow":
		s.mu.Lock()
		defer s.mu.Unlock()
		t := s.tried[m.Outbox]
		if t.times == 0 {
			t.first = s.now()
		}
		if t.times++; t.times < 3 && s.now().Sub(t.first) < 20*time.Second {
			s.tried[m.Outbox] = t
			return sampleRefusal(to, 451, "4.7.1", "greylisted, try again later")
		}
		delete(s.tried, m.Outbox)
	}
	return nil
}

// sampleRefusal is a refusal in the dialogue, as a relay gives it.
func sampleRefusal(to string, code int, status, text string) error {
	a := delivery.Response{Stage: delivery.StageRecipient, Code: code, Status: status, Text: text}
	return &delivery.Error{Response: a, Refused: []delivery.Refused{{Address: to, Response: a}}, Err: fmt.Errorf("<%s>: %d %s %s", to, code, status, text)}
}

// behaviour gives the word before the "@" (and a "+") for addresses at the
// sample customers' domains, "" for all others.
func (s *Sample) behaviour(to string) string {
	if !s.domains[domainOf(to)] {
		return ""
	}
	word, _, _ := strings.Cut(strings.ToLower(to[:strings.LastIndexByte(to, '@')]), "+")
	return word
}

func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// rewritten gives a mail another Message-ID and Date, as SES does with every
// mail that it sends; the rest stays byte for byte.
func rewritten(raw []byte, messageID string, date time.Time) []byte {
	out := make([]byte, 0, len(raw)+200)
	out = append(out, "Message-ID: <"+messageID+">\r\nDate: "+date.UTC().Format("Mon, 02 Jan 2006 15:04:05 -0700")+"\r\n"...)
	skip := false
	for len(raw) > 0 {
		end := bytes.IndexByte(raw, '\n') + 1
		if end == 0 {
			end = len(raw)
		}
		line := raw[:end]
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			return append(out, raw...)
		}
		if line[0] != ' ' && line[0] != '\t' {
			name, _, _ := bytes.Cut(line, []byte(":"))
			skip = bytes.EqualFold(bytes.TrimSpace(name), []byte("Message-ID")) || bytes.EqualFold(bytes.TrimSpace(name), []byte("Date"))
		}
		if !skip {
			out = append(out, line...)
		}
		raw = raw[end:]
	}
	return out
}

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

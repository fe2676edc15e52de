package cloud

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/smithy-go"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/send"
)

// MaxMail is the largest mail that SendEmail takes, in bytes (SES developer
// guide, "Service quotas": 40 MB with attachments, after base64 encoding).
const MaxMail = 40 << 20

// accountFor is how long what GetAccount said is believed.
const accountFor = 5 * time.Minute

// Carrier sends through SES. It is a send.Carrier. Use NewCarrier.
type Carrier struct {
	ses              *sesv2.Client
	configurationSet string
	senders          int
	now              func() time.Time

	mu    sync.Mutex
	asked time.Time
	rate  float64
}

var _ send.Carrier = (*Carrier)(nil)

// NewCarrier makes a carrier. configurationSet is named on every mail: without
// it bounces and complaints go unseen. senders is how many processes share the
// account's rate, 1 or more.
func NewCarrier(cfg aws.Config, configurationSet string, senders int, now func() time.Time) *Carrier {
	return &Carrier{
		ses: sesv2.NewFromConfig(cfg, func(o *sesv2.Options) {
			// SES cannot recognise a repeated SendEmail, so the SDK must never
			// repeat one by itself: an answer that was lost would become a second mail.
			o.Retryer = aws.NopRetryer{}
		}),
		configurationSet: configurationSet, senders: senders, now: now,
	}
}

// Send gives one mail to SES. sentID is the left part of the Message-ID that the
// recipient will see. Errors say whether the mail was not taken for certain; see
// sendError.
func (c *Carrier) Send(ctx context.Context, m send.Mail) (sentID string, err error) {
	if len(m.Raw) > MaxMail {
		return "", &delivery.Error{Response: delivery.Response{Stage: delivery.StageText, Code: 552, Status: "5.3.4", Text: "message too large for SES"},
			Err: fmt.Errorf("the mail has %d bytes, and SES sends at most %d; send large files as links", len(m.Raw), MaxMail)}
	}
	out, err := c.ses.SendEmail(ctx, &sesv2.SendEmailInput{
		// The address that policies bind (ses:FromAddress). Feedback comes by events.
		FromEmailAddress:     from(m.Raw),
		Content:              &types.EmailContent{Raw: &types.RawMessage{Data: m.Raw}},
		Destination:          &types.Destination{ToAddresses: m.To},
		ConfigurationSetName: &c.configurationSet,
		EmailTags:            []types.MessageTag{{Name: aws.String(OutboxTag), Value: aws.String(m.Outbox)}},
	})
	if err != nil {
		return "", sendError(err)
	}
	return aws.ToString(out.MessageId), nil
}

// from is the address of a mail's From header; nil where it has not just one,
// which SES then says.
func from(raw []byte) *string {
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	m, err := mail.ReadMessage(bytes.NewReader(append(bytes.Clone(head), "\r\n\r\n"...)))
	if err != nil {
		return nil
	}
	list, err := m.Header.AddressList("From")
	if err != nil || len(list) != 1 {
		return nil
	}
	return &list[0].Address
}

// Confirms reports that each mail SES accepts is told by an event which bears
// its outbox id, so a lost answer is waited for.
func (c *Carrier) Confirms() bool { return true }

// Rate gives this process's share of the mails per second that the account may
// send. It also says in the
// log what would keep answers from arriving: the sandbox, paused sending.
func (c *Carrier) Rate(ctx context.Context) (perSecond float64, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rate > 0 && c.now().Sub(c.asked) < accountFor {
		return c.rate, nil
	}
	a, err := c.ses.GetAccount(ctx, &sesv2.GetAccountInput{})
	if err != nil {
		if c.rate > 0 {
			return c.rate, nil
		}
		return 0, fmt.Errorf("cannot ask SES how fast this account may send: %w", err)
	}
	for _, w := range accountWarnings(a) {
		slog.Warn(w)
	}
	c.asked, c.rate = c.now(), 1
	if q := a.SendQuota; q != nil && q.MaxSendRate > 0 {
		c.rate = q.MaxSendRate
	}
	c.rate /= float64(c.senders)
	return c.rate, nil
}

// accountWarnings says in plain words what of an account's state keeps answers
// from arriving, and what to do.
func accountWarnings(a *sesv2.GetAccountOutput) (out []string) {
	if !a.ProductionAccessEnabled {
		out = append(out, "SES is in the sandbox here: mail reaches verified addresses only, 200 a day, one a second, so customers get no answers; ask for production access in the SES console (Account dashboard)")
	}
	if !a.SendingEnabled {
		out = append(out, "SES has paused sending for this account: nothing leaves; see the Account dashboard in the SES console")
	}
	switch s := aws.ToString(a.EnforcementStatus); s {
	case "", "HEALTHY":
	default:
		out = append(out, "SES reviews this account ("+s+"): too many bounces or complaints; see the Reputation metrics in the SES console")
	}
	if q := a.SendQuota; q != nil && q.Max24HourSend > 0 && q.SentLast24Hours >= 0.9*q.Max24HourSend {
		out = append(out, fmt.Sprintf("SES has sent %.0f of the %.0f mails it sends for this account in 24 hours; the rest waits until tomorrow; ask for a higher quota", q.SentLast24Hours, q.Max24HourSend))
	}
	if s := a.SuppressionAttributes; s != nil && len(s.SuppressedReasons) > 0 {
		reasons := make([]string, len(s.SuppressedReasons))
		for i, r := range s.SuppressedReasons {
			reasons[i] = strings.ToLower(string(r))
		}
		slog.Info("the account's suppression list is on: SES accepts mail to an address on it and reports a bounce instead of sending", "for", reasons)
	}
	return out
}

// The waits: until a person has mended what keeps the account from sending, and
// until some of the mails of the last 24 hours no longer count.
const (
	untilMended = 10 * time.Minute
	untilQuota  = time.Hour
)

// sendError says what SES answered, and what whoever runs it can do (SES API v2,
// SendEmail, Errors); what it means for the mail is for [delivery.Judge]. An
// error that is no *delivery.Error leaves open whether SES took the mail.
func sendError(err error) error {
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorFault() != smithy.FaultClient && !known(api.ErrorCode()) {
		return fmt.Errorf("it is not known whether SES took the mail: %w", err)
	}
	e := &delivery.Error{Response: delivery.Response{Stage: delivery.StageService, Name: api.ErrorCode(), Text: api.ErrorMessage()}, Err: err}
	for _, a := range advice {
		if strings.Contains(" "+a.names+" ", " "+api.ErrorCode()+" ") && strings.Contains(strings.ToLower(api.ErrorMessage()), a.says) {
			e.Advice, e.After = a.words, a.after
			return e
		}
	}
	e.Advice, e.After = "SES refused the request ("+api.ErrorCode()+"); check the permissions of the send function", untilMended
	return e
}

// advice on what SES answers, the first line that fits. says must stand in the message.
var advice = []struct {
	names, says, words string
	after              time.Duration
}{
	{"TooManyRequestsException LimitExceededException", "daily", "the account's quota for 24 hours is used up; ask for a higher one in the SES console", untilQuota},
	{"TooManyRequestsException", "", "SES was given mail faster than the account may send", 0},
	{"LimitExceededException", "", "SES is at a limit of the account", untilMended},
	{"MessageRejected", "not verified", "SES does not know an address as verified: in the sandbox that is every customer's (ask for production access), else our own sender's (verify the domain)", untilMended},
	{"MessageRejected", "", "SES refuses this mail", 0},
	{"AccountSuspendedException", "", "SES has suspended this account; write to AWS Support", untilMended},
	{"SendingPausedException", "", "sending is paused for this account or configuration set", untilMended},
	{"MailFromDomainNotVerifiedException", "", "the custom MAIL FROM domain is not verified; check its MX and SPF records", untilMended},
	{"NotFoundException", "", "SES does not know the configuration set or the identity; was it deleted?", untilMended},
	{"BadRequestException", "", "SES cannot read this mail or its recipients", 0},
}

// known reports whether an error is one that SES documents: its own types do not
// always say whose fault they are.
func known(name string) bool {
	for _, a := range advice {
		if strings.Contains(" "+a.names+" ", " "+name+" ") {
			return true
		}
	}
	return strings.HasPrefix(name, "AccessDenied")
}

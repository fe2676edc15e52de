package cloud

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/doctor"
)

// Watch is the task of the watch function: it looks at what can change outside of
// the stack without a word (the account, the active receipt rule set), measures it
// for the alarms, and has a probe sent now and then. Before there are settings it
// does nothing: nobody waits for mail yet.
type Watch struct {
	SES      *ses.Client
	SESv2    *sesv2.Client
	Rule     config.Watch
	Settings func(context.Context) (*desk.Settings, error)
	Probe    func(context.Context) (awaited bool, err error)
	Measures Measures
}

// NewWatch watches the account itself.
func NewWatch(d *Desk, c config.Watch) *Watch {
	return &Watch{SES: ses.NewFromConfig(d.AWS), SESv2: sesv2.NewFromConfig(d.AWS), Rule: c, Settings: d.Settings, Measures: Measures{Stack: c.Stack, Now: d.Now}}
}

// Run looks once. What could not be looked at is the error, and no measure is
// written of it, so that nothing reads as well which nobody saw.
func (w *Watch) Run(ctx context.Context) error {
	settings, err := w.Settings(ctx)
	if err != nil {
		return err
	}
	values := map[string]float64{"MailIn": 0} // each look says that a customer's mail would have been counted
	defer func() { w.Measures.Write(values) }()
	var errs []error
	if account, err := w.SESv2.GetAccount(ctx, &sesv2.GetAccountInput{}); err != nil {
		errs = append(errs, fmt.Errorf("asking SES about the account: %w", err))
	} else {
		var r doctor.Report
		judgeAccount(&r, account)
		values["Sandbox"], values["SendingPaused"] = bad(r, "sandbox"), bad(r, "sending")
		if q := account.SendQuota; q != nil && q.Max24HourSend > 0 {
			values["QuotaUsedPercent"] = 100 * q.SentLast24Hours / q.Max24HourSend
		}
		say(r)
	}
	if active, err := w.SES.DescribeActiveReceiptRuleSet(ctx, &ses.DescribeActiveReceiptRuleSetInput{}); err != nil {
		errs = append(errs, fmt.Errorf("asking SES about the receipt rules: %w", err))
	} else {
		var r doctor.Report
		ourRule{w.Rule.Stack + "-mail", listed(w.Rule.Recipients), w.Rule.MailBucket}.judge(&r, active)
		values["RuleAway"] = bad(r, "rule set")
		say(r)
	}
	if len(settings.Mailboxes) > 0 {
		if err := w.probe(ctx, settings.Mailboxes[0], values); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// probe sends one where SES has verified the domains of both ends: before, a new
// deployment waits for its DNS, and nothing is wrong.
func (w *Watch) probe(ctx context.Context, mb desk.Mailbox, values map[string]float64) error {
	for _, d := range []string{domain(mb.Address), domain(mb.ReplyBase)} {
		out, err := w.SESv2.GetEmailIdentity(ctx, &sesv2.GetEmailIdentityInput{EmailIdentity: aws.String(strings.ToLower(d))})
		if err != nil {
			return fmt.Errorf("asking SES about %s: %w", d, err)
		}
		if !out.VerifiedForSendingStatus {
			slog.Info("no probe is sent before SES has verified the domain", "domain", d)
			return nil
		}
	}
	awaited, err := w.Probe(ctx)
	if err != nil {
		return fmt.Errorf("sending a probe: %w", err)
	}
	if awaited { // and none back so far: the alarm reads no missing value as a zero
		values["ProbesAwaited"], values["ProbesBack"] = 1, 0
	}
	return nil
}

// bad is 1 where a finding says so, else 0.
func bad(r doctor.Report, about string) float64 {
	for _, f := range r {
		if f.About == about && f.State == doctor.Bad {
			return 1
		}
	}
	return 0
}

// say logs what is not good.
func say(r doctor.Report) {
	for _, f := range r {
		if f.State != doctor.Good {
			slog.Warn(f.Says, "about", f.About, "of", f.Of, "state", string(f.State), "next", f.Next)
		}
	}
}

package cloud

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	sestypes "github.com/aws/aws-sdk-go-v2/service/ses/types"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/doctor"
)

// receiving looks whether the mail of what the stack receives goes to SES.
func (x examination) receiving(ctx context.Context) {
	host := "inbound-smtp." + x.AWS.Region + ".amazonaws.com"
	seen := map[string]bool{}
	for _, recipient := range x.stack.Recipients {
		domain, address := recipient, false
		if local, after, ok := strings.Cut(recipient, "@"); ok && local != "" {
			domain, address = after, true
		}
		domain = strings.TrimLeft(domain, "@.")
		if !seen[domain] {
			seen[domain] = true
			x.DNS.MX(ctx, x.report, domain, host, address && x.facts.outputs["ReplyDomain"] != "none" && domain != x.facts.outputs["ReplyDomain"])
		}
	}
}

// ourRule is the receipt rule that a stack makes, as other rules can stand in its way.
type ourRule struct {
	name       string
	recipients []string
	bucket     string
}

// rules looks whether SES stores our mail.
func (x examination) rules(ctx context.Context) {
	out, err := ses.NewFromConfig(x.AWS).DescribeActiveReceiptRuleSet(ctx, &ses.DescribeActiveReceiptRuleSetInput{})
	if err != nil {
		x.report.Unknown("rule set", "", err, "see that you may call ses:DescribeActiveReceiptRuleSet")
		return
	}
	ourRule{x.Stack + "-mail", x.stack.Recipients, x.facts.outputs["MailBucket"]}.judge(x.report, out)
}

// judge finds our rule in the active set, and what stands in its way.
func (o ourRule) judge(r *doctor.Report, active *ses.DescribeActiveReceiptRuleSetOutput) {
	const why = "mail to the desk is not stored, and senders get a bounce or nothing"
	again := "deploy again with a changed parameter (RequireTls, say): the rule is then put into the set that is active"
	if active.Metadata == nil || aws.ToString(active.Metadata.Name) == "" {
		r.Add(doctor.Bad, "rule set", "", "no receipt rule set is active", why, again)
		return
	}
	set := aws.ToString(active.Metadata.Name)
	at := slices.IndexFunc(active.Rules, func(rule sestypes.ReceiptRule) bool { return aws.ToString(rule.Name) == o.name })
	if at < 0 {
		r.Add(doctor.Bad, "rule set", set, "it is active, and our rule "+o.name+" does not stand in it", why, again)
		return
	}
	rule := active.Rules[at]
	for _, before := range active.Rules[:at] {
		if what := stops(before); what != "" && before.Enabled && overlap(before.Recipients, o.recipients) {
			r.Add(doctor.Bad, "rule set", set, fmt.Sprintf("the rule %s stands before ours and %s for the same recipients", aws.ToString(before.Name), what), why,
				fmt.Sprintf("move ours before it: aws ses set-receipt-rule-position --rule-set-name %s --rule-name %s%s", set, o.name, after(active.Rules, before)))
			return
		}
	}
	stored := slices.ContainsFunc(rule.Actions, func(a sestypes.ReceiptAction) bool {
		return a.S3Action != nil && aws.ToString(a.S3Action.BucketName) == o.bucket && aws.ToString(a.S3Action.TopicArn) != ""
	})
	switch {
	case !rule.Enabled:
		r.Add(doctor.Bad, "rule set", set, "our rule "+o.name+" is switched off", why, again)
	case !stored:
		r.Add(doctor.Bad, "rule set", set, "our rule "+o.name+" does not store mail in the bucket "+o.bucket+", or tells no topic of it", why, again)
	case len(missing(o.recipients, rule.Recipients)) > 0:
		r.Add(doctor.Bad, "rule set", set, fmt.Sprintf("our rule %s does not take mail for %s", o.name, strings.Join(missing(o.recipients, rule.Recipients), ", ")), why, again)
	case !rule.ScanEnabled:
		r.Add(doctor.Warning, "rule set", set, "our rule "+o.name+" does not look for spam and viruses", "such mail reaches agents; nothing else looks for it", again)
	default:
		r.Good("rule set", set, "it is active, our rule stands in it, and none stops before it")
	}
}

// after names the rule behind which ours has to stand to come before another.
func after(rules []sestypes.ReceiptRule, other sestypes.ReceiptRule) string {
	for i, r := range rules {
		if aws.ToString(r.Name) == aws.ToString(other.Name) && i > 0 {
			return " --after " + aws.ToString(rules[i-1].Name)
		}
	}
	return ""
}

// stops says how a rule keeps mail from those after it; "" if it does not.
func stops(rule sestypes.ReceiptRule) string {
	for _, a := range rule.Actions {
		switch {
		case a.StopAction != nil:
			return "stops"
		case a.BounceAction != nil:
			return "rejects mail"
		}
	}
	return ""
}

// overlap reports whether two lists of recipients have an address in common. An
// empty one is every address.
func overlap(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	covers := func(list, others []string) bool {
		return slices.ContainsFunc(others, func(r string) bool {
			if !strings.Contains(r, "@") {
				r = "@" + strings.TrimPrefix(r, ".")
			}
			return Deployed{Recipients: list}.receives(r)
		})
	}
	return covers(a, b) || covers(b, a)
}

func missing(wanted, have []string) (out []string) {
	for _, w := range wanted {
		if !slices.ContainsFunc(have, func(h string) bool { return strings.EqualFold(h, w) }) {
			out = append(out, w)
		}
	}
	return out
}

// account looks whether the account may send, and how much.
func (x examination) account(ctx context.Context) {
	out, err := sesv2.NewFromConfig(x.AWS).GetAccount(ctx, &sesv2.GetAccountInput{})
	if err != nil {
		x.report.Unknown("account", "", err, "see that you may call ses:GetAccount")
		return
	}
	judgeAccount(x.report, out)
}

// quotaNear is the part of a day's quota from which on somebody ought to know.
const quotaNear = 0.8

func judgeAccount(r *doctor.Report, a *sesv2.GetAccountOutput) {
	if a.ProductionAccessEnabled {
		r.Good("sandbox", "", "the account has production access")
	} else {
		r.Add(doctor.Bad, "sandbox", "", "the account is in the sandbox: mail leaves only to verified addresses", "customers get no answers; they wait in the outbox for five days",
			"ask for production access: aws sesv2 put-account-details --production-access-enabled (docs/deploy.md)")
	}
	status := aws.ToString(a.EnforcementStatus)
	switch {
	case !a.SendingEnabled || status == "SHUTDOWN":
		r.Add(doctor.Bad, "sending", "", "SES has paused sending for this account", "no mail leaves at all; what waits leaves by itself when it is allowed again",
			"read the case that AWS opened (SES console, Reputation metrics), mend the cause of the bounces or complaints, and answer it; if you paused it yourself: aws sesv2 put-account-sending-attributes --sending-enabled")
	case status == "PROBATION":
		r.Add(doctor.Warning, "sending", "", "SES reviews this account for bounces or complaints", "it may be paused, and then no mail leaves", "read the case that AWS opened (SES console, Reputation metrics), and answer it")
	default:
		r.Good("sending", "", "it is on")
	}
	if q := a.SendQuota; q != nil && q.Max24HourSend > 0 {
		used := q.SentLast24Hours / q.Max24HourSend
		says := fmt.Sprintf("%.0f of %.0f mails in 24 hours, %.0f a second", q.SentLast24Hours, q.Max24HourSend, q.MaxSendRate)
		const why, next = "above it mail waits until the day before has passed", "ask for more: AWS Service Quotas, Amazon SES, \"Sending quota\"; the agents' notifications count too"
		switch {
		case used >= 1:
			r.Add(doctor.Bad, "quota", "", "it is used up: "+says, why, next)
		case used >= quotaNear:
			r.Add(doctor.Warning, "quota", "", "it is nearly used up: "+says, why, next)
		default:
			r.Good("quota", "", "%s", says)
		}
	}
}

// identities looks at the domains: what SES knows of them, and what DNS says.
func (x examination) identities(ctx context.Context) {
	client := sesv2.NewFromConfig(x.AWS)
	domains := slices.Clone(x.stack.MailDomains)
	if reply := x.facts.outputs["ReplyDomain"]; reply != "" && reply != "none" && !slices.Contains(domains, reply) {
		domains = append(domains, reply)
	}
	for _, domain := range domains {
		sends := slices.Contains(x.stack.MailDomains, domain)
		out, err := client.GetEmailIdentity(ctx, &sesv2.GetEmailIdentityInput{EmailIdentity: &domain})
		var none *types.NotFoundException
		switch {
		case errors.As(err, &none):
			x.report.Add(doctor.Bad, "identity", domain, "SES does not know the domain", "it can neither send nor receive its mail", "deploy with CreateIdentities=yes (or the switch of this domain), or verify it by hand: aws sesv2 create-email-identity --email-identity "+domain)
			continue
		case err != nil:
			x.report.Unknown("identity", domain, err, "see that you may call ses:GetEmailIdentity")
			continue
		}
		var selectors []string
		if out.DkimAttributes != nil {
			selectors = out.DkimAttributes.Tokens
		}
		if !out.VerifiedForSendingStatus {
			x.report.Add(doctor.Bad, "identity", domain, "SES has not verified the domain yet", "it can neither send nor receive its mail", "set the DKIM records below; SES looks by itself, for up to 72 hours")
		} else {
			x.report.Good("identity", domain, "SES has verified it")
		}
		if len(selectors) > 0 {
			x.DNS.DKIM(ctx, x.report, domain, selectors, func(s string) string {
				return fmt.Sprintf("%s._domainkey.%s CNAME %s.dkim.amazonses.com", s, domain, s)
			})
		}
		if !sends {
			continue
		}
		from := "bounce." + domain
		if out.MailFromAttributes != nil && aws.ToString(out.MailFromAttributes.MailFromDomain) != "" {
			from = aws.ToString(out.MailFromAttributes.MailFromDomain)
		}
		x.DNS.SPF(ctx, x.report, from, "include:amazonses.com", from+` TXT "v=spf1 include:amazonses.com ~all"`)
		x.DNS.DMARC(ctx, x.report, domain)
	}
}

// events looks whether SES tells what becomes of sent mail.
func (x examination) events(ctx context.Context) {
	client := sesv2.NewFromConfig(x.AWS)
	set := x.Stack
	const why, next = "bounces and complaints stay unseen, and answers whose fate is not known wait", "deploy again; CloudFormation makes it as the template says"
	out, err := client.GetConfigurationSetEventDestinations(ctx, &sesv2.GetConfigurationSetEventDestinationsInput{ConfigurationSetName: &set})
	var none *types.NotFoundException
	switch {
	case errors.As(err, &none):
		x.report.Add(doctor.Bad, "configuration set", set, "it is not there", "no mail can be sent: each names it", next)
		return
	case err != nil:
		x.report.Unknown("configuration set", set, err, "see that you may call ses:GetConfigurationSetEventDestinations")
		return
	}
	wanted := []types.EventType{types.EventTypeSend, types.EventTypeDelivery, types.EventTypeBounce, types.EventTypeComplaint, types.EventTypeReject, types.EventTypeDeliveryDelay, types.EventTypeRenderingFailure}
	for _, e := range out.EventDestinations {
		if !e.Enabled || e.SnsDestination == nil {
			continue
		}
		wanted = slices.DeleteFunc(wanted, func(t types.EventType) bool { return slices.Contains(e.MatchingEventTypes, t) })
	}
	if len(wanted) > 0 {
		x.report.Add(doctor.Bad, "configuration set", set, fmt.Sprintf("it does not tell of %v", wanted), why, next)
		return
	}
	x.report.Good("configuration set", set, "it tells what becomes of sent mail")
}

// people looks whether agents can be written to, and are believed.
func (x examination) people(ctx context.Context, s *desk.Settings) {
	client := sesv2.NewFromConfig(x.AWS)
	for _, a := range s.Agents {
		if len(a.Addresses) == 0 {
			continue
		}
		to := a.Addresses[0]
		out, err := client.GetSuppressedDestination(ctx, &sesv2.GetSuppressedDestinationInput{EmailAddress: &to})
		var none *types.NotFoundException
		switch {
		case errors.As(err, &none):
			x.report.Good("agent", to, "SES delivers to it")
		case err != nil:
			x.report.Unknown("agent", to, err, "see that you may call ses:GetSuppressedDestination")
		default:
			x.report.Add(doctor.Bad, "agent", to, fmt.Sprintf("it is on the account's suppression list since %s: %s", aws.ToTime(out.SuppressedDestination.LastUpdateTime).Format("2006-01-02"), strings.ToLower(string(out.SuppressedDestination.Reason))),
				a.Name+" gets no mail from the desk, and SES says of each that it was sent", "see that the mailbox takes mail again, then: aws sesv2 delete-suppressed-destination --email-address "+to)
		}
	}
	x.DNS.Agents(ctx, x.report, s.Agents)
	x.DNS.Departments(ctx, x.report, s.Departments)
}

package cloud

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/cfn"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"
)

// RuleSets are the calls of SES about receipt rules that ReceiptRule needs.
// *ses.Client has them.
type RuleSets interface {
	DescribeActiveReceiptRuleSet(context.Context, *ses.DescribeActiveReceiptRuleSetInput, ...func(*ses.Options)) (*ses.DescribeActiveReceiptRuleSetOutput, error)
	DescribeReceiptRuleSet(context.Context, *ses.DescribeReceiptRuleSetInput, ...func(*ses.Options)) (*ses.DescribeReceiptRuleSetOutput, error)
	ListReceiptRuleSets(context.Context, *ses.ListReceiptRuleSetsInput, ...func(*ses.Options)) (*ses.ListReceiptRuleSetsOutput, error)
	CreateReceiptRuleSet(context.Context, *ses.CreateReceiptRuleSetInput, ...func(*ses.Options)) (*ses.CreateReceiptRuleSetOutput, error)
	SetActiveReceiptRuleSet(context.Context, *ses.SetActiveReceiptRuleSetInput, ...func(*ses.Options)) (*ses.SetActiveReceiptRuleSetOutput, error)
	DeleteReceiptRuleSet(context.Context, *ses.DeleteReceiptRuleSetInput, ...func(*ses.Options)) (*ses.DeleteReceiptRuleSetOutput, error)
	CreateReceiptRule(context.Context, *ses.CreateReceiptRuleInput, ...func(*ses.Options)) (*ses.CreateReceiptRuleOutput, error)
	UpdateReceiptRule(context.Context, *ses.UpdateReceiptRuleInput, ...func(*ses.Options)) (*ses.UpdateReceiptRuleOutput, error)
	DeleteReceiptRule(context.Context, *ses.DeleteReceiptRuleInput, ...func(*ses.Options)) (*ses.DeleteReceiptRuleOutput, error)
}

// ReceiptRule is the CloudFormation custom resource that makes SES store our
// mail. An account has one active receipt rule set per region, and other teams'
// mail may hang on it; so:
//
//   - where a set is active, our one rule is added to its end, and nothing else of it is touched;
//   - where none is, a set of our own is made and activated;
//   - on delete our rule is removed, wherever it is; a set is deactivated and
//     deleted only if it is the one we made and no other rule is in it.
type ReceiptRule struct {
	SES RuleSets
	// Pause is called before each request: SES allows one of these a second.
	Pause func(context.Context) error
}

// NewReceiptRule works on SES itself.
func NewReceiptRule(cfg aws.Config) ReceiptRule {
	return ReceiptRule{SES: ses.NewFromConfig(cfg), Pause: OncePerSecond}
}

// OncePerSecond is the Pause for SES itself.
func OncePerSecond(ctx context.Context) error {
	t := time.NewTimer(1100 * time.Millisecond)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// beforeTheEnd is how long before the function is stopped the answer to
// CloudFormation is given: without one a stack hangs for an hour.
const beforeTheEnd = 10 * time.Second

// Handle answers CloudFormation. It is wrapped by cfn.LambdaWrap, which sends the
// answer, after a failure and a panic too.
func (h ReceiptRule) Handle(ctx context.Context, ev cfn.Event) (string, map[string]any, error) {
	if deadline, ok := ctx.Deadline(); ok {
		var stop context.CancelFunc
		ctx, stop = context.WithDeadline(ctx, deadline.Add(-beforeTheEnd))
		defer stop()
	}
	p, err := readRuleProperties(ev.ResourceProperties)
	id := "receipt-rule/" + p.RuleName // the same for the same rule: an update replaces nothing
	if ev.RequestType == cfn.RequestDelete {
		id = ev.PhysicalResourceID
		if err != nil {
			slog.Warn("a rule that was never made is deleted", "error", err.Error())
			return id, nil, nil
		}
	}
	if err != nil {
		if ev.PhysicalResourceID != "" {
			id = ev.PhysicalResourceID
		}
		return id, nil, err
	}
	if ev.RequestType == cfn.RequestDelete {
		return id, nil, explain(ctx, h.remove(ctx, p))
	}
	set, err := h.apply(ctx, p)
	if err != nil {
		return id, nil, explain(ctx, err)
	}
	return id, map[string]any{"RuleSetName": set, "RuleName": p.RuleName}, nil
}

func explain(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("there was not time enough to finish (SES allows one request a second): %w; run the deployment again", err)
	}
	return err
}

// apply makes or updates the rule in the active set, and removes it from others.
func (h ReceiptRule) apply(ctx context.Context, p ruleProperties) (set string, err error) {
	if err := h.Pause(ctx); err != nil {
		return "", err
	}
	active, err := h.SES.DescribeActiveReceiptRuleSet(ctx, &ses.DescribeActiveReceiptRuleSetInput{})
	if err != nil {
		return "", fmt.Errorf("cannot see which receipt rule set is active: %w", err)
	}
	if active.Metadata == nil || aws.ToString(active.Metadata.Name) == "" {
		return p.RuleSetName, h.activateOurs(ctx, p)
	}
	set = aws.ToString(active.Metadata.Name)
	if set != p.RuleSetName {
		slog.Info("another receipt rule set is active; the rule is added to it", "set", set)
	}
	if err := h.put(ctx, p, set, active.Rules); err != nil {
		return set, err
	}
	return set, h.removeElsewhere(ctx, p, set)
}

// put adds the rule at the end of the set, or brings ours there up to date.
func (h ReceiptRule) put(ctx context.Context, p ruleProperties, set string, rules []types.ReceiptRule) error {
	if err := h.Pause(ctx); err != nil {
		return err
	}
	if hasRule(rules, p.RuleName) {
		if _, err := h.SES.UpdateReceiptRule(ctx, &ses.UpdateReceiptRuleInput{RuleSetName: &set, Rule: p.rule()}); err != nil {
			return fmt.Errorf("cannot update the receipt rule %s in the set %s: %w", p.RuleName, set, err)
		}
		return nil
	}
	in := &ses.CreateReceiptRuleInput{RuleSetName: &set, Rule: p.rule()}
	if n := len(rules); n > 0 {
		in.After = rules[n-1].Name // without After, SES puts a rule first
	}
	if _, err := h.SES.CreateReceiptRule(ctx, in); err != nil {
		return fmt.Errorf("cannot add the receipt rule %s to the set %s: %w", p.RuleName, set, err)
	}
	return nil
}

// activateOurs makes our own set with the rule in it, and activates it last, so
// that a set is never active and empty.
func (h ReceiptRule) activateOurs(ctx context.Context, p ruleProperties) error {
	rules, found, err := h.describe(ctx, p.RuleSetName)
	if err != nil {
		return err
	}
	if !found {
		if err := h.Pause(ctx); err != nil {
			return err
		}
		if _, err := h.SES.CreateReceiptRuleSet(ctx, &ses.CreateReceiptRuleSetInput{RuleSetName: &p.RuleSetName}); err != nil {
			return fmt.Errorf("cannot make the receipt rule set %s: %w", p.RuleSetName, err)
		}
	}
	if err := h.put(ctx, p, p.RuleSetName, rules); err != nil {
		return err
	}
	// Asked again right before: somebody else may have activated a set meanwhile.
	if err := h.Pause(ctx); err != nil {
		return err
	}
	active, err := h.SES.DescribeActiveReceiptRuleSet(ctx, &ses.DescribeActiveReceiptRuleSetInput{})
	if err != nil {
		return fmt.Errorf("cannot see which receipt rule set is active: %w", err)
	}
	if active.Metadata != nil && aws.ToString(active.Metadata.Name) != "" {
		return fmt.Errorf("the receipt rule set %s was activated by somebody else meanwhile; deploy again, and the rule is added to it", aws.ToString(active.Metadata.Name))
	}
	if err := h.Pause(ctx); err != nil {
		return err
	}
	if _, err := h.SES.SetActiveReceiptRuleSet(ctx, &ses.SetActiveReceiptRuleSetInput{RuleSetName: &p.RuleSetName}); err != nil {
		return fmt.Errorf("cannot activate the receipt rule set %s: %w", p.RuleSetName, err)
	}
	return nil
}

// remove takes our rule out of every set, and our own set away if it is empty then.
func (h ReceiptRule) remove(ctx context.Context, p ruleProperties) error {
	if err := h.removeElsewhere(ctx, p, ""); err != nil {
		return err
	}
	rules, found, err := h.describe(ctx, p.RuleSetName)
	if err != nil || !found {
		return err
	}
	if len(rules) > 0 {
		slog.Warn("the receipt rule set holds rules of others and stays as it is", "set", p.RuleSetName)
		return nil
	}
	if err := h.Pause(ctx); err != nil {
		return err
	}
	active, err := h.SES.DescribeActiveReceiptRuleSet(ctx, &ses.DescribeActiveReceiptRuleSetInput{})
	if err != nil {
		return fmt.Errorf("cannot see which receipt rule set is active: %w", err)
	}
	if active.Metadata != nil && aws.ToString(active.Metadata.Name) == p.RuleSetName {
		if err := h.Pause(ctx); err != nil {
			return err
		}
		if _, err := h.SES.SetActiveReceiptRuleSet(ctx, &ses.SetActiveReceiptRuleSetInput{}); err != nil {
			return fmt.Errorf("cannot deactivate our receipt rule set %s: %w", p.RuleSetName, err)
		}
	}
	if err := h.Pause(ctx); err != nil {
		return err
	}
	if _, err := h.SES.DeleteReceiptRuleSet(ctx, &ses.DeleteReceiptRuleSetInput{RuleSetName: &p.RuleSetName}); err != nil {
		return fmt.Errorf("cannot delete our receipt rule set %s: %w", p.RuleSetName, err)
	}
	return nil
}

// removeElsewhere takes our rule out of every set but one.
func (h ReceiptRule) removeElsewhere(ctx context.Context, p ruleProperties, but string) error {
	var next *string
	for {
		if err := h.Pause(ctx); err != nil {
			return err
		}
		page, err := h.SES.ListReceiptRuleSets(ctx, &ses.ListReceiptRuleSetsInput{NextToken: next})
		if err != nil {
			return fmt.Errorf("cannot list the receipt rule sets: %w", err)
		}
		for _, s := range page.RuleSets {
			set := aws.ToString(s.Name)
			if set == but {
				continue
			}
			rules, found, err := h.describe(ctx, set)
			if err != nil {
				return err
			}
			if !found || !hasRule(rules, p.RuleName) {
				continue
			}
			if err := h.Pause(ctx); err != nil {
				return err
			}
			if _, err := h.SES.DeleteReceiptRule(ctx, &ses.DeleteReceiptRuleInput{RuleSetName: &set, RuleName: &p.RuleName}); err != nil {
				return fmt.Errorf("cannot remove the receipt rule %s from the set %s: %w", p.RuleName, set, err)
			}
		}
		if next = page.NextToken; aws.ToString(next) == "" {
			return nil
		}
	}
}

func (h ReceiptRule) describe(ctx context.Context, set string) (rules []types.ReceiptRule, found bool, err error) {
	if err := h.Pause(ctx); err != nil {
		return nil, false, err
	}
	out, err := h.SES.DescribeReceiptRuleSet(ctx, &ses.DescribeReceiptRuleSetInput{RuleSetName: &set})
	var missing *types.RuleSetDoesNotExistException
	if errors.As(err, &missing) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("cannot read the receipt rule set %s: %w", set, err)
	}
	return out.Rules, true, nil
}

func hasRule(rules []types.ReceiptRule, name string) bool {
	return slices.ContainsFunc(rules, func(r types.ReceiptRule) bool { return aws.ToString(r.Name) == name })
}

// ruleProperties are what the template says of the rule.
type ruleProperties struct {
	RuleSetName string // the set that is made where none is active
	RuleName    string
	Recipients  []string
	Bucket      string
	Prefix      string // of the objects' keys
	Topic       string // ARN of the topic that hears of each stored mail
	RequireTLS  bool
}

// readRuleProperties reads a custom resource's properties; CloudFormation hands
// everything over as strings and lists of strings.
func readRuleProperties(in map[string]any) (ruleProperties, error) {
	var (
		p    ruleProperties
		errs []error
	)
	text := func(name string, to *string) {
		s, ok := in[name].(string)
		if !ok || s == "" {
			errs = append(errs, fmt.Errorf("the property %s of the receipt rule is missing", name))
		}
		*to = s
	}
	text("RuleSetName", &p.RuleSetName)
	text("RuleName", &p.RuleName)
	text("BucketName", &p.Bucket)
	text("ObjectKeyPrefix", &p.Prefix)
	text("TopicArn", &p.Topic)
	list, _ := in["Recipients"].([]any)
	for _, v := range list {
		if s, ok := v.(string); ok && s != "" {
			p.Recipients = append(p.Recipients, s)
		}
	}
	if len(p.Recipients) == 0 {
		// Without recipients a rule takes the mail of every verified domain of the account.
		errs = append(errs, errors.New("the property Recipients of the receipt rule names no address or domain"))
	}
	p.RequireTLS = in["RequireTls"] == "true"
	return p, errors.Join(errs...)
}

func (p ruleProperties) rule() *types.ReceiptRule {
	r := &types.ReceiptRule{
		Name: &p.RuleName, Enabled: true, ScanEnabled: true, Recipients: p.Recipients, TlsPolicy: types.TlsPolicyOptional,
		Actions: []types.ReceiptAction{{S3Action: &types.S3Action{
			BucketName: aws.String(p.Bucket), ObjectKeyPrefix: aws.String(p.Prefix), TopicArn: aws.String(p.Topic),
		}}},
	}
	if p.RequireTLS {
		r.TlsPolicy = types.TlsPolicyRequire
	}
	return r
}

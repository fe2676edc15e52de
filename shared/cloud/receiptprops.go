package cloud

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"
)

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

package cloud

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/smithy-go"
)

// readStack reads a deployed stack, the only one in what it gives. Its error is for whoever named it: what
// is not there, and what to do.
func readStack(ctx context.Context, cfg aws.Config, name string) (*cloudformation.DescribeStacksOutput, error) {
	out, err := cloudformation.NewFromConfig(cfg).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	if err != nil {
		return nil, fmt.Errorf("cannot read the stack %q: %w", name, worded(err, cfg.Region))
	}
	if len(out.Stacks) == 0 {
		return nil, fmt.Errorf("cannot read the stack %q: it is not in %s; check its name and the region", name, cfg.Region)
	}
	return out, nil
}

// outputs are a stack's outputs by name.
func outputs(s *cloudformation.DescribeStacksOutput) map[string]string {
	out := map[string]string{}
	for _, o := range s.Stacks[0].Outputs {
		out[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	return out
}

// worded puts the troubles of the way to AWS into words that a person can act
// on. The SDK tells them as a chain of its own parts.
func worded(err error, region string) error {
	say := func(format string, args ...any) error { return &inWords{fmt.Sprintf(format, args...), err} }
	var profile awsconfig.SharedConfigProfileNotExistError
	var api smithy.APIError
	var dial *net.OpError
	var dns *net.DNSError
	switch {
	case errors.As(err, &profile):
		return say("there is no AWS profile %q; \"aws configure list-profiles\" shows those that there are, AWS_PROFILE names one", profile.Profile)
	case errors.As(err, &api):
		switch code := api.ErrorCode(); {
		case code == "ValidationError" && strings.Contains(api.ErrorMessage(), "does not exist"):
			return say("it is not in %s; check its name and the region (AWS_REGION)", region)
		case strings.HasPrefix(code, "ExpiredToken"):
			return say("the AWS credentials have expired; log in again (aws sso login)")
		case code == "InvalidClientTokenId" || code == "SignatureDoesNotMatch" || code == "UnrecognizedClientException":
			return say("AWS does not know these credentials (%s); check AWS_PROFILE, or the two keys", code)
		case strings.HasPrefix(code, "AccessDenied"):
			return say("these credentials may not do it: %s", api.ErrorMessage())
		default:
			return say("AWS answers %s: %s", code, api.ErrorMessage())
		}
	case strings.Contains(err.Error(), "get credentials"):
		return say("no AWS credentials were found; name a profile (AWS_PROFILE), log in (aws sso login), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	case strings.Contains(err.Error(), "invalid input region"):
		return say("%q is no AWS region; set AWS_REGION, such as eu-central-1", region)
	case errors.As(err, &dns):
		return say("%s is not found in the DNS; is this machine online, and is the region %s right?", dns.Name, region)
	case errors.As(err, &dial):
		return say("%s cannot be reached (%v); is this machine online, and is the region %s right?", dial.Addr, dial.Err, region)
	}
	return err
}

// inWords is an error in other words.
type inWords struct {
	words string
	err   error
}

func (e *inWords) Error() string { return e.words }
func (e *inWords) Unwrap() error { return e.err }

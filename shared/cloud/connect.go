package cloud

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"github.com/replywell/replywell/shared/desk"
)

// Connect reads region, credentials and endpoint as the AWS SDK finds them: from
// the environment in a Lambda function, also from profiles on a person's machine.
func Connect(ctx context.Context) (aws.Config, error) {
	cfg, err := awsconfig.LoadDefaultConfig(ctx, awsconfig.WithRetryer(func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts = 5
			o.MaxBackoff = 4 * time.Second
		})
	}))
	if err != nil {
		return cfg, fmt.Errorf("cannot find out how to reach AWS: %w; check the region and the credentials", err)
	}
	if cfg.Region == "" {
		return cfg, fmt.Errorf("no AWS region is set; set AWS_REGION, or a region in your AWS profile")
	}
	return cfg, nil
}

// Log makes the process write its log as JSON lines, which CloudWatch can search
// by field. Callers log ids and counts, never bodies; an address that an error
// brings along is taken out here.
func Log(function string) { slog.SetDefault(newLog(os.Stderr, function)) }

func newLog(w io.Writer, function string) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{ReplaceAttr: unaddressed})).With("function", function)
}

var address = regexp.MustCompile(`[^\s<>"(),:;]+@[^\s<>"(),:;]+`)

func unaddressed(_ []string, a slog.Attr) slog.Attr {
	switch v := a.Value.Any().(type) {
	case string:
		a.Value = slog.StringValue(address.ReplaceAllString(v, "(address)"))
	case error:
		a.Value = slog.StringValue(address.ReplaceAllString(v.Error(), "(address)"))
	}
	return a
}

// logged logs what a whole invocation failed with: Lambda counts it, and does not
// write it down.
func logged(err error) error {
	if err != nil {
		slog.Error("the function failed", "permanent", desk.IsPermanent(err), "error", err)
	}
	return err
}

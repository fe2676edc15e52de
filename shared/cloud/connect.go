package cloud

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
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

// Log makes the process write its log as JSON lines, which CloudWatch can search by field.
// Callers log ids and counts, never bodies and addresses.
func Log(function string) {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil)).With("function", function))
}

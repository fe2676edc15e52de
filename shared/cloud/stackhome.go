package cloud

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/replywell/replywell/shared/home"
)

// StackHome is a deployed stack's desk for who asks it for figures: its values and its
// settings, without the keys that sign addresses.
func StackHome(ctx context.Context, cfg aws.Config, stack string) (*home.Home, error) {
	found, err := readStack(ctx, cfg, stack)
	if err != nil {
		return nil, err
	}
	values := outputs(found)
	return &home.Home{Store: NewStore(cfg, values["Table"]), Settings: Settings(s3.NewFromConfig(cfg), values["ConfigBucket"], time.Now), Now: time.Now, Random: rand.Reader}, nil
}

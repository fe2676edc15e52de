// Command metrics is the Lambda function that posts the week's figures, by mail
// and to Slack.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/metrics"
)

func main() {
	cloud.Log("metrics")
	h, err := wire(context.Background())
	if err != nil {
		cloud.Fatal(err)
	}
	lambda.Start(h.Handle)
}

func wire(ctx context.Context) (cloud.Task, error) {
	var c config.Metrics
	if err := config.FromEnvironment(&c); err != nil {
		return cloud.Task{}, err
	}
	d, err := cloud.Open(ctx, c.Desk)
	if err != nil {
		return cloud.Task{}, err
	}
	service := &metrics.Service{Store: d.Store, Blobs: d.Blobs, Settings: d.Settings, Wake: d.Wake, Now: d.Now,
		Gaps: func(ctx context.Context) ([]desk.Gap, error) { return cloud.Gaps(ctx, d.S3, c.ConfigBucket) }}
	keys := d.RefreshKeys(&service.Keys)
	return cloud.Task{
		Name: "the weekly figures",
		Refresh: func(ctx context.Context) (err error) {
			if service.Slack, err = d.Secrets.SlackWebhook(ctx, c.SlackSecret); err != nil {
				return err
			}
			return keys(ctx)
		},
		Run:    service.PostLast,
		Others: map[string]func(context.Context) error{"quarantine": service.PostQuarantine},
	}, nil
}

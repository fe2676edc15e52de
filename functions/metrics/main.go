// Command metrics is the Lambda function that posts the week's figures, by mail
// and to Slack.
package main

import (
	"context"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/wiring"
)

func main() { cloud.Start("metrics", wire) }

func wire(d *cloud.Desk, c config.Metrics) any {
	service := wiring.Metrics(d.Home, cloud.Found(d.S3, c.ConfigBucket))
	return cloud.Task{
		Name: "the weekly figures",
		Refresh: func(ctx context.Context) (err error) {
			if service.Slack, err = d.Secrets.SlackWebhook(ctx, c.SlackSecret); err != nil {
				return err
			}
			return d.Refresh(ctx)
		},
		Run:    service.PostLast,
		Others: map[string]func(context.Context) error{"quarantine": service.PostQuarantine, "roll-up": service.RollUpDays},
	}.Handle
}

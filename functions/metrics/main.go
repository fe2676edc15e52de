// Command metrics is the Lambda function that posts the figures, by mail and
// wherever else the team wants them.
package main

import (
	"context"
	"errors"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/wiring"
)

func main() { cloud.Start("metrics", wire) }

func wire(d *cloud.Desk, c config.Metrics) any {
	service := wiring.Metrics(d.Home, cloud.Found(d.S3, c.ConfigBucket))
	service.Keep = cloud.Blobs{S3: d.S3, Bucket: c.ConfigBucket}.KeepReport
	service.Measure = cloud.Measures{Stack: c.Stack, Now: d.Now}.Figures
	return cloud.Task{
		Name: "the weekly figures",
		Refresh: func(ctx context.Context) error {
			places, err := d.Secrets.Posting(ctx, c.SlackSecret)
			if err == nil {
				err = service.PostTo(places)
			}
			if err != nil {
				return err
			}
			return d.Refresh(ctx)
		},
		Run:    service.PostLast,
		Others: map[string]func(context.Context) error{"quarantine": service.PostQuarantine, "roll-up": func(ctx context.Context) error { return errors.Join(service.RollUpDays(ctx), service.PostDue(ctx)) }},
	}.Handle
}

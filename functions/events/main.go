// Command events is the Lambda function that takes in what SES tells of mail it
// was given: sent, delivered, delayed, bounced, complained of, refused.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/events"
)

func main() {
	cloud.Log("events")
	h, err := wire(context.Background())
	if err != nil {
		cloud.Fatal(err)
	}
	lambda.Start(h.Handle)
}

func wire(ctx context.Context) (cloud.Events, error) {
	var c config.Events
	if err := config.FromEnvironment(&c); err != nil {
		return cloud.Events{}, err
	}
	d, err := cloud.Open(ctx, c.Desk)
	if err != nil {
		return cloud.Events{}, err
	}
	service := &events.Service{Store: d.Store, Blobs: d.Blobs, Settings: d.Settings, Wake: d.Wake, Now: d.Now}
	return cloud.Events{
		Queue:   cloud.Queue{SQS: d.SQS, URL: c.Queue, DeadLetters: c.DeadLetters},
		Refresh: d.RefreshKeys(&service.Keys),
		Record:  service.Record,
	}, nil
}

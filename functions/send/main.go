// Command send is the Lambda function that drains the outbox at the rate the
// account may send. Its queue wakes it for new mail; a schedule makes it sweep.
package main

import (
	"context"
	"crypto/rand"
	"log/slog"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/events"
	"github.com/replywell/replywell/shared/send"
)

func main() {
	cloud.Log("send")
	h, err := wire(context.Background())
	if err != nil {
		cloud.Fatal(err)
	}
	lambda.Start(h.Handle)
}

func wire(ctx context.Context) (cloud.Outgoing, error) {
	var c config.Send
	if err := config.FromEnvironment(&c); err != nil {
		return cloud.Outgoing{}, err
	}
	d, err := cloud.Open(ctx, c.Desk)
	if err != nil {
		return cloud.Outgoing{}, err
	}
	failed := &events.Service{Store: d.Store, Blobs: d.Blobs, Settings: d.Settings, Wake: d.Wake, Now: d.Now}
	senders := c.Concurrency + 1 // the queue's, and the sweep
	service := &send.Service{Store: d.Store, Blobs: d.Blobs, Settings: d.Settings, Now: d.Now, Random: rand.Reader,
		Carrier: cloud.NewCarrier(d.AWS, c.ConfigurationSet, senders, d.Now), Failed: failed, Log: slog.Default()}
	return cloud.Outgoing{
		Queue:   cloud.Queue{SQS: d.SQS, URL: c.SendQueue, DeadLetters: c.DeadLetters},
		Refresh: d.RefreshKeys(&failed.Keys, &service.Keys),
		Send:    service.Send,
		Sweep:   service.Sweep,
	}, nil
}

// Command watch is the Lambda function that looks at what can change outside of
// the stack without a word, measures it for the alarms, and sends the probe.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/probe"
)

func main() {
	cloud.Log("watch")
	h, err := wire(context.Background())
	if err != nil {
		cloud.Fatal(err)
	}
	lambda.Start(h.Handle)
}

func wire(ctx context.Context) (cloud.Task, error) {
	var c config.Watch
	if err := config.FromEnvironment(&c); err != nil {
		return cloud.Task{}, err
	}
	d, err := cloud.Open(ctx, c.Desk)
	if err != nil {
		return cloud.Task{}, err
	}
	sender := &probe.Service{Store: d.Store, Blobs: d.Blobs, Settings: d.Settings, Wake: d.Wake, Now: d.Now}
	w := cloud.NewWatch(d, c)
	w.Probe = sender.Send
	return cloud.Task{Name: "the watch", Refresh: d.RefreshKeys(&sender.Keys), Run: w.Run}, nil
}

// Command index is the Lambda function that makes the knowledge base's snapshot,
// when an article changed and once a day, and learns from what became of
// suggestions.
package main

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb/encoders"
)

func main() {
	cloud.Log("index")
	h, err := wire(context.Background())
	if err != nil {
		cloud.Fatal(err)
	}
	lambda.Start(h.Handle)
}

func wire(ctx context.Context) (cloud.Index, error) {
	var c config.Index
	if err := config.FromEnvironment(&c); err != nil {
		return cloud.Index{}, err
	}
	aws, err := cloud.ConnectFunction(ctx)
	if err != nil {
		return cloud.Index{}, err
	}
	service := &index.Service{Bucket: cloud.NewLibrary(aws, c.ConfigBucket), Store: cloud.NewStore(aws, c.Table), Model: encoders.Model(), Now: time.Now}
	return cloud.Index{
		Queue:   cloud.NewQueue(aws, c.Queue, c.DeadLetters),
		Refresh: func(context.Context) error { cloud.Thaw(aws); return nil },
		Rebuild: service.RebuildAll, Learn: service.LearnAndTell, Customers: cloud.NewCustomers(aws, c.ConfigBucket, c.MailBucket).Take,
	}, nil
}

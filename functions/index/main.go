// Command index is the Lambda function that makes the knowledge base's snapshot
// when an article changed.
package main

import (
	"context"
	"log/slog"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/index"
)

func main() {
	cloud.Log("index")
	h, err := wire(context.Background())
	if err != nil {
		cloud.Fatal(err)
	}
	lambda.Start(h.Handle)
}

func wire(ctx context.Context) (cloud.Changed, error) {
	var c config.Index
	if err := config.FromEnvironment(&c); err != nil {
		return cloud.Changed{}, err
	}
	aws, err := cloud.Connect(ctx)
	if err != nil {
		return cloud.Changed{}, err
	}
	service := &index.Service{Bucket: cloud.NewLibrary(aws, c.ConfigBucket)}
	rebuild := func(ctx context.Context) error {
		key, articles, err := service.Rebuild(ctx)
		if err == nil {
			slog.Info("the knowledge base has a new snapshot", "key", key, "articles", articles)
		}
		return err
	}
	return cloud.Changed{Queue: cloud.NewQueue(aws, c.Queue), Rebuild: rebuild}, nil
}

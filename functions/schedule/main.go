// Command schedule is the Lambda function that does what falls due by itself:
// conversations that silence has solved.
package main

import (
	"context"
	"log/slog"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/schedule"
)

func main() {
	cloud.Log("schedule")
	h, err := wire(context.Background())
	if err != nil {
		cloud.Fatal(err)
	}
	lambda.Start(h.Handle)
}

func wire(ctx context.Context) (cloud.Task, error) {
	var c config.Schedule
	if err := config.FromEnvironment(&c); err != nil {
		return cloud.Task{}, err
	}
	d, err := cloud.Open(ctx, c.Desk)
	if err != nil {
		return cloud.Task{}, err
	}
	service := &schedule.Service{Store: d.Store, Now: d.Now}
	return cloud.Task{Name: "schedule", Run: func(ctx context.Context) error {
		solved, err := service.Run(ctx)
		slog.Info("what was due is done", "solved", solved)
		return err
	}}, nil
}

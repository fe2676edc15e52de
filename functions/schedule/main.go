// Command schedule is the Lambda function that does what falls due by itself:
// conversations that silence has solved, reminders of promises.
package main

import (
	"context"
	"log/slog"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/wiring"
)

func main() { cloud.Start("schedule", wire) }

func wire(d *cloud.Desk, _ config.Schedule) any {
	service := wiring.Schedule(d.Home)
	return cloud.Task{Name: "schedule", Refresh: d.Refresh, Run: func(ctx context.Context) error {
		done, err := service.Run(ctx)
		slog.Info("what was due is done", "done", done)
		return err
	}}.Handle
}

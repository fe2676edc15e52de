// Command send is the Lambda function that drains the outbox at the rate the
// account may send. Its queue wakes it for new mail; a schedule makes it sweep.
package main

import (
	"log/slog"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/wiring"
)

func main() { cloud.Start("send", wire) }

func wire(d *cloud.Desk, c config.Send) any {
	senders := c.Concurrency + 1 // the queue's, and the sweep
	service := wiring.Sending(d.Home, cloud.NewCarrier(d.AWS, c.ConfigurationSet, senders, d.Now), slog.Default())
	return cloud.Outgoing{
		Queue:   cloud.Queue{SQS: d.SQS, URL: c.SendQueue, DeadLetters: c.DeadLetters},
		Refresh: d.Refresh,
		Send:    service.Send,
		Sweep:   service.Sweep,
	}.Handle
}

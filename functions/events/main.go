// Command events is the Lambda function that takes in what SES tells of mail it
// was given: sent, delivered, delayed, bounced, complained of, refused.
package main

import (
	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/wiring"
)

func main() { cloud.Start("events", wire) }

func wire(d *cloud.Desk, c config.Events) any {
	return cloud.Events{
		Queue:   cloud.Queue{SQS: d.SQS, URL: c.Queue, DeadLetters: c.DeadLetters},
		Refresh: d.Refresh,
		Record:  wiring.Events(d.Home).Record,
	}.Handle
}

// Command inbound is the Lambda function that takes in mail: SES has stored it in
// S3 and told so through SNS and SQS. Customers' mail and agents' replies both
// come this way.
package main

import (
	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/cloud/drafter"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/kb/encoders"
	"github.com/replywell/replywell/shared/probe"
	"github.com/replywell/replywell/shared/wiring"
	"github.com/replywell/replywell/shared/worth/formula"
)

func main() { cloud.Start("inbound", wire) }

func wire(d *cloud.Desk, c config.Inbound) any {
	d.Home.FilesURL = c.FilesURL
	articles := cloud.NewKnowledge(d.S3, c.ConfigBucket, d.Store, encoders.Model(), d.Now)
	var drafts inbound.Drafter
	if c.DraftModel != "" {
		drafts = drafter.New(d.AWS, c.DraftModel)
	}
	measures := cloud.Measures{Stack: c.Stack, Now: d.Now}
	door := &probe.Door{Home: d.Home, Closed: measures.Probed}
	mail := wiring.Receiving(d.Home, articles.Knowledge, encoders.Form{}, drafts)
	mail.Inbound.Worth.Score = formula.Score
	return cloud.Inbound{
		Queue:   cloud.Queue{SQS: d.SQS, URL: c.Queue, DeadLetters: c.DeadLetters},
		Bucket:  c.MailBucket,
		Refresh: d.Refresh,
		Receive: mail.Inbound.Receive,
		Keep:    door.Keep, Measures: measures,
	}.Handle
}

// Command inbound is the Lambda function that takes in mail: SES has stored it in
// S3 and told so through SNS and SQS. Customers' mail and agents' replies both
// come this way.
package main

import (
	"context"
	"crypto/rand"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/cloud/drafter"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/confirm"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/events"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/kb/encoders"
	"github.com/replywell/replywell/shared/probe"
	"github.com/replywell/replywell/shared/reply"
)

func main() {
	cloud.Log("inbound")
	h, err := wire(context.Background())
	if err != nil {
		cloud.Fatal(err)
	}
	lambda.Start(h.Handle)
}

func wire(ctx context.Context) (cloud.Inbound, error) {
	var c config.Inbound
	if err := config.FromEnvironment(&c); err != nil {
		return cloud.Inbound{}, err
	}
	d, err := cloud.Open(ctx, c.Desk)
	if err != nil {
		return cloud.Inbound{}, err
	}
	articles := cloud.NewKnowledge(d.S3, c.ConfigBucket, d.Store, encoders.Model(), d.Now)
	agents := &reply.Service{Store: d.Store, Blobs: d.Blobs, Settings: d.Settings, Wake: d.Wake, Now: d.Now, Random: rand.Reader, Encoder: encoders.Form{},
		Articles: func(ctx context.Context) (reply.Articles, error) { return articles.Knowledge(ctx) }}
	reports := &events.Service{Store: d.Store, Blobs: d.Blobs, Settings: d.Settings, Wake: d.Wake, Now: d.Now}
	service := &inbound.Service{Store: d.Store, Blobs: d.Blobs, Settings: d.Settings, Wake: d.Wake, Now: d.Now, Random: rand.Reader,
		Agents: agents, Reports: reports,
		Ranker: func(ctx context.Context) (inbound.Ranker, error) { return articles.Knowledge(ctx) }}
	if c.DraftModel != "" {
		service.Drafter = drafter.New(d.AWS, c.DraftModel)
	}
	confirmed := &confirm.Service{Store: d.Store, Blobs: d.Blobs, Settings: d.Settings, Wake: d.Wake, Now: d.Now,
		Held: service, Digests: agents, Actions: map[desk.ConfirmationKind]confirm.Action{desk.ConfirmMerge: agents, desk.ConfirmWaiting: agents, desk.ConfirmMeant: agents}}
	service.Confirmations = confirmed
	measures := cloud.Measures{Stack: c.Stack, Now: d.Now}
	door := &probe.Door{Settings: d.Settings, Now: d.Now, Closed: measures.Probed}
	return cloud.Inbound{
		Queue:   cloud.Queue{SQS: d.SQS, URL: c.Queue, DeadLetters: c.DeadLetters},
		Bucket:  c.MailBucket,
		Refresh: d.RefreshKeys(&agents.Keys, &reports.Keys, &service.Keys, &confirmed.Keys, &door.Keys),
		Receive: service.Receive,
		Keep:    door.Keep, Measures: measures,
	}, nil
}

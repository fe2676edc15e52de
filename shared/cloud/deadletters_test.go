package cloud

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/desk"
)

// newQueue makes a queue with its dead-letter queue.
func newQueue(t *testing.T, name string) Queue {
	t.Helper()
	client := sqs.NewFromConfig(moto.Shared(t).Config())
	url := func(name string) string {
		q, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name,
			Attributes: map[string]string{"VisibilityTimeout": "720"}})
		if err != nil {
			t.Fatal(err)
		}
		return *q.QueueUrl
	}
	return Queue{SQS: client, URL: url(name), DeadLetters: url(name + "-dead")}
}

func (q Queue) put(t *testing.T, bodies ...string) {
	t.Helper()
	for _, b := range bodies {
		if _, err := q.SQS.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &q.URL,
			MessageBody: aws.String(b)}); err != nil {
			t.Fatal(err)
		}
	}
}

// take receives what is visible, as Lambda's poller hands it over.
func (q Queue) take(t *testing.T, url string) (out []events.SQSMessage) {
	t.Helper()
	got, err := q.SQS.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"}, MessageAttributeNames: []string{"All"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range got.Messages {
		r := events.SQSMessage{MessageId: *m.MessageId, ReceiptHandle: *m.ReceiptHandle, Body: *m.Body,
			Attributes: m.Attributes, MessageAttributes: map[string]events.SQSMessageAttribute{}}
		for k, v := range m.MessageAttributes {
			r.MessageAttributes[k] = events.SQSMessageAttribute{StringValue: v.StringValue}
		}
		out = append(out, r)
	}
	return out
}

// What fails for good is in the dead-letter queue at the first try, with its
// reason and no address in it; everything else comes again, a panic too.
func TestOnlyWhatFailsForGoodIsParked(t *testing.T) {
	q := newQueue(t, "parking")
	q.put(t, "good", "busy", "bad", "broken")
	records := q.take(t, q.URL)
	if len(records) != 4 {
		t.Fatalf("%d messages", len(records))
	}
	id := map[string]string{}
	for _, r := range records {
		id[r.MessageId] = r.Body
	}
	out := each(t.Context(), q, records, func(_ context.Context, r events.SQSMessage) error {
		switch r.Body {
		case "busy":
			return errors.New("the table is busy")
		case "bad":
			return desk.Permanent(errors.New("no notice:\x00 from <erika@customers.example>\r\n" +
				strings.Repeat("é", maxWhy)))
		case "broken":
			panic("a fault of ours")
		}
		return nil
	})
	again := map[string]bool{}
	for _, f := range failed(out) {
		again[id[f]] = true
	}
	if len(again) != 2 || !again["busy"] || !again["broken"] {
		t.Errorf("these come again: %v", again)
	}
	dead := q.take(t, q.DeadLetters)
	if len(dead) != 1 || dead[0].Body != "bad" {
		t.Fatalf("dead are %v", dead)
	}
	why := *dead[0].MessageAttributes[attributeWhy].StringValue
	if !strings.HasPrefix(why, "no notice:  from <(address)>") || len(why) > maxWhy ||
		id[*dead[0].MessageAttributes[attributeID].StringValue] != "bad" ||
		dead[0].MessageAttributes[attributeFirst].StringValue == nil {
		t.Errorf("it says %q, %v", why, dead[0].MessageAttributes)
	}
}

// A message whose dead-letter queue is away is not done with.
func TestWhatCannotBeParkedComesAgain(t *testing.T) {
	q := newQueue(t, "unparked")
	q.DeadLetters += "-gone"
	q.put(t, "bad")
	out := each(t.Context(), q, q.take(t, q.URL), func(context.Context, events.SQSMessage) error {
		return desk.Permanent(errors.New("no"))
	})
	if len(failed(out)) != 1 {
		t.Errorf("%v", out)
	}
}

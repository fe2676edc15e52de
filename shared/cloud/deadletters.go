package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// DeadLetters are the dead-letter queues of a deployed stack, for a person who
// looks after it.
type DeadLetters struct {
	SQS    *sqs.Client
	Queues []DeadQueue
}

// DeadQueue is one of them.
type DeadQueue struct {
	Name   string // "mail", "send", "events", "index" or "schedule"
	URL    string
	Source string // URL of the queue that its messages come from; "" for the schedule, which has none
}

// deadNames are the queues by name, with the stack's outputs for them.
var deadNames = []struct{ name, output, source string }{
	{"mail", "MailDeadLetters", "MailQueue"},
	{"events", "EventsDeadLetters", "EventsQueue"},
	{"send", "SendDeadLetters", "SendQueue"},
	{"index", "IndexDeadLetters", "IndexQueue"},
	{"schedule", "ScheduleDeadLetters", ""},
}

// StackDeadLetters finds the queues of a stack by its outputs.
func StackDeadLetters(ctx context.Context, cfg aws.Config, stack string) (*DeadLetters, error) {
	found, err := readStack(ctx, cfg, stack)
	if err != nil {
		return nil, err
	}
	values := outputs(found)
	d := &DeadLetters{SQS: sqs.NewFromConfig(cfg)}
	for _, n := range deadNames {
		q := DeadQueue{Name: n.name, URL: values[n.output], Source: values[n.source]}
		if q.URL == "" || n.source != "" && q.Source == "" {
			return nil, fmt.Errorf("the stack %s has no outputs %s and %s; is it Replywell's, and deployed with this version?", stack, n.output, n.source)
		}
		d.Queues = append(d.Queues, q)
	}
	return d, nil
}

// DeadLetter is a message that came to nothing.
type DeadLetter struct {
	ID    string    `json:"id"`    // of the message in the dead-letter queue, or in its own where it was parked
	Queue string    `json:"queue"` // name of the DeadQueue
	First time.Time `json:"first"` // when its own queue took it
	Tries int       `json:"tries"` // 0: it was parked at once
	Why   string    `json:"why"`
	What  string    `json:"what"` // in one line: the mail's key, the event's kind
	Body  string    `json:"body"`

	handle string
}

// lookedAtFor is how long what is listed is hidden from others who look, and from
// the alarm: until it is put back, which is at once when nothing goes wrong.
const lookedAtFor = 60

// mostLetters bounds how many messages of a queue are read.
const mostLetters = 1000

// List reads the messages of the named queue, or of all for "", oldest first. They
// stay where they are. more reports that there are others beyond the first thousand of a queue.
func (d *DeadLetters) List(ctx context.Context, queue string) (letters []DeadLetter, more bool, err error) {
	queues, err := d.named(queue)
	if err != nil {
		return nil, false, err
	}
	for _, q := range queues {
		read, over, err := d.read(ctx, q)
		d.release(ctx, q, read)
		if err != nil {
			return nil, false, err
		}
		letters, more = append(letters, read...), more || over
	}
	slices.SortStableFunc(letters, func(a, b DeadLetter) int { return a.First.Compare(b.First) })
	return letters, more, nil
}

// Pick is called for each message by Take, and says what is to become of it.
type Pick func(DeadLetter) Fate

// Fate is what is to become of a message.
type Fate int

// The fates.
const (
	Leave Fate = iota
	Redrive
	Drop
)

// Take does with each message of the named queue (or of all, for "") what pick
// says, and gives those that were moved or dropped. A message is put into its own
// queue before it leaves this one: when something breaks off in between it is in
// both, and what is processed twice changes nothing.
func (d *DeadLetters) Take(ctx context.Context, queue string, pick Pick) (done []DeadLetter, err error) {
	queues, err := d.named(queue)
	if err != nil {
		return nil, err
	}
	for _, q := range queues {
		read, _, err := d.read(ctx, q)
		for i, l := range read {
			if err != nil {
				break
			}
			fate := pick(l)
			if fate == Leave {
				continue
			}
			if err = d.move(ctx, q, l, fate); err == nil {
				done = append(done, l)
				read[i].handle = ""
			}
		}
		d.release(ctx, q, read)
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// ErrNoSource is what a redrive of a scheduled call gives.
var ErrNoSource = errors.New("a scheduled call comes again by its schedule and is not put back; \"replywell dlq drop\" takes it off the list")

func (d *DeadLetters) move(ctx context.Context, q DeadQueue, l DeadLetter, fate Fate) error {
	if fate == Redrive {
		if q.Source == "" {
			return ErrNoSource
		}
		if _, err := d.SQS.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &q.Source, MessageBody: &l.Body}); err != nil {
			return fmt.Errorf("putting the message %s back: %w", l.ID, err)
		}
	}
	if _, err := d.SQS.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &q.URL, ReceiptHandle: &l.handle}); err != nil {
		return fmt.Errorf("taking the message %s out of the dead letters of %s: %w", l.ID, q.Name, err)
	}
	return nil
}

func (d *DeadLetters) named(queue string) ([]DeadQueue, error) {
	if queue == "" {
		return d.Queues, nil
	}
	var names []string
	for _, q := range d.Queues {
		if q.Name == queue {
			return []DeadQueue{q}, nil
		}
		names = append(names, q.Name)
	}
	return nil, fmt.Errorf("there is no queue %q; there are %s", queue, strings.Join(names, ", "))
}

// read takes what is visible. SQS asks a few of its servers at a time unless one
// waits, so the end is an empty answer after a wait.
func (d *DeadLetters) read(ctx context.Context, q DeadQueue) (out []DeadLetter, more bool, err error) {
	seen := map[string]bool{}
	for {
		got, err := d.SQS.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &q.URL, MaxNumberOfMessages: 10, WaitTimeSeconds: 1, VisibilityTimeout: lookedAtFor,
			MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll}, MessageAttributeNames: []string{"All"}})
		if err != nil {
			return out, false, fmt.Errorf("reading the dead letters of %s: %w", q.Name, err)
		}
		fresh := false
		for _, m := range got.Messages {
			if id := aws.ToString(m.MessageId); !seen[id] {
				seen[id], fresh = true, true
				out = append(out, deadLetter(q.Name, m))
			}
		}
		if !fresh {
			return out, false, nil
		}
		if len(out) >= mostLetters {
			return out, true, nil
		}
	}
}

// release lets others see at once what was looked at; else they see it a minute later.
func (d *DeadLetters) release(ctx context.Context, q DeadQueue, letters []DeadLetter) {
	for _, l := range letters {
		if l.handle != "" {
			_, _ = d.SQS.ChangeMessageVisibility(context.WithoutCancel(ctx), &sqs.ChangeMessageVisibilityInput{QueueUrl: &q.URL, ReceiptHandle: aws.String(l.handle), VisibilityTimeout: 0})
		}
	}
}

func deadLetter(queue string, m types.Message) DeadLetter {
	attribute := func(name string) string { return aws.ToString(m.MessageAttributes[name].StringValue) }
	l := DeadLetter{ID: aws.ToString(m.MessageId), Queue: queue, Body: aws.ToString(m.Body), handle: aws.ToString(m.ReceiptHandle)}
	l.What = what(queue, l.Body)
	if why := attribute(attributeWhy); why != "" {
		l.Why, l.ID = why, attribute(attributeID)
		l.First, _ = time.Parse(time.RFC3339, attribute(attributeFirst))
	} else {
		l.Why = "it was tried until SQS gave up; the function's log says why"
		if queue == "schedule" {
			l.Why = "a scheduled call failed for good; the function's log says why"
			if code := attribute("ERROR_MESSAGE"); code != "" { // of EventBridge Scheduler
				l.Why += ": " + code
			}
		}
		fmt.Sscan(m.Attributes["ApproximateReceiveCount"], &l.Tries)
	}
	var ms int64
	if _, err := fmt.Sscan(m.Attributes["SentTimestamp"], &ms); err == nil && l.First.IsZero() {
		l.First = time.UnixMilli(ms).UTC()
	}
	return l
}

// what says in one line what a message is about; "" where it cannot be read.
func what(queue, body string) string {
	switch queue {
	case "mail":
		var n notice
		if json.Unmarshal([]byte(unwrapSNS(body)), &n) == nil && n.Receipt.Action.Key != "" {
			return "the mail s3://" + n.Receipt.Action.Bucket + "/" + n.Receipt.Action.Key
		}
	case "events":
		if e, err := readSESEvent(body); err == nil {
			return fmt.Sprintf("SES tells %q of the mail %s", e.Kind, e.SentID)
		}
	case "send":
		if ids, err := readWake(body); err == nil {
			return "outgoing mail " + strings.Join(ids, ", ")
		}
	case "index":
		var e struct {
			Detail struct{ Object struct{ Key string } }
		}
		if json.Unmarshal([]byte(body), &e) == nil && e.Detail.Object.Key != "" {
			return "the article " + e.Detail.Object.Key
		}
	case "schedule":
		var t TaskEvent
		if json.Unmarshal([]byte(body), &t) == nil && t.Task != "" {
			return "the task " + t.Task
		}
	}
	return ""
}

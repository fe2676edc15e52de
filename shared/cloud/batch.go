package cloud

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/replywell/replywell/shared/desk"
)

// Queue is where a function's messages come from. It lets a failed one come back
// before the visibility timeout, which is six times the function's and far too
// long for somebody who waits for an answer, and takes out of the way what will
// never succeed.
type Queue struct {
	SQS         *sqs.Client
	URL         string
	DeadLetters string // URL of the queue that a person looks at
}

// NewQueue is the queue with this URL, and its dead-letter queue.
func NewQueue(cfg aws.Config, url, deadLetters string) Queue {
	return Queue{SQS: sqs.NewFromConfig(cfg), URL: url, DeadLetters: deadLetters}
}

// reserve is how much of the invocation's time is kept for reporting: no record
// is begun in it.
const reserve = 3 * time.Second

// each hands the records to do, one after the other, and names those that are to
// come again: those that failed for now, and those for which no time was left.
// What failed for good is parked.
func each(ctx context.Context, q Queue, records []events.SQSMessage, do func(context.Context, events.SQSMessage) error) events.SQSEventResponse {
	var out events.SQSEventResponse
	work := ctx // ends before the invocation, so that time is left to report in
	if deadline, ok := ctx.Deadline(); ok {
		var stop context.CancelFunc
		work, stop = context.WithDeadline(ctx, deadline.Add(-reserve/2))
		defer stop()
	}
	for _, r := range records {
		if deadline, ok := work.Deadline(); ok && time.Until(deadline) < reserve/2 {
			slog.Warn("no time is left for a queue message; it comes again", "message", r.MessageId)
			q.comeBack(ctx, r)
			out.BatchItemFailures = append(out.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: r.MessageId})
			continue
		}
		if err := unbroken(work, r, do); err != nil && !q.failed(ctx, r, err) {
			out.BatchItemFailures = append(out.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: r.MessageId})
		}
	}
	return out
}

// unbroken calls do, and makes a panic an error: the process would end with it,
// and the other messages of the batch would wait for their visibility timeout.
func unbroken(ctx context.Context, r events.SQSMessage, do func(context.Context, events.SQSMessage) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("the handling of a queue message broke off, which is a fault of ours; please report it", "message", r.MessageId, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = fmt.Errorf("the program failed while it handled this: %v", p)
		}
	}()
	return do(ctx, r)
}

// failed sees to a message that failed, and reports whether it is done with: a
// permanent error parks it at once, any other lets it come again.
func (q Queue) failed(ctx context.Context, r events.SQSMessage, err error) (done bool) {
	if desk.IsPermanent(err) {
		if parking := q.park(ctx, r, err); parking == nil {
			slog.Error("a queue message can never be processed and is in the dead-letter queue; see it with \"replywell dlq list\"",
				"message", r.MessageId, "attempt", receiveCount(r), "error", err.Error())
			return true
		} else {
			slog.Error("a queue message that can never be processed cannot be parked; it comes again", "message", r.MessageId, "error", parking.Error())
		}
	}
	say := slog.Error
	if errors.Is(err, ErrNoSettings) {
		say = slog.Warn
	}
	say("a queue message failed; it comes again", "message", r.MessageId, "attempt", receiveCount(r), "again in", wait(receiveCount(r)).String(), "error", err.Error())
	q.comeBack(ctx, r)
	return false
}

// The attributes that park gives a message, for whoever looks at it.
const (
	attributeWhy   = "ReplywellWhy"   // the error, without addresses
	attributeFirst = "ReplywellFirst" // when SQS first took the message, RFC 3339
	attributeID    = "ReplywellID"    // its id in its own queue, as the logs name it
)

// maxWhy bounds the reason, in bytes.
const maxWhy = 2000

// park puts a message into the dead-letter queue with its reason.
func (q Queue) park(ctx context.Context, r events.SQSMessage, why error) error {
	if q.SQS == nil || q.DeadLetters == "" {
		return errors.New("the function was not told of its dead-letter queue")
	}
	text := func(s string) types.MessageAttributeValue {
		return types.MessageAttributeValue{DataType: aws.String("String"), StringValue: &s}
	}
	attributes := map[string]types.MessageAttributeValue{
		attributeWhy: text(plain(address.ReplaceAllString(why.Error(), "(address)"), maxWhy)), attributeID: text(plain(r.MessageId, 100)),
	}
	if ms, err := strconv.ParseInt(r.Attributes["SentTimestamp"], 10, 64); err == nil {
		attributes[attributeFirst] = text(time.UnixMilli(ms).UTC().Format(time.RFC3339))
	}
	_, err := q.SQS.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &q.DeadLetters, MessageBody: &r.Body, MessageAttributes: attributes})
	return err
}

// comeBack shortens the wait of a failed message. When that does not work the
// message still comes back, only later.
func (q Queue) comeBack(ctx context.Context, r events.SQSMessage) {
	if q.SQS == nil || r.ReceiptHandle == "" {
		return
	}
	_, err := q.SQS.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{
		QueueUrl: &q.URL, ReceiptHandle: aws.String(r.ReceiptHandle), VisibilityTimeout: int32(wait(receiveCount(r)) / time.Second),
	})
	if err != nil {
		slog.Warn("a failed queue message waits for its full visibility timeout", "message", r.MessageId, "error", err.Error())
	}
}

// putBack lets a whole batch come again, of which nothing was begun.
func (q Queue) putBack(ctx context.Context, records []events.SQSMessage) {
	for _, r := range records {
		q.comeBack(ctx, r)
	}
}

// LongestWait is the most that a failed message is left alone for.
const LongestWait = 5 * time.Minute

// wait is how long a message that was received n times is left alone: 5 s, then
// twice as long each time, at most LongestWait. No wait is much longer than the
// time since the first try, so a mail is late by hardly more than what kept it.
func wait(n int) time.Duration {
	return min(5*time.Second<<min(max(n-1, 0), 10), LongestWait)
}

func receiveCount(r events.SQSMessage) int {
	n, err := strconv.Atoi(r.Attributes["ApproximateReceiveCount"])
	if err != nil {
		return 1
	}
	return n
}

// plain makes a text one that SQS takes as an attribute: at most n bytes, no
// control characters, not empty.
func plain(s string, n int) string {
	s = strings.ToValidUTF8(s[:min(n, len(s))], "")
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\ufffe' || r == '\uffff' {
			return ' '
		}
		return r
	}, s))
	return cmp.Or(s, "-")
}

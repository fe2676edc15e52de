package cloud

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/replywell/replywell/shared/desk"
)

// Queue is where a function's messages come from; it lets a failed one come back
// before the visibility timeout, which is six times the function's and far too
// long for somebody who waits for an answer.
type Queue struct {
	SQS *sqs.Client
	URL string
}

// NewQueue is the queue with this URL.
func NewQueue(cfg aws.Config, url string) Queue { return Queue{SQS: sqs.NewFromConfig(cfg), URL: url} }

// reserve is how much of the invocation's time is kept for reporting: no record
// is begun in it.
const reserve = 3 * time.Second

// each hands the records to do, one after the other, and names those that are to
// come again: the failed ones, and those for which no time was left.
func each(ctx context.Context, q Queue, records []events.SQSMessage, do func(context.Context, events.SQSMessage) error) events.SQSEventResponse {
	var out events.SQSEventResponse
	if deadline, ok := ctx.Deadline(); ok {
		var stop context.CancelFunc
		ctx, stop = context.WithDeadline(ctx, deadline.Add(-reserve/2))
		defer stop()
	}
	for _, r := range records {
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < reserve/2 {
			slog.Warn("no time is left for a queue message; it comes again", "message", r.MessageId)
			out.BatchItemFailures = append(out.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: r.MessageId})
			continue
		}
		if err := do(ctx, r); err != nil {
			slog.Error("a queue message failed; it comes again, and ends in the dead-letter queue",
				"message", r.MessageId, "attempt", receiveCount(r), "permanent", desk.IsPermanent(err), "error", err.Error())
			out.BatchItemFailures = append(out.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: r.MessageId})
			q.comeBack(ctx, r)
		}
	}
	return out
}

// comeBack shortens the wait of a failed message. When that does not work the
// message still comes back, only later.
func (q Queue) comeBack(ctx context.Context, r events.SQSMessage) {
	if q.SQS == nil || r.ReceiptHandle == "" {
		return
	}
	_, err := q.SQS.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{
		QueueUrl: &q.URL, ReceiptHandle: aws.String(r.ReceiptHandle), VisibilityTimeout: wait(receiveCount(r)),
	})
	if err != nil {
		slog.Warn("a failed queue message waits for its full visibility timeout", "message", r.MessageId, "error", err.Error())
	}
}

// wait is how long a message that was received n times is left alone, in seconds:
// 5, 20, 80, at most 300. Five receives, as the queues allow, span about 7 minutes.
func wait(n int) int32 {
	return int32(min(5<<(2*min(max(n-1, 0), 4)), 300))
}

func receiveCount(r events.SQSMessage) int {
	n, err := strconv.Atoi(r.Attributes["ApproximateReceiveCount"])
	if err != nil {
		return 1
	}
	return n
}

package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/replywell/replywell/shared/desk"
)

// wakeMessage is the body of a message of the send queue.
type wakeMessage struct {
	Outbox []string `json:"outbox"`
}

// idsPerMessage bounds how many outbox ids one queue message names, so that one
// slow mail does not hold up many others.
const idsPerMessage = 10

// Waker tells the send function that mails wait in the outbox.
type Waker struct{ Queue Queue }

// Wake names the waiting mails to the send queue. It never fails: a mail that
// nobody was woken for is found by the sweep within a minute.
func (w Waker) Wake(ctx context.Context, ids []string) { w.wake(ctx, ids, 0) }

// mostDelay is how long SQS keeps a message back at most.
const mostDelay = 15 * time.Minute

// Later names mails that are due after a while: the queue keeps the message back
// until then. What is due later than a queue can wait is left to the sweep.
func (w Waker) Later(ctx context.Context, ids []string, wait time.Duration) {
	// A message that came a moment too early would find the mail not due, and be gone.
	if wait += time.Second; wait < mostDelay {
		w.wake(ctx, ids, int32(math.Ceil(wait.Seconds())))
	}
}

func (w Waker) wake(ctx context.Context, ids []string, delay int32) {
	for len(ids) > 0 {
		var batch []types.SendMessageBatchRequestEntry
		for len(ids) > 0 && len(batch) < 10 { // SQS takes ten messages at once
			n := min(idsPerMessage, len(ids))
			body, err := json.Marshal(wakeMessage{Outbox: ids[:n]})
			if err != nil {
				slog.Error("cannot write a wake-up", "error", err.Error())
				return
			}
			batch = append(batch, types.SendMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(len(batch))), MessageBody: aws.String(string(body)), DelaySeconds: delay})
			ids = ids[n:]
		}
		out, err := w.Queue.SQS.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &w.Queue.URL, Entries: batch})
		switch {
		case err != nil:
			slog.Warn("the send function could not be woken; the sweep will find the mails", "error", err.Error())
		case len(out.Failed) > 0:
			slog.Warn("the send function could not be woken for some mails; the sweep will find them", "failed", len(out.Failed), "why", aws.ToString(out.Failed[0].Message))
		}
	}
}

func readWake(body string) ([]string, error) {
	var m wakeMessage
	if err := json.Unmarshal([]byte(body), &m); err != nil || len(m.Outbox) == 0 {
		return nil, desk.Permanent(errors.New("the queue message names no outbox ids; only Replywell itself writes to this queue"))
	}
	return m.Outbox, nil
}

package proof_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	lambda "github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/goccy/go-yaml"
)

// waitingRoom is SQS with Lambda's pollers: messages are hidden while a function
// has them, come back, and are given up after as many receives as the template
// says. The functions speak to it by the AWS SDK; there is no network, so that
// days pass in no time.
type waitingRoom struct {
	queues map[string]*waitingLine
	n      int
}

// waitingLine is a queue.
type waitingLine struct {
	visibility time.Duration
	most       int // receives
	messages   []*waitingMessage
	dead       []*waitingMessage
	received   int
}

type waitingMessage struct {
	id, body  string
	sent      time.Time
	visibleAt time.Time
	receives  int
}

// newWaitingRoom makes the queues of infra/queues.yaml, as that sets them.
func newWaitingRoom() (*waitingRoom, error) {
	data, err := os.ReadFile("../../infra/queues.yaml")
	if err != nil {
		return nil, err
	}
	var t struct {
		Resources map[string]struct {
			Type       string
			Properties struct {
				VisibilityTimeout int `yaml:"VisibilityTimeout"`
				RedrivePolicy     struct {
					Most int `yaml:"maxReceiveCount"`
				} `yaml:"RedrivePolicy"`
			} `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	if err := yaml.Unmarshal(data, &t); err != nil {
		return nil, err
	}
	w := &waitingRoom{queues: map[string]*waitingLine{}}
	for name, r := range t.Resources {
		if most := r.Properties.RedrivePolicy.Most; most > 0 {
			w.queues[name] = &waitingLine{visibility: time.Duration(r.Properties.VisibilityTimeout) * time.Second,
				most: most}
		}
	}
	return w, nil
}

// url is what a function is told of a queue or, with "Dead", of its dead letters.
func (w *waitingRoom) url(name string) string { return "https://sqs.example/123456789012/" + name }

// client is an SQS client of the room.
func (w *waitingRoom) client() *sqs.Client {
	return sqs.New(sqs.Options{Region: "eu-central-1", HTTPClient: w, BaseEndpoint: aws.String("https://sqs.example"),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")})
}

func (w *waitingRoom) put(queue, body string) {
	w.n++
	q := w.queues[queue]
	q.messages = append(q.messages, &waitingMessage{id: fmt.Sprintf("message-%d", w.n), body: body, sent: time.Now(),
		visibleAt: time.Now()})
}

// Do answers the calls that the functions make.
func (w *waitingRoom) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var in struct {
		QueueUrl, ReceiptHandle, MessageBody string
		VisibilityTimeout                    int
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, err
	}
	name := in.QueueUrl[strings.LastIndexByte(in.QueueUrl, '/')+1:]
	out := "{}"
	switch action := r.Header.Get("X-Amz-Target"); action {
	case "AmazonSQS.ChangeMessageVisibility":
		for _, m := range w.queues[name].messages {
			if m.id == in.ReceiptHandle {
				m.visibleAt = time.Now().Add(time.Duration(in.VisibilityTimeout) * time.Second)
			}
		}
	case "AmazonSQS.SendMessage":
		q := w.queues[strings.TrimSuffix(name, "Dead")]
		q.dead = append(q.dead, &waitingMessage{body: in.MessageBody, sent: time.Now()})
		sum := md5.Sum([]byte(in.MessageBody))
		out = `{"MessageId":"x","MD5OfMessageBody":"` + hex.EncodeToString(sum[:]) + `"}`
	default:
		return nil, fmt.Errorf("SQS was asked for %q", action)
	}
	return &http.Response{StatusCode: http.StatusOK,
		Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body:   io.NopCloser(bytes.NewReader([]byte(out))), Request: r}, nil
}

// poll calls a function with what is visible, as often as there is something.
func (w *waitingRoom) poll(queue string, batch int,
	handle func(context.Context, lambda.SQSEvent) (lambda.SQSEventResponse, error)) {
	q := w.queues[queue]
	for {
		var ev lambda.SQSEvent
		var taken []*waitingMessage
		for _, m := range slices.Clone(q.messages) {
			if len(taken) == batch || time.Now().Before(m.visibleAt) {
				continue
			}
			if m.receives++; m.receives > q.most {
				q.dead = append(q.dead, m)
				q.messages = slices.DeleteFunc(q.messages, func(x *waitingMessage) bool { return x == m })
				continue
			}
			q.received++
			m.visibleAt = time.Now().Add(q.visibility)
			taken = append(taken, m)
			ev.Records = append(ev.Records, lambda.SQSMessage{MessageId: m.id, ReceiptHandle: m.id, Body: m.body,
				Attributes: map[string]string{"ApproximateReceiveCount": fmt.Sprint(m.receives),
					"SentTimestamp": fmt.Sprint(m.sent.UnixMilli())}})
		}
		if len(taken) == 0 {
			return
		}
		ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
		out, err := handle(ctx, ev)
		stop()
		if err != nil {
			continue // nothing of it is deleted
		}
		again := map[string]bool{}
		for _, f := range out.BatchItemFailures {
			again[f.ItemIdentifier] = true
		}
		q.messages = slices.DeleteFunc(q.messages, func(m *waitingMessage) bool {
			return slices.Contains(taken, m) &&
				!again[m.id]
		})
	}
}

package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/replywell/replywell/shared/desk"
	told "github.com/replywell/replywell/shared/events"
	"github.com/replywell/replywell/shared/inbound"
)

// Refresh is done at the start of every invocation: it brings in what may have
// changed since the process started, such as rotated keys.
type Refresh func(context.Context) error

func (r Refresh) do(ctx context.Context) error {
	if r == nil {
		return nil
	}
	return logged(r(ctx))
}

// unlessNew takes the lack of settings for what it is, a deployment that nobody
// has set up yet, of which a schedule has nothing to do and nobody to wake.
func unlessNew(task string, err error) error {
	if errors.Is(err, ErrNoSettings) {
		slog.Info("nothing to do before there are settings", "task", task, "next", err.Error())
		return nil
	}
	return err
}

// Inbound is the handler of the inbound function: a batch of notices that mail
// was stored.
type Inbound struct {
	Queue   Queue
	Bucket  string // where SES stores mail
	Refresh Refresh
	Receive func(context.Context, inbound.Delivery) (desk.Inbound, error)
	// Keep takes out the addresses of probes; see probe.Door. May be nil.
	Keep     func(ctx context.Context, recipients []string, received time.Time) (rest []string, all bool, err error)
	Measures Measures
}

// Handle hands each mail to the service.
func (h Inbound) Handle(ctx context.Context, ev events.SQSEvent) (events.SQSEventResponse, error) {
	if err := h.Refresh.do(ctx); err != nil {
		h.Queue.putBack(ctx, ev.Records)
		return events.SQSEventResponse{}, err
	}
	return each(ctx, h.Queue, ev.Records, h.one), nil
}

func (h Inbound) one(ctx context.Context, m events.SQSMessage) error {
	r, err := readReceipt(m.Body, h.Bucket)
	if errors.Is(err, errNothingToDo) {
		slog.Info("a notice that tells of no mail", "message", m.MessageId)
		return nil
	}
	if err != nil {
		return err
	}
	if h.Keep != nil {
		rest, all, err := h.Keep(ctx, r.Recipients, r.Received)
		if err != nil {
			return fmt.Errorf("the mail %s: %w", r.Key, err)
		}
		if all {
			slog.Info("a probe came back", "id", r.Key)
			return nil
		}
		r.Recipients = rest
	}
	in, err := h.Receive(ctx, inbound.Delivery{
		ID: r.Key, Raw: r.Key, MailFrom: r.MailFrom, Recipients: r.Recipients, ReceivedAt: r.Received, Verdicts: r.Verdicts,
	})
	if err != nil {
		return fmt.Errorf("the mail %s: %w", r.Key, err)
	}
	if in.Agent == "" {
		h.Measures.Write(map[string]float64{"MailIn": 1})
	}
	slog.Info("mail", "id", r.Key, "outcome", string(in.Outcome), "conversation", string(in.Conversation), "sequence", in.Sequence)
	return nil
}

// Outgoing is the handler of the send function. It is called with a batch of the
// send queue, and by the schedule to sweep.
type Outgoing struct {
	Queue   Queue
	Refresh Refresh
	Send    func(ctx context.Context, ids []string) (failed []string, err error)
	Sweep   func(context.Context) error
}

// Handle sends what the batch names, or sweeps when there is no batch. Ids that
// failed are not reported to SQS: the outbox knows when each is due again, and
// the sweep finds it then.
func (h Outgoing) Handle(ctx context.Context, raw json.RawMessage) (events.SQSEventResponse, error) {
	var batch events.SQSEvent
	if err := json.Unmarshal(raw, &batch); err != nil {
		return batchless, fmt.Errorf("the send function was called with what is neither a batch of its queue nor {\"task\": \"sweep\"}: %w", err)
	}
	if err := h.Refresh.do(ctx); err != nil {
		h.Queue.putBack(ctx, batch.Records)
		return batchless, err
	}
	if len(batch.Records) > 0 {
		return each(ctx, h.Queue, batch.Records, h.one), nil
	}
	var t struct{ Task string }
	if err := json.Unmarshal(raw, &t); err != nil || t.Task != "sweep" {
		return batchless, errors.New(`the send function was called without a batch of its queue; to sweep, call it with {"task": "sweep"}`)
	}
	return batchless, logged(unlessNew("the sweep", h.Sweep(ctx)))
}

var batchless = events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}

func (h Outgoing) one(ctx context.Context, m events.SQSMessage) error {
	ids, err := readWake(m.Body)
	if err != nil {
		return err
	}
	failed, err := h.Send(ctx, ids)
	if err != nil {
		return err
	}
	slog.Info("sent", "mails", len(ids)-len(failed), "waiting", len(failed))
	return nil
}

// Events is the handler of the events function: a batch of what SES tells of
// mails it was given.
type Events struct {
	Queue   Queue
	Refresh Refresh
	Record  func(context.Context, desk.DeliveryEvent) error
}

// Handle hands each event to the service.
func (h Events) Handle(ctx context.Context, ev events.SQSEvent) (events.SQSEventResponse, error) {
	if err := h.Refresh.do(ctx); err != nil {
		h.Queue.putBack(ctx, ev.Records)
		return events.SQSEventResponse{}, err
	}
	return each(ctx, h.Queue, ev.Records, h.one), nil
}

func (h Events) one(ctx context.Context, m events.SQSMessage) error {
	e, err := readSESEvent(m.Body)
	if errors.Is(err, errNothingToDo) {
		slog.Info("an SES event that says nothing about delivery", "message", m.MessageId)
		return nil
	}
	if err != nil {
		return err
	}
	err = h.Record(ctx, e)
	if errors.Is(err, told.ErrUnknownMail) {
		// Another system sends with our configuration set, or the mail is older than its record.
		slog.Warn("an SES event about a mail that is not in the outbox", "kind", string(e.Kind), "sent", e.SentID)
		return nil
	}
	if err != nil {
		return fmt.Errorf("the SES event %s of mail %s: %w", e.Kind, e.SentID, err)
	}
	slog.Info("SES event", "kind", string(e.Kind), "outbox", e.Outbox, "sent", e.SentID)
	return nil
}

// Index is the handler of the index function. It is called with a batch of
// notices that articles changed, and by schedules: to build the index anew, and
// to learn from what became of suggestions.
type Index struct {
	Queue   Queue
	Refresh Refresh
	Rebuild func(context.Context) error
	Learn   func(context.Context) error
	// Customers takes in a list of customers that was dropped under the key; nil takes none.
	Customers func(ctx context.Context, key string) error
}

// Handle rebuilds the index once, whatever a batch holds, from what is there;
// after an error the whole batch comes again. Without a batch it does the task
// that is named.
func (h Index) Handle(ctx context.Context, raw json.RawMessage) (events.SQSEventResponse, error) {
	var call struct {
		events.SQSEvent
		Task string `json:"task"`
	}
	if err := json.Unmarshal(raw, &call); err != nil {
		return batchless, fmt.Errorf("the index function was called with what is neither a batch of its queue nor a task: %w", err)
	}
	if err := h.Refresh.do(ctx); err != nil {
		h.Queue.putBack(ctx, call.Records)
		return batchless, err
	}
	switch {
	case len(call.Records) > 0:
		return h.changed(ctx, call.Records)
	case call.Task == "rebuild":
		return batchless, logged(h.Rebuild(ctx))
	case call.Task == "learn":
		return batchless, logged(h.Learn(ctx))
	}
	return batchless, errors.New(`the index function was called without a batch of its queue; to build the index call it with {"task": "rebuild"}, to learn with {"task": "learn"}`)
}

// changed takes in lists of customers one by one, and rebuilds the index once where an
// article changed; of a rebuild that failed for now all of those come again.
func (h Index) changed(ctx context.Context, records []events.SQSMessage) (events.SQSEventResponse, error) {
	var lists, articles []events.SQSMessage
	for _, r := range records {
		if _, is := droppedList(r.Body); is && h.Customers != nil {
			lists = append(lists, r)
		} else {
			articles = append(articles, r)
		}
	}
	out := each(ctx, h.Queue, lists, func(ctx context.Context, r events.SQSMessage) error {
		key, _ := droppedList(r.Body)
		return h.Customers(ctx, key)
	})
	if len(articles) == 0 {
		return out, nil
	}
	slog.Info("articles changed", "notices", len(articles))
	err := logged(h.Rebuild(ctx))
	if err != nil { // for good, or for now: each is parked, or comes again
		again := each(ctx, h.Queue, articles, func(context.Context, events.SQSMessage) error { return err })
		out.BatchItemFailures = append(out.BatchItemFailures, again.BatchItemFailures...)
	}
	if err != nil && !desk.IsPermanent(err) && len(lists) == 0 {
		return batchless, err
	}
	return out, nil
}

// Task is the handler of a function that a schedule calls.
type Task struct {
	Name    string
	Refresh Refresh
	Run     func(context.Context) error
	Others  map[string]func(context.Context) error // by the event's task; any other event is Run
}

// TaskEvent is what a schedule sends.
type TaskEvent struct {
	Task string `json:"task"`
}

// Handle runs the task. Its error is counted, and an alarm stands at that count.
func (h Task) Handle(ctx context.Context, e TaskEvent) error {
	if err := h.Refresh.do(ctx); err != nil {
		return err
	}
	run := h.Run
	if other, ok := h.Others[e.Task]; ok {
		run = other
	} else if e.Task != "" {
		return logged(fmt.Errorf("%s: no task is called %q", h.Name, e.Task))
	}
	if err := unlessNew(h.Name, run(ctx)); err != nil {
		return logged(fmt.Errorf("%s: %w", h.Name, err))
	}
	return nil
}

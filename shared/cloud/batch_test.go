package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/replywell/replywell/shared/desk"
	told "github.com/replywell/replywell/shared/events"
	"github.com/replywell/replywell/shared/inbound"
)

func records(bodies ...string) events.SQSEvent {
	var ev events.SQSEvent
	for i, b := range bodies {
		ev.Records = append(ev.Records, events.SQSMessage{MessageId: fmt.Sprint("m", i), Body: b,
			Attributes: map[string]string{"ApproximateReceiveCount": "1"}})
	}
	return ev
}

func failed(r events.SQSEventResponse) (ids []string) {
	for _, f := range r.BatchItemFailures {
		ids = append(ids, f.ItemIdentifier)
	}
	return ids
}

// One bad message neither stops nor repeats the others of its batch, and is
// never taken for done.
func TestInboundReportsTheFailedMessagesOnly(t *testing.T) {
	var got []inbound.Delivery
	h := Inbound{Bucket: "mail-bucket", Receive: func(_ context.Context, d inbound.Delivery) (desk.Inbound, error) {
		got = append(got, d)
		if d.MailFrom == "<>" {
			return desk.Inbound{}, errors.New("the table is busy")
		}
		return desk.Inbound{Outcome: desk.OutcomeThreaded}, nil
	}}
	good := noticeOf(t, nil)
	busy := noticeOf(t, func(n map[string]any) { n["mail"].(map[string]any)["source"] = "<>" })
	out, err := h.Handle(t.Context(), records(inSNS(t, good), "garbage", inSNS(t, busy),
		"Successfully validated SNS topic for Amazon SES event publishing.", good))
	if err != nil || !slices.Equal(failed(out), []string{"m1", "m2"}) || len(got) != 3 {
		t.Errorf("failed %v, %v; %d deliveries", failed(out), err, len(got))
	}
	d := got[0]
	if d.ID != d.Raw || d.Raw != "mail/o3vrnil0e2ic28tr5u0mbg3f1qk2n8ghdbgdm0o1" ||
		d.MailFrom != "erika@customer.example" || d.Verdicts.DMARC != desk.VerdictGray || d.ReceivedAt.IsZero() {
		t.Errorf("%+v", d)
	}
}

// What there is no time for comes again, and is not begun.
func TestBatchStopsBeforeTheFunctionIsStopped(t *testing.T) {
	ctx, stop := context.WithDeadline(t.Context(), time.Now().Add(reserve/2))
	defer stop()
	out := each(ctx, Queue{}, records("a", "b").Records, func(context.Context, events.SQSMessage) error {
		t.Error("a message was begun without time to end it")
		return nil
	})
	if !slices.Equal(failed(out), []string{"m0", "m1"}) {
		t.Errorf("failed %v", failed(out))
	}
}

// No wait is much longer than the time since the first try.
func TestWaitOfAFailedMessageGrowsAndIsBounded(t *testing.T) {
	if wait(0) != 5*time.Second || wait(1000) != LongestWait {
		t.Errorf("%v, %v", wait(0), wait(1000))
	}
	var since time.Duration
	for n := 1; n < 20; n++ {
		if w := wait(n); w < wait(n-1) || w > since+5*time.Second {
			t.Errorf("after %d receives in %v it waits for %v", n, since, w)
		}
		since += wait(n)
	}
}

func TestOutgoingSendsOrSweeps(t *testing.T) {
	var sent []string
	var swept int
	h := Outgoing{
		Send: func(_ context.Context, ids []string) ([]string, error) {
			sent = append(sent, ids...)
			if slices.Contains(ids, "down") {
				return nil, errors.New("the table is busy")
			}
			return []string{"later"}, nil
		},
		Sweep: func(context.Context) error { swept++; return nil },
	}
	call := func(v any) (events.SQSEventResponse, error) {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return h.Handle(t.Context(), raw)
	}
	out, err := call(records(`{"outbox":["a","b"]}`, `{"outbox":["down"]}`, `{}`))
	if err != nil || !slices.Equal(failed(out), []string{"m1", "m2"}) ||
		!slices.Equal(sent, []string{"a", "b", "down"}) {
		t.Errorf("failed %v, %v; sent %v", failed(out), err, sent)
	}
	if _, err := call(map[string]string{"task": "sweep"}); err != nil || swept != 1 {
		t.Errorf("%v, swept %d times", err, swept)
	}
	for _, v := range []any{map[string]string{}, map[string]string{"task": "x"}, []int{1}, "x"} {
		if _, err := call(v); err == nil || swept != 1 {
			t.Errorf("called with %v: %v, swept %d times", v, err, swept)
		}
	}
}

func TestEventsAreRecorded(t *testing.T) {
	var got []desk.DeliveryEvent
	h := Events{Record: func(_ context.Context, e desk.DeliveryEvent) error {
		got = append(got, e)
		switch e.Kind {
		case desk.DeliveryDelivered:
			return errors.New("the table is busy")
		case desk.DeliveryRejected:
			return fmt.Errorf("wrapped: %w", told.ErrUnknownMail)
		}
		return nil
	}}
	out, err := h.Handle(t.Context(), records(`{"eventType":"Send",`+eventMail+`}`, `{"eventType":"Delivery",`+
		eventMail+`}`,
		`{"eventType":"Reject",`+eventMail+`}`, `{"eventType":"Open",`+eventMail+`}`, "garbage"))
	if err != nil || !slices.Equal(failed(out), []string{"m1", "m4"}) || len(got) != 3 {
		t.Errorf("failed %v, %v; %d events", failed(out), err, len(got))
	}
}

// A function that cannot refresh what it works with does nothing at all.
func TestRefreshComesFirst(t *testing.T) {
	no := Refresh(func(context.Context) error { return errors.New("no secret") })
	if _, err := (Index{Refresh: no, Rebuild: func(context.Context) error {
		t.Error("the index went on")
		return nil
	}}).Handle(t.Context(), []byte(`{"task":"rebuild"}`)); err == nil {
		t.Error("the index reported success")
	}
	if _, err := (Inbound{Refresh: no}).Handle(t.Context(), records(noticeOf(t, nil))); err == nil {
		t.Error("inbound went on")
	}
	if err := (Task{Name: "schedule", Refresh: no,
		Run: func(context.Context) error { t.Error("the task went on"); return nil }}).Handle(t.Context(),
		TaskEvent{}); err == nil {
		t.Error("the task reported success")
	}
}

// A new deployment has no settings: what a schedule does is then no failure,
// which would ring alarms; a mail is not done with.
func TestNoSettingsIsNoErrorOfASchedule(t *testing.T) {
	none := func(context.Context) error { return fmt.Errorf("reading the settings: %w", ErrNoSettings) }
	if err := (Task{Name: "figures", Run: none, Others: map[string]func(context.Context) error{
		"quarantine": none}}).Handle(t.Context(), TaskEvent{Task: "quarantine"}); err != nil {
		t.Errorf("a task: %v", err)
	}
	h := Outgoing{Sweep: none, Send: func(_ context.Context, ids []string) ([]string, error) { return ids, none(nil) }}
	if _, err := h.Handle(t.Context(), []byte(`{"task":"sweep"}`)); err != nil {
		t.Errorf("the sweep: %v", err)
	}
	in := Inbound{Bucket: "mail-bucket", Receive: func(context.Context, inbound.Delivery) (desk.Inbound, error) {
		return desk.Inbound{}, none(nil)
	}}
	if out, err := in.Handle(t.Context(), records(noticeOf(t, nil))); err != nil || len(failed(out)) != 1 {
		t.Errorf("a mail: %v, %v", out, err)
	}
	if err := (Task{Name: "figures", Run: func(context.Context) error {
		return errors.New("the table is away")
	}}).Handle(t.Context(), TaskEvent{}); err == nil {
		t.Error("another failure is none")
	}
}

func TestLogHoldsNoAddresses(t *testing.T) {
	var out strings.Builder
	log := newLog(&out, "send")
	log.Error("a mail was put back", "outbox", "0123", "error",
		errors.New("MessageRejected: Email address is not verified: erika@customers.example, <support@shop.example>"),
		"why", "for anna@team.example")
	if s := out.String(); strings.Contains(s, "@") || !strings.Contains(s, "MessageRejected") ||
		!strings.Contains(s, `"outbox":"0123"`) || !strings.Contains(s, `"function":"send"`) {
		t.Errorf("the log says %s", s)
	}
}

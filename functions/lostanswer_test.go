package functions

import (
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

// SES takes a mail, and the function is stopped before it hears so. The event
// that bears the mail's tag settles it: nothing is sent twice.
func TestLostAnswerIsSettledByItsEvent(t *testing.T) {
	h := newLambdaHome(t, programs(t))
	erika := readScenario(t).People["erika"]
	h.deliver(t, erika.Address, "support@lantern.example",
		erika.compose("support@lantern.example", "Hello", "Is anybody there?"))
	queued := h.receive(t, "SendQueue")
	if len(queued) != 1 {
		t.Fatalf("%d messages wake the send function", len(queued))
	}
	h.onAccept = func() { _ = h.send.cmd.Process.Kill() } // it is seen to have ended below
	if _, err := h.send.invoke(t.Context(), sqsRecord(t, "send", "send-1", *queued[0].Body)); err == nil {
		t.Fatal("the function was killed and answered all the same")
	}
	h.mu.Lock()
	h.onAccept = nil
	given := len(h.sent)
	h.mu.Unlock()
	if given == 0 {
		t.Fatal("SES was given nothing")
	}
	item := func() desk.OutboxItem {
		t.Helper()
		i, err := h.store.Outbox(t.Context(), h.sent[0].outbox)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	if i := item(); i.State != desk.OutboxSending {
		t.Fatalf("before its event: %+v", i)
	}
	// The queue brings the message again, and the schedule sweeps, before SES tells of it.
	h.call(t, h.send, sqsRecord(t, "send", "send-1", *queued[0].Body))
	if _, err := h.send.invoke(t.Context(), map[string]string{"task": "sweep"}); err != nil {
		t.Fatal(err)
	}
	h.settle(t)
	if i := item(); i.State != desk.OutboxSent || i.SentID != h.sent[0].id {
		t.Errorf("after its event: %+v", i)
	}
	if _, err := h.send.invoke(t.Context(), map[string]string{"task": "sweep"}); err != nil {
		t.Fatal(err)
	}
	times := map[string]int{}
	for _, m := range h.sent {
		if times[m.outbox]++; times[m.outbox] > 1 {
			t.Errorf("the mail %s was sent %d times", m.outbox, times[m.outbox])
		}
	}
}

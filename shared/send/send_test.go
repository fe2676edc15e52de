package send_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/send"
	"github.com/replywell/replywell/shared/store"
)

func TestSentMailIsFoundByEveryIDItBears(t *testing.T) {
	w := newWorld(t)
	w.carrier.rename = true
	id := w.put(desk.OutboxAnswer, "")
	w.send(id)
	item := w.item(id)
	if item.State != desk.OutboxSent || item.SentID != "0100-"+id || !item.Sent.Equal(start) || item.Attempts != 1 {
		t.Errorf("%+v", item)
	}
	for _, mid := range []string{item.MessageID, item.SentID, "<" + item.SentID + "@eu-west-1.amazonses.com>"} {
		if found, err := w.Store.FindSent(t.Context(), mid); err != nil || found.ID != id {
			t.Errorf("by %s: %v, %v", mid, found.ID, err)
		}
	}
	w.send(id) // the queue brings it once more
	w.sweep()
	if len(w.carrier.sent) != 1 {
		t.Errorf("sent %d times", len(w.carrier.sent))
	}
}

func TestTemporaryErrorIsTriedAgainWithTheSameMessageID(t *testing.T) {
	w := newWorld(t)
	var ids []string
	w.carrier.answer = func(m send.Mail) error {
		if ids = append(ids, m.MessageID); len(ids) < 3 {
			return errors.New("451 later")
		}
		return nil
	}
	id := w.put(desk.OutboxAnswer, "")
	w.send(id)
	if item := w.item(id); item.State != desk.OutboxPending || item.LastError != "451 later" ||
		!item.NotBefore.Equal(start.Add(desk.Backoff(1))) {
		t.Errorf("%+v", item)
	}
	w.sweep()
	if len(ids) != 1 {
		t.Error("tried before its time")
	}
	w.desk.Pass(desk.Backoff(1))
	w.sweep()
	w.desk.Pass(desk.Backoff(2))
	w.sweep()
	if item := w.item(id); item.State != desk.OutboxSent || item.Attempts != 3 || len(ids) != 3 || ids[0] != ids[2] {
		t.Errorf("%+v, ids %v", item, ids)
	}
}

func TestPermanentErrorIsToldBeforeItIsAnEnd(t *testing.T) {
	w := newWorld(t)
	w.carrier.answer = func(send.Mail) error { return says(550, "5.1.1", "no such user") }
	w.told.err = errors.New("the store is away")
	id := w.put(desk.OutboxAnswer, "")
	if failed, err := w.Send(t.Context(), []string{id}); err != nil || len(failed) != 1 {
		t.Errorf("while nobody could be told: %v, %v", failed, err)
	}
	w.told.err = nil
	w.desk.Pass(send.Lease)
	w.sweep()
	if item := w.item(id); item.State != desk.OutboxFailed || item.LastError != "550 5.1.1 no such user" ||
		len(w.told.items) != 2 {
		t.Errorf("%+v, told %v", item, w.told.items)
	}
}

func TestLogHoldsNoAddresses(t *testing.T) {
	w := newWorld(t)
	var log strings.Builder
	w.Log = slog.New(slog.NewTextHandler(&log, nil))
	w.carrier.answer = func(m send.Mail) error {
		text := "<erika@customers.example>: no mailbox erika@customers.example here"
		if len(m.To[0])%2 == 0 {
			return says(550, "5.1.1", text)
		}
		return errors.New("550 5.1.1 " + text)
	}
	a, b := w.put(desk.OutboxNotice, "ben"), w.put(desk.OutboxNotice, "anna")
	w.send(a, b)
	if strings.Contains(log.String(), "@") || !strings.Contains(log.String(), "550 5.1.1") ||
		!strings.Contains(w.item(a).LastError, "<erika@customers.example>") {
		t.Errorf("the log says\n%s", log.String())
	}
}

func TestTooManyAttemptsAreAnEnd(t *testing.T) {
	w := newWorld(t)
	w.carrier.answer = func(send.Mail) error { return errors.New("451 later") }
	id := w.put(desk.OutboxAnswer, "")
	for range desk.MaxAttempts + 1 {
		w.sweep()
		w.desk.Pass(6 * time.Hour)
	}
	if item := w.item(id); item.State != desk.OutboxFailed || item.Attempts != desk.MaxAttempts {
		t.Errorf("%+v", item)
	}
	if len(w.told.items) != 1 || !strings.Contains(w.told.items[0], "451 later") {
		t.Errorf("told %q", w.told.items)
	}
}

func TestComposedMailThatIsGone(t *testing.T) {
	w := newWorld(t)
	id := w.put(desk.OutboxAnswer, "")
	w.blobs.Lose("out/" + id)
	w.send(id)
	if item := w.item(id); item.State != desk.OutboxFailed || len(w.told.items) != 1 {
		t.Errorf("%+v, told %v", item, w.told.items)
	}
}

// A process that dies between claim and end leaves a lease behind.
func TestClaimOfADeadProcess(t *testing.T) {
	for _, confirms := range []bool{false, true} {
		t.Run(fmt.Sprintf("carrier confirms: %v", confirms), func(t *testing.T) {
			w := newWorld(t)
			w.carrier.confirms = confirms
			wait := send.Lease
			if confirms {
				wait = send.ConfirmWait
			}
			id := w.put(desk.OutboxAnswer, "")
			w.carrier.answer = func(send.Mail) error {
				w.desk.Engine.Fail(
					errors.New("the process is gone"))
				return nil
			}
			if failed, err := w.Send(t.Context(), []string{id}); err != nil || len(failed) != 1 {
				t.Fatalf("%v, %v", failed, err)
			}
			w.desk.Engine.Fail(nil)
			w.carrier.answer = nil
			w.desk.Pass(wait - time.Second)
			w.sweep()
			if item := w.item(id); item.State != desk.OutboxSending || len(w.carrier.sent) != 1 {
				t.Fatalf("within its lease: %+v", item)
			}
			w.desk.Pass(time.Second)
			w.sweep()
			if item := w.item(id); item.State != desk.OutboxSent || len(w.carrier.sent) != 2 ||
				w.carrier.sent[0].MessageID != w.carrier.sent[1].MessageID {
				t.Errorf("after its lease: %+v", item)
			}
		})
	}
}

// While an answer was awaited, the event that confirms it settled the item.
func TestConfirmedByAnEventIsNotSentAgain(t *testing.T) {
	w := newWorld(t)
	w.carrier.confirms = true
	id := w.put(desk.OutboxAnswer, "")
	w.carrier.answer = func(send.Mail) error { w.desk.Engine.Fail(errors.New("the process is gone")); return nil }
	if failed, _ := w.Send(t.Context(), []string{id}); len(failed) != 1 {
		t.Fatal(failed)
	}
	w.desk.Engine.Fail(nil)
	item := w.item(id)
	item.State, item.SentID = desk.OutboxSent, "0100"
	if err := w.Store.Commit(t.Context(), &store.Change{Outbox: []*desk.OutboxItem{&item}}); err != nil {
		t.Fatal(err)
	}
	w.desk.Pass(time.Hour)
	w.sweep()
	w.send(id)
	if len(w.carrier.sent) != 1 {
		t.Errorf("sent %d times", len(w.carrier.sent))
	}
}

func TestOnlySenderTakesUpWhatItsPredecessorClaimed(t *testing.T) {
	w := newWorld(t)
	id := w.put(desk.OutboxAnswer, "")
	w.carrier.answer = func(send.Mail) error { w.desk.Engine.Fail(errors.New("the process is gone")); return nil }
	if failed, _ := w.Send(t.Context(), []string{id}); len(failed) != 1 {
		t.Fatal(failed)
	}
	w.desk.Engine.Fail(nil)
	w.carrier.answer = nil
	if err := w.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.sweep()
	if item := w.item(id); item.State != desk.OutboxSent {
		t.Errorf("%+v", item)
	}
}

func TestManySendersSendEachMailOnce(t *testing.T) {
	w := newWorld(t)
	w.settings.Notifications.Most = 100
	var ids []string
	for i := range 30 {
		kind, agent := desk.OutboxAnswer, ""
		if i%2 == 0 {
			kind, agent = desk.OutboxNotification, "anna"
		}
		ids = append(ids, w.put(kind, agent))
	}
	var senders sync.WaitGroup
	for i := range 6 {
		other := &send.Service{Home: w.Home, Carrier: w.carrier, Failed: w.told}
		senders.Go(func() {
			if i%2 == 0 {
				_ = other.Sweep(context.Background())
				return
			}
			_, _ = other.Send(context.Background(), ids)
		})
	}
	senders.Wait()
	w.sweep()
	times := map[string]int{}
	for _, m := range w.carrier.sent {
		times[m.Outbox]++
	}
	for _, id := range ids {
		if times[id] != 1 || w.item(id).State != desk.OutboxSent {
			t.Errorf("%s was sent %d times and is %s", id, times[id], w.item(id).State)
		}
	}
}

// One notification costs three requests: read, claim with count, mark.
func TestRequestsOfANotification(t *testing.T) {
	w := newWorld(t)
	id := w.put(desk.OutboxNotification, "anna")
	w.carrier.rename = true
	w.desk.Engine.Requests()
	w.send(id)
	if asked := w.desk.Engine.Requests(); len(asked) != 3 {
		t.Errorf("%d requests, want 3: %v", len(asked), asked)
	}
}

type dead struct{ send.Carrier }

func (dead) Rate(context.Context) (float64, error) { return 0, nil }

func TestCarrierThatTakesNothingIsAskedLater(t *testing.T) {
	w := newWorld(t)
	id := w.put(desk.OutboxAnswer, "")
	w.Carrier = &dead{}
	if failed, err := w.Send(t.Context(), []string{id, "unknown"}); err != nil || len(failed) != 1 ||
		w.item(id).State != desk.OutboxPending {
		t.Errorf("%v, %v", failed, err)
	}
}

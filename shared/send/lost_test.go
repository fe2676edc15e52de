package send_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/send"
)

// refused is an error of a carrier that took nothing.
type refused struct{ after time.Duration }

func (refused) Error() string               { return "throttled" }
func (refused) NotSent() bool               { return true }
func (r refused) RetryAfter() time.Duration { return r.after }

// A carrier whose answer was lost may have taken the mail. Where it confirms by
// an event, that is waited for before the mail is sent once more.
func TestLostAnswerOfAConfirmingCarrierIsWaitedFor(t *testing.T) {
	w := newWorld(t)
	w.carrier.confirms = true
	tries := 0
	w.carrier.answer = func(send.Mail) error {
		if tries++; tries == 1 {
			return errors.New("connection reset")
		}
		return nil
	}
	id := w.put(desk.OutboxAnswer, "")
	w.send(id)
	if item := w.item(id); item.State != desk.OutboxSending || !item.NotBefore.Equal(start.Add(send.ConfirmWait)) {
		t.Errorf("%+v", item)
	}
	w.desk.Pass(send.ConfirmWait - time.Second)
	w.sweep()
	if tries != 1 {
		t.Errorf("tried %d times before its event had time to come", tries)
	}
	w.desk.Pass(time.Second)
	w.sweep()
	if item := w.item(id); tries != 2 || item.State != desk.OutboxSent {
		t.Errorf("tried %d times, %+v", tries, item)
	}
}

// A carrier that knows it took nothing is asked again soon, or when it says.
func TestRefusalOfAConfirmingCarrierIsTriedAgain(t *testing.T) {
	for after, want := range map[time.Duration]time.Duration{0: desk.Backoff(1), time.Hour: time.Hour} {
		w := newWorld(t)
		w.carrier.confirms = true
		w.carrier.answer = func(send.Mail) error { return refused{after} }
		id := w.put(desk.OutboxAnswer, "")
		w.send(id)
		if item := w.item(id); item.State != desk.OutboxPending || !item.NotBefore.Equal(start.Add(want)) {
			t.Errorf("after %v: %+v", after, item)
		}
	}
}

// sleepy blobs let time pass while they are read, as a machine that sleeps does.
type sleepy struct {
	*bench.Blobs
	desk *bench.World
	once func()
}

func (s *sleepy) Get(ctx context.Context, key string) ([]byte, error) {
	data, err := s.Blobs.Get(ctx, key)
	if f := s.once; f != nil {
		s.once = nil
		s.desk.Pass(send.ConfirmWait + time.Minute)
		f()
	}
	return data, err
}

// A sender that slept between its claim and the carrier finds that another has
// taken over meanwhile, and lets go.
func TestASenderThatSleptLetsGo(t *testing.T) {
	for _, confirms := range []bool{false, true} {
		w := newWorld(t)
		w.carrier.confirms = confirms
		id := w.put(desk.OutboxAnswer, "")
		other := &send.Service{Home: w.Home, Carrier: w.carrier} // another process's
		w.Blobs = &sleepy{Blobs: w.blobs, desk: w.desk, once: func() {
			if err := other.Sweep(context.Background()); err != nil {
				t.Error(err)
			}
		}}
		w.send(id)
		if item := w.item(id); len(w.carrier.sent) != 1 || item.State != desk.OutboxSent {
			t.Errorf("carrier confirms: %v: sent %d times, %+v", confirms, len(w.carrier.sent), item)
		}
		// With nobody else about, it is due once more.
		id = w.put(desk.OutboxAnswer, "")
		w.Blobs = &sleepy{Blobs: w.blobs, desk: w.desk, once: func() {}}
		w.send(id)
		w.desk.Pass(send.ConfirmWait)
		w.sweep()
		if item := w.item(id); len(w.carrier.sent) != 2 || item.State != desk.OutboxSent {
			t.Errorf("carrier confirms: %v: sent %d times, %+v", confirms, len(w.carrier.sent), item)
		}
	}
}

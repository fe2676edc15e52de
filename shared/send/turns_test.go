package send_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/send"
)

// However many calls are at work in a process, an agent's mails leave in order, a
// sweep overtakes nobody, and a mail that hangs holds up its own recipient alone.
func TestMailOfOneAgentKeepsItsOrder(t *testing.T) {
	w := newWorld(t)
	w.settings.Notifications.Most = 0
	hangs, began := make(chan bool), make(chan bool, 1)
	var mu sync.Mutex
	var order []string
	first, other, second, third := w.put(desk.OutboxNotification, "anna"), w.put(desk.OutboxNotification, "ben"),
		w.put(desk.OutboxNotification, "anna"), w.put(desk.OutboxNotification, "anna")
	w.carrier.sends = func(m send.Mail) {
		if m.Outbox == first {
			began <- true
			<-hangs
		}
		mu.Lock()
		defer mu.Unlock()
		order = append(order, m.Outbox)
	}
	var calls sync.WaitGroup
	calls.Go(func() { w.send(first) })
	<-began
	calls.Go(func() { w.send(second) })
	w.send(other)
	calls.Go(w.sweep)
	if mu.Lock(); !slices.Equal(order, []string{other}) {
		t.Errorf("while the first one hangs, %v left", order)
	}
	mu.Unlock()
	close(hangs)
	calls.Wait()
	w.sweep()
	if !slices.Equal(order, []string{other, first, second, third}) {
		t.Errorf("they left as %v, want %v", order, []string{other, first, second, third})
	}
	for _, id := range []string{first, other, second, third} {
		if item := w.item(id); item.State != desk.OutboxSent || item.Attempts != 1 {
			t.Errorf("%+v", item)
		}
	}
}

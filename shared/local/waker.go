package local

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"sync"

	"github.com/emersion/go-smtp"
)

// waker brings ids of outbox items to the sender, a few calls at a time, so
// that a mail that hangs does not hold up the next ones.
type waker struct {
	mu   sync.Mutex
	ids  []string
	more chan struct{}
}

// sendingAtOnce bounds the calls; wakeBatch what one of them is given.
const (
	sendingAtOnce = 4
	wakeBatch     = 50
)

func (w *waker) wake(ids []string) {
	if len(ids) == 0 {
		return
	}
	w.mu.Lock()
	w.ids = append(w.ids, ids...)
	w.mu.Unlock()
	select {
	case w.more <- struct{}{}:
	default:
	}
}

func (w *waker) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := min(len(w.ids), wakeBatch)
	ids := w.ids[:n:n]
	w.ids = w.ids[n:]
	return ids
}

// run calls send until the context ends, and waits for the calls.
func (w *waker) run(ctx context.Context, send func(context.Context, []string) ([]string, error), log *slog.Logger) {
	slots := make(chan struct{}, sendingAtOnce)
	var calls sync.WaitGroup
	defer calls.Wait()
	for {
		select {
		case <-ctx.Done():
			return
		case slots <- struct{}{}:
		}
		ids := w.take()
		if len(ids) == 0 {
			<-slots
			select {
			case <-ctx.Done():
				return
			case <-w.more:
			}
			continue
		}
		calls.Go(func() {
			defer func() { <-slots }()
			if failed, err := send(ctx, ids); (err != nil || len(failed) > 0) && ctx.Err() == nil {
				log.Warn("some mail could not be sent now; the sweep takes it up", "mails", len(failed), "error", err)
			}
		})
	}
}

// submit sends a mail by SMTP to a server on this machine.
func submit(address, from string, to []string, raw []byte) error {
	c, err := smtp.Dial(address)
	if err != nil {
		return fmt.Errorf("the SMTP server %s cannot be reached: %w", address, err)
	}
	defer c.Close()
	if from == "<>" {
		from = ""
	}
	if err := c.SendMail(from, to, bytes.NewReader(raw)); err != nil {
		return describe(err)
	}
	_ = c.Quit() // the mail is taken; a farewell that fails changes nothing
	return nil
}

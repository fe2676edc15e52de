package local

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"github.com/emersion/go-sasl"
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

// submit sends a mail by SMTP to a server on this machine, logged in as the person
// of that address where login is not "" and the server lets people log in. id is
// the name under which the server took it.
func submit(address, login, password, from string, to []string, raw []byte) (id string, err error) {
	c, err := smtp.Dial(address)
	if err != nil {
		return "", fmt.Errorf("the SMTP server %s cannot be reached: %w", address, err)
	}
	defer c.Close()
	if offered, _ := c.Extension("AUTH"); login != "" && offered {
		if err := c.Auth(sasl.NewPlainClient("", login, password)); err != nil {
			return "", describe(err)
		}
	}
	if from == "<>" {
		from = ""
	}
	if err := c.Mail(from, nil); err != nil {
		return "", describe(err)
	}
	for _, r := range to {
		if err := c.Rcpt(r, nil); err != nil {
			return "", describe(err)
		}
	}
	w, err := c.Data()
	if err != nil {
		return "", describe(err)
	}
	if _, err := w.Write(raw); err != nil {
		return "", describe(err)
	}
	said, err := w.CloseWithResponse()
	if err != nil {
		return "", describe(err)
	}
	_ = c.Quit() // the mail is taken; a farewell that fails changes nothing
	_, id, _ = strings.Cut(said.StatusText, "queued as ")
	return strings.TrimSpace(id), nil
}

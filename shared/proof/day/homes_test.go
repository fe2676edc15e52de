package day_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/events"
	"github.com/replywell/replywell/shared/local"
	"github.com/replywell/replywell/shared/send"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine/dynamo"
	"github.com/replywell/replywell/shared/store/engine/dynamo/inprocess"
	"github.com/replywell/replywell/shared/wiring"
)

// home is where the desk of a day lives: what keeps it, and what carries its mail.
type home struct {
	kept  store.Files // that the list of customers is written to
	queue *ses        // nil: a relay, which tells at once
	table *inprocess.Table
}

// onOneMachine is the desk over bbolt and files in a folder.
func onOneMachine(t *testing.T) (*bench.Path, home) {
	t.Helper()
	w := bench.New(t)
	dir := t.TempDir()
	folder, err := local.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := folder.Close(); err != nil {
			t.Error(err)
		}
	})
	p, err := local.NewPublisher(dir)
	if err != nil {
		t.Fatal(err)
	}
	w.Kept = p.Library()
	return bench.PathOver(w), home{kept: p.Library()}
}

// lag is by how many changes the indexes stay behind, until the sender looks again.
const lag = 3

// onAWS is the desk over DynamoDB, whose indexes lag, and SES, which tells by events.
func onAWS(t *testing.T) (*bench.Path, home) {
	t.Helper()
	table := inprocess.New()
	table.Lag(lag)
	w := bench.Over(t, dynamo.New(table.Client(nil), inprocess.Name))
	w.Remote = true
	p := bench.PathOver(w)
	s := &ses{Post: p.Post, events: wiring.Events(p.Home())}
	p.Send = wiring.Sending(p.Home(), s, nil)
	p.Send.InTurn = true
	return p, home{kept: w.Blobs, queue: s, table: table}
}

// ses takes mail as SES does: it gives it another Message-ID, and tells of it by events.
type ses struct {
	*bench.Post
	events *events.Service
	mu     sync.Mutex
	ids    map[string]string // by outbox item
	n      int
	told   []desk.DeliveryEvent
}

func (s *ses) Confirms() bool { return true }

// Send keeps the mail, and what is to be told of it.
func (s *ses) Send(ctx context.Context, m send.Mail) (string, error) {
	if _, err := s.Post.Send(ctx, m); err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ids == nil {
		s.ids = map[string]string{}
	}
	s.n++
	id := fmt.Sprintf("0107019abc-%04d", s.n)
	s.ids[m.Outbox] = id + "@eu-central-1.amazonses.com"
	for _, kind := range []desk.DeliveryKind{desk.DeliverySend, desk.DeliveryDelivered} {
		s.told = append(s.told, desk.DeliveryEvent{Outbox: m.Outbox, SentID: id, Kind: kind, ID: string(kind) + id})
	}
	return id, nil
}

// messageID is the id that a mail's reader sees.
func (h home) messageID(m bench.Sent) string {
	if h.queue == nil {
		return m.Read.MessageID
	}
	return h.queue.ids[m.Outbox]
}

// sent sends what is due, and lets the carrier tell of it.
func (d *theDay) sent() (all []bench.Sent) {
	d.Helper()
	for {
		if d.table != nil {
			d.table.Lag(0)
			d.table.Lag(lag)
		}
		mails := d.Sent()
		all = append(all, mails...)
		if d.queue == nil || len(d.queue.told) == 0 {
			return all
		}
		told := d.queue.told
		d.queue.told = nil
		for _, e := range told {
			e.At = d.Now()
			if err := d.queue.events.Record(d.Context(), e); err != nil {
				d.Fatal(err)
			}
		}
	}
}

package send_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/send"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
)

var start = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// carrier records what it is given, and fails as it is told.
type carrier struct {
	now      func() time.Time
	confirms bool
	rename   bool
	answer   func(m send.Mail) error // nil: accepts
	sends    func(m send.Mail)       // is called before, while others send; may be nil

	mu   sync.Mutex
	sent []sentMail
}

type sentMail struct {
	send.Mail
	at time.Time
}

func (c *carrier) Send(_ context.Context, m send.Mail) (string, error) {
	if c.sends != nil {
		c.sends(m)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.answer != nil {
		if err := c.answer(m); err != nil {
			return "", err
		}
	}
	c.sent = append(c.sent, sentMail{m, c.now()})
	if c.rename {
		return "0100-" + m.Outbox, nil
	}
	return "", nil
}
func (c *carrier) Confirms() bool                        { return c.confirms }
func (c *carrier) Rate(context.Context) (float64, error) { return 1e6, nil }

// told records who was told of what failed.
type told struct {
	mu    sync.Mutex
	items []string
	err   error
}

func (f *told) Failed(_ context.Context, item desk.OutboxItem, recipients []desk.BouncedRecipient) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.items = append(f.items, item.ID+": "+recipients[0].Reason)
	return f.err
}

// says is an answer of a relay to one recipient.
func says(code int, status, text string) error {
	a := delivery.Response{Stage: delivery.StageRecipient, Code: code, Status: status, Text: text}
	return &delivery.Error{Response: a, Err: fmt.Errorf("%d %s %s", code, status, text)}
}

// at is the same at another stage.
func at(stage delivery.Stage, code int, text string) error {
	return &delivery.Error{Response: delivery.Response{Stage: stage, Code: code, Text: text},
		Err: fmt.Errorf("%d %s", code, text)}
}

// world is a sender on the bench.
type world struct {
	*send.Service
	t        bench.Tester
	desk     *bench.World
	blobs    *bench.Blobs
	carrier  *carrier
	told     *told
	settings *desk.Settings
	n        int
}

func newWorld(t *testing.T) *world { return worldOver(t, bench.Bolt(t)) }

func worldOver(t bench.Tester, e engine.Engine) *world {
	d := bench.Over(t, e)
	d.Pass(start.Sub(d.Now()))
	w := &world{t: t, desk: d, blobs: d.Blobs, told: &told{}, settings: &desk.Settings{
		Mailboxes: []desk.Mailbox{{
			ID: "support", Name: "Shop", Address: "support@shop.example", ReplyBase: "support@shop.example",
			Agents: []string{"anna", "ben"}, Language: "en",
		}},
		Agents: []desk.Agent{
			{ID: "anna", Name: "Anna", Addresses: []string{"anna@team.example"}},
			{ID: "ben", Name: "Ben", Addresses: []string{"ben@team.example"}},
		},
		Notifications: desk.NotificationPolicy{Most: 3, Window: 10 * time.Minute},
	}}
	d.Settings = w.settings
	w.carrier = &carrier{now: d.Now}
	h := d.Home()
	h.Random = rand.Reader // several worlds stand over one store
	w.Service = &send.Service{Home: h, Carrier: w.carrier, Failed: w.told}
	return w
}

func (w *world) context() context.Context { return context.Background() }

// put puts a mail into the outbox and gives its id.
func (w *world) put(kind desk.OutboxKind, agent string) string {
	w.t.Helper()
	w.n++
	id := desk.DerivedID("mail", fmt.Sprint(w.n))
	conv, err := desk.NewConversationID(bytes.NewReader([]byte(desk.DerivedID("conversation", fmt.Sprint(w.n/2)))))
	if err != nil {
		w.t.Fatal(err)
	}
	now := w.desk.Now()
	item := &desk.OutboxItem{ID: id, Kind: kind, Agent: agent, Decided: "anna", Conversation: conv, Sequence: w.n,
		Mailbox: "support", EnvelopeFrom: "b@shop.example",
		To: []string{agent + "@team.example"}, MessageID: id + "@shop.example", Raw: "out/" + id,
		State: desk.OutboxPending, NotBefore: now, Created: now,
		Summary: desk.Summary{From: fmt.Sprintf("Customer %d", w.n), Subject: fmt.Sprintf("Concern %d", w.n/2),
			FirstLines: fmt.Sprintf("text of number %d", w.n)}}
	_ = w.blobs.Put(context.Background(), item.Raw, []byte("Subject: x\r\n\r\n"+id+"\r\n"))
	if err := w.Store.Commit(context.Background(),
		&store.Change{Outbox: []*desk.OutboxItem{item},
			MessageIDs: map[string]store.MessageRef{item.MessageID: outbox.Sent(*item)}}); err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) send(ids ...string) {
	w.t.Helper()
	failed, err := w.Send(context.Background(), ids)
	if err != nil || len(failed) > 0 {
		w.t.Fatalf("Send: %v, not settled %v", err, failed)
	}
}

func (w *world) sweep() {
	w.t.Helper()
	if err := w.Sweep(context.Background()); err != nil {
		w.t.Fatalf("Sweep: %v", err)
	}
}

func (w *world) item(id string) desk.OutboxItem {
	w.t.Helper()
	item, err := w.Store.Outbox(context.Background(), id)
	if err != nil {
		w.t.Fatalf("item %s: %v", id, err)
	}
	return item
}

package send_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/send"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/bolt"
)

var start = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// blobs keeps blobs in memory.
type blobs struct {
	mu   sync.Mutex
	data map[string][]byte
}

func (b *blobs) Put(_ context.Context, key string, data []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.data[key] = bytes.Clone(data)
	return nil
}

func (b *blobs) Get(_ context.Context, key string) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if data, ok := b.data[key]; ok {
		return data, nil
	}
	return nil, fmt.Errorf("%s: %w", key, store.ErrNotFound)
}

// carrier records what it is given, and fails as it is told.
type carrier struct {
	clock    *clock
	confirms bool
	rename   bool
	answer   func(m send.Mail) error // nil: accepts

	mu   sync.Mutex
	sent []sentMail
}

type sentMail struct {
	send.Mail
	at time.Time
}

func (c *carrier) Send(_ context.Context, m send.Mail) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.answer != nil {
		if err := c.answer(m); err != nil {
			return "", err
		}
	}
	c.sent = append(c.sent, sentMail{m, c.clock.now()})
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
	a := delivery.Answer{Stage: delivery.StageRecipient, Code: code, Status: status, Text: text}
	return &delivery.Error{Answer: a, Err: fmt.Errorf("%d %s %s", code, status, text)}
}

// at is the same at another stage.
func at(stage delivery.Stage, code int, text string) error {
	return &delivery.Error{Answer: delivery.Answer{Stage: stage, Code: code, Text: text}, Err: fmt.Errorf("%d %s", code, text)}
}

// counting counts the requests to an engine, and fails writes when told to.
type counting struct {
	engine.Engine
	mu       sync.Mutex
	requests int
	failing  error
}

func (c *counting) count() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests++
	return nil
}
func (c *counting) Get(ctx context.Context, keys ...engine.Key) ([]engine.Item, error) {
	_ = c.count()
	return c.Engine.Get(ctx, keys...)
}
func (c *counting) Query(ctx context.Context, q engine.Query) (engine.Page, error) {
	_ = c.count()
	return c.Engine.Query(ctx, q)
}
func (c *counting) Write(ctx context.Context, w ...engine.Write) error {
	_ = c.count()
	c.mu.Lock()
	err := c.failing
	c.mu.Unlock()
	if err != nil {
		return err
	}
	return c.Engine.Write(ctx, w...)
}

func (c *counting) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failing = err
}

// world is a sender over a real store.
type world struct {
	*send.Service
	t        fataler
	clock    *clock
	engine   *counting
	blobs    *blobs
	carrier  *carrier
	told     *told
	settings *desk.Settings
	n        int
}

type fataler interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func openStore(t *testing.T) engine.Engine {
	t.Helper()
	e, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func newWorld(t *testing.T) *world { return worldOver(t, openStore(t)) }

func worldOver(t fataler, e engine.Engine) *world {
	keys, err := replyaddr.NewKeyring(0, map[uint8][]byte{0: bytes.Repeat([]byte("k"), 32)})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, clock: &clock{at: start}, engine: &counting{Engine: e}, blobs: &blobs{data: map[string][]byte{}}, told: &told{},
		settings: &desk.Settings{
			Mailboxes:     []desk.Mailbox{{ID: "support", Name: "Shop", Address: "support@shop.example", ReplyBase: "support@shop.example", Agents: []string{"anna", "ben"}, Language: "en"}},
			Agents:        []desk.Agent{{ID: "anna", Name: "Anna", Addresses: []string{"anna@team.example"}}, {ID: "ben", Name: "Ben", Addresses: []string{"ben@team.example"}}},
			Notifications: desk.NotificationPolicy{Most: 3, Window: 10 * time.Minute},
		}}
	w.carrier = &carrier{clock: w.clock}
	w.Service = &send.Service{Store: store.New(w.engine, w.clock.now), Blobs: w.blobs, Keys: keys, Carrier: w.carrier, Failed: w.told,
		Settings: func(context.Context) (*desk.Settings, error) { return w.settings, nil }, Now: w.clock.now, Random: rand.Reader}
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
	now := w.clock.now()
	item := &desk.OutboxItem{ID: id, Kind: kind, Agent: agent, Decided: "anna", Conversation: conv, Sequence: w.n, Mailbox: "support", EnvelopeFrom: "b@shop.example",
		To: []string{agent + "@team.example"}, MessageID: id + "@shop.example", Raw: "out/" + id, State: desk.OutboxPending, NotBefore: now, Created: now,
		Summary: desk.Summary{From: fmt.Sprintf("Customer %d", w.n), Subject: fmt.Sprintf("Concern %d", w.n/2), FirstLines: fmt.Sprintf("text of number %d", w.n)}}
	_ = w.blobs.Put(context.Background(), item.Raw, []byte("Subject: x\r\n\r\n"+id+"\r\n"))
	if err := w.Store.Commit(context.Background(), &store.Change{Outbox: []*desk.OutboxItem{item}, MessageIDs: map[string]store.MessageRef{item.MessageID: outbox.Sent(*item)}}); err != nil {
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

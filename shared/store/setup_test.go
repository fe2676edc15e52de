package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/bolt"
	"github.com/replywell/replywell/shared/store/engine/dynamo"
)

func TestMain(m *testing.M) { os.Exit(moto.Main(m)) }

var day = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// clock is a time that tests move.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// world is a store over an empty engine, with a clock of its own.
type world struct {
	*store.Store
	*testing.T
	engine engine.Engine
	clock  *clock
}

func openBolt(t *testing.T) engine.Engine {
	t.Helper()
	e, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// openDynamo makes a table of its own for the test.
func openDynamo(t *testing.T) engine.Engine {
	t.Helper()
	name := moto.Name(t)
	return dynamo.New(moto.Shared(t).Table(t, dynamo.Table(name)), name)
}

// onEach runs a test over each engine.
func onEach(t *testing.T, test func(w *world)) {
	t.Helper()
	t.Run("bolt", func(t *testing.T) { test(newWorld(t, openBolt(t))) })
	t.Run("dynamo", func(t *testing.T) { test(newWorld(t, openDynamo(t))) })
}

func newWorld(t *testing.T, e engine.Engine) *world {
	c := &clock{day}
	return &world{store.New(e, c.now), t, e, c}
}

func (w *world) commit(c *store.Change) {
	w.Helper()
	if err := w.Commit(w.Context(), c); err != nil {
		w.Fatalf("Commit: %v", err)
	}
}

// arrival is the change that a customer's n-th mail makes in a conversation,
// nil for a new one.
func arrival(n int, conv *desk.Conversation, agents ...string) *store.Change {
	at := day.Add(time.Duration(n) * time.Minute)
	if conv == nil {
		conv = &desk.Conversation{ID: conversationID(n), Mailbox: "support", Subject: "The pump leaks", Opened: at,
			Customer: desk.Person{Name: "Erika", Address: fmt.Sprintf("erika%d@customer.example", n%5)}}
	}
	id := fmt.Sprintf("mail/%d", n)
	mid := fmt.Sprintf("m%d@customer.example", n)
	conv.CustomerWrote(at, mid, nil)
	c := &store.Change{
		Inbound: &desk.Inbound{ID: id, Raw: "raw/" + id, MailFrom: conv.Customer.Address,
			Recipients: []string{"support@shop.example"},
			ReceivedAt: at, Outcome: desk.OutcomeThreaded, Conversation: conv.ID, Sequence: conv.Messages,
			Mailbox: "support", Size: 1200},
		ContentHash:  store.ContentHash(mid, []byte("It leaks.")),
		Conversation: conv,
		Messages: []desk.Message{{Conversation: conv.ID, Sequence: conv.Messages, Kind: desk.KindCustomer,
			From: conv.Customer, At: at,
			Subject: conv.Subject, Text: "It leaks.", MessageID: mid, Inbound: id}},
		MessageIDs: map[string]store.MessageRef{mid: {Conversation: conv.ID, Sequence: conv.Messages}},
		Events: []desk.Event{{ID: desk.DerivedID(id, "received"), Kind: desk.EventReceived, Occurred: at,
			Mailbox: "support", Conversation: conv.ID}},
	}
	for _, a := range agents {
		oid := desk.DerivedID(id, "notify", a)
		c.Outbox = append(c.Outbox, &desk.OutboxItem{ID: oid, Kind: desk.OutboxNotification, Conversation: conv.ID,
			Sequence: conv.Messages,
			Mailbox:  "support", Agent: a, EnvelopeFrom: "bounce@shop.example", To: []string{a + "@shop.example"},
			MessageID: oid + "@shop.example",
			Raw:       "out/" + oid, NotBefore: at, State: desk.OutboxPending, Created: at, CausedBy: id})
		c.MessageIDs[oid+"@shop.example"] = store.MessageRef{Conversation: conv.ID, Sequence: conv.Messages,
			Outgoing: true, Outbox: oid}
	}
	return c
}

func conversationID(n int) desk.ConversationID {
	id, err := desk.NewConversationID(reader(desk.DerivedID("conversation", fmt.Sprint(n))))
	if err != nil {
		panic(err)
	}
	return id
}

type reader string

func (r reader) Read(p []byte) (int, error) { return copy(p, r), nil }

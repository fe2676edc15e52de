package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
)

// step is one request of the path of a mail, with what docs/data-model.md says it costs.
type step struct {
	name string
	do   func()
	want engine.Costs
}

// customerMail is the path of a customer's mail of 1.5 KB of text in a new
// conversation until one agent's notification has left: six requests.
func customerMail(w *world) []step {
	c := arrival(1, nil, "anna")
	c.Messages[0].Text = strings.Repeat("The pump leaks. ", 96)
	conv := c.Conversation
	c.Events = nil
	for _, kind := range []desk.EventKind{desk.EventOpened, desk.EventReceived, desk.EventSuggested} {
		c.Events = append(c.Events, desk.Event{ID: desk.DerivedID("mail/1", string(kind)), Kind: kind, Occurred: day,
			Mailbox:      "support",
			Conversation: conv.ID, Sequence: 1, Opened: day, Articles: []string{"pump-leaks", "pump-noise"}})
	}
	id := c.Outbox[0].ID
	var o desk.OutboxItem
	var n store.Notified
	return []step{
		{"look up", func() {
			_, err := w.Lookup(w.Context(), store.Lookup{Inbound: "mail/1", ContentHash: c.ContentHash,
				MessageIDs: []string{c.Messages[0].MessageID, "awaited:1"}}) // has an answer to it come before?
			w.must(err)
		}, engine.Costs{Gets: 1, ReadUnits: 5}},
		{"the customer's other conversations", func() {
			_, err := w.CustomerConversations(w.Context(), conv.Customer.Address, 5)
			w.must(err)
		}, engine.Costs{Queries: 1, ReadUnits: 0.5}},
		// Ten items, the message has two kilobytes, and an entry in index 1 and two in index 2.
		{"commit", func() { w.commit(c) }, engine.Costs{Writes: 1, WriteUnits: 2*11 + 3, IndexUnits: 3}},
		{"read what is to be sent", func() {
			items, notified, err := w.OutboxItems(w.Context(), []string{id}, []string{"anna"})
			w.must(err)
			o, n = items[id], notified["anna"]
		}, engine.Costs{Gets: 1, ReadUnits: 2}},
		{"claim, and count", func() {
			o.State, o.Attempts, o.Claimed, o.NotBefore = desk.OutboxSending, 1, day, day.Add(15*time.Minute)
			n.Times = append(n.Times, day)
			w.commit(&store.Change{Outbox: []*desk.OutboxItem{&o}, Notified: &n})
		}, engine.Costs{Writes: 1, WriteUnits: 2*2 + 2, IndexUnits: 2}},
		{"mark as sent", func() {
			o.State, o.Sent, o.SentID = desk.OutboxSent, day, "0100019a-b1"
			ref := store.MessageRef{Conversation: conv.ID, Sequence: 1, Outgoing: true, Outbox: id}
			w.commit(&store.Change{Outbox: []*desk.OutboxItem{&o}, MessageIDs: map[string]store.MessageRef{
				"0100019a-b1@email.amazonses.com": ref, o.MessageID: ref}}) // the second is known, and costs nothing
		}, engine.Costs{Writes: 1, WriteUnits: 2*2 + 1, IndexUnits: 1}},
	}
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// The figures here stand in docs/data-model.md.
func TestWhatACustomersMailCosts(t *testing.T) {
	onEach(t, func(w *world) {
		counter := engine.NewCounter(w.engine)
		w.Store = store.New(counter, w.clock.now)
		var total engine.Costs
		overTheWire := 0
		for _, s := range customerMail(w) {
			before := moto.Shared(t).Requests()
			s.do()
			overTheWire += moto.Shared(t).Requests() - before
			got := counter.Take()
			if got != s.want {
				w.Errorf("%s: %+v, want %+v", s.name, got, s.want)
			}
			total.Gets, total.Queries, total.Writes = total.Gets+got.Gets, total.Queries+got.Queries, total.Writes+
				got.Writes
			total.ReadUnits, total.WriteUnits, total.IndexUnits = total.ReadUnits+got.ReadUnits, total.WriteUnits+
				got.WriteUnits, total.IndexUnits+got.IndexUnits
		}
		if total.Requests() != 6 || total.WriteUnits != 36 || total.IndexUnits != 6 || total.ReadUnits != 7.5 {
			w.Errorf("together %d requests, %+v", total.Requests(), total)
		}
		if overTheWire != 0 && overTheWire != total.Requests() { // none with bolt
			w.Errorf("%d requests went over the wire for %d", overTheWire, total.Requests())
		}
	})
}

// A reply in a known conversation needs a second reading, which brings the
// messages that it answers along, and no look at the customer's others; its
// conversation moves within index 1, and within index 2, where it is watched.
func TestWhatAReplyCosts(t *testing.T) {
	w := newWorld(t, engine.NewCounter(openBolt(t)))
	counter := w.engine.(*engine.Counter)
	first := arrival(1, nil)
	w.commit(first)
	counter.Take()
	found, err := w.Lookup(w.Context(), store.Lookup{Inbound: "mail/2", ContentHash: "x",
		MessageIDs: []string{"m2@customer.example", "m1@customer.example"}})
	w.must(err)
	if got, want := counter.Take(), (engine.Costs{Gets: 2, ReadUnits: 11}); got != want {
		t.Errorf("look up: %+v, want %+v", got, want)
	}
	if len(found.Around) != 1 || found.Around[0].Text != first.Messages[0].Text {
		t.Errorf("around the message that is answered: %+v", found.Around)
	}
	conv := found.Conversations[first.Conversation.ID]
	w.commit(arrival(2, &conv, "anna"))
	if got, want := counter.Take(), (engine.Costs{Writes: 1, WriteUnits: 2*8 + 5, IndexUnits: 5}); got != want {
		t.Errorf("commit: %+v, want %+v", got, want)
	}
}

// Each further agent's notification is an outbox item, its lane and its Message-ID.
func TestWhatAFurtherAgentCosts(t *testing.T) {
	w := newWorld(t, engine.NewCounter(openBolt(t)))
	counter := w.engine.(*engine.Counter)
	w.commit(arrival(1, nil, "anna"))
	one := counter.Take()
	w.commit(arrival(2, nil, "anna", "ben", "cleo"))
	if three := counter.Take(); three.Requests() != 1 || three.WriteUnits != one.WriteUnits+2*5 {
		t.Errorf("three agents: %+v, one: %+v", three, one)
	}
}

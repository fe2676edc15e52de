package store_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine/bolt"
)

// model is what the store should hold, as plain maps.
type model struct {
	store         *store.Store
	conversations map[desk.ConversationID]desk.Conversation
	messages      map[desk.ConversationID][]desk.Message
	inbound       map[string]desk.Inbound
	outbox        map[string]desk.OutboxItem
	refs          map[string]store.MessageRef
	contents      map[string]string
	stale         []desk.Conversation // as somebody read them some time ago
	mails         int
	at            time.Time
}

func (m *model) ctx() context.Context { return context.Background() }

// receive commits a customer's mail; m.mails counts how many were ever made.
func (m *model) receive(t *rapid.T) {
	n := rapid.IntRange(0, m.mails+1).Draw(t, "mail") // mostly one that came before
	if rapid.Bool().Draw(t, "fresh") {
		n = m.mails + 1
	}
	m.mails = max(m.mails, n)
	var conv *desk.Conversation
	known := slices.Sorted(maps.Keys(m.conversations))
	switch rapid.IntRange(0, 3).Draw(t, "where") {
	case 0: // a conversation as it is now
		if len(known) > 0 {
			c := m.conversations[rapid.SampledFrom(known).Draw(t, "conversation")]
			conv = &c
		}
	case 1: // as it was once
		if len(m.stale) > 0 {
			c := rapid.SampledFrom(m.stale).Draw(t, "stale")
			conv = &c
		}
	}
	isNew := conv == nil
	if conv != nil {
		m.stale = append(m.stale, *conv)
	}
	c := arrival(n, conv, []string{"anna", "ben"}[:rapid.IntRange(0, 2).Draw(t, "agents")]...)
	_, done := m.inbound[c.Inbound.ID]
	was, exists := m.conversations[c.Conversation.ID]
	conflict := isNew && exists || !isNew && was.Version != c.Conversation.Version || m.contents[c.ContentHash] != ""
	switch err := m.store.Commit(m.ctx(), c); {
	case done:
		if !errors.Is(err, store.ErrAlreadyDone) && !errors.Is(err, store.ErrConflict) {
			t.Fatalf("mail %d again: %v", n, err)
		}
	case conflict:
		if !errors.Is(err, store.ErrConflict) {
			t.Fatalf("mail %d on a stale conversation: %v", n, err)
		}
	case err != nil:
		t.Fatalf("mail %d: %v", n, err)
	default:
		m.took(c)
	}
}

func (m *model) took(c *store.Change) {
	m.conversations[c.Conversation.ID] = *c.Conversation
	m.messages[c.Conversation.ID] = append(m.messages[c.Conversation.ID], c.Messages...)
	m.inbound[c.Inbound.ID] = *c.Inbound
	m.contents[c.ContentHash] = c.Inbound.ID
	for _, o := range c.Outbox {
		m.outbox[o.ID] = *o
	}
	for id, ref := range c.MessageIDs {
		if _, leads := m.refs[id]; !leads {
			m.refs[id] = ref
		}
	}
}

// send takes an outgoing mail some way further.
func (m *model) send(t *rapid.T) {
	if len(m.outbox) == 0 {
		return
	}
	o := m.outbox[rapid.SampledFrom(slices.Sorted(maps.Keys(m.outbox))).Draw(t, "outgoing")]
	old := o
	o.State = rapid.SampledFrom([]desk.OutboxState{desk.OutboxPending, desk.OutboxSending, desk.OutboxSent,
		desk.OutboxMerged}).Draw(t, "state")
	o.NotBefore = day.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "not before")) * time.Second)
	if err := m.store.Commit(m.ctx(), &store.Change{Outbox: []*desk.OutboxItem{&o}}); err != nil {
		t.Fatal(err)
	}
	m.outbox[o.ID] = o
	if err := m.store.Commit(m.ctx(), &store.Change{Outbox: []*desk.OutboxItem{&old}}); !errors.Is(err,
		store.ErrConflict) {
		t.Fatalf("a stale outgoing mail: %v", err)
	}
}

// agree compares all that can be read.
func (m *model) agree(t *rapid.T) {
	customers := map[string][]desk.ConversationID{}
	for id, want := range m.conversations {
		got, err := m.store.Conversation(m.ctx(), id)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("conversation %+v, %v; want %+v", got, err, want)
		}
		msgs, err := m.store.Messages(m.ctx(), id, 1, 0)
		if err != nil || !reflect.DeepEqual(msgs, m.messages[id]) || len(msgs) != want.Messages {
			t.Fatalf("messages %+v, %v; want %+v", msgs, err, m.messages[id])
		}
		customers[want.Customer.Address] = append(customers[want.Customer.Address], id)
	}
	for address, ids := range customers {
		slices.SortFunc(ids, func(a, b desk.ConversationID) int {
			if n := m.conversations[b].Activity.Compare(m.conversations[a].Activity); n != 0 {
				return n
			}
			return cmp(b, a)
		})
		var got []desk.ConversationID
		cs, err := m.store.CustomerConversations(m.ctx(), address, 0)
		for _, c := range cs {
			got = append(got, c.ID)
		}
		if err != nil || !slices.Equal(got, ids) {
			t.Fatalf("%s has %v, %v; want %v", address, got, err, ids)
		}
	}
	for n := 1; n <= m.mails; n++ {
		id := fmt.Sprint("mail/", n)
		mid := fmt.Sprintf("m%d@customer.example", n)
		found, err := m.store.Lookup(m.ctx(), store.Lookup{Inbound: id, MessageIDs: []string{mid}})
		want, known := m.inbound[id]
		if err != nil || (found.Inbound != nil) != known || known && !reflect.DeepEqual(*found.Inbound, want) ||
			found.MessageIDs[mid] != m.refs[mid] {
			t.Fatalf("mail %d: %+v, %v; want %+v and %+v", n, found, err, want, m.refs[mid])
		}
	}
	m.agreeOutbox(t)
}

func (m *model) agreeOutbox(t *rapid.T) {
	at := day.Add(5 * time.Minute)
	want := map[string]desk.OutboxItem{}
	for id, o := range m.outbox {
		if o.Due() && !o.NotBefore.After(at) {
			want[id] = o
		}
		got, err := m.store.FindSent(m.ctx(), o.MessageID)
		if err != nil || !reflect.DeepEqual(got, o) {
			t.Fatalf("outgoing mail %+v, %v; want %+v", got, err, o)
		}
	}
	got := map[string]desk.OutboxItem{}
	for _, lane := range store.Lanes([]desk.Agent{{ID: "anna"}, {ID: "ben"}}) {
		due, err := m.store.DueOutbox(m.ctx(), lane, at, 0)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.IsSortedFunc(due, func(a, b desk.OutboxItem) int { return a.NotBefore.Compare(b.NotBefore) }) {
			t.Fatalf("lane %s is not in order: %+v", lane, due)
		}
		for _, o := range due {
			got[o.ID] = o
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("due %+v; want %+v", got, want)
	}
}

func cmp(a, b desk.ConversationID) int {
	if a < b {
		return -1
	}
	return 1
}

// Whatever comes in whatever order, the store holds what plain maps would.
func TestStoreAgreesWithAModel(t *testing.T) {
	// Each run opens a file and syncs it some forty times; -rapid.checks asks for more of them.
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		if err := f.Value.Set("30"); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	file := 0
	rapid.Check(t, func(t *rapid.T) {
		file++
		e, err := bolt.Open(filepath.Join(dir, fmt.Sprint(file, ".db")))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = e.Close() }()
		m := &model{conversations: map[desk.ConversationID]desk.Conversation{},
			messages: map[desk.ConversationID][]desk.Message{},
			inbound:  map[string]desk.Inbound{}, outbox: map[string]desk.OutboxItem{},
			refs:     map[string]store.MessageRef{},
			contents: map[string]string{}, at: day}
		m.store = store.New(e, func() time.Time { return m.at })
		t.Repeat(map[string]func(*rapid.T){
			"receive": m.receive,
			"send":    m.send,
			"wait":    func(*rapid.T) { m.at = m.at.Add(time.Second) },
			"":        m.agree,
		})
	})
}

package store

import (
	"context"
	"errors"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Store keeps the desk's values over an engine. It is safe for concurrent use.
type Store struct {
	engine engine.Engine
	now    func() time.Time
}

// New makes a store over an engine. now gives the time for Recorded fields and
// expiry.
func New(e engine.Engine, now func() time.Time) *Store { return &Store{engine: e, now: now} }

// The errors of the store, for errors.Is. Everything else is temporary.
var (
	// ErrNotFound: there is no such value.
	ErrNotFound = errors.New("not found")
	// ErrConflict: somebody changed a value since it was read; read again and decide again.
	ErrConflict = engine.ErrConflict
	// ErrAlreadyDone: the Inbound of this change is recorded already, so the
	// change took place before. There is nothing to do.
	ErrAlreadyDone = errors.New("this mail was processed already")
)

// Lookup names all that one inbound mail can point to, so that one request
// answers it.
type Lookup struct {
	Inbound       string                // Inbound.ID
	ContentHash   string                // see ContentHash
	MessageIDs    []string              // the mail's own id first, then In-Reply-To and References, newest first; bounded by MaxLookup
	Conversations []desk.ConversationID // named by reply tokens
}

// MaxLookup bounds the message ids of a Lookup; the newest count.
const MaxLookup = 60

// Found is what a Lookup found.
type Found struct {
	Inbound       *desk.Inbound         // not nil: processed already
	DuplicateOf   string                // Inbound.ID of the first mail with this content; "" if none
	MessageIDs    map[string]MessageRef // by the id that was asked for
	Conversations map[desk.ConversationID]desk.Conversation
}

// MessageRef is where a Message-ID leads.
type MessageRef struct {
	Conversation desk.ConversationID
	Sequence     int
	Outgoing     bool   // ours: as composed, or as the carrier rewrote it
	Outbox       string // OutboxItem.ID when Outgoing
}

// Change is one all-or-nothing write. Values with Version 0 must be new;
// others must not have changed since they were read. On success the versions
// in the Change are counted up, so that it can be built upon.
type Change struct {
	Inbound      *desk.Inbound
	ContentHash  string // recorded with Inbound, for 30 days
	Conversation *desk.Conversation
	Messages     []desk.Message
	MessageIDs   map[string]MessageRef // recorded unless they lead somewhere already
	Outbox       []*desk.OutboxItem
	Events       []desk.Event
	// Notified is written under the same condition as SetNotified does it, so
	// that claiming a notification and counting it is one write.
	Notified *Notified
}

// Lookup reads all that is known of an inbound mail, consistently, in one
// request, and the conversations that its message ids lead to in a second one
// where there are any.
func (s *Store) Lookup(ctx context.Context, l Lookup) (Found, error) { panic("unwritten") }

// Commit writes a change. Errors: ErrAlreadyDone, ErrConflict.
func (s *Store) Commit(ctx context.Context, c *Change) error { panic("unwritten") }

// Conversation reads one conversation, consistently. Error: ErrNotFound.
func (s *Store) Conversation(ctx context.Context, id desk.ConversationID) (desk.Conversation, error) {
	panic("unwritten")
}

// Messages reads the messages of a conversation in order, from sequence
// number `from` on, at most limit (0: all).
func (s *Store) Messages(ctx context.Context, id desk.ConversationID, from, limit int) ([]desk.Message, error) {
	panic("unwritten")
}

// CustomerConversations gives the customer's conversations, the latest first,
// at most limit. It may lag behind writes.
func (s *Store) CustomerConversations(ctx context.Context, address string, limit int) ([]desk.Conversation, error) {
	panic("unwritten")
}

// Inbound reads the record of one mail. Error: ErrNotFound.
func (s *Store) Inbound(ctx context.Context, id string) (desk.Inbound, error) { panic("unwritten") }

// Held gives the mails kept for a person to look at, the newest first (across a
// few days' shards), at most limit. It may lag behind writes.
func (s *Store) Held(ctx context.Context, limit int) ([]desk.Inbound, error) { panic("unwritten") }

// Outbox reads one outgoing mail. Error: ErrNotFound.
func (s *Store) Outbox(ctx context.Context, id string) (desk.OutboxItem, error) { panic("unwritten") }

// FindSent finds an outgoing mail by the carrier's id, or by a Message-ID in
// any form it was sent under. Error: ErrNotFound.
func (s *Store) FindSent(ctx context.Context, messageID string) (desk.OutboxItem, error) {
	panic("unwritten")
}

// DueOutbox gives the items of one lane that are due at the time, oldest first,
// at most limit. See Lanes.
func (s *Store) DueOutbox(ctx context.Context, lane string, at time.Time, limit int) ([]desk.OutboxItem, error) {
	panic("unwritten")
}

// Lanes names every lane of the outbox: a few for answers, and one for each agent's notifications.
func Lanes(agents []desk.Agent) []string { panic("unwritten") }

// DueConversations gives the conversations whose Due is not after the time, at most limit.
func (s *Store) DueConversations(ctx context.Context, at time.Time, limit int) ([]desk.Conversation, error) {
	panic("unwritten")
}

// Events gives each event recorded on the UTC day, in no certain order, until
// each returns an error.
func (s *Store) Events(ctx context.Context, day time.Time, each func(desk.Event) error) error {
	panic("unwritten")
}

// Notified gives when the agent was last sent notifications: the times within
// the window, and a version for SetNotified.
func (s *Store) Notified(ctx context.Context, agent string) (Notified, error) { panic("unwritten") }

// SetNotified records the times. Error: ErrConflict.
func (s *Store) SetNotified(ctx context.Context, n *Notified) error { panic("unwritten") }

// Notified is how often an agent was written to lately.
type Notified struct {
	Agent   string
	Times   []time.Time
	Version int64
}

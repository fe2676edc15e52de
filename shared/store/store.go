package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Store keeps the desk's values over an engine. It is safe for concurrent use.
type Store struct {
	engine engine.Engine
	now    func() time.Time
	// Keep is how long what people wrote is kept: a message after it was recorded, a
	// conversation and what leads to it after they were last changed. 0: for ever.
	Keep time.Duration
}

// New makes a store over an engine. now gives the time for Recorded fields and
// expiry.
func New(e engine.Engine, now func() time.Time) *Store { return &Store{engine: e, now: now} }

// The errors of the store, for errors.Is. One that desk.IsPermanent knows will
// be the same next time; everything else is temporary.
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
	SignedHash    string                // see desk.Inbound; "" where another Message-ID makes another mail
	MessageIDs    []string              // the mail's own id first, then In-Reply-To and References, newest first; bounded by MaxLookup
	Conversations []desk.ConversationID // bounded by MaxLookupConversations, Places included
	Places        []Place               // named by reply tokens
	Person        string                // an address of which it counts what others are its owner's; "": of none
	Senders       []string              // by what its senders may be blocked; bounded by MaxSenders
}

// MaxLookup bounds the message ids of a Lookup; the newest count.
const MaxLookup = 60

// MaxLookupConversations bounds the conversations of a Lookup; the first count.
const MaxLookupConversations = 30

// Found is what a Lookup found.
type Found struct {
	Inbound       *desk.Inbound         // not nil: processed already
	DuplicateOf   string                // Inbound.ID of the first mail with this content; "" if none
	MessageIDs    map[string]MessageRef // by the id that was asked for
	Conversations map[desk.ConversationID]desk.Conversation
	// Places are where answers to Lookup.Places belong by now, as agents arranged
	// it; MessageIDs lead there already. Their conversations are in Conversations.
	Places map[Place]Place
	Rota   desk.Rota
	Blocks []desk.Block // of Lookup.Senders
	Same   []string     // the other addresses of Lookup.Person's owner
	// Around are messages of the conversation that the first known one of
	// Lookup.MessageIDs leads to, in order: those near the message it names. They
	// come with the conversation, in the same request, where that took a second
	// one; else there are none.
	Around []desk.Message
}

// Around spans so many messages before and after the one that is named.
const (
	aroundBefore = 3
	aroundAfter  = 4
)

// MessageRef is where a Message-ID leads.
type MessageRef struct {
	Conversation desk.ConversationID
	Sequence     int
	Outgoing     bool   // ours: as composed, or as the carrier rewrote it
	Outbox       string // OutboxItem.ID when Outgoing
}

// Change is one all-or-nothing write of at most engine.MaxWrites values.
// Values with Version 0 must be new; others must not have changed since they
// were read. Messages are always new. On success the versions in the Change
// are counted up, so that it can be built upon. Recorded is filled in where it
// is zero.
type Change struct {
	Inbound *desk.Inbound
	// Settled are records of other mails whose fate this change decides: a held
	// mail's together with that of the mail which released it.
	Settled      []*desk.Inbound
	ContentHash  string    // recorded with Inbound, for 30 days; not for a duplicate, which leaves the first one's in place
	Since        time.Time // from when on the retention of what is written counts; zero: from now
	Conversation *desk.Conversation
	Others       []*desk.Conversation // changed with it
	Messages     []desk.Message
	// Confirmed are messages as they are recorded, of which it was found out since
	// who sent them. Nothing else of a message ever changes.
	Confirmed  []desk.Message
	MessageIDs map[string]MessageRef // recorded unless they lead somewhere already; those of new Outbox items are by themselves
	// Claims are among the MessageIDs those that were looked up and led nowhere: if
	// one leads somewhere by now, the change is a conflict.
	Claims []string
	Outbox []*desk.OutboxItem
	Events []desk.Event
	// Budgets are what automatic mail among Outbox is counted in; new automatic
	// mail without its budgets is refused.
	Budgets []*Budget
	// Causes and Ties are written as they are: what stands there gives way.
	Causes []desk.Cause
	// Blocks are written as they are, and taken off where they are lifted; Same as they are.
	Blocks []desk.Block
	Same   []desk.SameAs
	Ties   []desk.Tie
	// Confirmations are questions that the change asks (new), or that it uses up.
	Confirmations []*desk.Confirmation
	// Notified is written under the same condition as SetNotified does it, so
	// that claiming a notification and counting it is one write.
	Notified *Notified
	// Rota is written under the same condition: who is away, and what was given to whom,
	// is one write with what follows from it.
	Rota *desk.Rota
	// Turn: the rota notes no more than a turn, and the change stands without it where
	// the rota has moved.
	Turn bool
}

// Notified is how often an agent was written to recently, and of what.
type Notified struct {
	Agent   string
	Times   []time.Time // within the window, oldest first; whoever sets them drops older ones
	Shown   []Shown     // messages that the agent was told of, oldest first; see Notified.Show
	Listed  []Shown     // messages that lists and transcripts showed, oldest first; see Notified.List
	Offered []string    // ids of the articles that were mailed for words, oldest first
	Version int64
}

// conflictTries bounds how often Retry decides anew.
const conflictTries = 20

// Retry calls attempt until it does not end in ErrConflict: each time it must
// read again and decide again. Between attempts it waits a little longer, and
// never the same, so that those who met do not meet again. After twenty
// attempts the error is temporary and still an ErrConflict.
func Retry(ctx context.Context, attempt func(first bool) error) error {
	var err error
	for try := range conflictTries {
		if try > 0 {
			t := time.NewTimer(time.Duration(rand.IntN(min(10*try, 100))+1) * time.Millisecond)
			select {
			case <-ctx.Done():
				t.Stop()
				return ctx.Err()
			case <-t.C:
			}
		}
		if err = attempt(try == 0); !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("it was changed by others %d times while this was done: %w", conflictTries, err)
}

// Blobs keeps what is too large for the engine: raw mails as they came, and
// composed mails until they are sent. Keys look like paths ("mail/2026/…",
// "out/…"); a blob is written once and never changed, so writing the same key
// again with the same bytes is harmless. When Put returns nil the bytes are
// durable. Get's error is ErrNotFound where there is no such blob.
type Blobs interface {
	Put(ctx context.Context, key string, data []byte) error
	Get(ctx context.Context, key string) ([]byte, error)
}

// ErrMoved says that a file was written by somebody else since it was looked at.
var ErrMoved = errors.New("somebody else has written meanwhile")

// Files are blobs that change: whoever changes one says what it was before.
type Files interface {
	Blobs
	// Look reads a file and its version. Error: ErrNotFound.
	Look(ctx context.Context, key string) (data []byte, version string, err error)
	// Swap writes a file if its version is still this one, or if there still is
	// none where that is "". Else it writes nothing, and the error is ErrMoved.
	Swap(ctx context.Context, key, version string, data []byte) error
	// Delete removes a file; one that is not there is removed already.
	Delete(ctx context.Context, key string) error
}

// MaxSenders bounds the names of senders of a Lookup; the first count.
const MaxSenders = 24

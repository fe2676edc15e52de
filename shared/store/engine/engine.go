package engine

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Key is the primary key of an item: UTF-8 text without the character U+0000.
// Partition is at most 2,048 bytes, Sort at most 1,024 (DynamoDB's limits);
// neither is empty. Sort keys are ordered by their bytes.
type Key struct{ Partition, Sort string }

// Item is what an engine keeps.
type Item struct {
	Key
	// Index holds up to two further keys under which Query finds the item too:
	// Index[0] of the index named 1, Index[1] of 2. An empty key is not indexed.
	// Reads by index may lag behind writes (DynamoDB: eventually consistent).
	// Items with the same index key come in no certain order.
	Index   [2]Key
	Version int64     // counts up from 1 with every write; what conditions compare
	Kind    string    // "conversation", "message"... for people and for migrations
	Schema  int       // version of the form of Body
	Expires time.Time // whole seconds; zero: never. Past it the item is as good as gone, though it may still be read
	Body    []byte    // JSON, at most MaxBody bytes
}

// Condition says when a write may take place.
type Condition int

// The conditions.
const (
	Always        Condition = iota
	IfAbsent                // no item stands under the key, or one that expired before Write.AsOf
	IfVersion               // the item stands there with version Write.Old
	IfVersionOnly           // check alone: as IfVersion, and nothing is written
)

// Write is one part of a transaction.
type Write struct {
	Item   Item // its Version is what will be stored
	If     Condition
	Old    int64     // the version that IfVersion compares
	AsOf   time.Time // for IfAbsent: what expired before this counts as absent; zero: nothing does
	Delete bool      // remove the item under Item.Key instead; with Always it need not be there
}

// Query reads a range of one partition.
type Query struct {
	Index      int // 0: the primary key; 1 or 2: an index
	Partition  string
	From, To   string // sort keys, both inclusive; empty: no bound
	Descending bool
	Limit      int    // at most this many items; 0: DefaultLimit
	After      string // continue after the page that ended with this Cursor
}

// DefaultLimit is how many items a Query without a limit gives at most.
const DefaultLimit = 1000

// Page is the answer to a Query. Cursor is empty when there is nothing more;
// it means something only to the engine that gave it, and to the same Query.
type Page struct {
	Items  []Item
	Cursor string
}

// Engine keeps items. It is safe for concurrent use. Get, Query and Write see
// what Write wrote before, but for reads by index. Errors marked by
// desk.Permanent will be the same next time; all others are worth another try,
// and where Write failed with one it is not known whether the writes took place.
type Engine interface {
	// Get reads items by key, consistently, in one request. The answer has the
	// length and order of keys; a missing item has an empty Key. At most MaxGet keys.
	Get(ctx context.Context, keys ...Key) ([]Item, error)
	// Query reads one page. It is consistent but for reads by index.
	Query(ctx context.Context, q Query) (Page, error)
	// Write does all of the writes or none; no key may stand there twice. When a
	// condition does not hold, or another transaction is in the way, the error is
	// a *ConflictError.
	Write(ctx context.Context, writes ...Write) error
	Close() error
}

// ErrConflict is what every *ConflictError is, for errors.Is.
var ErrConflict = errors.New("the item was changed by someone else")

// ConflictError says which writes of a transaction did not hold, in order.
// Failed is empty where two transactions met; then Met says over which of them, if the
// engine can tell.
type ConflictError struct{ Failed, Met []int }

func (e *ConflictError) Error() string {
	if len(e.Failed) == 0 {
		return ErrConflict.Error() + " at the same moment"
	}
	return fmt.Sprintf("%v (parts %v of the transaction)", ErrConflict, e.Failed)
}

// Is makes errors.Is(err, ErrConflict) hold.
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }

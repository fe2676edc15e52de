// Package engine is the small seam between the store and what keeps its items.
//
// An engine keeps items under a two-part key, like DynamoDB: a partition and,
// within it, a sort key. It can get items by key, read a range of one partition
// in order, and write a few items together, all or nothing, each under a
// condition. Nothing else: every rule, key and order is the store's, written
// once. The engines are dynamo (DynamoDB) and bolt (one file on one machine);
// the contract suite in enginetest holds for both.
package engine

import (
	"context"
	"errors"
	"time"
)

// Key is the primary key of an item. Partition is at most 2,048 bytes, Sort at
// most 1,024 (DynamoDB's limits); neither is empty.
type Key struct{ Partition, Sort string }

// Item is what an engine keeps.
type Item struct {
	Key
	// Index holds up to two further keys under which Query finds the item too:
	// Index[0] of the index named 1, Index[1] of 2. An empty key is not indexed.
	// Reads by index may lag behind writes (DynamoDB: eventually consistent).
	Index   [2]Key
	Version int64     // counts up from 1 with every write; what conditions compare
	Kind    string    // "conversation", "message"... for people and for migrations
	Schema  int       // version of the form of Body
	Expires time.Time // zero: never. Past it the item is as good as gone, though it may still be read
	Body    []byte    // JSON, at most 350 KB
}

// Condition says when a write may take place.
type Condition int

// The conditions.
const (
	Always        Condition = iota
	IfAbsent                // no item stands under the key
	IfVersion               // the item stands there with version Write.Version
	IfVersionOnly           // check alone: as IfVersion, and nothing is written
)

// Write is one part of a transaction.
type Write struct {
	Item   Item // its Version is what will be stored
	If     Condition
	Old    int64 // the version that IfVersion compares
	Delete bool
}

// MaxWrites is how many items one transaction may hold (DynamoDB: 100).
const MaxWrites = 100

// Query reads a range of one partition.
type Query struct {
	Index      int // 0: the primary key; 1 or 2: an index
	Partition  string
	From, To   string // sort keys, both inclusive; empty: no bound
	Descending bool
	Limit      int    // at most this many items; 0: 1,000
	After      string // continue after the page that ended with this Cursor
}

// Page is the answer to a Query. Cursor is empty when there is nothing more.
type Page struct {
	Items  []Item
	Cursor string
}

// Engine keeps items. It is safe for concurrent use. Get, Query and Write see
// what Write wrote before, but for reads by index.
type Engine interface {
	// Get reads items by key, consistently, in one request. The answer has the
	// length and order of keys; a missing item has an empty Key. At most 100 keys.
	Get(ctx context.Context, keys ...Key) ([]Item, error)
	Query(ctx context.Context, q Query) (Page, error)
	// Write does all of the writes or none. When a condition does not hold, or
	// another transaction is in the way, the error is a *ConflictError.
	Write(ctx context.Context, writes ...Write) error
	Close() error
}

// ErrConflict is what every *ConflictError is, for errors.Is.
var ErrConflict = errors.New("the item was changed by someone else")

// ConflictError says which writes of a transaction did not hold. Failed is
// empty where the engine cannot tell (two transactions met).
type ConflictError struct{ Failed []int }

func (e *ConflictError) Error() string { return ErrConflict.Error() }

// Is makes errors.Is(err, ErrConflict) hold.
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }

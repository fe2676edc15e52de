package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/bolt"
	"github.com/replywell/replywell/shared/store/engine/dynamo"
)

// Bolt opens the engine of one machine over an empty file.
func Bolt(t testing.TB) engine.Engine {
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

// Dynamo opens the engine of AWS over an empty table of the test's own. The package's
// TestMain must be moto.Main.
func Dynamo(t *testing.T) engine.Engine {
	t.Helper()
	name := moto.Name(t)
	return dynamo.New(moto.Shared(t).Table(t, dynamo.Table(name)), name)
}

// OnEach runs a test over each engine, on a world of its own.
func OnEach(t *testing.T, test func(w *World)) {
	t.Helper()
	t.Run("bolt", func(t *testing.T) { test(Over(t, Bolt(t))) })
	t.Run("dynamo", func(t *testing.T) {
		w := Over(t, Dynamo(t))
		w.Remote = true
		test(w)
	})
}

// Engine counts the requests to an engine, and fails writes when told to.
type Engine struct {
	engine.Engine

	mu       sync.Mutex
	requests []string
	failing  error
	after    int // writes that are done before
}

// Requests gives what was asked since it was last asked for: "get", "query", "write
// of 4".
func (e *Engine) Requests() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := e.requests
	e.requests = nil
	return out
}

// Fail lets every write end in an error, until it is told nil.
func (e *Engine) Fail(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.failing, e.after = err, 0
}

// FailAfter lets so many writes be, and every later one end in an error, until it is
// told nil: as if the process were ended there.
func (e *Engine) FailAfter(writes int, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.failing, e.after = err, writes
}

func (e *Engine) note(what string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.requests = append(e.requests, what)
	return e.failing
}

// ends reports whether a write is one of those that fail.
func (e *Engine) ends() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.after--
	return e.after < 0
}

// Get is counted.
func (e *Engine) Get(ctx context.Context, keys ...engine.Key) ([]engine.Item, error) {
	_ = e.note("get")
	return e.Engine.Get(ctx, keys...)
}

// Query is counted.
func (e *Engine) Query(ctx context.Context, q engine.Query) (engine.Page, error) {
	_ = e.note("query")
	return e.Engine.Query(ctx, q)
}

// Write is counted, and fails where it is to.
func (e *Engine) Write(ctx context.Context, writes ...engine.Write) error {
	if err := e.note(fmt.Sprintf("write of %d", len(writes))); err != nil && e.ends() {
		return err
	}
	return e.Engine.Write(ctx, writes...)
}

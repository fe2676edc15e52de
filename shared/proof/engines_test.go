package proof_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/bolt"
	"github.com/replywell/replywell/shared/store/engine/dynamo"
)

func TestMain(m *testing.M) { os.Exit(moto.Main(m)) }

// The same over the engines of the two homes. Each run takes longer there, so
// there are fewer, and what the engines have in common is proven in memory.

func TestNothingIsLostOrDoneTwiceInAFile(t *testing.T) {
	setUnlessAsked(t, "rapid.steps", "200")
	setUnlessAsked(t, "rapid.checks", "10")
	dir, n := t.TempDir(), 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		prove(t, r, func(r *rapid.T) engine.Engine {
			e, err := bolt.Open(filepath.Join(dir, fmt.Sprint(n, ".db")))
			if err != nil {
				r.Fatal(err)
			}
			return e
		}, map[string]int{})
	})
}

func TestNothingIsLostOrDoneTwiceInDynamoDB(t *testing.T) {
	setUnlessAsked(t, "rapid.steps", "120")
	setUnlessAsked(t, "rapid.checks", "3")
	srv, n := moto.Shared(t), 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		name := fmt.Sprintf("%s-%d", moto.Name(t), n)
		e := &outside{Engine: dynamo.New(srv.Table(t, dynamo.Table(name)), name), calls: make(chan func()),
			done: make(chan struct{})}
		go e.serve()
		defer close(e.calls)
		prove(t, r, func(*rapid.T) engine.Engine { return e }, map[string]int{})
	})
}

// outside carries out an engine's calls outside of the bubble that the test runs
// in: a connection to a server has goroutines that wait for the network, and no
// bubble comes to rest with them in it.
type outside struct {
	engine.Engine
	mu    sync.Mutex
	calls chan func()
	done  chan struct{}
}

func (o *outside) serve() {
	for f := range o.calls {
		f()
		o.done <- struct{}{}
	}
}

func (o *outside) do(ctx context.Context, f func()) error {
	if err := ctx.Err(); err != nil {
		return err // the context itself belongs to the bubble
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls <- f
	<-o.done
	return nil
}

func (o *outside) Get(ctx context.Context, keys ...engine.Key) (items []engine.Item, err error) {
	if over := o.do(ctx, func() { items, err = o.Engine.Get(context.Background(), keys...) }); over != nil {
		return nil, over
	}
	return items, err
}

func (o *outside) Query(ctx context.Context, q engine.Query) (page engine.Page, err error) {
	if over := o.do(ctx, func() { page, err = o.Engine.Query(context.Background(), q) }); over != nil {
		return page, over
	}
	return page, err
}

func (o *outside) Write(ctx context.Context, writes ...engine.Write) (err error) {
	if over := o.do(ctx, func() { err = o.Engine.Write(context.Background(), writes...) }); over != nil {
		return over
	}
	return err
}

// Close leaves the engine to the next run.
func (o *outside) Close() error { return nil }

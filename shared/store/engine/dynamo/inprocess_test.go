package dynamo

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/bolt"
	"github.com/replywell/replywell/shared/store/engine/dynamo/inprocess"
	"github.com/replywell/replywell/shared/store/engine/enginetest"
)

func inTheProcess() *Engine { return New(inprocess.New().Client(nil), inprocess.Name) }

func TestContractInTheProcess(t *testing.T) {
	enginetest.Run(t, func(*testing.T) engine.Engine { return inTheProcess() })
}

// The table in the process answers as the file engine and the one in memory do and,
// by "make dynoxide", as a DynamoDB of other people's.
func TestTenThousandOperationsOnTheTableInTheProcess(t *testing.T) {
	file, err := bolt.OpenScratch(filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	engines := map[string]engine.Engine{"in the process": inTheProcess(), "file": file,
		"memory": enginetest.NewMemory()}
	if moto.Second() {
		engines["dynoxide"] = open(t)
	}
	enginetest.Alike(t, 17, 10_000, engines)
}

// What goes wrong between the engine and the table looks to the engine as it does on AWS.
func TestTheTableInTheProcessGoesWrong(t *testing.T) {
	var before inprocess.Before
	table := inprocess.New()
	e := New(table.Client(func(r *inprocess.Request) (*http.Response, error) { return before(r) }), inprocess.Name)
	before = (*inprocess.Request).Answer
	if err := e.Write(t.Context(), engine.Write{Item: plainItem("a")}, engine.Write{Item: plainItem("b")}); err != nil {
		t.Fatal(err)
	}
	a, b := engine.Key{Partition: "p", Sort: "a"}, engine.Key{Partition: "p", Sort: "b"}
	next := func(sort string) engine.Write { return engine.Write{Item: plainItem(sort), If: engine.IfAbsent} }
	for _, c := range []struct {
		name   string
		before func(n int, r *inprocess.Request) (*http.Response, error)
		do     func(context.Context) error
		want   error
		asked  int
	}{
		{"half of a batch", func(_ int, r *inprocess.Request) (*http.Response, error) { return r.HeldBack() },
			func(ctx context.Context) error {
				items, err := e.Get(ctx, a, b)
				if err == nil && (items[0].Key != a || items[1].Key != b) {
					err = errors.New("not what was asked for")
				}
				return err
			}, nil, 2},
		{"throttled twice", func(n int, r *inprocess.Request) (*http.Response, error) {
			if n < 2 {
				return r.Refusal(400, "ProvisionedThroughputExceededException")
			}
			return r.Answer()
		}, func(ctx context.Context) error { return e.Write(ctx, next("c")) }, nil, 3},
		{"a lost answer of a transaction", func(n int, r *inprocess.Request) (*http.Response, error) {
			out, err := r.Answer()
			if n == 0 {
				return nil, errors.New("connection reset by peer")
			}
			return out, err
		}, func(ctx context.Context) error { return e.Write(ctx, next("d"), next("e")) }, nil, 2},
		{"a lost answer of a single write", func(n int, r *inprocess.Request) (*http.Response, error) {
			out, err := r.Answer()
			if n == 0 {
				return nil, errors.New("connection reset by peer")
			}
			return out, err
		}, func(ctx context.Context) error { return e.Write(ctx, next("f")) }, engine.ErrConflict, 2},
		{"no answer", func(_ int, r *inprocess.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		},
			func(ctx context.Context) error {
				ctx, stop := context.WithTimeout(ctx, 20*time.Millisecond)
				defer stop()
				return e.Write(ctx, next("g"))
			}, context.DeadlineExceeded, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := 0
			before = func(r *inprocess.Request) (*http.Response, error) {
				n++
				return c.before(n-1, r)
			}
			if err := c.do(t.Context()); !errors.Is(err, c.want) || n != c.asked {
				t.Errorf("%v after %d requests, want %v after %d", err, n, c.want, c.asked)
			}
		})
	}
}

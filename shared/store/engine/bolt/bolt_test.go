package bolt

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Many writers count one item up under a condition, each trying until it
// succeeds: the counter ends at the number of successes, whoever they met.
func TestRacingWritersLoseNoUpdate(t *testing.T) {
	e := open(t)
	key := engine.Key{Partition: "counter", Sort: "c"}
	const writers, each = 16, 20
	var wg sync.WaitGroup
	var conflicts atomic.Int64
	for w := range writers {
		wg.Go(func() {
			for done := 0; done < each; {
				items, err := e.Get(t.Context(), key)
				if err != nil {
					t.Error(err)
					return
				}
				write := engine.Write{Item: engine.Item{Key: key, Version: items[0].Version + 1,
					Body: []byte(strconv.Itoa(w))},
					If: engine.IfVersion, Old: items[0].Version}
				if items[0].Version == 0 {
					write.If = engine.IfAbsent
				}
				log := engine.Item{Key: engine.Key{Partition: "log", Sort: fmt.Sprintf("%08d", write.Item.Version)},
					Version: 1}
				switch err := e.Write(t.Context(), write, engine.Write{Item: log, If: engine.IfAbsent}); {
				case err == nil:
					done++
				case errors.Is(err, engine.ErrConflict):
					conflicts.Add(1)
				default:
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	items, err := e.Get(t.Context(), key)
	if err != nil || items[0].Version != writers*each {
		t.Errorf("the counter reads %d after %d successes (%v)", items[0].Version, writers*each, err)
	}
	page, err := e.Query(t.Context(), engine.Query{Partition: "log"})
	if err != nil || len(page.Items) != writers*each {
		t.Errorf("%d entries were logged with %d successes (%v)", len(page.Items), writers*each, err)
	}
	t.Logf("%d conflicts", conflicts.Load())
}

// Of the writers that want the same new item at once, one gets it.
func TestOneOfManyCreates(t *testing.T) {
	e := open(t)
	for round := range 20 {
		var wg sync.WaitGroup
		var won atomic.Int64
		for w := range 12 {
			wg.Go(func() {
				shared := engine.Item{Key: engine.Key{Partition: "shared", Sort: strconv.Itoa(round)}, Version: 1}
				own := engine.Item{Key: engine.Key{Partition: fmt.Sprint("own", round), Sort: strconv.Itoa(w)},
					Version: 1}
				err := e.Write(t.Context(), engine.Write{Item: own}, engine.Write{Item: shared, If: engine.IfAbsent})
				if err == nil {
					won.Add(1)
				} else if !errors.Is(err, engine.ErrConflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		page, err := e.Query(t.Context(), engine.Query{Partition: fmt.Sprint("own", round)})
		if won.Load() != 1 || err != nil || len(page.Items) != 1 {
			t.Fatalf("round %d: %d writers won, %d left something (%v)", round, won.Load(), len(page.Items), err)
		}
	}
}

// Writers that wait together share a sync: far fewer transactions of the file
// than writes.
func TestWritersShareSyncs(t *testing.T) {
	e := open(t)
	before := e.db.Stats()
	const writers, each = 64, 10
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := range each {
				it := engine.Item{Key: engine.Key{Partition: strconv.Itoa(w), Sort: strconv.Itoa(n)}, Version: 1,
					Body: []byte(`{}`)}
				if err := e.Write(t.Context(), engine.Write{Item: it}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	// A transaction alone writes at least three pages: two of the tree or the list of free ones, and the meta page.
	after := e.db.Stats()
	pages := after.TxStats.GetWrite() - before.TxStats.GetWrite()
	t.Logf("%d page writes for %d transactions", pages, writers*each)
	if pages > writers*each {
		t.Errorf("%d writes of pages for %d transactions; grouped they need far fewer", pages, writers*each)
	}
}

func TestOpenExplains(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "store.db")
	e, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), path) {
		t.Errorf("a second opening gave %v", err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(path)
	if err != nil {
		t.Fatalf("after closing: %v", err)
	}
	if err := errors.Join(again.Close(), again.Close()); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	junk := filepath.Join(dir, "junk.db")
	if err := os.WriteFile(junk, []byte(strings.Repeat("no database ", 5000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"not a store": junk, "a folder": dir,
		"no folder": filepath.Join(dir, "none", "store.db")} {
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error %v does not say which file", name, err)
		}
	}
}

func TestClosed(t *testing.T) {
	e, err := Open(filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	k := engine.Key{Partition: "p", Sort: "s"}
	_, getErr := e.Get(t.Context(), k)
	_, queryErr := e.Query(t.Context(), engine.Query{Partition: "p"})
	writeErr := e.Write(t.Context(), engine.Write{Item: engine.Item{Key: k}})
	_, expireErr := e.Expire(t.Context(), time.Now(), 0)
	for _, err := range []error{getErr, queryErr, writeErr, expireErr} {
		if !errors.Is(err, ErrClosed) || desk.IsPermanent(err) {
			t.Errorf("after closing: %v", err)
		}
	}
}

// Closing while writers are at work answers each of them: written, or not.
func TestCloseUnderLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	e, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	var written sync.Map
	var wg sync.WaitGroup
	started := make(chan struct{}, 1000)
	for w := range 20 {
		wg.Go(func() {
			for n := 0; ; n++ {
				k := engine.Key{Partition: strconv.Itoa(w), Sort: strconv.Itoa(n)}
				switch err := e.Write(t.Context(), engine.Write{Item: engine.Item{Key: k, Version: 1}}); {
				case err == nil:
					written.Store(k, true)
				case errors.Is(err, ErrClosed):
					return
				default:
					t.Error(err)
					return
				}
				if n == 3 {
					started <- struct{}{}
				}
			}
		})
	}
	for range 20 {
		<-started
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
	if e, err = Open(path); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	written.Range(func(k, _ any) bool {
		if items, err := e.Get(t.Context(), k.(engine.Key)); err != nil || items[0].Version != 1 {
			t.Errorf("%v was acknowledged and is gone (%v)", k, err)
		}
		return true
	})
}

func TestExpire(t *testing.T) {
	e := open(t)
	at := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	put := func(name string, expires time.Time) {
		t.Helper()
		it := engine.Item{Key: engine.Key{Partition: "p", Sort: name}, Version: 1, Expires: expires,
			Index: [2]engine.Key{{Partition: "i", Sort: name}}}
		if err := e.Write(t.Context(), engine.Write{Item: it}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 10 {
		put(fmt.Sprint("old", i), at.Add(-time.Duration(i+1)*time.Hour))
	}
	put("ever", time.Time{})
	put("later", at.Add(time.Hour))
	put("renewed", at.Add(-time.Hour))
	put("renewed", at.Add(time.Hour))
	put("kept", at.Add(-time.Hour))
	put("kept", time.Time{})
	for _, want := range []int{4, 6, 0} {
		limit := 0
		if want == 4 {
			limit = 4
		}
		if n, err := e.Expire(t.Context(), at, limit); err != nil || n != want {
			t.Errorf("Expire removed %d, %v; want %d", n, err, want)
		}
	}
	for index, partition := range []string{"p", "i"} {
		page, err := e.Query(t.Context(), engine.Query{Index: index, Partition: partition})
		if err != nil || len(page.Items) != 4 {
			t.Errorf("%d items are left in %s, want 4 (%v)", len(page.Items), partition, err)
		}
	}
}

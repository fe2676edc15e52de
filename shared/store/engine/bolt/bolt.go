package bolt

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

var (
	bucketItems   = []byte("items")
	bucketIndex   = [2][]byte{[]byte("index1"), []byte("index2")}
	bucketExpires = []byte("expires")
)

// lockWait is how long Open waits for another process to let go of the file:
// long enough for one that is shutting down.
const lockWait = 2 * time.Second

// ErrInUse: another process has the file open.
var ErrInUse = errors.New("another process is using it")

// ErrClosed: the engine was closed before or while it was asked.
var ErrClosed = errors.New("the store is closed")

// Engine keeps items in one file.
type Engine struct {
	db      *bbolt.DB
	jobs    chan *job
	closing chan struct{}
	done    chan struct{} // closed when the writer has ended
	once    sync.Once
	err     error        // of Close
	touched atomic.Int64 // items, for LetGo
}

// Open opens the file, and makes it where there is none; its folder must exist.
// One process at a time can have it: the error is ErrInUse where another has.
func Open(path string) (*Engine, error) { return openFile(path, false) }

// OpenScratch is Open for a file that nobody needs after a crash: writes do not
// wait for the disk.
func OpenScratch(path string) (*Engine, error) { return openFile(path, true) }

func openFile(path string, scratch bool) (*Engine, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockWait, FreelistType: bbolt.FreelistMapType, NoSync: scratch, NoFreelistSync: scratch, NoGrowSync: scratch})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, fmt.Errorf("opening %s: %w: stop the other program that runs on this folder, or choose another folder", path, ErrInUse)
	case errors.Is(err, os.ErrPermission):
		return nil, fmt.Errorf("opening the store: %w: make the file and its folder writable for this user, or choose another folder", err)
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("opening the store: %w: make the folder first", err)
	case err != nil:
		return nil, fmt.Errorf("opening %s: %w: if this file is no store of ours, move it away", path, err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, b := range [][]byte{bucketItems, bucketIndex[0], bucketIndex[1], bucketExpires} {
			if _, err := tx.CreateBucketIfNotExists(b); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("preparing %s: %w", path, err), db.Close())
	}
	e := &Engine{db: db, jobs: make(chan *job), closing: make(chan struct{}), done: make(chan struct{})}
	go e.writer()
	return e, nil
}

// syncFolder makes sure that the name of a new file survives a power failure too.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Close answers the writes that were taken, and closes the file.
func (e *Engine) Close() error {
	e.once.Do(func() {
		close(e.closing)
		<-e.done
		e.err = e.db.Close()
	})
	return e.err
}

// Get implements engine.Engine.
func (e *Engine) Get(ctx context.Context, keys ...engine.Key) ([]engine.Item, error) {
	if err := engine.CheckGet(keys); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	items := make([]engine.Item, len(keys))
	defer e.touch(len(keys))
	err := e.view(func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucketItems)
		for i, k := range keys {
			v := b.Get(itemKey(k))
			if v == nil {
				continue
			}
			var err error
			if items[i], err = decode(k, v); err != nil {
				return err
			}
		}
		return nil
	})
	return items, err
}

// Query implements engine.Engine.
func (e *Engine) Query(ctx context.Context, q engine.Query) (engine.Page, error) {
	if err := ctx.Err(); err != nil {
		return engine.Page{}, err
	}
	if q.Index < 0 || q.Index > len(bucketIndex) {
		return engine.Page{}, desk.Permanent(fmt.Errorf("there is no index %d", q.Index))
	}
	if q.Limit <= 0 {
		q.Limit = engine.DefaultLimit
	}
	after, err := base64.RawURLEncoding.DecodeString(q.After)
	if err != nil {
		return engine.Page{}, desk.Permanent(fmt.Errorf("the cursor %.40q is not one of this store: %w", q.After, err))
	}
	var page engine.Page
	err = e.view(func(tx *bbolt.Tx) error {
		page, err = query(tx, q, after)
		return err
	})
	e.touch(len(page.Items))
	return page, err
}

func query(tx *bbolt.Tx, q engine.Query, after []byte) (engine.Page, error) {
	items := tx.Bucket(bucketItems)
	bucket := items
	if q.Index > 0 {
		bucket = tx.Bucket(bucketIndex[q.Index-1])
	}
	low := append([]byte(q.Partition), 0)
	low = append(low, q.From...)
	high := append([]byte(q.Partition), 1) // the first key after the partition
	if q.To != "" {
		high = append(append([]byte(q.Partition), 0), q.To...)
		high = append(high, 1) // after every key whose sort is To
	}
	c := bucket.Cursor()
	k := first(c, q.Descending, low, high, after)
	var page engine.Page
	var last []byte
	for ; k != nil && bytes.Compare(k, low) >= 0 && bytes.Compare(k, high) < 0; k = step(c, q.Descending) {
		if len(page.Items) == q.Limit {
			page.Cursor = base64.RawURLEncoding.EncodeToString(last)
			break
		}
		primary, err := primaryOf(k, q.Index > 0)
		if err != nil {
			return page, err
		}
		item, err := decode(primary, items.Get(itemKey(primary)))
		if err != nil {
			return page, err
		}
		page.Items = append(page.Items, item)
		last = k
	}
	return page, nil
}

// first puts the cursor on the first key of the range in the direction.
func first(c *bbolt.Cursor, descending bool, low, high, after []byte) []byte {
	if !descending {
		if len(after) == 0 {
			k, _ := c.Seek(low)
			return k
		}
		k, _ := c.Seek(after)
		if bytes.Equal(k, after) {
			k, _ = c.Next()
		}
		return k
	}
	if len(after) > 0 {
		high = after
	}
	k, _ := c.Seek(high)
	if k == nil {
		k, _ = c.Last()
	} else {
		k, _ = c.Prev()
	}
	return k
}

func step(c *bbolt.Cursor, descending bool) []byte {
	if descending {
		k, _ := c.Prev()
		return k
	}
	k, _ := c.Next()
	return k
}

// letGoAfter is of how many items pages may come into the process' memory before they
// are let go. Linux maps 64 kB around each page that is read.
const letGoAfter = 400

// touch counts items that were read or written, and lets their pages go now and then.
func (e *Engine) touch(items int) {
	if n := e.touched.Add(int64(items)); n < letGoAfter || !e.touched.CompareAndSwap(n, 0) {
		return
	}
	_ = e.LetGo() // the next time, then
}

func (e *Engine) view(fn func(*bbolt.Tx) error) error {
	err := e.db.View(fn)
	if errors.Is(err, bolterrors.ErrDatabaseNotOpen) {
		return ErrClosed
	}
	return err
}

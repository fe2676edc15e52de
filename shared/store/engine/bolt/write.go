package bolt

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"github.com/replywell/replywell/shared/store/engine"
)

// job is one transaction on its way to the writer.
type job struct {
	writes []engine.Write
	answer chan error // holds one
}

// The bounds of one group: what is answered together is also lost together
// when the disk is full.
const (
	maxGroup      = 256
	maxGroupBytes = 8 << 20
)

// Write implements engine.Engine. A write that was taken is carried out and
// waited for even when ctx ends: an answer that is not known helps nobody.
func (e *Engine) Write(ctx context.Context, writes ...engine.Write) error {
	if err := engine.CheckWrites(writes); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{writes: writes, answer: make(chan error, 1)}
	select {
	case <-e.closing:
		return ErrClosed
	default:
	}
	select {
	case e.jobs <- j:
		return <-j.answer
	case <-ctx.Done():
		return ctx.Err()
	case <-e.closing:
		return ErrClosed
	}
}

// writer carries out all transactions of the file.
func (e *Engine) writer() {
	defer close(e.done)
	for {
		select {
		case j := <-e.jobs:
			e.commit(e.gather(j))
		case <-e.closing:
			return
		}
	}
}

// gather takes along every other transaction that is waiting at this moment.
func (e *Engine) gather(j *job) []*job {
	group, size := []*job{j}, j.size()
	for len(group) < maxGroup && size < maxGroupBytes {
		select {
		case j := <-e.jobs:
			group, size = append(group, j), size+j.size()
		default:
			return group
		}
	}
	return group
}

func (j *job) size() (n int) {
	for _, w := range j.writes {
		n += len(w.Item.Body)
	}
	return n
}

// commit carries out a group with one sync and answers each job.
func (e *Engine) commit(group []*job) {
	answers := make([]error, len(group))
	err := e.db.Update(func(tx *bbolt.Tx) error {
		for i, j := range group {
			conflict, err := carryOut(tx, j.writes)
			if err != nil {
				return err
			}
			if conflict != nil { // not assigned directly: a nil pointer in an error is not nil
				answers[i] = conflict
			}
		}
		return nil
	})
	for _, j := range group {
		e.touch(len(j.writes))
	}
	if err != nil && len(group) > 1 {
		// Nothing of the group was written. One of them may be to blame; let each stand for itself.
		for _, j := range group {
			e.commit([]*job{j})
		}
		return
	}
	for i, j := range group {
		if err != nil {
			answers[i] = fmt.Errorf("writing to the store's file: %w", err)
		}
		j.answer <- answers[i]
	}
}

// carryOut checks all conditions of one transaction before it changes anything.
func carryOut(tx *bbolt.Tx, writes []engine.Write) (*engine.ConflictError, error) {
	b := tx.Bucket(bucketItems)
	olds := make([]*engine.Item, len(writes))
	var failed []int
	for i, w := range writes {
		if v := b.Get(itemKey(w.Item.Key)); v != nil {
			old, err := decode(w.Item.Key, v)
			if err != nil {
				return nil, err
			}
			olds[i] = &old
		}
		if !holds(w, olds[i]) {
			failed = append(failed, i)
		}
	}
	if failed != nil {
		return &engine.ConflictError{Failed: failed}, nil
	}
	for i, w := range writes {
		if w.If == engine.IfVersionOnly {
			continue
		}
		if err := replace(tx, olds[i], w); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func holds(w engine.Write, old *engine.Item) bool {
	switch w.If {
	case engine.IfAbsent:
		return old == nil || !old.Expires.IsZero() && old.Expires.Unix() < w.AsOf.Unix()
	case engine.IfVersion, engine.IfVersionOnly:
		return old != nil && old.Version == w.Old
	}
	return true
}

// replace puts an item in the place of the old one, in the indexes too.
func replace(tx *bbolt.Tx, old *engine.Item, w engine.Write) error {
	if old != nil {
		for i, k := range old.Index {
			if k == (engine.Key{}) {
				continue
			}
			if err := tx.Bucket(bucketIndex[i]).Delete(indexKey(k, old.Key)); err != nil {
				return err
			}
		}
		if !old.Expires.IsZero() {
			if err := tx.Bucket(bucketExpires).Delete(expiresKey(*old)); err != nil {
				return err
			}
		}
	}
	if w.Delete {
		return tx.Bucket(bucketItems).Delete(itemKey(w.Item.Key))
	}
	v, err := encode(w.Item)
	if err != nil {
		return err
	}
	if err := tx.Bucket(bucketItems).Put(itemKey(w.Item.Key), v); err != nil {
		return err
	}
	for i, k := range w.Item.Index {
		if k == (engine.Key{}) {
			continue
		}
		if err := tx.Bucket(bucketIndex[i]).Put(indexKey(k, w.Item.Key), nil); err != nil {
			return err
		}
	}
	if w.Item.Expires.IsZero() {
		return nil
	}
	return tx.Bucket(bucketExpires).Put(expiresKey(w.Item), nil)
}

// Expire removes up to limit items that expired before the time (0: 1,000), and
// says how many it removed. It does what DynamoDB does by itself.
func (e *Engine) Expire(ctx context.Context, before time.Time, limit int) (int, error) {
	if limit <= 0 {
		limit = engine.DefaultLimit
	}
	var keys []engine.Key
	err := e.view(func(tx *bbolt.Tx) error {
		c := tx.Bucket(bucketExpires).Cursor()
		for k, _ := c.First(); k != nil && len(keys) < limit; k, _ = c.Next() {
			if int64(binary.BigEndian.Uint64(k)) >= before.Unix() {
				break
			}
			key, err := primaryOf(k[8:], false)
			if err != nil {
				return err
			}
			keys = append(keys, key)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	items := 0
	for _, k := range keys {
		removed, err := e.expire(ctx, k, before)
		if err != nil {
			return items, err
		}
		if removed {
			items++
		}
	}
	return items, nil
}

// expire removes one item unless it was written anew since it was found.
func (e *Engine) expire(ctx context.Context, k engine.Key, before time.Time) (bool, error) {
	found, err := e.Get(ctx, k)
	if err != nil || found[0].Key != k || found[0].Expires.IsZero() || found[0].Expires.Unix() >= before.Unix() {
		return false, err
	}
	err = e.Write(ctx, engine.Write{Item: engine.Item{Key: k}, If: engine.IfVersion, Old: found[0].Version, Delete: true})
	if _, conflict := err.(*engine.ConflictError); conflict {
		return false, nil
	}
	return err == nil, err
}

package enginetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Memory is an engine that keeps its items in memory, for tests that run for
// thousands of simulated days. It keeps the contract, and does one thing that
// the contract allows and the file engine never shows: reads by index may lag.
type Memory struct {
	mu     sync.Mutex
	items  map[engine.Key]engine.Item
	tables [3]table // the primary key and the two indexes, as Query sees them
	late   []change // what the indexes do not show yet, oldest first
	lag    int
}

// table holds entries in order, partition by partition.
type table map[string][]entry

type entry struct {
	sort string // of the key that the table is ordered by
	item engine.Item
}

// change is one item's step in an index.
type change struct {
	index    int
	old, now *engine.Item
}

// NewMemory opens an empty engine.
func NewMemory() *Memory {
	m := &Memory{items: map[engine.Key]engine.Item{}}
	for i := range m.tables {
		m.tables[i] = table{}
	}
	return m
}

// Lag makes the indexes stay behind by up to so many changes of items from now
// on. 0 lets them catch up.
func (m *Memory) Lag(changes int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lag = changes
	m.catchUp()
}

// Size is how many items there are.
func (m *Memory) Size() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.items)
}

// Kinds counts the items by kind.
func (m *Memory) Kinds() map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]int{}
	for _, it := range m.items {
		out[it.Kind]++
	}
	return out
}

// Expire removes what expired before the time.
func (m *Memory) Expire(before time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, it := range m.items {
		if !it.Expires.IsZero() && it.Expires.Unix() < before.Unix() {
			m.put(it.Key, nil)
		}
	}
	m.catchUp()
}

// Get implements engine.Engine.
func (m *Memory) Get(ctx context.Context, keys ...engine.Key) ([]engine.Item, error) {
	if err := engine.CheckGet(keys); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]engine.Item, len(keys))
	for i, k := range keys {
		if it, ok := m.items[k]; ok {
			out[i] = clone(it)
		}
	}
	return out, nil
}

// Query implements engine.Engine. A cursor is the place of the page's last entry.
func (m *Memory) Query(ctx context.Context, q engine.Query) (engine.Page, error) {
	if err := ctx.Err(); err != nil {
		return engine.Page{}, err
	}
	if q.Index < 0 || q.Index >= len(m.tables) {
		return engine.Page{}, desk.Permanent(fmt.Errorf("there is no index %d", q.Index))
	}
	if q.Limit <= 0 {
		q.Limit = engine.DefaultLimit
	}
	var after *entry
	if q.After != "" {
		parts := make([]string, 3)
		for i, p := range strings.SplitN(q.After, " ", 3) {
			text, err := strconv.Unquote(p)
			if err != nil {
				return engine.Page{}, desk.Permanent(fmt.Errorf("the cursor %.40q is not one of this store: %w",
					q.After, err))
			}
			parts[i] = text
		}
		after = &entry{sort: parts[0], item: engine.Item{Key: engine.Key{Partition: parts[1], Sort: parts[2]}}}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	list := m.tables[q.Index][q.Partition]
	var page engine.Page
	var last entry
	for i := range list {
		e := list[i]
		if q.Descending {
			e = list[len(list)-1-i]
		}
		if after != nil {
			c := compare(e, *after)
			if !q.Descending && c <= 0 || q.Descending && c >= 0 {
				continue
			}
		}
		if e.sort < q.From || q.To != "" && e.sort > q.To {
			continue
		}
		if len(page.Items) == q.Limit {
			page.Cursor = quoted(last.sort) + " " + quoted(last.item.Partition) + " " + quoted(last.item.Sort)
			break
		}
		page.Items = append(page.Items, clone(e.item))
		last = e
	}
	return page, nil
}

// quoted holds no space, so that three of them can be told apart.
func quoted(s string) string { return strings.ReplaceAll(strconv.QuoteToASCII(s), " ", `\x20`) }

// Write implements engine.Engine.
func (m *Memory) Write(ctx context.Context, writes ...engine.Write) error {
	if err := engine.CheckWrites(writes); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var failed []int
	for i, w := range writes {
		old, there := m.items[w.Item.Key]
		ok := true
		switch w.If {
		case engine.IfAbsent:
			ok = !there || !old.Expires.IsZero() && old.Expires.Unix() < w.AsOf.Unix()
		case engine.IfVersion, engine.IfVersionOnly:
			ok = there && old.Version == w.Old
		}
		if !ok {
			failed = append(failed, i)
		}
	}
	if failed != nil {
		return &engine.ConflictError{Failed: failed}
	}
	for _, w := range writes {
		switch {
		case w.If == engine.IfVersionOnly:
		case w.Delete:
			m.put(w.Item.Key, nil)
		default:
			it := clone(w.Item)
			m.put(it.Key, &it)
		}
	}
	m.catchUp()
	return nil
}

// Close implements engine.Engine.
func (m *Memory) Close() error { return nil }

// put replaces an item, at once under its own key and later in the indexes.
func (m *Memory) put(k engine.Key, now *engine.Item) {
	var old *engine.Item
	if it, ok := m.items[k]; ok {
		old = &it
	}
	if now == nil {
		delete(m.items, k)
	} else {
		m.items[k] = *now
	}
	m.tables[0].replace(0, old, now)
	for i := 1; i < len(m.tables); i++ {
		m.late = append(m.late, change{i, old, now})
	}
}

func (m *Memory) catchUp() {
	for len(m.late) > m.lag {
		c := m.late[0]
		m.late = m.late[1:]
		m.tables[c.index].replace(c.index, c.old, c.now)
	}
}

func (t table) replace(index int, old, now *engine.Item) {
	if old != nil {
		if k := place(index, *old); k != (engine.Key{}) {
			list := t[k.Partition]
			if i, ok := slices.BinarySearchFunc(list, entry{k.Sort, *old}, compare); ok {
				t[k.Partition] = slices.Delete(list, i, i+1)
			}
			if len(t[k.Partition]) == 0 {
				delete(t, k.Partition)
			}
		}
	}
	if now != nil {
		if k := place(index, *now); k != (engine.Key{}) {
			i, _ := slices.BinarySearchFunc(t[k.Partition], entry{k.Sort, *now}, compare)
			t[k.Partition] = slices.Insert(t[k.Partition], i, entry{k.Sort, *now})
		}
	}
}

// place is the key under which a table has the item.
func place(index int, it engine.Item) engine.Key {
	if index == 0 {
		return it.Key
	}
	return it.Index[index-1]
}

func compare(a, b entry) int {
	return cmp.Or(cmp.Compare(a.sort, b.sort), cmp.Compare(a.item.Partition, b.item.Partition),
		cmp.Compare(a.item.Sort, b.item.Sort))
}

// clone keeps what was given apart from what is kept.
func clone(it engine.Item) engine.Item {
	it.Body = append([]byte{}, it.Body...)
	if !it.Expires.IsZero() {
		it.Expires = it.Expires.UTC().Truncate(time.Second)
	}
	return it
}

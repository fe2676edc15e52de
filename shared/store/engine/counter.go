package engine

import (
	"context"
	"errors"
	"math"
	"strconv"
	"sync"
)

// Counter is an engine that counts what goes through it, in DynamoDB's units,
// so that a test can say what a mail costs. It counts by the rules of
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
// and looks at the items, not at the engine, so it gives the same for each.
type Counter struct {
	Engine

	mu    sync.Mutex
	costs Costs
	known map[Key]entry
}

// Costs are what some requests cost.
type Costs struct {
	Gets, Queries, Writes int     // requests; a Get of many keys and a transaction are one each
	ReadUnits             float64 // each 4 KB of an item, rounded up; half for reads by index, which may lag
	WriteUnits            float64 // each 1 KB of an item, rounded up; doubled in a transaction; and each index entry that changes
	IndexUnits            float64 // the part of WriteUnits that is for indexes
}

// Requests is how many requests there were.
func (c Costs) Requests() int { return c.Gets + c.Queries + c.Writes }

// entry is what was last seen of an item; indexes cost by how they change.
type entry struct {
	index [2]Key
	size  int
}

// NewCounter counts what goes through to e.
func NewCounter(e Engine) *Counter { return &Counter{Engine: e, known: map[Key]entry{}} }

// Take gives the costs since the last Take.
func (c *Counter) Take() Costs {
	c.mu.Lock()
	defer c.mu.Unlock()
	costs := c.costs
	c.costs = Costs{}
	return costs
}

// Get implements Engine.
func (c *Counter) Get(ctx context.Context, keys ...Key) ([]Item, error) {
	items, err := c.Engine.Get(ctx, keys...)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.costs.Gets++
	for _, it := range items {
		c.costs.ReadUnits += units(size(it), 4<<10)
		c.see(it)
	}
	return items, err
}

// Query implements Engine.
func (c *Counter) Query(ctx context.Context, q Query) (Page, error) {
	page, err := c.Engine.Query(ctx, q)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.costs.Queries++
	sum := 0
	for _, it := range page.Items {
		sum += size(it)
		c.see(it)
	}
	each := 1.0
	if q.Index > 0 {
		each = 0.5
	}
	c.costs.ReadUnits += each * units(sum, 4<<10)
	return page, err
}

// Write implements Engine.
func (c *Counter) Write(ctx context.Context, writes ...Write) error {
	err := c.Engine.Write(ctx, writes...)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.costs.Writes++
	if err != nil && !errors.Is(err, ErrConflict) {
		return err // refused before it cost anything, or not known
	}
	factor := 1.0
	if len(writes) > 1 || writes[0].If == IfVersionOnly {
		factor = 2
	}
	for _, w := range writes {
		old := c.known[w.Item.Key]
		next := entry{w.Item.Index, size(w.Item)}
		if w.Delete {
			next = entry{}
		} else if w.If == IfVersionOnly {
			next = old
		}
		c.costs.WriteUnits += factor * units(max(old.size, next.size), 1<<10)
		if err == nil && w.If != IfVersionOnly {
			index := indexUnits(old, next)
			c.costs.IndexUnits += index
			c.costs.WriteUnits += index
			c.known[w.Item.Key] = next
		}
	}
	return err
}

func (c *Counter) see(it Item) {
	if it.Key != (Key{}) {
		c.known[it.Key] = entry{it.Index, size(it)}
	}
}

// indexUnits: an entry that comes or goes is one write, one whose key changes
// is two, one that stays is one for the attributes that changed with it.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
func indexUnits(old, next entry) (sum float64) {
	for i := range old.index {
		was, is := old.index[i] != (Key{}), next.index[i] != (Key{})
		switch {
		case was && is && old.index[i] != next.index[i]:
			sum += units(old.size, 1<<10) + units(next.size, 1<<10)
		case was || is:
			sum += units(max(old.size, next.size), 1<<10)
		}
	}
	return sum
}

func units(size, unit int) float64 { return max(1, math.Ceil(float64(size)/float64(unit))) }

// size is the size of an item in the dynamo engine's table: names and values.
func size(it Item) int {
	n := len("pk") + len(it.Partition) + len("sk") + len(it.Sort) +
		len("ver") + numberSize(it.Version) + len("kind") + len(it.Kind) + len("schema") + numberSize(int64(it.Schema)) +
		len("body") + len(it.Body)
	for _, k := range it.Index {
		if k != (Key{}) {
			n += len("gsi1pk") + len(k.Partition) + len("gsi1sk") + len(k.Sort)
		}
	}
	if !it.Expires.IsZero() {
		n += len("expires") + numberSize(it.Expires.Unix())
	}
	return n
}

// numberSize: a byte for two digits, and one.
func numberSize(n int64) int { return (len(strconv.FormatInt(n, 10))+1)/2 + 1 }

package engine

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/desk"
)

// The bounds that hold for every engine. They are DynamoDB's, or a little
// below, so that what works on one machine works in the cloud.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
const (
	MaxPartition   = 2048      // bytes of a partition key
	MaxSort        = 1024      // bytes of a sort key
	MaxBody        = 350 << 10 // bytes of a body; an item with its names may have 400 KB
	MaxWrites      = 100       // items of one transaction
	MaxGet         = 100       // keys of one Get (BatchGetItem)
	MaxTransaction = 4 << 20   // bytes of all the items of one transaction
)

// CheckGet refuses what no engine can answer, with a permanent error.
func CheckGet(keys []Key) error {
	if len(keys) > MaxGet {
		return desk.Permanent(fmt.Errorf("%d items were asked for at once; %d is the most", len(keys), MaxGet))
	}
	for _, k := range keys {
		if err := k.check(); err != nil {
			return err
		}
	}
	return nil
}

// CheckWrites refuses what no engine can write, with a permanent error.
func CheckWrites(writes []Write) error {
	if len(writes) == 0 {
		return desk.Permanent(fmt.Errorf("an empty transaction"))
	}
	if len(writes) > MaxWrites {
		return desk.Permanent(fmt.Errorf("%d items are to be written together; %d is the most of one transaction", len(writes), MaxWrites))
	}
	seen := make(map[Key]bool, len(writes))
	total := 0
	for _, w := range writes {
		if err := w.check(); err != nil {
			return err
		}
		if seen[w.Item.Key] {
			return desk.Permanent(fmt.Errorf("%s %s/%s stands twice in one transaction", w.Item.Kind, w.Item.Partition, w.Item.Sort))
		}
		seen[w.Item.Key] = true
		total += len(w.Item.Body) + len(w.Item.Partition) + len(w.Item.Sort)
	}
	if total > MaxTransaction {
		return desk.Permanent(fmt.Errorf("the items of one transaction have %d bytes; %d is the most", total, MaxTransaction))
	}
	return nil
}

func (w Write) check() error {
	if err := w.Item.check(); err != nil {
		return err
	}
	if n := len(w.Item.Body); n > MaxBody {
		return desk.Permanent(fmt.Errorf("%s %s/%s has %d bytes; %d is the most of one item: keep large content in the blob store",
			w.Item.Kind, w.Item.Partition, w.Item.Sort, n, MaxBody))
	}
	if !utf8.Valid(w.Item.Body) {
		return desk.Permanent(fmt.Errorf("the body of %s %s/%s is not UTF-8", w.Item.Kind, w.Item.Partition, w.Item.Sort))
	}
	for i, k := range w.Item.Index {
		if k == (Key{}) {
			continue
		}
		// A key of an index obeys the bounds of a primary key.
		if err := k.check(); err != nil {
			return fmt.Errorf("index %d of %s/%s: %w", i+1, w.Item.Partition, w.Item.Sort, err)
		}
	}
	return nil
}

func (k Key) check() error {
	for _, p := range []struct {
		name, text string
		most       int
	}{{"partition", k.Partition, MaxPartition}, {"sort", k.Sort, MaxSort}} {
		why := ""
		switch {
		case p.text == "":
			why = "is empty"
		case len(p.text) > p.most:
			why = fmt.Sprintf("has %d bytes; %d is the most", len(p.text), p.most)
		case !utf8.ValidString(p.text) || strings.IndexByte(p.text, 0) >= 0:
			why = "is not UTF-8 text without U+0000"
		}
		if why != "" {
			return desk.Permanent(fmt.Errorf("the %s key of %.60q/%.60q %s", p.name, k.Partition, k.Sort, why))
		}
	}
	return nil
}

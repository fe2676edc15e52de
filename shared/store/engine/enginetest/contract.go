package enginetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Open opens an engine that is empty and closed when the test ends.
type Open func(t *testing.T) engine.Engine

// Run holds the engine to the contract.
func Run(t *testing.T, open Open) {
	for _, c := range []struct {
		name string
		test func(*testing.T, engine.Engine)
	}{
		{"an item comes back as it was written", testRoundTrip},
		{"get keeps the order of keys and shows gaps", testGetOrder},
		{"conditions", testConditions},
		{"an expired item counts as absent", testAbsentAsOf},
		{"all or nothing", testAtomic},
		{"delete", testDelete},
		{"a hundred items in one transaction", testHundred},
		{"bounds are permanent errors", testBounds},
		{"long keys and big bodies", testLong},
		{"query keeps the order of bytes", testQueryOrder},
		{"query within bounds", testQueryRange},
		{"query page by page", testPages},
		{"query by index", testIndex},
		{"index keys move with the item", testIndexMoves},
		{"a cancelled context", testCancelled},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func item(partition, sort string, version int64) engine.Item {
	return engine.Item{Key: engine.Key{Partition: partition, Sort: sort}, Version: version, Kind: "test", Schema: 1,
		Body: []byte(`{"n":1}`)}
}

// put writes items without conditions.
func put(t *testing.T, e engine.Engine, items ...engine.Item) {
	t.Helper()
	writes := make([]engine.Write, len(items))
	for i, it := range items {
		writes[i] = engine.Write{Item: it}
	}
	for part := range slices.Chunk(writes, engine.MaxWrites) {
		if err := e.Write(t.Context(), part...); err != nil {
			t.Fatalf("writing %d items: %v", len(part), err)
		}
	}
}

func get(t *testing.T, e engine.Engine, keys ...engine.Key) []engine.Item {
	t.Helper()
	items, err := e.Get(t.Context(), keys...)
	if err != nil {
		t.Fatalf("Get: %v", err)
	}
	if len(items) != len(keys) {
		t.Fatalf("Get gave %d items for %d keys", len(items), len(keys))
	}
	return items
}

func testRoundTrip(t *testing.T, e engine.Engine) {
	full := engine.Item{Key: engine.Key{Partition: "p#ä", Sort: "s 日本"}, Version: 7, Kind: "message", Schema: 3,
		Index:   [2]engine.Key{{Partition: "i1", Sort: "a"}, {Partition: "i2", Sort: "b"}},
		Expires: time.Date(2031, 2, 3, 4, 5, 6, 0, time.UTC), Body: []byte("{\"text\":\"<&>\\u0000 \\n ü\"}")}
	bare := engine.Item{Key: engine.Key{Partition: "p#ä", Sort: "bare"}, Version: 1, Body: []byte{}}
	put(t, e, full, bare)
	got := get(t, e, full.Key, bare.Key)
	if !got[0].Expires.Equal(full.Expires) {
		t.Errorf("Expires %v, want %v", got[0].Expires, full.Expires)
	}
	got[0].Expires = full.Expires
	if !reflect.DeepEqual(got[0], full) {
		t.Errorf("got  %+v\nwant %+v", got[0], full)
	}
	if len(got[1].Body) != 0 || !got[1].Expires.IsZero() || got[1].Index != bare.Index || got[1].Kind != "" {
		t.Errorf("the bare item came back as %+v", got[1])
	}
}

func testGetOrder(t *testing.T, e engine.Engine) {
	var items []engine.Item
	var keys []engine.Key
	for i := range engine.MaxGet {
		it := item(fmt.Sprintf("p%d", i%7), fmt.Sprintf("s%03d", i), int64(i+1))
		keys = append(keys, it.Key)
		if i%3 != 0 {
			items = append(items, it)
		}
	}
	put(t, e, items...)
	slices.Reverse(keys)
	for i, got := range get(t, e, keys...) {
		if n := engine.MaxGet - 1 - i; n%3 == 0 && got.Key != (engine.Key{}) || n%3 != 0 && got.Key != keys[i] {
			t.Errorf("at %d, asked for %v, got %v", i, keys[i], got.Key)
		}
	}
	if got := get(t, e); len(got) != 0 {
		t.Errorf("no keys gave %v", got)
	}
	if got := get(t, e, keys[1], keys[1]); got[0].Key != keys[1] || got[1].Key != keys[1] {
		t.Errorf("a key asked for twice gave %v", got)
	}
}

// wantConflict checks that a write fails at exactly these parts.
func wantConflict(t *testing.T, err error, failed ...int) {
	t.Helper()
	var c *engine.ConflictError
	if !errors.Is(err, engine.ErrConflict) || !errors.As(err, &c) {
		t.Fatalf("error %v; want a conflict", err)
	}
	if !slices.Equal(c.Failed, failed) {
		t.Errorf("failed parts %v, want %v", c.Failed, failed)
	}
	if desk.IsPermanent(err) {
		t.Error("a conflict counts as permanent")
	}
}

func testConditions(t *testing.T, e engine.Engine) {
	k := func(v int64) engine.Item { return item("p", "s", v) }
	ctx := t.Context()
	ok := func(w ...engine.Write) {
		t.Helper()
		if err := e.Write(ctx, w...); err != nil {
			t.Fatalf("%+v: %v", w, err)
		}
	}
	wantConflict(t, e.Write(ctx, engine.Write{Item: k(2), If: engine.IfVersion, Old: 1}), 0)
	wantConflict(t, e.Write(ctx, engine.Write{Item: k(2), If: engine.IfVersionOnly, Old: 1},
		engine.Write{Item: item("p", "t", 1)}), 0)
	ok(engine.Write{Item: k(1), If: engine.IfAbsent})
	wantConflict(t, e.Write(ctx, engine.Write{Item: k(1), If: engine.IfAbsent}), 0)
	ok(engine.Write{Item: k(2), If: engine.IfVersion, Old: 1})
	wantConflict(t, e.Write(ctx, engine.Write{Item: k(2), If: engine.IfVersion, Old: 1}), 0)
	ok(engine.Write{Item: k(9), If: engine.Always})
	ok(engine.Write{Item: k(77), If: engine.IfVersionOnly, Old: 9})
	ok(engine.Write{Item: k(77), If: engine.IfVersionOnly, Old: 9},
		engine.Write{Item: item("p", "t", 1), If: engine.IfAbsent})
	if got := get(t, e, k(0).Key); got[0].Version != 9 {
		t.Errorf("IfVersionOnly wrote version %d", got[0].Version)
	}
	wantConflict(t, e.Write(ctx,
		engine.Write{Item: item("p", "new", 1), If: engine.IfAbsent},
		engine.Write{Item: k(2), If: engine.IfVersion, Old: 1},
		engine.Write{Item: item("q", "new", 1)},
		engine.Write{Item: item("p", "t", 1), If: engine.IfAbsent}), 1, 3)
}

func testAbsentAsOf(t *testing.T, e engine.Engine) {
	end := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	old := item("p", "s", 1)
	old.Expires = end
	put(t, e, old)
	next := item("p", "s", 1)
	next.Body = []byte(`"next"`)
	for _, w := range []engine.Write{{Item: next, If: engine.IfAbsent},
		{Item: next, If: engine.IfAbsent, AsOf: end.Add(-time.Hour)}} {
		wantConflict(t, e.Write(t.Context(), w), 0)
	}
	w := engine.Write{Item: next, If: engine.IfAbsent, AsOf: end.Add(time.Hour)}
	if err := e.Write(t.Context(), w, engine.Write{Item: item("p", "other", 1)}); err != nil {
		t.Fatalf("an expired item is in the way: %v", err)
	}
	if got := get(t, e, next.Key)[0]; string(got.Body) != `"next"` || !got.Expires.IsZero() {
		t.Errorf("the expired item was not replaced: %+v", got)
	}
	// What never expires is never absent.
	wantConflict(t, e.Write(t.Context(), w), 0)
}

func testAtomic(t *testing.T, e engine.Engine) {
	put(t, e, item("p", "there", 1))
	var writes []engine.Write
	for i := range 20 {
		it := item("p", fmt.Sprintf("new%02d", i), 1)
		it.Index[0] = engine.Key{Partition: "i", Sort: it.Sort}
		writes = append(writes, engine.Write{Item: it, If: engine.IfAbsent})
	}
	writes = append(writes, engine.Write{Item: item("p", "there", 1), If: engine.IfAbsent})
	wantConflict(t, e.Write(t.Context(), writes...), 20)
	for _, q := range []engine.Query{{Partition: "p"}, {Partition: "i", Index: 1}} {
		page, err := e.Query(t.Context(), q)
		if err != nil || len(page.Items) > 1 {
			t.Errorf("a transaction that failed left %d items behind (%v)", len(page.Items), err)
		}
	}
	if err := e.Write(t.Context(), writes[:20]...); err != nil {
		t.Fatal(err)
	}
	if page, err := e.Query(t.Context(), engine.Query{Partition: "p"}); err != nil || len(page.Items) != 21 {
		t.Errorf("%d items after the transaction, want 21 (%v)", len(page.Items), err)
	}
}

func testDelete(t *testing.T, e engine.Engine) {
	it := item("p", "s", 3)
	it.Index[1] = engine.Key{Partition: "i", Sort: "x"}
	put(t, e, it)
	gone := engine.Item{Key: it.Key}
	wantConflict(t, e.Write(t.Context(), engine.Write{Item: gone, Delete: true, If: engine.IfVersion, Old: 2}), 0)
	for _, w := range [][]engine.Write{
		{{Item: gone, Delete: true, If: engine.IfVersion, Old: 3}},
		{{Item: gone, Delete: true}}, // it need not be there
		{{Item: gone, Delete: true}, {Item: item("p", "t", 1)}},
	} {
		if err := e.Write(t.Context(), w...); err != nil {
			t.Fatal(err)
		}
	}
	if got := get(t, e, it.Key)[0]; got.Key != (engine.Key{}) {
		t.Errorf("still there: %+v", got)
	}
	if page, err := e.Query(t.Context(), engine.Query{Index: 2, Partition: "i"}); err != nil || len(page.Items) != 0 {
		t.Errorf("the index still has %v (%v)", page.Items, err)
	}
	wantConflict(t, e.Write(t.Context(), engine.Write{Item: gone, Delete: true, If: engine.IfVersion, Old: 3}), 0)
}

func testHundred(t *testing.T, e engine.Engine) {
	var writes []engine.Write
	for i := range engine.MaxWrites {
		writes = append(writes, engine.Write{Item: item(fmt.Sprint("p", i), "s", 1), If: engine.IfAbsent})
	}
	if err := e.Write(t.Context(), writes...); err != nil {
		t.Fatal(err)
	}
	keys := make([]engine.Key, len(writes))
	for i, w := range writes {
		keys[i] = w.Item.Key
	}
	for i, it := range get(t, e, keys...) {
		if it.Key != keys[i] {
			t.Errorf("item %d is missing", i)
		}
	}
}

func testBounds(t *testing.T, e engine.Engine) {
	big := item("p", "s", 1)
	big.Body = []byte(`"` + strings.Repeat("x", engine.MaxBody) + `"`)
	binary := item("p", "s", 1)
	binary.Body = []byte{0xff, 0xfe}
	badIndex := item("p", "s", 1)
	badIndex.Index[0] = engine.Key{Partition: "only"}
	twice := []engine.Write{{Item: item("p", "s", 1)}, {Item: item("p", "s", 2)}}
	for name, writes := range map[string][]engine.Write{
		"nothing": {}, "a body too large": {{Item: big}}, "a body that is not text": {{Item: binary}},
		"no sort key": {{Item: item("p", "", 1)}}, "no partition": {{Item: item("", "s", 1)}},
		"half an index key":    {{Item: badIndex}},
		"a partition too long": {{Item: item(strings.Repeat("p", 2049), "s", 1)}},
		"a sort key too long":  {{Item: item("p", strings.Repeat("s", 1025), 1)}},
		"a zero byte":          {{Item: item("p\x00", "s", 1)}}, "broken text": {{Item: item("p", "\xff", 1)}},
		"one item twice": twice, "101 items": make([]engine.Write, 101),
	} {
		err := e.Write(t.Context(), writes...)
		if err == nil || !desk.IsPermanent(err) {
			t.Errorf("%s: error %v; want a permanent one", name, err)
		}
	}
	if _, err := e.Get(t.Context(), make([]engine.Key, 101)...); !desk.IsPermanent(err) {
		t.Errorf("101 keys: error %v; want a permanent one", err)
	}
	if _, err := e.Query(t.Context(), engine.Query{Partition: "p", Index: 3}); !desk.IsPermanent(err) {
		t.Errorf("index 3: error %v; want a permanent one", err)
	}
	if got := get(t, e, big.Key)[0]; got.Key != (engine.Key{}) {
		t.Error("something was written")
	}
}

func testLong(t *testing.T, e engine.Engine) {
	it := item(strings.Repeat("ä", 1024), strings.Repeat("s", 1024), 1)
	it.Index[0] = engine.Key{Partition: strings.Repeat("i", 2048), Sort: strings.Repeat("j", 1024)}
	it.Body = []byte(`"` + strings.Repeat("x", engine.MaxBody-2) + `"`)
	put(t, e, it)
	if got := get(t, e, it.Key)[0]; string(got.Body) != string(it.Body) {
		t.Errorf("the body has %d bytes, want %d", len(got.Body), len(it.Body))
	}
	page, err := e.Query(t.Context(), engine.Query{Index: 1, Partition: it.Index[0].Partition})
	if err != nil || len(page.Items) != 1 || page.Items[0].Key != it.Key || len(page.Items[0].Body) != len(it.Body) {
		t.Errorf("by index: %d items, %v", len(page.Items), err)
	}
}

func testCancelled(t *testing.T, e engine.Engine) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Get(ctx, engine.Key{Partition: "p", Sort: "s"}); !errors.Is(err, context.Canceled) {
		t.Errorf("Get: %v", err)
	}
	if _, err := e.Query(ctx, engine.Query{Partition: "p"}); !errors.Is(err, context.Canceled) {
		t.Errorf("Query: %v", err)
	}
	if err := e.Write(ctx, engine.Write{Item: item("p", "s", 1)}); !errors.Is(err, context.Canceled) {
		t.Errorf("Write: %v", err)
	}
}

package enginetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/store/engine"
)

// all reads every page of a query and checks the pages' form.
func all(t *testing.T, e engine.Engine, q engine.Query) []string {
	t.Helper()
	var sorts []string
	for range 1000 {
		page, err := e.Query(t.Context(), q)
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		if q.Limit > 0 && len(page.Items) > q.Limit {
			t.Fatalf("a page of %d items; the limit is %d", len(page.Items), q.Limit)
		}
		for _, it := range page.Items {
			sorts = append(sorts, it.Sort)
		}
		if page.Cursor == "" {
			return sorts
		}
		q.After = page.Cursor
	}
	t.Fatalf("%+v: pages without end", q)
	return nil
}

func testQueryOrder(t *testing.T, e engine.Engine) {
	sorts := []string{"a", "a!", "aa", "ab", "b", "B", "ä", "日本", "\U0001f600", "0", "00", "~", "\u0001", "a\u0001",
		"10", "9"}
	var items []engine.Item
	for _, s := range sorts {
		items = append(items, item("p", s, 1))
	}
	rand.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	// Neighbours whose partitions start alike must stay out.
	items = append(items, item("p!", "a", 1), item("o", "z", 1), item("p\u0001", "a", 1), item("pp", "a", 1))
	put(t, e, items...)
	slices.Sort(sorts)
	if got := all(t, e, engine.Query{Partition: "p"}); !slices.Equal(got, sorts) {
		t.Errorf("ascending %q, want %q", got, sorts)
	}
	slices.Reverse(sorts)
	if got := all(t, e, engine.Query{Partition: "p", Descending: true}); !slices.Equal(got, sorts) {
		t.Errorf("descending %q, want %q", got, sorts)
	}
	if got := all(t, e, engine.Query{Partition: "nobody"}); len(got) != 0 {
		t.Errorf("an empty partition gave %q", got)
	}
}

func testQueryRange(t *testing.T, e engine.Engine) {
	sorts := []string{"a", "b", "b!", "bb", "c", "d"}
	var items []engine.Item
	for _, s := range sorts {
		it := item("p", s, 1)
		it.Index[0] = engine.Key{Partition: "i", Sort: s}
		items = append(items, it)
	}
	items = append(items, item("o", "b", 1), item("q", "b", 1))
	put(t, e, items...)
	for _, index := range []int{0, 1} {
		partition := []string{"p", "i"}[index]
		for _, r := range []struct{ from, to, want string }{
			{"", "", "a b b! bb c d"}, {"b", "", "b b! bb c d"}, {"b", "c", "b b! bb c"}, {"", "b", "a b"},
			{"ba", "bz", "bb"}, {"b", "b", "b"}, {"e", "", ""}, {"", "A", ""}, {"b!", "bb", "b! bb"},
			{"0", "z", "a b b! bb c d"}, {"c", "b", ""},
		} {
			want := strings.Fields(r.want)
			q := engine.Query{Index: index, Partition: partition, From: r.from, To: r.to}
			if got := all(t, e, q); !slices.Equal(got, want) {
				t.Errorf("index %d, %q to %q: %q, want %q", index, r.from, r.to, got, want)
			}
			q.Descending, q.Limit = true, 2
			slices.Reverse(want)
			if got := all(t, e, q); !slices.Equal(got, want) {
				t.Errorf("index %d, %q down to %q: %q, want %q", index, r.to, r.from, got, want)
			}
		}
	}
}

func testPages(t *testing.T, e engine.Engine) {
	var want []string
	var items []engine.Item
	for i := range 57 {
		it := item("p", fmt.Sprintf("s%03d", i), 1)
		it.Index[1] = engine.Key{Partition: "i", Sort: "same"}
		items, want = append(items, it), append(want, it.Sort)
	}
	put(t, e, items...)
	for _, limit := range []int{1, 7, 19, 56, 57, 58, 0} {
		for _, descending := range []bool{false, true} {
			got := all(t, e, engine.Query{Partition: "p", Limit: limit, Descending: descending})
			if descending {
				slices.Reverse(got)
			}
			if !slices.Equal(got, want) {
				t.Errorf("limit %d, descending %v: %q", limit, descending, got)
			}
			// With one index key for all of them the order is open, but each comes once.
			got = all(t, e, engine.Query{Index: 2, Partition: "i", Limit: limit, Descending: descending})
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Errorf("by index, limit %d, descending %v: %q", limit, descending, got)
			}
		}
	}
	testPagesOfBigItems(t, e)
}

// A page is also bounded by size in DynamoDB (1 MB); whoever asks does not notice.
func testPagesOfBigItems(t *testing.T, e engine.Engine) {
	var want []string
	for i := range 8 {
		it := item("big", fmt.Sprint(i), 1)
		it.Body = []byte(`"` + strings.Repeat("x", 300<<10) + `"`)
		put(t, e, it)
		want = append(want, it.Sort)
	}
	page, err := e.Query(t.Context(), engine.Query{Partition: "big", Limit: 6})
	if err != nil || len(page.Items) != 6 {
		t.Errorf("a limit of 6 gave %d big items (%v)", len(page.Items), err)
	}
	if got := all(t, e, engine.Query{Partition: "big"}); !slices.Equal(got, want) {
		t.Errorf("big items: %q", got)
	}
}

func testIndex(t *testing.T, e engine.Engine) {
	var items []engine.Item
	for i := range 12 {
		it := item(fmt.Sprint("p", i), "s", int64(i+1))
		it.Sort = fmt.Sprintf("s%02d", i)
		if i%2 == 0 {
			it.Index[0] = engine.Key{Partition: "even", Sort: fmt.Sprintf("%02d", 50-i)}
		}
		if i%3 == 0 {
			it.Index[1] = engine.Key{Partition: "even", Sort: fmt.Sprintf("%02d", i)}
		}
		items = append(items, it)
	}
	put(t, e, items...)
	for _, c := range []struct {
		q    engine.Query
		want string
	}{
		{engine.Query{Index: 1, Partition: "even"}, "s10 s08 s06 s04 s02 s00"},
		{engine.Query{Index: 1, Partition: "even", Descending: true, Limit: 1}, "s00 s02 s04 s06 s08 s10"},
		{engine.Query{Index: 2, Partition: "even"}, "s00 s03 s06 s09"},
		{engine.Query{Index: 2, Partition: "even", To: "06"}, "s00 s03 s06"},
		{engine.Query{Index: 2, Partition: "odd"}, ""},
		{engine.Query{Partition: "even"}, ""},
	} {
		if got := strings.Join(all(t, e, c.q), " "); got != c.want {
			t.Errorf("%+v gave %q, want %q", c.q, got, c.want)
		}
	}
	page, err := e.Query(t.Context(), engine.Query{Index: 2, Partition: "even", Limit: 2})
	if err != nil || len(page.Items) != 2 || page.Items[1].Version != 4 || page.Items[1].Index != items[3].Index ||
		string(page.Items[1].Body) != string(items[3].Body) {
		t.Errorf("an index does not give whole items: %+v, %v", page.Items, err)
	}
}

func testIndexMoves(t *testing.T, e engine.Engine) {
	it := item("p", "s", 1)
	count := func(index int, partition string) int {
		return len(all(t, e, engine.Query{Index: index, Partition: partition}))
	}
	for version, k := range []engine.Key{{Partition: "a", Sort: "1"}, {Partition: "a", Sort: "2"},
		{Partition: "b", Sort: "2"}, {}, {Partition: "a", Sort: "3"}} {
		old := it.Version
		it.Index[0], it.Version = k, int64(version+2)
		w := engine.Write{Item: it, If: engine.IfVersion, Old: old}
		if version == 0 {
			w.If = engine.IfAbsent
		}
		if err := e.Write(t.Context(), w); err != nil {
			t.Fatal(err)
		}
		for _, p := range []string{"a", "b"} {
			want := 0
			if k.Partition == p {
				want = 1
			}
			if got := count(1, p); got != want {
				t.Errorf("after the key %v, partition %s has %d items, want %d", k, p, got, want)
			}
		}
	}
}

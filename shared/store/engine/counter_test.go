package engine_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/bolt"
)

func TestCounterCountsByAWSsRules(t *testing.T) {
	e, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	c := engine.NewCounter(e)
	item := func(sort string, kb int, index ...engine.Key) engine.Item {
		it := engine.Item{Key: engine.Key{Partition: "p", Sort: sort}, Version: 1,
			Body: []byte(`"` + strings.Repeat("x", kb<<10-200) + `"`)}
		copy(it.Index[:], index)
		return it
	}
	a, b := engine.Key{Partition: "i", Sort: "a"}, engine.Key{Partition: "i", Sort: "b"}
	var none engine.Key
	write := func(writes ...engine.Write) func() error {
		return func() error { return c.Write(t.Context(), writes...) }
	}
	for _, step := range []struct {
		name    string
		do      func() error
		want    engine.Costs
		failing bool
	}{
		{name: "one write of one kilobyte", do: write(engine.Write{Item: item("1", 1)}),
			want: engine.Costs{Writes: 1, WriteUnits: 1}},
		{name: "one of three", do: write(engine.Write{Item: item("3", 3)}),
			want: engine.Costs{Writes: 1, WriteUnits: 3}},
		{name: "a transaction", do: write(engine.Write{Item: item("4", 1)}, engine.Write{Item: item("5", 2)}),
			want: engine.Costs{Writes: 1, WriteUnits: 6}},
		{name: "into both indexes", do: write(engine.Write{Item: item("6", 2, a, a)}),
			want: engine.Costs{Writes: 1, WriteUnits: 6, IndexUnits: 4}},
		{name: "another key in one", do: write(engine.Write{Item: item("6", 2, b, a)}),
			want: engine.Costs{Writes: 1, WriteUnits: 8, IndexUnits: 6}},
		{name: "out of one", do: write(engine.Write{Item: item("6", 2, none, a)}),
			want: engine.Costs{Writes: 1, WriteUnits: 6, IndexUnits: 4}},
		{name: "deleted", do: write(engine.Write{Item: item("6", 2), Delete: true}),
			want: engine.Costs{Writes: 1, WriteUnits: 4, IndexUnits: 2}},
		{name: "a condition that fails costs too", do: write(engine.Write{Item: item("1", 1), If: engine.IfAbsent}),
			want: engine.Costs{Writes: 1, WriteUnits: 1}, failing: true},
		{name: "what is refused here costs nothing", do: write(engine.Write{Item: item("", 1)}),
			want: engine.Costs{Writes: 1}, failing: true},
		{name: "reading three, one of them missing", want: engine.Costs{Gets: 1, ReadUnits: 3}, do: func() error {
			_, err := c.Get(t.Context(), engine.Key{Partition: "p", Sort: "1"}, engine.Key{Partition: "p", Sort: "3"},
				engine.Key{Partition: "p", Sort: "none"})
			return err
		}},
		{name: "a query", want: engine.Costs{Queries: 1, ReadUnits: 2}, do: func() error { // 1+3+1+2 KB
			_, err := c.Query(t.Context(), engine.Query{Partition: "p"})
			return err
		}},
	} {
		if err := step.do(); (err != nil) != step.failing {
			t.Errorf("%s: %v", step.name, err)
		}
		if got := c.Take(); got != step.want {
			t.Errorf("%s: %+v, want %+v", step.name, got, step.want)
		}
	}
}

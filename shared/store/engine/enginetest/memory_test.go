package enginetest_test

import (
	"testing"

	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/enginetest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	enginetest.Run(t, func(*testing.T) engine.Engine { return enginetest.NewMemory() })
}

func TestMemoryLags(t *testing.T) {
	m := enginetest.NewMemory()
	m.Lag(2)
	shown := func() int {
		page, err := m.Query(t.Context(), engine.Query{Index: 1, Partition: "due"})
		if err != nil {
			t.Fatal(err)
		}
		return len(page.Items)
	}
	it := engine.Item{Key: engine.Key{Partition: "p", Sort: "s"}, Index: [2]engine.Key{{Partition: "due", Sort: "1"}},
		Version: 1, Body: []byte("{}")}
	if err := m.Write(t.Context(), engine.Write{Item: it}); err != nil || shown() != 0 {
		t.Errorf("at once, %d are shown, %v", shown(), err)
	}
	m.Lag(0)
	if shown() != 1 {
		t.Errorf("after it caught up, %d are shown", shown())
	}
}

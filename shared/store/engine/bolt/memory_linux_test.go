package bolt

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/store/engine"
)

// The pages of a large file do not stay in the process' memory, whatever was read of it.
func TestPagesAreLetGo(t *testing.T) {
	e, err := OpenScratch(filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	var keys []engine.Key
	body := []byte(`"` + strings.Repeat("x", 100<<10) + `"`)
	for i := range 1200 { // 120 MB
		it := engine.Item{Key: engine.Key{Partition: "p", Sort: fmt.Sprint(i)}, Version: 1, Body: body}
		if err := e.Write(t.Context(), engine.Write{Item: it}); err != nil {
			t.Fatal(err)
		}
		keys = append(keys, it.Key)
	}
	read := func() {
		for part := range slices.Chunk(keys, 10) {
			items, err := e.Get(t.Context(), part...)
			if err != nil || len(items) != len(part) || string(items[0].Body) != string(body) {
				t.Fatalf("%d items, %v", len(items), err)
			}
		}
	}
	if err := e.LetGo(); err != nil {
		t.Fatal(err)
	}
	before := filePages(t)
	read()
	if after := filePages(t); after-before > 70<<10 {
		t.Errorf("%d kB of files are in memory, %d before", after, before)
	}
}

// filePages is how many kB of mapped files are in the process' memory.
func filePages(t *testing.T) (kB int) {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "RssFile:"); ok {
			if _, err := fmt.Sscan(rest, &kB); err != nil {
				t.Fatal(err)
			}
		}
	}
	return kB
}

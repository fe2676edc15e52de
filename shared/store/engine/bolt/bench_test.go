package bolt

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/store/engine"
)

// BenchmarkWrite measures transactions of five items, as a mail makes them: one
// writer that waits for each sync, and many that share them.
func BenchmarkWrite(b *testing.B) {
	for _, writers := range []int{1, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			e, err := Open(filepath.Join(b.TempDir(), "store.db"))
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = e.Close() }()
			body := []byte(`"` + strings.Repeat("x", 500) + `"`)
			numbers := make(chan int)
			done := make(chan error)
			for range writers {
				go func() {
					var failed error
					for n := range numbers {
						var writes []engine.Write
						for i := range 5 {
							writes = append(writes, engine.Write{If: engine.IfAbsent,
								Item: engine.Item{Version: 1, Body: body,
									Key: engine.Key{Partition: fmt.Sprint("conversation#", n), Sort: fmt.Sprint(i)}}})
						}
						if err := e.Write(b.Context(), writes...); err != nil {
							failed = err
						}
					}
					done <- failed
				}()
			}
			b.ResetTimer()
			for n := range b.N {
				numbers <- n
			}
			close(numbers)
			for range writers {
				if err := <-done; err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "transactions/s")
		})
	}
}

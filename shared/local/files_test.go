package local

import (
	"fmt"
	"os"
	"sync"
	"testing"
)

// Files that are put into a folder side by side all are there, each with its content;
// nothing is left half written.
func TestFilesSideBySide(t *testing.T) {
	f, err := OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			err := f.Write(fmt.Append(nil, "content ", i), "blobs", fmt.Sprint("folder", i%3), fmt.Sprint("file", i))
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for i := range 200 {
		got, err := os.ReadFile(f.Path("blobs", fmt.Sprint("folder", i%3), fmt.Sprint("file", i)))
		if err != nil || string(got) != fmt.Sprint("content ", i) {
			t.Errorf("file %d: %q, %v", i, got, err)
		}
	}
	if left, err := os.ReadDir(f.Path("tmp")); err != nil || len(left) > 0 {
		t.Errorf("%d files are left in tmp, %v", len(left), err)
	}
}

// A file as an agent's mail is, one after the other and eight at a time.
func BenchmarkWrite(b *testing.B) {
	data := make([]byte, 12_000)
	for _, atOnce := range []int{1, 8} {
		b.Run(fmt.Sprint(atOnce, " at a time"), func(b *testing.B) {
			f, err := OpenFolder(b.TempDir())
			if err != nil {
				b.Fatal(err)
			}
			defer f.Close()
			b.ReportAllocs()
			next := make(chan int)
			var all sync.WaitGroup
			for range atOnce {
				all.Go(func() {
					for i := range next {
						if err := f.Write(data, "blobs", "out", fmt.Sprint(i)); err != nil {
							b.Error(err)
						}
					}
				})
			}
			for i := 0; b.Loop(); i++ {
				next <- i
			}
			close(next)
			all.Wait()
		})
	}
}

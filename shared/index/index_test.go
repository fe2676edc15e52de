package index_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/store"
)

// bucket keeps files in memory and notes the order of writes.
type bucket struct {
	mu       sync.Mutex
	articles map[string][]byte
	files    map[string][]byte
	order    []string
	failOn   string
}

func (b *bucket) Articles(context.Context) (map[string][]byte, error) { return b.articles, nil }

func (b *bucket) Look(ctx context.Context, key string) ([]byte, string, error) {
	data, err := b.Get(ctx, key)
	return data, string(data), err
}

func (b *bucket) Swap(_ context.Context, key, version string, data []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if string(b.files[key]) != version {
		return index.ErrMoved
	}
	return b.put(key, data)
}

func (b *bucket) Put(_ context.Context, key string, data []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.put(key, data)
}

func (b *bucket) put(key string, data []byte) error {
	if b.failOn != "" && strings.HasPrefix(key, b.failOn) {
		return errors.New("the bucket is away")
	}
	b.files[key] = data
	b.order = append(b.order, key)
	return nil
}

func (b *bucket) Get(_ context.Context, key string) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	data, ok := b.files[key]
	if !ok {
		return nil, store.ErrNotFound
	}
	return data, nil
}

func (b *bucket) Delete(_ context.Context, key string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.files, key)
	return nil
}

func TestRebuild(t *testing.T) {
	b := &bucket{articles: map[string][]byte{"return.md": []byte("# Return\n\nSend it back."), "README.md": []byte("no article"), "a.txt": []byte("x")}, files: map[string][]byte{}}
	s := &index.Service{Bucket: b, Now: time.Now}
	built, err := s.Rebuild(t.Context())
	if err != nil || built.Articles != 1 {
		t.Fatalf("%+v, %v", built, err)
	}
	if len(b.order) != 3 || b.order[1] != index.Current || string(b.files[index.Current]) != built.Key+"\n" {
		t.Errorf("the pointer is to be moved last: %v", b.order)
	}
	x, err := kb.Open(b.files[built.Key])
	if _, ok := x.Article("return"); err != nil || !ok {
		t.Errorf("the snapshot cannot be used: %v", err)
	}
	if again, err := s.Rebuild(t.Context()); err != nil || again != built {
		t.Errorf("the same articles gave another snapshot: %+v, %v", again, err)
	}
	// Snapshots that nobody points to any more are cleared away.
	for i := range 6 {
		b.articles["return.md"] = []byte("# Return\n\nSend it back" + strings.Repeat(" now", i) + ".")
		if _, err := s.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(b.files) != 5 {
		t.Errorf("%d files are kept, want the pointer, the form and three snapshots", len(b.files))
	}
}

func TestABadArticleLeavesTheOldSnapshot(t *testing.T) {
	b := &bucket{articles: map[string][]byte{"a.md": []byte("# A\n\ntext"), "b.md": []byte("no title"), "c.md": []byte("---\ntitle: C\n")}, files: map[string][]byte{index.Current: []byte("old")}}
	_, err := (&index.Service{Bucket: b, Now: time.Now}).Rebuild(t.Context())
	if err == nil || !strings.Contains(err.Error(), "b.md:") || !strings.Contains(err.Error(), "c.md:1:") {
		t.Errorf("%v", err)
	}
	if string(b.files[index.Current]) != "old" {
		t.Error("the pointer was moved")
	}
}

func TestAFailedWriteMovesNoPointer(t *testing.T) {
	b := &bucket{articles: map[string][]byte{"a.md": []byte("# A\n\ntext")}, files: map[string][]byte{}, failOn: "kb-index/"}
	if _, err := (&index.Service{Bucket: b, Now: time.Now}).Rebuild(t.Context()); err == nil {
		t.Fatal("no error")
	}
	if b.files[index.Current] != nil {
		t.Error("the pointer was moved")
	}
}

// away is a bucket that does not answer.
type away struct{}

func (away) Get(context.Context, string) ([]byte, error) {
	return nil, errors.New("the bucket is away")
}

package index_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb"
)

// bucket keeps files in memory and notes the order of writes.
type bucket struct {
	articles map[string][]byte
	files    map[string][]byte
	order    []string
	failOn   string
}

func (b *bucket) Articles(context.Context) (map[string][]byte, error) { return b.articles, nil }

func (b *bucket) Put(_ context.Context, key string, data []byte) error {
	if b.failOn != "" && strings.HasPrefix(key, b.failOn) {
		return errors.New("the bucket is away")
	}
	b.files[key] = data
	b.order = append(b.order, key)
	return nil
}

func (b *bucket) Get(_ context.Context, key string) ([]byte, error) { return b.files[key], nil }

func TestRebuild(t *testing.T) {
	b := &bucket{articles: map[string][]byte{"return.md": []byte("# Return\n\nSend it back."), "README.md": []byte("no article"), "a.txt": []byte("x")}, files: map[string][]byte{}}
	s := &index.Service{Bucket: b}
	key, n, err := s.Rebuild(t.Context())
	if err != nil || n != 1 {
		t.Fatalf("%s, %d articles, %v", key, n, err)
	}
	if len(b.order) != 2 || b.order[1] != index.Current || string(b.files[index.Current]) != key {
		t.Errorf("the pointer is to be moved last: %v", b.order)
	}
	x, err := kb.Open(b.files[key])
	if _, ok := x.Article("return"); err != nil || !ok {
		t.Errorf("the snapshot cannot be used: %v", err)
	}
	if again, _, err := s.Rebuild(t.Context()); err != nil || again != key {
		t.Errorf("the same articles gave another snapshot: %s, %v", again, err)
	}
}

func TestABadArticleLeavesTheOldSnapshot(t *testing.T) {
	b := &bucket{articles: map[string][]byte{"a.md": []byte("# A\n\ntext"), "b.md": []byte("no title"), "c.md": []byte("---\ntitle: C\n")}, files: map[string][]byte{index.Current: []byte("old")}}
	_, _, err := (&index.Service{Bucket: b}).Rebuild(t.Context())
	if err == nil || !strings.Contains(err.Error(), "b:") || !strings.Contains(err.Error(), "c:") {
		t.Errorf("%v", err)
	}
	if string(b.files[index.Current]) != "old" {
		t.Error("the pointer was moved")
	}
}

func TestAFailedWriteMovesNoPointer(t *testing.T) {
	b := &bucket{articles: map[string][]byte{"a.md": []byte("# A\n\ntext")}, files: map[string][]byte{}, failOn: "kb-index/"}
	if _, _, err := (&index.Service{Bucket: b}).Rebuild(t.Context()); err == nil {
		t.Fatal("no error")
	}
	if b.files[index.Current] != nil {
		t.Error("the pointer was moved")
	}
}

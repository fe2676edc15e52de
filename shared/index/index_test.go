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
	b := &bucket{articles: map[string][]byte{"return.md": []byte("# Return\n\nSend it back."),
		"README.md": []byte("no article"), "a.txt": []byte("x")}, files: map[string][]byte{}}
	s := &index.Service{Bucket: b, Now: time.Now}
	built, err := s.Rebuild(t.Context())
	if err != nil || built.Articles != 1 {
		t.Fatalf("%+v, %v", built, err)
	}
	if len(b.order) != 3 || b.order[1] != index.Current || string(b.files[index.Current]) != built.Key+"\n" {
		t.Errorf("the pointer is to be moved last: %v", b.order)
	}
	x, err := kb.Open(b.files[built.Key], nil)
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
	b := &bucket{articles: map[string][]byte{"a.md": []byte("# A\n\ntext")}, files: map[string][]byte{}}
	s := &index.Service{Bucket: b, Now: time.Now}
	if _, err := s.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	old := string(b.files[index.Current])
	b.articles["b.md"], b.articles["c.md"] = []byte("no title"), []byte("---\ntitle: C\n")
	_, err := s.Rebuild(t.Context())
	if err == nil || !strings.Contains(err.Error(), "b.md:") || !strings.Contains(err.Error(), "c.md:1:") {
		t.Errorf("%v", err)
	}
	if string(b.files[index.Current]) != old {
		t.Error("the pointer was moved")
	}
}

func TestAFailedWriteMovesNoPointer(t *testing.T) {
	b := &bucket{articles: map[string][]byte{"a.md": []byte("# A\n\ntext")}, files: map[string][]byte{},
		failOn: "kb-index/"}
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

// One article that cannot be read stops nothing: the snapshot of before stays, and where
// there is none that this program reads, one is made of the others. Both times it is told.
func TestAnArticleThatCannotBeRead(t *testing.T) {
	b := &bucket{articles: map[string][]byte{"return.md": []byte("# Return\n\nSend it back."),
		"bad.md": []byte("# \xff\n\nNo text.")}, files: map[string][]byte{}}
	s := &index.Service{Bucket: b, Now: time.Now}
	articles := func() (n int) {
		t.Helper()
		k, err := (&index.Reader{Bucket: b, Now: time.Now}).Knowledge(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return k.Len()
	}
	told := func(err error, what string) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), "bad.md") || !strings.Contains(err.Error(), what) {
			t.Errorf("%v; want %q, and the file", err, what)
		}
	}
	_, err := s.Rebuild(t.Context())
	if told(err, "made without"); articles() != 1 {
		t.Errorf("%d articles at first", articles())
	}
	b.articles["late.md"] = []byte("# Late\n\nIt comes.")
	_, err = s.Rebuild(t.Context())
	if told(err, "made without"); articles() != 2 {
		t.Errorf("%d articles where the snapshot was made without one too", articles())
	}
	bad := b.articles["bad.md"]
	delete(b.articles, "bad.md")
	if _, err = s.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.articles["bad.md"] = bad
	delete(b.articles, "late.md")
	_, err = s.Rebuild(t.Context())
	if told(err, "stays as it was"); articles() != 2 {
		t.Errorf("%d articles where there was a snapshot of all", articles())
	}
	b.files[strings.Fields(string(b.files[index.Current]))[0]] = []byte("replywell kb 1, of an older program")
	_, err = s.Rebuild(t.Context())
	if told(err, "made without"); articles() != 1 {
		t.Errorf("%d articles after the program has changed", articles())
	}
	b.articles = map[string][]byte{"bad.md": []byte("# \xff\n\nNo text.")}
	b.files = map[string][]byte{}
	if _, err = s.Rebuild(t.Context()); len(b.files) > 0 {
		t.Error("a snapshot of nothing was made")
	}
	told(err, "stays as it was")
}

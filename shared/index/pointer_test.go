package index_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/store"
)

// slowReader reads the articles and then waits, the first time.
type slowReader struct {
	*bucket
	read, goOn chan struct{}
	once       sync.Once
}

func (b *slowReader) Articles(ctx context.Context) (map[string][]byte, error) {
	files, err := b.bucket.Articles(ctx)
	b.once.Do(func() {
		close(b.read)
		<-b.goOn
	})
	return files, err
}

// A build that read the old articles and ends after one that read the new ones
// does not bring the old ones back, whatever it would have written.
func TestABuildThatIsOvertakenBeginsAgain(t *testing.T) {
	for _, old := range []string{"old", "first"} { // "first" is what the pointer says already
		b := &bucket{articles: written("first"), files: map[string][]byte{}}
		quick := &index.Service{Bucket: b, Now: time.Now}
		if _, err := quick.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.articles = written(old)
		slow := &slowReader{bucket: b, read: make(chan struct{}), goOn: make(chan struct{})}
		ended := make(chan error)
		go func() {
			_, err := (&index.Service{Bucket: slow, Now: time.Now}).Rebuild(context.Background())
			ended <- err
		}()
		<-slow.read
		b.articles = written("new")
		if _, err := quick.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		close(slow.goOn)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if got := current(t, b); got != "new" {
			t.Errorf("after %q the articles are those of %q", old, got)
		}
		if n := len(strings.Fields(string(b.files[index.Current]))); len(b.files) != n+2 {
			t.Errorf("%d files are kept; want the pointer, the form and the %d that the pointer names", len(b.files), n)
		}
	}
}

// Articles that change to and fro, and builds at any time: in the end the newest
// articles are current, and whatever the pointer names is there.
func TestBuildsAtTheSameTime(t *testing.T) {
	b := &shelf{bucket: &bucket{files: map[string][]byte{}}}
	var done sync.WaitGroup
	for w := range 4 {
		done.Go(func() {
			s := &index.Service{Bucket: b, Now: time.Now}
			for i := range 12 {
				b.set(written(fmt.Sprint((w + i) % 3)))
				for { // as the queue does: it comes again until it has succeeded
					if _, err := s.Rebuild(context.Background()); err == nil {
						break
					} else if !errors.Is(err, index.ErrMoved) {
						t.Error(err)
						return
					}
				}
				for _, key := range strings.Fields(b.pointer()) {
					if _, err := b.Get(context.Background(), key); err != nil && strings.Contains(b.pointer(), key) {
						t.Errorf("the pointer names %s, which is not there", key)
					}
				}
			}
		})
	}
	done.Wait()
	x, err := kb.Open(b.files[strings.Fields(b.pointer())[0]], nil)
	if err != nil {
		t.Fatal(err)
	}
	if a, _ := x.Article("a"); "# A\n\n"+a.Body != strings.TrimSpace(string(b.articles["a.md"])) {
		t.Errorf("the article is %q, and what is current says %q", b.articles["a.md"], a.Body)
	}
}

// shelf is a bucket whose articles may be changed at any time.
type shelf struct {
	*bucket
	at sync.Mutex
}

func (s *shelf) set(files map[string][]byte) {
	s.at.Lock()
	defer s.at.Unlock()
	s.articles = files
}

func (s *shelf) Articles(context.Context) (map[string][]byte, error) {
	s.at.Lock()
	defer s.at.Unlock()
	return s.articles, nil
}

func (s *shelf) pointer() string {
	data, _ := s.Get(context.Background(), index.Current)
	return string(data)
}

func written(text string) map[string][]byte {
	return map[string][]byte{"a.md": []byte("# A\n\nThe text is " + text)}
}

// current is the text that the current snapshot has.
func current(t *testing.T, b *bucket) string {
	t.Helper()
	x, err := kb.Open(b.files[strings.Fields(string(b.files[index.Current]))[0]], nil)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := x.Article("a")
	return strings.TrimPrefix(a.Body, "The text is ")
}

// Answers that another build has taken in meanwhile are not lost, and not read twice.
func TestABuildThatIsOvertakenKeepsTheOthersHistory(t *testing.T) {
	w := newTeam(t)
	w.exchange("My pump leaks", "Tighten the ring by hand.")
	slow := &slowReader{bucket: w.bucket, read: make(chan struct{}), goOn: make(chan struct{})}
	ended := make(chan index.Built)
	go func() {
		b, err := (&index.Service{Bucket: slow, Store: w.Store, Now: w.Now}).Rebuild(context.Background())
		if err != nil {
			t.Error(err)
		}
		ended <- b
	}()
	<-slow.read
	w.exchange("Can I have it in blue?", "Blue is sold out until May.")
	if b, err := w.Rebuild(t.Context()); err != nil || b.ByHand != 2 {
		t.Fatalf("%+v, %v", b, err)
	}
	close(slow.goOn)
	if b := <-ended; b.ByHand != 2 {
		t.Errorf("%+v; want both answers", b)
	}
	w.counter.Take()
	if b, err := w.Rebuild(t.Context()); err != nil || b.ByHand != 2 || w.counter.Take().Requests() > 5 {
		t.Errorf("%+v, %v; want what is known, without reading it again", b, err)
	}
}

// What was taken away or damaged from outside comes again with the next build.
func TestALostSnapshotIsMadeAgain(t *testing.T) {
	b := &bucket{articles: written("x"), files: map[string][]byte{}}
	s := &index.Service{Bucket: b, Now: time.Now}
	for _, harm := range []func(key string){func(key string) { delete(b.files, key) },
		func(key string) { b.files[key] = []byte("nothing") }} {
		built, err := s.Rebuild(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		harm(built.Key)
		if _, err := s.Rebuild(t.Context()); err != nil || current(t, b) != "x" {
			t.Errorf("%v", err)
		}
	}
}

// A program of before counted no moves.
func TestAPointerOfBeforeIsGoneOnWith(t *testing.T) {
	b := &bucket{articles: written("x"), files: map[string][]byte{
		index.Current: []byte("kb-index/0a kb-index/0b\nkb-index/0c\nkb-index/0d kb-index/0b\n"), "kb-index/0d": {},
		"kb-index/0b": {}}}
	if _, err := (&index.Service{Bucket: b, Now: time.Now}).Rebuild(t.Context()); err != nil || current(t, b) != "x" {
		t.Fatal(err)
	}
	if _, err := b.Get(t.Context(), "kb-index/0d"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what was let go is there: %v", err)
	}
	if _, err := b.Get(t.Context(), "kb-index/0b"); err != nil {
		t.Errorf("what is in use: %v", err)
	}
}

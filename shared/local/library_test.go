package local

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb/article"
)

// heldLibrary reads the articles and then waits, the first time.
type heldLibrary struct {
	Library
	read, goOn chan struct{}
	once       sync.Once
}

func (h *heldLibrary) Articles(ctx context.Context) (map[string][]byte, error) {
	files, err := h.Library.Articles(ctx)
	h.once.Do(func() {
		close(h.read)
		<-h.goOn
	})
	return files, err
}

// A build that read the old articles and ends after one of the new ones does not
// bring the old ones back.
func TestABuildThatIsOutOfDateBringsNothingBack(t *testing.T) {
	f := testFolder(t)
	l := Library{Blobs: Blobs{f}}
	publish := func(title string) {
		t.Helper()
		before, err := l.publisher().Published(t.Context())
		if err == nil {
			err = l.publisher().Publish(t.Context(), before,
				map[string][]byte{"a.md": []byte("# " + title + "\n\nThe text.\n")})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for round := range 2 { // the first time there is no pointer yet
		publish(fmt.Sprint("Old ", round))
		slow := &heldLibrary{Library: l, read: make(chan struct{}), goOn: make(chan struct{})}
		ended := make(chan error)
		go func() {
			_, err := (&index.Service{Bucket: slow, Now: time.Now}).Rebuild(context.Background())
			ended <- err
		}()
		<-slow.read
		publish(fmt.Sprint("New ", round))
		if _, err := (&index.Service{Bucket: l, Now: time.Now}).Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		close(slow.goOn)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		k, err := (&index.Reader{Bucket: l, Now: time.Now}).Knowledge(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if a, _ := k.Article("a"); a.Title != fmt.Sprint("New ", round) {
			t.Errorf("round %d: %q came back", round, a.Title)
		}
	}
}

func TestSwap(t *testing.T) {
	l := Library{Blobs: Blobs{testFolder(t)}}
	version := ""
	for round := range 8 {
		errs := make([]error, 8)
		var done sync.WaitGroup
		for i := range errs {
			done.Go(func() { errs[i] = l.Swap(t.Context(), "kb-index/current", version, []byte(fmt.Sprint(round, i))) })
		}
		done.Wait()
		won := 0
		for _, e := range errs {
			if e == nil {
				won++
			} else if !errors.Is(e, index.ErrMoved) {
				t.Error(e)
			}
		}
		_, now, err := l.Look(t.Context(), "kb-index/current")
		if won != 1 || err != nil || now == version {
			t.Fatalf("round %d: %d were told that they were first, %v", round, won, err)
		}
		version = now
	}
	if err := l.Swap(t.Context(), "kb-index/none", version, nil); !errors.Is(err, index.ErrMoved) {
		t.Errorf("what was deleted: %v", err)
	}
}

// What is published and cannot be read is replaced, unless somebody else has
// replaced it meanwhile.
func TestADamagedBundleIsReplaced(t *testing.T) {
	f := testFolder(t)
	s := Publisher{f.Path()}
	damage := func(text string) article.Published {
		t.Helper()
		if err := f.Write([]byte(text), bundleName); err != nil {
			t.Fatal(err)
		}
		before, err := s.Published(t.Context())
		if !errors.Is(err, article.ErrUnreadable) || before.Version == "" {
			t.Fatalf("%+v, %v", before, err)
		}
		return before
	}
	before := damage("garbage")
	damage("other garbage")
	files := map[string][]byte{"a.md": []byte("# A\n\nThe text.\n")}
	if err := s.Publish(t.Context(), before, files); !errors.Is(err, article.ErrMoved) {
		t.Errorf("%v; want that it has moved", err)
	}
	if err := s.Publish(t.Context(), damage("garbage"), files); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Published(t.Context()); err != nil || len(p.Files) != 1 {
		t.Errorf("%+v, %v", p, err)
	}
}

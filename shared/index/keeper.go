package index

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/store"
)

// Keeper rebuilds where nobody tells of a changed article and no schedule calls:
// on one machine. Its Tick is called again and again.
type Keeper struct {
	Service *Service
	// Fingerprint gives a text that changes with any article.
	Fingerprint func() (string, error)
	Every       time.Duration // at the latest after this it is built anew, for what was answered since

	mu    sync.Mutex
	known bool
	print string // of the articles that were built last
	built time.Time
	bad   string    // the fingerprint of articles that could not be built
	tried time.Time // when that was tried

	learning sync.Mutex
	copied   int64 // the version of what was learnt that the copy is of
}

// tryAgain is after what time articles that could not be built are tried again unchanged.
const tryAgain = time.Minute

// lastBuilt holds the fingerprint of what was built last, and when.
const lastBuilt = snapshots + "built"

// Tick builds if an article has changed or it is time.
func (k *Keeper) Tick(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.known {
		if err := k.recall(ctx); err != nil {
			return err
		}
	}
	now, err := k.Fingerprint()
	if err != nil {
		return fmt.Errorf("looking for changed articles: %w", err)
	}
	if now == k.print && k.Service.Now().Sub(k.built) < k.Every {
		return nil
	}
	if now == k.bad && k.Service.Now().Sub(k.tried) < tryAgain {
		return nil
	}
	return k.build(ctx, now)
}

// Build builds in any case.
func (k *Keeper) Build(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	now, err := k.Fingerprint()
	if err != nil {
		return fmt.Errorf("looking at the articles: %w", err)
	}
	return k.build(ctx, now)
}

func (k *Keeper) build(ctx context.Context, now string) error {
	if err := k.Service.RebuildAll(ctx); err != nil {
		k.bad, k.tried = now, k.Service.Now()
		return err
	}
	k.known, k.print, k.built, k.bad = true, now, k.Service.Now(), ""
	return k.Service.Bucket.Put(ctx, lastBuilt, []byte(k.built.UTC().Format(time.RFC3339)+"\n"+now))
}

// learnedCopy is what was learnt, for who looks at the files while another process
// holds the store.
const learnedCopy = snapshots + "learned"

// Learn is the service's LearnAndTell, and keeps a copy of what was learnt beside
// the snapshots.
func (k *Keeper) Learn(ctx context.Context) error {
	k.learning.Lock()
	defer k.learning.Unlock()
	if err := k.Service.LearnAndTell(ctx); err != nil {
		return err
	}
	l, err := k.Service.Store.Learned(ctx)
	if errors.Is(err, store.ErrNotFound) || err == nil && l.Version == k.copied {
		return nil
	}
	if err == nil {
		err = k.Service.Bucket.Put(ctx, learnedCopy, []byte(l.State))
	}
	if err != nil {
		return fmt.Errorf("keeping a copy of what was learnt: %w", err)
	}
	k.copied = l.Version
	return nil
}

// CopiedLearned reads the copy that a keeper left; without one nothing is learnt.
func CopiedLearned(ctx context.Context, b interface {
	Get(ctx context.Context, key string) ([]byte, error)
}) (*kb.Learned, error) {
	data, err := b.Get(ctx, learnedCopy)
	if errors.Is(err, store.ErrNotFound) {
		return kb.NewLearned(), nil
	}
	var l *kb.Learned
	if err == nil {
		l, err = kb.ReadLearned(data)
	}
	if err != nil {
		return nil, fmt.Errorf("what was learnt from outcomes: %w", err)
	}
	return l, nil
}

// recall reads what an earlier process built.
func (k *Keeper) recall(ctx context.Context) error {
	data, err := k.Service.Bucket.Get(ctx, lastBuilt)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("reading when the knowledge base was built: %w", err)
	}
	at, print, _ := strings.Cut(string(data), "\n")
	// Where that cannot be read, it was long ago.
	k.built, _ = time.Parse(time.RFC3339, at)
	k.print, k.known = print, true
	return nil
}

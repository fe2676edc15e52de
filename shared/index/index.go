// Package index makes the knowledge base's snapshot, from the articles and from
// what agents did with them.
//
// It runs when an article changes, and once a day. [Service.Rebuild] reads the
// articles; brings the history up to date with the answers that were recorded
// since the last build, one short request for each, never a scan; and builds an
// index of both. Sentences that were embedded before are not embedded again.
//
// Between two builds [Service.Learn] folds what became of suggestions into a
// small state in the table, every few minutes, and [Reader] ranks by both: an
// article that disappoints falls behind at once, and what customers call a thing
// since last week is known from the next day.
//
// A snapshot is immutable and named by its content; a pointer says which one
// is current and is moved last, so that a reader never sees half of one. An
// article that cannot be read leaves the old snapshot in place, and the error
// names every such article. The log of events is the truth of all the rest: the
// history, the vectors and what was learnt can be deleted, and come again.
package index

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/store"
)

// Keys in the bucket. The content of a pointer is a line for each of the last
// builds, the newest first.
const (
	// Current points to the snapshots. A line is the snapshot's key and, behind a
	// space, the key of the past answers.
	Current        = "kb-index/current"
	currentHistory = "kb-history/current"
	// formKey holds the form of the current snapshot. A program of another form
	// cannot read that, and builds anew as soon as it is called.
	formKey   = "kb-index/form"
	snapshots = "kb-index/"
	histories = "kb-history/"
	// kept is how many builds stay, for readers that still look at the pointer of before.
	kept = 3
)

// Bucket is where articles come from and snapshots go to. Get gives
// store.ErrNotFound where there is nothing; deleting what is not there is no error.
type Bucket interface {
	// Articles gives every article's file by path.
	Articles(ctx context.Context) (map[string][]byte, error)
	Put(ctx context.Context, key string, data []byte) error
	Get(ctx context.Context, key string) ([]byte, error)
	Delete(ctx context.Context, key string) error
}

// Service makes snapshots, and learns.
type Service struct {
	Bucket Bucket
	Store  *store.Store // nil: there are articles only, and no history
	Model  kb.Embedder  // nil: ranking goes by words
	Now    func() time.Time
}

// Built says what was built.
type Built struct {
	Key      string // of the snapshot
	Articles int
	Mails    int  // of the history: answered with an article
	ByHand   int  // and without
	More     bool // there are more answers to take in than one build does; build again
}

// Rebuild makes a snapshot of the articles and the history as they are now, and
// moves the pointer to it. The same articles and history give the same snapshot.
func (s *Service) Rebuild(ctx context.Context) (Built, error) {
	files, err := s.Bucket.Articles(ctx)
	if err != nil {
		return Built{}, fmt.Errorf("reading the articles: %w", err)
	}
	articles, err := kb.Parse(files)
	if err != nil {
		return Built{}, fmt.Errorf("the knowledge base stays as it was, because of these articles:\n%w", err)
	}
	h, more, err := s.history(ctx)
	if err != nil {
		return Built{}, err
	}
	x, err := s.build(ctx, articles, h.past())
	if err != nil {
		return Built{}, err
	}
	data, err := x.Snapshot()
	if err != nil {
		return Built{}, err
	}
	hands := h.byHand()
	snapshot, told := name(snapshots, data), ""
	if err := s.Bucket.Put(ctx, snapshot, data); err != nil {
		return Built{}, fmt.Errorf("writing the snapshot: %w", err)
	}
	if len(hands) > 0 {
		data := kb.NewAnswers(hands).Write()
		told = name(snapshots, data)
		if err := s.Bucket.Put(ctx, told, data); err != nil {
			return Built{}, fmt.Errorf("writing the past answers: %w", err)
		}
	}
	if s.Store != nil {
		if err := s.gaps(ctx, hands); err != nil {
			return Built{}, err
		}
		was, err := s.before(ctx)
		if err != nil {
			return Built{}, err
		}
		if err := s.tellRevised(ctx, snapshot, was, articles); err != nil {
			return Built{}, err
		}
	}
	if err := s.point(ctx, Current, strings.TrimSpace(snapshot+" "+told)); err != nil {
		return Built{}, fmt.Errorf("moving the pointer to the new snapshot: %w", err)
	}
	if err := s.Bucket.Put(ctx, formKey, []byte(kb.SnapshotForm())); err != nil {
		return Built{}, fmt.Errorf("noting the snapshot's form: %w", err)
	}
	return Built{Key: snapshot, Articles: len(articles), Mails: len(h.past()), ByHand: len(hands), More: more}, nil
}

// build builds the index with the vectors of the build before.
func (s *Service) build(ctx context.Context, articles []kb.Article, past []kb.Past) (*kb.Index, error) {
	if s.Model == nil {
		return kb.Build(articles, past, nil), nil
	}
	v := newVectors(s.Model)
	for f := range vectorFiles {
		data, err := s.Bucket.Get(ctx, vectorKey(f))
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, fmt.Errorf("reading the vectors of the build before: %w", err)
		}
		v.read(f, data)
	}
	x := kb.Build(articles, past, v)
	for f := range vectorFiles {
		if data, changed := v.write(f); changed {
			if err := s.Bucket.Put(ctx, vectorKey(f), data); err != nil {
				return nil, fmt.Errorf("keeping the vectors for the next build: %w", err)
			}
		}
	}
	return x, nil
}

func vectorKey(file int) string { return fmt.Sprintf("%svectors-%d", histories, file) }

// history gives the history up to now, and keeps it.
func (s *Service) history(ctx context.Context) (h *history, more bool, err error) {
	if s.Store == nil {
		return &history{}, false, nil
	}
	var data []byte
	lines, err := pointer(ctx, s.Bucket, currentHistory)
	if err != nil {
		return nil, false, err
	}
	if len(lines) > 0 {
		if data, err = s.Bucket.Get(ctx, lines[0]); err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, false, fmt.Errorf("reading the history: %w", err)
		}
	}
	if h, err = readHistory(data); err != nil {
		return nil, false, err
	}
	changed, more, err := s.collect(ctx, h)
	if err != nil || !changed {
		return h, more, err
	}
	if data, err = h.write(); err != nil {
		return nil, false, err
	}
	key := name(histories, data)
	if err := s.Bucket.Put(ctx, key, data); err != nil {
		return nil, false, fmt.Errorf("writing the history: %w", err)
	}
	if err := s.point(ctx, currentHistory, key); err != nil {
		return nil, false, fmt.Errorf("moving the pointer to the new history: %w", err)
	}
	return h, more, nil
}

// name is the key of an immutable file: its content's hash.
func name(prefix string, data []byte) string {
	sum := sha256.Sum256(data)
	return prefix + hex.EncodeToString(sum[:16])
}

// pointer reads a pointer's lines; none where there is no pointer yet.
func pointer(ctx context.Context, b interface {
	Get(ctx context.Context, key string) ([]byte, error)
}, key string) ([]string, error) {
	data, err := b.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the pointer %s: %w", key, err)
	}
	return strings.FieldsFunc(string(data), func(r rune) bool { return r == '\n' }), nil
}

// point moves a pointer to a new build, and clears away what is too old for
// anybody to be reading it.
func (s *Service) point(ctx context.Context, key, line string) error {
	lines, err := pointer(ctx, s.Bucket, key)
	if err != nil {
		return err
	}
	if len(lines) > 0 && lines[0] == line {
		return nil
	}
	lines = append([]string{line}, slices.DeleteFunc(lines, func(l string) bool { return l == line })...)
	old := lines[min(kept, len(lines)):]
	lines = lines[:min(kept, len(lines))]
	if err := s.Bucket.Put(ctx, key, []byte(strings.Join(lines, "\n")+"\n")); err != nil {
		return err
	}
	inUse := map[string]bool{}
	for _, l := range lines {
		for _, k := range strings.Fields(l) {
			inUse[k] = true
		}
	}
	for _, l := range old {
		for _, k := range strings.Fields(l) {
			if inUse[k] {
				continue
			}
			if err := s.Bucket.Delete(ctx, k); err != nil {
				return fmt.Errorf("clearing away %s, which a newer one has replaced: %w", k, err)
			}
		}
	}
	return nil
}

// RebuildAll rebuilds until all answers are taken in, and says so in the log.
// It ends early, without an error, when its time does: the next build goes on.
func (s *Service) RebuildAll(ctx context.Context) error {
	for {
		start := s.Now()
		b, err := s.Rebuild(ctx)
		if err != nil {
			return err
		}
		slog.Info("the knowledge base has a new snapshot", "key", b.Key, "articles", b.Articles, "mails", b.Mails, "by hand", b.ByHand, "more", b.More)
		took := s.Now().Sub(start)
		if end, ok := ctx.Deadline(); !b.More || ok && s.Now().Add(2*took).After(end) {
			return nil
		}
	}
}

// LearnAndTell is Learn for a schedule: it says in the log what it did. After a
// deployment that writes snapshots in another form it builds the first of them.
func (s *Service) LearnAndTell(ctx context.Context) error {
	form, err := s.Bucket.Get(ctx, formKey)
	if err == nil && string(form) != kb.SnapshotForm() {
		slog.Info("the snapshot is of another program's form and is built anew")
		if err := s.RebuildAll(ctx); err != nil {
			return err
		}
	} else if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("reading the snapshot's form: %w", err)
	}
	n, err := s.Learn(ctx)
	if err == nil && n > 0 {
		slog.Info("learnt from what became of suggestions", "outcomes", n)
	}
	return err
}

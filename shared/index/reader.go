package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/store"
)

// Knowledge is the knowledge base as it is used: the articles, ranked by what
// was learnt up to a moment ago, and what colleagues answered by hand.
type Knowledge struct {
	*kb.Index
	answers *kb.Answers
	reader  *Reader
}

// Answered gives what colleagues answered to the mails most like this one.
func (k *Knowledge) Answered(subject, text string, most int) []desk.PastAnswer {
	return k.answers.Like(subject, text, most)
}

// DefaultFresh is how old what is known may be: an article or an outcome that
// is newer may not be seen yet.
const DefaultFresh = time.Minute

// Reader gives the knowledge base that the service last made. It looks at the
// pointer and at what was learnt at most once in Fresh, and opens a snapshot only
// when the pointer has moved. What cannot be read leaves the last good one in
// use, and the log says so. It is safe for concurrent use.
type Reader struct {
	Bucket interface {
		Get(ctx context.Context, key string) ([]byte, error)
	}
	Store *store.Store // nil: nothing is learnt
	Model kb.Embedder  // that snapshots are built with; nil: ranking goes by words
	Now   func() time.Time
	Fresh time.Duration // 0 is DefaultFresh; negative is to look each time

	mu         sync.Mutex
	looked     time.Time
	line       string // of the pointer
	index      *kb.Index
	answers    *kb.Answers
	version    int64 // of what was learnt
	learned    *kb.Learned
	recentKey  string    // the file that withRecent knows
	withRecent *kb.Index // the index with what was recently answered
	behind     bool      // what was recently answered could not be read
	day        int
	current    *Knowledge

	templates struct {
		sync.Mutex
		list []article.Article
		read time.Time
	}
}

// Knowledge gives the newest that is known. It is empty where no snapshot was
// made yet; the error is of the first reading only.
func (r *Reader) Knowledge(ctx context.Context) (*Knowledge, error) {
	fresh := r.Fresh
	if fresh == 0 {
		fresh = DefaultFresh
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.Now()
	if r.current != nil && r.line != "" && now.Sub(r.looked) < fresh {
		return r.current, nil
	}
	moved, err := r.look(ctx)
	if err != nil {
		if r.current == nil {
			return nil, err
		}
		slog.Error("the knowledge base cannot be read anew; the last one stays in use", "error", err.Error())
		r.looked = now
		return r.current, nil
	}
	learnt := r.learn(ctx)
	r.looked = now
	followed := (moved || learnt || r.behind || r.withRecent == nil) && r.follow(ctx, moved)
	if day := kb.Day(now); followed || learnt || r.current == nil || day != r.day {
		r.day = day
		r.current = &Knowledge{r.withRecent.AsOf(day), r.answers, r}
		if r.learned != nil {
			r.current.Index = r.withRecent.WithLearned(r.learned, day)
		}
	}
	return r.current, nil
}

// look opens what the pointer points to, if it has moved.
func (r *Reader) look(ctx context.Context) (moved bool, err error) {
	pointed, err := r.Bucket.Get(ctx, Current)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return false, fmt.Errorf("reading the pointer %s: %w", Current, err)
	}
	line := ""
	if lines := linesOf(pointed); len(lines) > 0 {
		line = lines[0]
	}
	if r.index != nil && line == r.line {
		return false, nil
	}
	if line == "" {
		r.line, r.index, r.answers = "", kb.New(nil), nil
		return true, nil
	}
	key, told, _ := strings.Cut(line, " ")
	// Two snapshots and what was garbage before do not fit into a small function.
	debug.FreeOSMemory()
	data, err := r.Bucket.Get(ctx, key)
	if err != nil {
		return false, fmt.Errorf("the knowledge base: %w", err)
	}
	x, err := kb.Open(data, r.Model)
	if err != nil {
		return false, err
	}
	if m := x.OtherModel(); m != "" {
		slog.Warn("the knowledge base was made with another embedding model; ranking goes by words until it is built anew", "model", m)
	}
	var answers *kb.Answers
	if told != "" {
		if data, err = r.Bucket.Get(ctx, told); err != nil {
			return false, fmt.Errorf("the past answers: %w", err)
		}
		if answers, err = kb.OpenAnswers(data); err != nil {
			return false, err
		}
	}
	r.line, r.index, r.answers = line, x, answers
	return true, nil
}

// follow adds what was recently answered, and tells whether that is news. Where it cannot
// be read, what was known of this index before stays in use, and it is tried again.
func (r *Reader) follow(ctx context.Context, moved bool) (changed bool) {
	key := ""
	if r.learned != nil {
		key = r.learned.RecentFile()
	}
	if moved || r.withRecent == nil {
		r.recentKey, r.withRecent, changed = "", r.index, true
	}
	if r.behind = false; key == r.recentKey {
		return changed
	}
	if key == "" {
		r.recentKey, r.withRecent = "", r.index
		return true
	}
	mails, model, err := Recent(ctx, r.Bucket, r.learned)
	if err != nil {
		r.behind = true
		slog.Warn("mails are compared with older ones only", "error", err.Error())
		return changed
	}
	r.recentKey, r.withRecent = key, r.index.WithRecent(mails, model)
	return true
}

// learn reads what was learnt. Without it ranking goes on as it is.
func (r *Reader) learn(ctx context.Context) (changed bool) {
	if r.Store == nil {
		return false
	}
	l, err := r.Store.Learned(ctx)
	if errors.Is(err, store.ErrNotFound) || err == nil && l.Version == r.version {
		return false
	}
	var state *kb.Learned
	if err == nil {
		state, err = kb.ReadLearned([]byte(l.State))
	}
	if err != nil {
		slog.Error("what was learnt from outcomes cannot be read; what was known before stays in use", "error", err.Error())
		return false
	}
	r.learned, r.version = state, l.Version
	return true
}

package index

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/store"
)

// Built says what was built.
type Built struct {
	Key      string // of the snapshot
	Articles int
	Mails    int  // of the history: answered with an article
	ByHand   int  // and without
	Left     int  // sentences that there was no time to embed; they rank by words
	More     bool // there is more to take in or to embed than one build does; build again
}

// attempts is how often a build that is overtaken begins again.
const attempts = 5

// Rebuild makes a snapshot of the articles and the history as they are now, and
// moves the pointer to it. The same articles and history give the same snapshot.
// With an article that cannot be read the snapshot of before stays; where there is none
// that this program reads, one is made of the others, and the error tells of that one.
// A build that is overtaken by another begins again, because its articles may be
// the older ones; where there is no time left for that the error is ErrMoved.
func (s *Service) Rebuild(ctx context.Context) (b Built, err error) {
	for range attempts {
		start := s.Now()
		if b, err = s.rebuild(ctx); !errors.Is(err, ErrMoved) || !s.timeFor(ctx, s.Now().Sub(start)) {
			return b, err
		}
	}
	return b, err
}

func (s *Service) rebuild(ctx context.Context) (Built, error) {
	// Before the articles are read: whoever moves it after that may have newer ones.
	current, err := look(ctx, s.Bucket, Current)
	if err != nil {
		return Built{}, err
	}
	were, err := look(ctx, s.Bucket, templatesKey)
	if err != nil {
		return Built{}, err
	}
	files, err := s.Bucket.Articles(ctx)
	if err != nil {
		return Built{}, fmt.Errorf("reading the articles: %w", err)
	}
	articles, bad := article.ParseGood(files)
	if bad != nil {
		usable, err := s.usable(ctx, current)
		if err != nil {
			return Built{}, err
		}
		if usable || len(articles) == 0 {
			return Built{}, fmt.Errorf("the knowledge base stays as it was, because of these articles:\n%w", bad)
		}
		bad = fmt.Errorf("the knowledge base was made without these articles, because there was none that this program reads:\n%w", bad)
	}
	if err := s.keepTemplates(ctx, were, article.Templates(files)); err != nil {
		return Built{}, err
	}
	h, more, err := s.history(ctx)
	if err != nil {
		return Built{}, err
	}
	old, err := s.bygones(ctx, articles)
	if err != nil {
		return Built{}, err
	}
	x, left, err := s.build(ctx, articles, append(old.past, h.past()...))
	if err != nil {
		return Built{}, err
	}
	data, err := x.Snapshot()
	if err != nil {
		return Built{}, err
	}
	hands := append(old.hands, h.byHand()...)
	content := [][]byte{data}
	if len(hands) > 0 {
		content = append(content, kb.NewAnswers(hands).Write())
	}
	if s.Store != nil {
		was, err := s.before(ctx, current)
		if err != nil {
			return Built{}, err
		}
		if err := s.tellRevised(ctx, snapshots+sumOf(data), was, articles); err != nil {
			return Built{}, err
		}
	}
	line, err := s.point(ctx, current, snapshots, content...)
	if err != nil {
		return Built{}, fmt.Errorf("moving the pointer to the new snapshot: %w", err)
	}
	form := kb.SnapshotForm()
	if bad != nil {
		form += withoutSome
	}
	if err := s.Bucket.Put(ctx, formKey, []byte(form)); err != nil {
		return Built{}, fmt.Errorf("noting the snapshot's form: %w", err)
	}
	if s.Store != nil {
		if err := s.hasBuilt(ctx, h); err != nil {
			return Built{}, fmt.Errorf("noting which answers are in the new snapshot: %w", err)
		}
		if err := s.gaps(ctx, append(old.recent, h.byHand()...)); err != nil {
			return Built{}, err
		}
	}
	key, _, _ := strings.Cut(line, " ")
	return Built{Key: key, Articles: len(articles), Mails: h.withArticle() + old.articles, ByHand: len(hands), Left: left, More: more || old.more || left > 0}, bad
}

// usable tells whether there is a snapshot of all articles that this program reads.
func (s *Service) usable(ctx context.Context, current pointer) (bool, error) {
	key, _ := current.keys()
	if key == "" {
		return false, nil
	}
	form, err := s.Bucket.Get(ctx, formKey)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return false, fmt.Errorf("reading the snapshot's form: %w", err)
	}
	if string(form) != kb.SnapshotForm() {
		return false, nil
	}
	data, err := s.Bucket.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading the snapshot %s: %w", key, err)
	}
	_, err = kb.Open(data, s.Model)
	return err == nil, nil
}

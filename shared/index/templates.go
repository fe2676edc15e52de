package index

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/store"
)

// templatesKey holds the templates. They are no part of a snapshot: nothing ranks them,
// and what ranks need not know of them.
const templatesKey = snapshots + "templates"

// keepTemplates writes the templates, where they are others than before. were is what
// was there before the files were read, so that of two builds none writes older ones
// over newer; the error is ErrMoved then.
func (s *Service) keepTemplates(ctx context.Context, were pointer, templates []article.Article) error {
	if len(templates) == 0 && were.version == "" {
		return nil
	}
	data, err := article.WriteTemplates(templates)
	if err != nil {
		return err
	}
	now, err := s.Bucket.Get(ctx, templatesKey)
	if err == nil && bytes.Equal(now, data) {
		return nil
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("reading the templates: %w", err)
	}
	if err = s.Bucket.Swap(ctx, templatesKey, were.version, data); err != nil && !errors.Is(err, ErrMoved) {
		err = fmt.Errorf("keeping the templates: %w", err)
	}
	return err
}

// Templates gives the templates as they were last published. They are read where
// somebody asks for them, at most once in Fresh.
func (r *Reader) Templates(ctx context.Context) ([]article.Article, error) {
	r.templates.Lock()
	defer r.templates.Unlock()
	now := r.Now()
	fresh := r.Fresh
	if fresh == 0 {
		fresh = DefaultFresh
	}
	if !r.templates.read.IsZero() && now.Sub(r.templates.read) < fresh {
		return r.templates.list, nil
	}
	data, err := r.Bucket.Get(ctx, templatesKey)
	if errors.Is(err, store.ErrNotFound) {
		r.templates.list, r.templates.read = nil, now
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the templates: %w", err)
	}
	list, err := article.ReadTemplates(data)
	if err != nil {
		return nil, err
	}
	r.templates.list, r.templates.read = list, now
	return list, nil
}

// Templates gives the templates as they are now; see Reader.Templates.
func (k *Knowledge) Templates(ctx context.Context) ([]article.Article, error) {
	return k.reader.Templates(ctx)
}

package cloud

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/store"
)

// ArticlesPrefix is where a team's articles lie in the configuration bucket.
const ArticlesPrefix = "kb/"

// maxArticles bounds how many articles are read.
const maxArticles = 20_000

// Library is the configuration bucket as the index service sees it: articles
// come from it, snapshots go to it. It is an index.Bucket.
type Library struct{ Blobs }

// NewLibrary works on the configuration bucket.
func NewLibrary(cfg aws.Config, bucket string) Library {
	return Library{Blobs{S3: s3.NewFromConfig(cfg), Bucket: bucket}}
}

// Articles gives every article's file by its path under ArticlesPrefix.
func (l Library) Articles(ctx context.Context) (map[string][]byte, error) {
	out := map[string][]byte{}
	pages := s3.NewListObjectsV2Paginator(l.S3, &s3.ListObjectsV2Input{Bucket: &l.Bucket, Prefix: aws.String(ArticlesPrefix)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("cannot list the articles in the bucket %s: %w", l.Bucket, err)
		}
		for _, o := range page.Contents {
			key := aws.ToString(o.Key)
			name := strings.TrimPrefix(key, ArticlesPrefix)
			switch {
			case !kb.IsArticle(name):
				continue
			case aws.ToInt64(o.Size) > kb.MaxArticle:
				return nil, fmt.Errorf("the article %s has %d bytes; an article has at most %d", key, aws.ToInt64(o.Size), kb.MaxArticle)
			case len(out) == maxArticles:
				return nil, fmt.Errorf("there are more than %d articles under %s in the bucket %s", maxArticles, ArticlesPrefix, l.Bucket)
			}
			data, err := l.Get(ctx, key)
			if errors.Is(err, store.ErrNotFound) {
				continue // deleted since the list was made; that wakes the function again
			}
			if err != nil {
				return nil, err
			}
			out[name] = data
		}
	}
	return out, nil
}

// KnowledgeBase reads the snapshot that the index function last made. It asks
// for the pointer at most once a minute and for a snapshot only when it moved.
// It is safe for concurrent use.
type KnowledgeBase struct {
	blobs   Blobs
	pointer *Document[string]

	mu    sync.Mutex
	key   string
	index *kb.Index
}

// NewKnowledgeBase reads from the configuration bucket.
func NewKnowledgeBase(client *s3.Client, bucket string, now func() time.Time) *KnowledgeBase {
	return &KnowledgeBase{
		blobs: Blobs{S3: client, Bucket: bucket},
		pointer: &Document[string]{S3: client, Bucket: bucket, Key: index.Current, Now: now,
			Parse: func(data []byte, _ string) (string, error) { return strings.TrimSpace(string(data)), nil }},
	}
}

// Index gives the index; it is empty where no snapshot was made yet.
func (k *KnowledgeBase) Index(ctx context.Context) (*kb.Index, error) {
	key, err := k.pointer.Get(ctx)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case k.index != nil && k.key == key:
		return k.index, nil
	case key == "":
		k.key, k.index = "", kb.New(nil)
		return k.index, nil
	}
	data, err := k.blobs.Get(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("the knowledge base: %w", err)
	}
	x, err := kb.Open(data)
	if err != nil {
		return nil, err
	}
	k.key, k.index = key, x
	return x, nil
}

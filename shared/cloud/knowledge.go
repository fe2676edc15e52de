package cloud

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/worth"
)

// ArticlesPrefix is where a team's articles lie in the configuration bucket.
const ArticlesPrefix = "kb/"

// Library is the configuration bucket as the index service sees it: articles
// come from it, snapshots go to it. It is an index.Bucket.
type Library struct{ Blobs }

// NewLibrary works on the configuration bucket.
func NewLibrary(cfg aws.Config, bucket string) Library {
	return Library{Blobs{S3: s3.NewFromConfig(cfg), Bucket: bucket, Most: maxSnapshot}}
}

// Articles gives every published article's file by its path.
func (l Library) Articles(ctx context.Context) (map[string][]byte, error) {
	p, err := l.Published(ctx)
	return p.Files, err
}

// loose gives the files that lie under ArticlesPrefix one by one.
func (l Library) loose(ctx context.Context) (map[string][]byte, error) {
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
			case !article.IsArticle(name):
				continue
			case aws.ToInt64(o.Size) > article.MaxArticle:
				return nil, fmt.Errorf("the article %s has %d bytes; an article has at most %d; make two of it", key, aws.ToInt64(o.Size), article.MaxArticle)
			case len(out) == article.MaxArticles:
				return nil, fmt.Errorf("there are more than %d articles under %s in the bucket %s; put some together, or take out what nobody needs", article.MaxArticles, ArticlesPrefix, l.Bucket)
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

// Look reads an object and its ETag. Error: store.ErrNotFound.
func (l Library) Look(ctx context.Context, key string) (data []byte, version string, err error) {
	return l.get(ctx, key)
}

// Swap writes an object if its ETag is still the version, or if there still is
// none where the version is "" (S3 user guide, "Conditional writes"). Else the
// error is index.ErrMoved. A write whose answer was lost is tried again by the SDK
// and then meets itself, so what is there already counts as written.
func (l Library) Swap(ctx context.Context, key, version string, data []byte) error {
	err := l.putIf(ctx, &s3.PutObjectInput{Bucket: &l.Bucket, Key: &key, Body: bytes.NewReader(data), ContentLength: aws.Int64(int64(len(data)))}, version)
	if errors.Is(err, errPrecondition) {
		if now, _, again := l.get(ctx, key); again == nil && bytes.Equal(now, data) {
			return nil
		}
		return fmt.Errorf("%s in the bucket %s: %w", key, l.Bucket, index.ErrMoved)
	}
	if err != nil {
		return fmt.Errorf("cannot keep %s in the bucket %s: %w", key, l.Bucket, err)
	}
	return nil
}

// errPrecondition says that an object is not the one that was to be replaced.
var errPrecondition = errors.New("it is another by now")

// putIf writes an object where its ETag is the version, "" where there is to be none.
func (l Library) putIf(ctx context.Context, in *s3.PutObjectInput, version string) error {
	if version == "" {
		in.IfNoneMatch = aws.String("*")
	} else {
		in.IfMatch = &version
	}
	_, err := l.S3.PutObject(ctx, in)
	var status *awshttp.ResponseError
	if errors.As(err, &status) {
		switch status.HTTPStatusCode() {
		case http.StatusPreconditionFailed, http.StatusConflict, http.StatusNotFound: // 409: written at this moment; 404: deleted
			return errors.Join(errPrecondition, err)
		}
	}
	return err
}

// Delete removes an object; one that is not there is removed already.
func (l Library) Delete(ctx context.Context, key string) error {
	if _, err := l.S3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &l.Bucket, Key: &key}); err != nil {
		return fmt.Errorf("cannot delete %s from the bucket %s: %w", key, l.Bucket, err)
	}
	return nil
}

// NewKnowledge reads what the index function last made from the configuration
// bucket, and what was learnt from the table. Model is what it ranks with, see package encoders.
func NewKnowledge(client *s3.Client, bucket string, s *store.Store, model kb.Embedder, now func() time.Time) *index.Reader {
	return &index.Reader{Model: model, Bucket: Blobs{S3: client, Bucket: bucket, Most: maxSnapshot}, Store: s, Now: now}
}

// StackKnowledge reads the knowledge base of a deployed stack, and what was learnt there.
func StackKnowledge(ctx context.Context, cfg aws.Config, stack string, model kb.Embedder, now func() time.Time) (*index.Reader, error) {
	bucket, err := Stack(ctx, cfg, stack, "ConfigBucket")
	if err != nil {
		return nil, err
	}
	table, err := Stack(ctx, cfg, stack, "Table")
	if err != nil {
		return nil, err
	}
	return NewKnowledge(s3.NewFromConfig(cfg), bucket, NewStore(cfg, table), model, now), nil
}

// maxSnapshot bounds what the index function reads and writes, in bytes: a
// snapshot of 10,000 articles and 30,000 past mails stays below it.
const maxSnapshot = 256 << 20

// Found reads what the index function found in conversations.
func Found(client *s3.Client, bucket string) index.Found {
	return index.Found{Files: Blobs{S3: client, Bucket: bucket, Most: maxSnapshot}}
}

// StackFound reads what the index function of a deployed stack found.
func StackFound(ctx context.Context, cfg aws.Config, stack string) (index.Found, error) {
	bucket, err := Stack(ctx, cfg, stack, "ConfigBucket")
	return Found(s3.NewFromConfig(cfg), bucket), err
}

// CustomersPrefix is where a team drops a list of its customers, in the configuration bucket.
const CustomersPrefix = "customers/"

// droppedList reads the key of a list from a notice of the configuration bucket. What is
// below the prefix and no list is none of ours; it is not an article either.
func droppedList(notice string) (key string, is bool) {
	var n struct {
		Kind   string `json:"detail-type"`
		Detail struct {
			Object struct {
				Key string `json:"key"`
			} `json:"object"`
		} `json:"detail"`
	}
	if json.Unmarshal([]byte(notice), &n) != nil || !strings.HasPrefix(n.Detail.Object.Key, CustomersPrefix) {
		return "", false
	}
	if n.Kind != "Object Created" || !strings.EqualFold(path.Ext(n.Detail.Object.Key), ".csv") {
		return "", true
	}
	return n.Detail.Object.Key, true
}

// Customers takes in lists that are dropped in the configuration bucket, and keeps them
// beside the mail.
type Customers struct {
	Dropped, Kept Library
	Now           func() time.Time
}

// NewCustomers works on the two buckets.
func NewCustomers(cfg aws.Config, configBucket, mailBucket string) Customers {
	return Customers{Dropped: NewLibrary(cfg, configBucket), Kept: NewLibrary(cfg, mailBucket), Now: time.Now}
}

// Take takes in the list under the key, and removes it. Where it cannot be used, a file
// beside it says why, line by line, and the error is permanent; it names the file and no
// customer. A notice whose list is gone was taken care of before.
func (c Customers) Take(ctx context.Context, key string) error {
	if key == "" {
		return nil
	}
	data, err := c.Dropped.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the list of customers %s: %w", key, err)
	}
	kept, err := worth.Drop(ctx, c.Kept, c.Now(), data)
	if desk.IsPermanent(err) {
		told := key + worth.ErrorsSuffix
		if err := c.Dropped.Put(ctx, told, []byte(err.Error()+"\n")); err != nil {
			return fmt.Errorf("saying what is wrong with the list of customers %s: %w", key, err)
		}
		return desk.Permanent(fmt.Errorf("the list of customers %s was not taken; %s beside it says why, line by line", key, path.Base(told)))
	}
	if err != nil {
		return fmt.Errorf("taking in the list of customers %s: %w", key, err)
	}
	slog.Info("a list of customers was taken in", "entries", kept.Customers, "before", kept.Before)
	return errors.Join(c.Dropped.Delete(ctx, key), c.Dropped.Delete(ctx, key+worth.ErrorsSuffix))
}

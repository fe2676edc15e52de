package cloud

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/replywell/replywell/shared/store"
)

// documentFor is how long a document is used without asking whether it changed.
const documentFor = time.Minute

// maxDocument bounds a document, in bytes: settings and the index are far below.
const maxDocument = 64 << 20

// Document is an object of the configuration bucket that is used over and over:
// the settings, the index of the knowledge base. It is asked for at most once a
// minute, and sent again only when it has changed (by ETag). It is safe for
// concurrent use.
type Document[T any] struct {
	S3     *s3.Client
	Bucket string
	Key    string
	Parse  func(data []byte, name string) (T, error)
	Now    func() time.Time

	mu    sync.Mutex
	asked time.Time
	etag  string
	known bool
	value T
}

// Get gives the document. When the bucket cannot be read, or what lies there now
// has problems, the last good one stays in use and the log says so. The error is
// store.ErrNotFound where there is no such object.
func (d *Document[T]) Get(ctx context.Context) (T, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known && d.Now().Sub(d.asked) < documentFor {
		return d.value, nil
	}
	data, etag, err := d.read(ctx)
	if err == nil && data != nil {
		var fresh T
		if fresh, err = d.Parse(data, "s3://"+d.Bucket+"/"+d.Key); err == nil {
			d.value, d.etag, d.known = fresh, etag, true
		}
	}
	if err != nil {
		if !d.known {
			return d.value, err
		}
		slog.Error("a document cannot be read; the last good one stays in use", "key", d.Key, "error", err.Error())
	}
	d.asked = d.Now()
	return d.value, nil
}

// read gives nil data where the document is the one we have.
func (d *Document[T]) read(ctx context.Context) (data []byte, etag string, err error) {
	in := &s3.GetObjectInput{Bucket: &d.Bucket, Key: &d.Key}
	if d.etag != "" {
		in.IfNoneMatch = &d.etag
	}
	out, err := d.S3.GetObject(ctx, in)
	var (
		status  *awshttp.ResponseError
		missing *types.NoSuchKey
	)
	switch {
	case errors.As(err, &status) && status.HTTPStatusCode() == http.StatusNotModified:
		return nil, d.etag, nil
	case errors.As(err, &missing):
		return nil, "", fmt.Errorf("%s is not in the bucket %s: %w", d.Key, d.Bucket, store.ErrNotFound)
	case err != nil:
		return nil, "", fmt.Errorf("cannot read %s from the bucket %s: %w", d.Key, d.Bucket, err)
	}
	defer out.Body.Close()
	data, err = io.ReadAll(io.LimitReader(out.Body, maxDocument+1))
	switch {
	case err != nil:
		return nil, "", fmt.Errorf("reading %s from the bucket %s broke off: %w", d.Key, d.Bucket, err)
	case len(data) > maxDocument:
		return nil, "", fmt.Errorf("%s in the bucket %s is larger than %d bytes, which no configuration is; put the right document there", d.Key, d.Bucket, maxDocument)
	}
	return data, aws.ToString(out.ETag), nil
}

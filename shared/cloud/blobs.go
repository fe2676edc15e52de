package cloud

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

// MaxBlob bounds what Get reads, in bytes: SES stores mails of up to 40 MB,
// headers included (SES developer guide, "Service quotas", receiving).
const MaxBlob = 48 << 20

// Blobs keeps blobs as objects of one bucket. It is a store.Blobs.
type Blobs struct {
	S3     *s3.Client
	Bucket string
	Most   int64 // bytes that Get reads; 0 is MaxBlob
}

// Put writes an object. S3 answers only when it is durable.
func (b Blobs) Put(ctx context.Context, key string, data []byte) error {
	_, err := b.S3.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &b.Bucket, Key: &key, Body: bytes.NewReader(data), ContentLength: aws.Int64(int64(len(data))),
	})
	if err != nil {
		return fmt.Errorf("cannot keep %s in the bucket %s: %w", key, b.Bucket, err)
	}
	return nil
}

// KeepReport writes a report's file below reports/ in the bucket.
func (b Blobs) KeepReport(ctx context.Context, name string, data []byte) error {
	return b.Put(ctx, "reports/"+name, data)
}

// Get reads an object. The error is store.ErrNotFound where there is none; S3
// says so only to a function that may also list the bucket, to others it denies
// access, so the functions have s3:ListBucket on this bucket.
func (b Blobs) Get(ctx context.Context, key string) ([]byte, error) {
	data, _, err := b.get(ctx, key)
	return data, err
}

// get is Get, with the object's ETag.
func (b Blobs) get(ctx context.Context, key string) (read []byte, etag string, err error) {
	out, err := b.S3.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.Bucket, Key: &key})
	var missing *types.NoSuchKey
	if errors.As(err, &missing) {
		return nil, "", fmt.Errorf("%s is not in the bucket %s: %w", key, b.Bucket, store.ErrNotFound)
	}
	if err != nil {
		return nil, "", fmt.Errorf("cannot read %s from the bucket %s: %w", key, b.Bucket, err)
	}
	defer out.Body.Close()
	most := b.Most
	if most == 0 {
		most = MaxBlob
	}
	if n := aws.ToInt64(out.ContentLength); n > most {
		return nil, "", desk.Permanent(fmt.Errorf("%s in the bucket %s has %d bytes; more than %d are not read, which is above what is ever written there", key, b.Bucket, n, most))
	}
	data := make([]byte, 0, aws.ToInt64(out.ContentLength)+bytes.MinRead)
	buf := bytes.NewBuffer(data)
	if _, err := buf.ReadFrom(io.LimitReader(out.Body, most+1)); err != nil {
		return nil, "", fmt.Errorf("reading %s from the bucket %s broke off: %w", key, b.Bucket, err)
	}
	return buf.Bytes(), aws.ToString(out.ETag), nil
}

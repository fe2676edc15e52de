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

	"github.com/replywell/replywell/shared/kb/article"
)

// BundleKey is where the published articles lie in the configuration bucket, all
// in one object: one write publishes them or does not.
const BundleKey = ArticlesPrefix + "articles.zip"

// Published reads what is published. Files that somebody copied into the bucket
// one by one count where no bundle is there. Where it cannot be unpacked the error is
// article.ErrUnreadable, and the version is given.
func (l Library) Published(ctx context.Context) (article.Published, error) {
	out, err := l.S3.GetObject(ctx, &s3.GetObjectInput{Bucket: &l.Bucket, Key: aws.String(BundleKey)})
	var missing *types.NoSuchKey
	if errors.As(err, &missing) {
		files, err := l.loose(ctx)
		return article.Published{Files: files}, err
	}
	if err != nil {
		return article.Published{}, fmt.Errorf("cannot read the published articles, s3://%s/%s: %w", l.Bucket, BundleKey, err)
	}
	defer out.Body.Close()
	data, err := io.ReadAll(io.LimitReader(out.Body, article.MaxBundle+1))
	if err != nil {
		return article.Published{}, fmt.Errorf("reading s3://%s/%s broke off: %w", l.Bucket, BundleKey, err)
	}
	p := article.Published{Version: aws.ToString(out.ETag)}
	if len(data) > article.MaxBundle {
		return p, fmt.Errorf("s3://%s/%s has more than %d bytes; %w", l.Bucket, BundleKey, article.MaxBundle, article.ErrUnreadable)
	}
	if p.Files, err = article.Unbundle(data); err != nil {
		return p, fmt.Errorf("s3://%s/%s: %w", l.Bucket, BundleKey, err)
	}
	return p, nil
}

// Publish replaces what was published. The error is article.ErrMoved where that is no
// longer what before says; nothing is written then (S3 user guide, "Conditional
// writes").
func (l Library) Publish(ctx context.Context, before article.Published, files map[string][]byte) error {
	data, err := article.Bundle(files)
	if err != nil {
		return err
	}
	err = l.putIf(ctx, &s3.PutObjectInput{Bucket: &l.Bucket, Key: aws.String(BundleKey), Body: bytes.NewReader(data), ContentLength: aws.Int64(int64(len(data))),
		ContentType: aws.String("application/zip")}, before.Version)
	if errors.Is(err, errPrecondition) {
		if now, again := l.Published(ctx); (again == nil || errors.Is(again, article.ErrUnreadable)) && now.Version != before.Version {
			if again == nil && len(article.Difference(now.Files, files)) == 0 {
				return nil // it was this very write, whose answer was lost
			}
			return article.ErrMoved
		}
	}
	if err != nil {
		return fmt.Errorf("the articles are good, but could not be written to s3://%s/%s: %w", l.Bucket, BundleKey, err)
	}
	return nil
}

// Stack gives the value of a deployed stack's output.
func Stack(ctx context.Context, cfg aws.Config, stack, output string) (string, error) {
	found, err := readStack(ctx, cfg, stack)
	if err != nil {
		return "", err
	}
	if value, ok := outputs(found)[output]; ok {
		return value, nil
	}
	return "", fmt.Errorf("the stack %s has no output %s; is it Replywell's?", stack, output)
}

// String names the place, for people.
func (l Library) String() string { return "s3://" + l.Bucket + "/" + BundleKey }

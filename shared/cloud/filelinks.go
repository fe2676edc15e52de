package cloud

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/files"
	"github.com/replywell/replywell/shared/store"
)

// fetchWithin is how long the address of S3's is good that a link leads on to: it is
// followed at once, and whoever follows the link again gets a new one.
const fetchWithin = 5 * time.Minute

// Files is the handler of the files function: whoever follows a link to a file is led
// on to S3. What stands in the mail is the function's own address, which lives as long
// as the link says; what S3 is asked with is signed anew each time, because it dies
// with the credentials that signed it.
type Files struct {
	Door    http.Handler
	Refresh Refresh
}

// NewFiles wires the files function.
func NewFiles(cfg aws.Config, c config.Files) Files {
	client := s3.NewFromConfig(cfg)
	secrets := Secrets{Client: secretsmanager.NewFromConfig(cfg)}
	keys := &Fresh[*replyaddr.Keyring]{For: keysFor, Now: time.Now,
		Read: func(ctx context.Context) (*replyaddr.Keyring, error) { return secrets.Keyring(ctx, c.KeysSecret) }}
	var ring *replyaddr.Keyring
	d := fileDoor{s3: client, sign: s3.NewPresignClient(client), blobs: Blobs{S3: client, Bucket: c.MailBucket}}
	return Files{
		Door: files.Door{Keys: func() *replyaddr.Keyring { return ring }, Now: time.Now, Find: d.find, Give: d.give},
		Refresh: func(ctx context.Context) (err error) {
			Thaw(cfg)
			ring, err = keys.Get(ctx)
			return err
		},
	}
}

// Handle answers one request (Lambda developer guide, "Request and response payloads" of function URLs).
func (h Files) Handle(ctx context.Context, ev events.LambdaFunctionURLRequest) (events.LambdaFunctionURLResponse, error) {
	if err := h.Refresh.do(ctx); err != nil {
		return events.LambdaFunctionURLResponse{}, err
	}
	// Of what a stranger sent only the method and the path are looked at.
	r := (&http.Request{Method: ev.RequestContext.HTTP.Method, URL: &url.URL{Path: ev.RawPath}, Header: http.Header{}}).WithContext(ctx)
	w := &written{header: http.Header{}, status: http.StatusOK}
	h.Door.ServeHTTP(w, r)
	out := events.LambdaFunctionURLResponse{StatusCode: w.status, Headers: map[string]string{}, Body: w.body.String()}
	for name := range w.header {
		out.Headers[name] = w.header.Get(name)
	}
	slog.Info("a link was followed", "status", w.status)
	return out, nil
}

// written is an answer as it is written.
type written struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *written) Header() http.Header         { return w.header }
func (w *written) WriteHeader(status int)      { w.status = status }
func (w *written) Write(b []byte) (int, error) { return w.body.Write(b) }

// fileDoor finds files in the bucket.
type fileDoor struct {
	s3    *s3.Client
	sign  *s3.PresignClient
	blobs Blobs
}

func (d fileDoor) find(ctx context.Context, id string) (files.File, error) {
	f, err := files.About(ctx, d.blobs, id)
	if err == nil {
		_, err = d.s3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &d.blobs.Bucket, Key: aws.String(files.Key(id))})
	}
	return f, notFound(err)
}

// notFound takes S3's word for an object that is not there. To a role that may not list
// the bucket, as this one, S3 says instead that access is denied.
func notFound(err error) error {
	var answer *awshttp.ResponseError
	if errors.As(err, &answer) && (answer.HTTPStatusCode() == http.StatusNotFound || answer.HTTPStatusCode() == http.StatusForbidden) {
		return fmt.Errorf("%w: %w", store.ErrNotFound, err)
	}
	return err
}

func (d fileDoor) give(w http.ResponseWriter, r *http.Request, f files.File) error {
	if r.Method == http.MethodHead { // S3's address would be signed for GET
		w.Header().Set("Content-Length", strconv.Itoa(f.Size))
		w.WriteHeader(http.StatusOK)
		return nil
	}
	how, kind := files.Saving(f)
	at, err := d.sign.PresignGetObject(r.Context(), &s3.GetObjectInput{Bucket: &d.blobs.Bucket, Key: aws.String(files.Key(f.ID)),
		ResponseContentDisposition: &how, ResponseContentType: &kind, ResponseCacheControl: aws.String("no-store")}, s3.WithPresignExpires(fetchWithin))
	if err != nil {
		return fmt.Errorf("signing an address of S3's: %w", err)
	}
	w.Header().Del("Content-Disposition") // of what follows; this answer is none to be saved
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Location", at.URL)
	w.WriteHeader(http.StatusFound)
	return nil
}

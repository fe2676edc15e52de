package cloud

import (
	"context"
	"crypto/rand"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine/dynamo"
)

// keysFor is how long reply address keys are used before they are read again: a
// key that was added is known everywhere after this, and may then be made current.
const keysFor = 5 * time.Minute

// Desk is what every function works with that touches conversations.
type Desk struct {
	*home.Home
	AWS     aws.Config
	S3      *s3.Client
	SQS     *sqs.Client
	Secrets Secrets

	keys *Fresh[*replyaddr.Keyring]
}

// Open connects to all of it. Nothing is asked of AWS yet.
func Open(ctx context.Context, c config.Desk) (*Desk, error) {
	cfg, err := ConnectFunction(ctx)
	if err != nil {
		return nil, err
	}
	d := &Desk{AWS: cfg, S3: s3.NewFromConfig(cfg), SQS: sqs.NewFromConfig(cfg), Secrets: Secrets{Client: secretsmanager.NewFromConfig(cfg)}}
	waker := Waker{Queue: Queue{SQS: d.SQS, URL: c.SendQueue}}
	d.Home = &home.Home{
		Store:    NewStore(cfg, c.Table),
		Blobs:    Blobs{S3: d.S3, Bucket: c.MailBucket},
		Settings: Settings(d.S3, c.ConfigBucket, time.Now),
		Wake:     waker.Wake,
		Later:    waker.Later,
		Now:      time.Now,
		Random:   rand.Reader,
	}
	d.Store.Keep = time.Duration(c.RetentionDays) * 24 * time.Hour
	d.keys = &Fresh[*replyaddr.Keyring]{For: keysFor, Now: d.Now,
		Read: func(ctx context.Context) (*replyaddr.Keyring, error) { return d.Secrets.Keyring(ctx, c.KeysSecret) }}
	return d, nil
}

// Refresh begins every invocation: with new connections, see Thaw, and with the
// keys of now. A function has one invocation at a time, so nothing reads them then.
func (d *Desk) Refresh(ctx context.Context) (err error) {
	Thaw(d.AWS)
	d.Home.Keys, err = d.keys.Get(ctx)
	return err
}

// Start runs a Lambda function that works with conversations: it reads the
// function's environment, opens the desk, and has wire make the handler, in a form
// that lambda.Start takes. It does not return.
func Start[C interface{ OfDesk() config.Desk }](name string, wire func(*Desk, C) any) {
	Log(name)
	var c C
	if err := config.FromEnvironment(&c); err != nil {
		Fatal(err)
	}
	d, err := Open(context.Background(), c.OfDesk())
	if err != nil {
		Fatal(err)
	}
	lambda.Start(wire(d, c))
}

// Fatal ends a function that could not start. Lambda starts it anew for the next event.
func Fatal(err error) {
	slog.Error("the function cannot start", "error", err.Error())
	os.Exit(1)
}

// NewStore is the store over a table.
func NewStore(cfg aws.Config, table string) *store.Store {
	return store.New(dynamo.New(dynamodb.NewFromConfig(cfg), table), time.Now)
}

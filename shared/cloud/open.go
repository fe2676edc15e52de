package cloud

import (
	"context"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine/dynamo"
)

// keysFor is how long reply address keys are used before they are read again: a
// key that was added is known everywhere after this, and may then be made current.
const keysFor = 5 * time.Minute

// Desk is what every function works with that touches conversations.
type Desk struct {
	AWS      aws.Config
	S3       *s3.Client
	SQS      *sqs.Client
	Secrets  Secrets
	Store    *store.Store
	Blobs    Blobs
	Settings func(context.Context) (*desk.Settings, error)
	Keys     *Fresh[*replyaddr.Keyring]
	Wake     func(ctx context.Context, outboxIDs []string)
	Now      func() time.Time
}

// Open connects to all of it. Nothing is asked of AWS yet but what the SDK needs
// to find credentials.
func Open(ctx context.Context, c config.Desk) (*Desk, error) {
	cfg, err := ConnectFunction(ctx)
	if err != nil {
		return nil, err
	}
	d := &Desk{
		AWS: cfg, S3: s3.NewFromConfig(cfg), SQS: sqs.NewFromConfig(cfg), Now: time.Now,
		Secrets: Secrets{Client: secretsmanager.NewFromConfig(cfg)},
		Store:   NewStore(cfg, c.Table),
	}
	d.Store.Keep = time.Duration(c.RetentionDays) * 24 * time.Hour
	d.Blobs = Blobs{S3: d.S3, Bucket: c.MailBucket}
	d.Settings = Settings(d.S3, c.ConfigBucket, d.Now)
	d.Wake = Waker{Queue: Queue{SQS: d.SQS, URL: c.SendQueue}}.Wake
	d.Keys = &Fresh[*replyaddr.Keyring]{For: keysFor, Now: d.Now,
		Read: func(ctx context.Context) (*replyaddr.Keyring, error) { return d.Secrets.Keyring(ctx, c.KeysSecret) }}
	return d, nil
}

// RefreshKeys begins every invocation: with new connections, see Thaw, and with
// the keys handed to each of these places. A function has one invocation at a time, so nothing reads them then.
func (d *Desk) RefreshKeys(places ...**replyaddr.Keyring) Refresh {
	return func(ctx context.Context) error {
		Thaw(d.AWS)
		keys, err := d.Keys.Get(ctx)
		if err != nil {
			return err
		}
		for _, p := range places {
			*p = keys
		}
		return nil
	}
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

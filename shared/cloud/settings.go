package cloud

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

// SettingsKey is where the team's document lies in the configuration bucket.
const SettingsKey = "config/settings.yaml"

// ErrNoSettings is what Settings gives where nobody has written any: a new
// deployment, which is no fault.
var ErrNoSettings = errors.New("there are no settings yet")

// Settings reads the team's document from the configuration bucket; see Document.
// With none there, the error is ErrNoSettings and says how to write it.
func Settings(client *s3.Client, bucket string, now func() time.Time) func(context.Context) (*desk.Settings, error) {
	d := &Document[*desk.Settings]{S3: client, Bucket: bucket, Key: SettingsKey, Parse: config.Parse, Now: now}
	return func(ctx context.Context) (*desk.Settings, error) {
		s, err := d.Get(ctx)
		if errors.Is(err, store.ErrNotFound) {
			return nil, fmt.Errorf("%w: write them with \"replywell config push --bucket %s FILE\"", ErrNoSettings, bucket)
		}
		return s, err
	}
}

// Push is PushSettings with the AWS account and region that the environment names.
func Push(ctx context.Context, bucket, file string, data []byte) error {
	if err := CheckSettings(file, data); err != nil {
		return err
	}
	cfg, err := Connect(ctx)
	if err != nil {
		return err
	}
	return PushSettings(ctx, s3.NewFromConfig(cfg), bucket, file, data)
}

// PushSettings checks a document and writes it where the functions read it. file
// is its name for messages. Nothing is written when it has a problem.
func PushSettings(ctx context.Context, client *s3.Client, bucket, file string, data []byte) error {
	if err := CheckSettings(file, data); err != nil {
		return err
	}
	if err := (Blobs{S3: client, Bucket: bucket}).Put(ctx, SettingsKey, data); err != nil {
		return fmt.Errorf("the settings are good, but could not be written: %w", err)
	}
	return nil
}

// CheckSettings reports all that keeps a document from being used in AWS.
func CheckSettings(file string, data []byte) error {
	settings, err := config.Parse(data, file)
	if err != nil {
		return err
	}
	var errs []error
	if settings.Mode != desk.ModeLive {
		errs = append(errs, fmt.Errorf("%s says mode: %s, which is for trying things out on one machine; write mode: live for AWS", file, settings.Mode))
	}
	if settings.TrustLoopback {
		errs = append(errs, fmt.Errorf("%s says trust_loopback: true, which means nothing in AWS; take it out, so that nobody believes in it", file))
	}
	if len(settings.Servers.Addresses) > 0 {
		errs = append(errs, fmt.Errorf("%s names mail_servers, which are for one machine: SES itself says what it found out about a mail; take them out", file))
	}
	return errors.Join(errs...)
}

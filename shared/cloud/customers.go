package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/worth"
)

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

// Package outbox records the mails that a change causes together with the
// change, so that neither is ever there without the other.
//
// A mail that is to leave is an item in the outbox and a composed body in the
// blob store. The body is kept first: if the change then fails, a body that
// nobody names is left behind, and the blob store's retention clears it away.
// The other way round a mail could be due whose text is nowhere. The sender is
// woken last, and only as a courtesy: the sweep finds what it was not told of.
package outbox

import (
	"context"
	"fmt"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// Recorder records changes with the mails they cause.
type Recorder struct {
	Store *store.Store
	Blobs store.Blobs
	// Wake tells the sender that these items are there. It does not fail: what
	// it cannot tell, the sweep finds. nil: only the sweep.
	Wake func(ctx context.Context, ids []string)
}

// Commit adds the letters to the change, due at once, and writes it. cause is
// what the mails are recorded as caused by. The errors are the store's: after
// store.ErrConflict, read again, decide again, and come with a new change.
func (r Recorder) Commit(ctx context.Context, c *store.Change, ready []letters.Ready, now time.Time, cause string) error {
	if c.MessageIDs == nil {
		c.MessageIDs = map[string]store.MessageRef{}
	}
	var ids []string
	for _, l := range ready {
		if err := r.Blobs.Put(ctx, l.Item.Raw, l.Raw); err != nil {
			return fmt.Errorf("keeping the composed mail %s: %w", l.Item.ID, err)
		}
		item := l.Queued(now, cause)
		c.Outbox = append(c.Outbox, item)
		ids = append(ids, item.ID)
		c.MessageIDs[item.MessageID] = Sent(*item)
	}
	if err := r.Store.Commit(ctx, c); err != nil {
		return err
	}
	if r.Wake != nil && len(ids) > 0 {
		r.Wake(ctx, ids)
	}
	return nil
}

// Sent is where a Message-ID leads under which the item is, or was, sent.
func Sent(item desk.OutboxItem) store.MessageRef {
	return store.MessageRef{Conversation: item.Conversation, Sequence: item.Sequence, Outgoing: true, Outbox: item.ID}
}

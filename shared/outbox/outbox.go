package outbox

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/guard"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// Recorder records changes with the mails they cause.
type Recorder struct {
	Store *store.Store
	Blobs store.Blobs
	// Settings say who is of the team, and how much leaves by itself.
	Settings func(context.Context) (*desk.Settings, error)
	// Wake tells the sender that these items are there. It does not fail: what
	// it cannot tell, the sweep finds. nil: only the sweep.
	Wake func(ctx context.Context, ids []string)
	// Later tells the same of items that are due after a while. nil: the sweep finds them.
	Later func(ctx context.Context, ids []string, wait time.Duration)
	// Guard compares mail to customers with what must not reach them. nil: there is
	// none among the letters, and one that is there is refused.
	Guard guard.Comparer
}

// LeakError says that a letter to a customer holds what must not reach them.
// Nothing was written.
type LeakError struct{ Hits []guard.Hit }

func (e *LeakError) Error() string {
	return fmt.Sprintf("a mail to a customer holds what must not reach them (%s)", e.Hits[0].Kind)
}

// compare looks for what must not leave in every letter that may reach a
// customer. This is the only door: what did not come through here is not in
// the outbox.
func (r Recorder) compare(ready []letters.Ready) error {
	for _, l := range ready {
		if forTheTeam(l.Item) {
			continue
		}
		if r.Guard == nil {
			return desk.Permanent(fmt.Errorf("the %s %s may reach a customer and was not compared with what must not", l.Item.Kind, l.Item.ID))
		}
		whole := l.Letter
		whole.Attachments = slices.Concat(l.Letter.Attachments, l.Linked)
		if hits := r.Guard.Compare(whole, letters.Frames()); len(hits) > 0 {
			return &LeakError{hits}
		}
	}
	return nil
}

// forTheTeam tells mail to an agent, to a department, and the team's figures; check sees to it that
// they go to the addresses of the settings. Everything else may reach a customer.
func forTheTeam(item desk.OutboxItem) bool {
	return item.Agent != "" || item.Kind == desk.OutboxReport || item.Kind == desk.OutboxProbe || item.Kind == desk.OutboxDepartment
}

// Commit adds the letters to the change, due at once, and writes it. cause is
// what the mails are recorded as caused by. Automatic mail above its bound is
// left out of it, see Room. The errors are *LeakError and the store's: after
// store.ErrConflict, read again, decide again, and come with a new change.
func (r Recorder) Commit(ctx context.Context, c *store.Change, ready []letters.Ready, now time.Time, cause string) error {
	if c.MessageIDs == nil {
		c.MessageIDs = map[string]store.MessageRef{}
	}
	if err := r.compare(ready); err != nil {
		return err
	}
	ready, err := r.admit(ctx, c, ready, now)
	if err != nil {
		return err
	}
	var ids []string
	later := map[time.Time][]string{}
	if err := r.keep(ctx, ready); err != nil {
		return err
	}
	for _, l := range ready {
		item := l.Queued(now, cause)
		for _, q := range c.Confirmations {
			if item.Kind == desk.OutboxNotice && q.Agent == item.Agent { // a digest's are notifications, and noted as those
				item.Lists = append(item.Lists, q.Listed[:min(len(q.Listed), store.MaxListed)]...)
			}
		}
		c.Outbox = append(c.Outbox, item)
		if item.NotBefore.After(now) {
			later[item.NotBefore] = append(later[item.NotBefore], item.ID)
		} else {
			ids = append(ids, item.ID)
		}
		c.MessageIDs[item.MessageID] = Sent(*item)
	}
	if err := r.Store.Commit(ctx, c); err != nil {
		return err
	}
	if r.Wake != nil && len(ids) > 0 {
		r.Wake(ctx, ids)
	}
	for at, ids := range later {
		if r.Later != nil {
			r.Later(ctx, ids, at.Sub(now))
		}
	}
	return nil
}

// keptAtOnce is how many composed mails are put into the blob store at a time.
const keptAtOnce = 8

// keep puts the composed mails into the blob store: side by side, since each waits for a
// disk or for S3.
func (r Recorder) keep(ctx context.Context, ready []letters.Ready) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(keptAtOnce)
	for _, l := range ready {
		g.Go(func() error {
			if err := r.Blobs.Put(ctx, l.Item.Raw, l.Raw); err != nil {
				return fmt.Errorf("keeping the composed mail %s: %w", l.Item.ID, err)
			}
			return nil
		})
	}
	return g.Wait()
}

// Sent is where a Message-ID leads under which the item is, or was, sent.
func Sent(item desk.OutboxItem) store.MessageRef {
	return store.MessageRef{Conversation: item.Conversation, Sequence: item.Sequence, Outgoing: true, Outbox: item.ID}
}

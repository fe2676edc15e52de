package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

const (
	// reachBack is how old an event may be whose conversation is looked at: nobody has
	// waited longer than a year for an answer who still waits for it.
	reachBack = 400 * 24 * time.Hour
	// daysARun and headsARun bound one run, which other work waits for.
	daysARun, headsARun = 20, 1000
)

// reindex puts conversations that an earlier version stored where they are found
// today: a few days of events each run, from the latest back. It is done once for
// each change of the keys, and costs a read each time after that, and where this
// process knows that it is done nothing.
func (r *run) reindex(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.indexed {
		return nil
	}
	at, err := r.Store.Indexed(ctx)
	if err != nil {
		return fmt.Errorf("reading how far conversations are indexed: %w", err)
	}
	if at.Form != store.IndexForm {
		at = store.Indexed{Form: store.IndexForm, Day: r.now.UTC(), Begun: r.now.UTC().Truncate(24 * time.Hour), Version: at.Version}
	}
	if r.indexed = at.Done; at.Done {
		return nil
	}
	for days, heads := 0, 0; days < daysARun && heads < headsARun && !at.Done; days++ {
		n, any, err := r.reindexDay(ctx, at.Day)
		if err != nil {
			return err
		}
		if heads += n; any && !at.Begun.IsZero() {
			at.Begun = at.Day.Truncate(24 * time.Hour)
		}
		at.Day = at.Day.AddDate(0, 0, -1)
		at.Done = at.Day.Before(r.now.Add(-reachBack))
	}
	if err := r.Store.SetIndexed(ctx, &at); err != nil && !errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("keeping how far conversations are indexed: %w", err)
	}
	return nil
}

// reindexDay sees to the conversations of a day's events, and says how many they are, and
// whether anything happened.
func (r *run) reindexDay(ctx context.Context, day time.Time) (n int, any bool, err error) {
	seen, ids := map[desk.ConversationID]bool{}, []desk.ConversationID(nil)
	err = r.Store.Events(ctx, day, func(e desk.Event) error {
		any = true
		if e.Conversation != "" && !seen[e.Conversation] {
			seen[e.Conversation] = true
			ids = append(ids, e.Conversation)
		}
		return nil
	})
	if err != nil {
		return 0, any, fmt.Errorf("reading the events of %s: %w", day.Format(time.DateOnly), err)
	}
	misplaced, err := r.Store.Misplaced(ctx, ids)
	if err != nil {
		return 0, any, fmt.Errorf("looking under which keys conversations are found: %w", err)
	}
	for _, c := range misplaced {
		// Whoever changed it meanwhile has put it right.
		if err := r.Store.Commit(ctx, &store.Change{Conversation: &c}); err != nil && !errors.Is(err, store.ErrConflict) {
			return 0, any, fmt.Errorf("conversation %s: %w", c.ID.Reference(), err)
		}
	}
	return len(ids), any, nil
}

package schedule

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// Service does what is due.
type Service struct {
	*home.Home

	mu      sync.Mutex
	looked  time.Time            // when it was last looked who waits
	indexed bool                 // all conversations are found under today's keys
	told    map[string]string    // by agent, the last morning mail that is known to be written
	greeted map[string]time.Time // agents who need no welcome any more
}

// Done is what a run did.
type Done struct {
	Solved   int // conversations that silence has solved
	Reminded int // promises that somebody was reminded of
	// Customers who had not answered and were asked whether it is settled.
	FollowedUp int
	Mornings   int // morning mails
	HandedOn   int // conversations that went from an agent who is away, or not there any more
	Shown      int // conversations of which all were told that nobody had taken them
}

// batch is how many conversations one read asks for, and most bounds one run,
// so that it ends within a function's time; the next run goes on.
const (
	batch = 100
	most  = 5000
)

// lookEvery is how often it is looked who waits.
const lookEvery = time.Minute

// run is one run of the service.
type run struct {
	*Service
	settings *desk.Settings
	now      time.Time
	rota     desk.Rota
	done     Done
}

// Run does what is due now. An error is temporary; what was done stays done, and
// one conversation that cannot be seen to keeps no other from being so.
func (s *Service) Run(ctx context.Context) (Done, error) {
	settings, err := s.Settings(ctx)
	if err != nil {
		return Done{}, fmt.Errorf("reading the settings: %w", err)
	}
	r := &run{Service: s, settings: settings, now: s.Now()}
	if r.rota, err = s.Store.Rota(ctx); err != nil {
		return Done{}, fmt.Errorf("reading who is away: %w", err)
	}
	err = errors.Join(r.reindex(ctx), r.welcome(ctx), r.fallen(ctx), r.look(ctx))
	return r.done, err
}

// fallen sees to the conversations whose time has come.
func (r *run) fallen(ctx context.Context) error {
	seen := map[desk.ConversationID]bool{} // an index may still show what was just changed
	var errs []error
	for len(seen) < most {
		due, err := r.Store.DueConversations(ctx, r.now, len(seen)+batch)
		if err != nil {
			return errors.Join(append(errs, fmt.Errorf("reading what is due: %w", err))...)
		}
		fresh := 0
		for _, c := range due {
			if seen[c.ID] {
				continue
			}
			seen[c.ID] = true
			fresh++
			errs = append(errs, r.each(ctx, c.ID, r.due))
		}
		if fresh == 0 {
			break
		}
	}
	return errors.Join(errs...)
}

// each reads a conversation as it is, for an index may lag behind, and sees to it.
// Whoever changed it meanwhile wins: the next run looks again.
func (r *run) each(ctx context.Context, id desk.ConversationID, do func(context.Context, desk.Conversation) error) error {
	c, err := r.Store.Itself(ctx, id)
	if err == nil && c.Into == "" {
		err = do(ctx, c)
	}
	switch {
	case err == nil, errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrConflict):
		return nil
	}
	return fmt.Errorf("conversation %s: %w", id.Reference(), err)
}

// solve closes a conversation that is answered and due.
func (r *run) solve(ctx context.Context, c desk.Conversation, due time.Time) error {
	c.Close(r.now)
	e := c.Tell(desk.EventSolved, "", due, r.now)
	e.ID, e.ByItself = desk.DerivedID(string(c.ID), string(desk.EventSolved), due.UTC().Format(time.RFC3339Nano)), true
	err := r.Store.Commit(ctx, &store.Change{Conversation: &c, Events: []desk.Event{e}})
	if err == nil {
		r.done.Solved++
	}
	return err
}

// commit writes a conversation with the mails that it causes.
func (r *run) commit(ctx context.Context, c desk.Conversation, cause string, ready ...letters.Ready) error {
	recorder := r.Recorder()
	return recorder.Commit(ctx, &store.Change{Conversation: &c}, ready, r.now, cause)
}

// said reads what an agent is shown of a conversation: the customer's last message,
// and what was said around it. Not ok where no customer's message is among that.
func (r *run) said(ctx context.Context, c desk.Conversation) (msg desk.Message, more letters.Context, ok bool, err error) {
	list, err := r.Store.Messages(ctx, c.ID, max(1, c.Messages-letters.MaxHistory), 0)
	if err != nil {
		return msg, more, false, err
	}
	if len(list) > 0 && list[0].Sequence > 1 {
		first, err := r.Store.Messages(ctx, c.ID, 1, 1)
		if err != nil {
			return msg, more, false, err
		}
		list = append(first, list...)
	}
	more.New = c.Messages == 1
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Kind == desk.KindCustomer && !(list[i].Thanks && i > 0) {
			more.History = append(append([]desk.Message(nil), list[:i]...), list[i+1:]...)
			return list[i], more, true, nil
		}
	}
	return msg, more, false, nil
}

package send

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

// watched says when it was last looked for conversations that nobody was told of.
type watched struct {
	mu   sync.Mutex
	last time.Time
}

const (
	watchEvery = time.Minute // how often it is looked for them
	watchMost  = 200         // how many are looked at in one sweep
)

// watch looks at the conversations whose customer wrote an hour ago and waits
// still: if no agent was told of it, it is told again. One that is to be looked at
// later than that was put off by a clock that was ahead, and is looked at in time. What is on its way is
// left alone, and looked at again.
func (s *Service) watch(ctx context.Context, settings *desk.Settings) error {
	s.watched.mu.Lock()
	defer s.watched.mu.Unlock()
	now := s.Now()
	if since := now.Sub(s.watched.last); since >= 0 && since < watchEvery {
		return nil
	}
	s.watched.last = now
	list, err := s.Store.WatchedConversations(ctx, now, watchMost)
	if err != nil {
		return fmt.Errorf("looking for conversations that nobody was told of: %w", err)
	}
	ahead, err := s.Store.WatchedAfter(ctx, now.Add(desk.UntoldAfter), watchMost)
	if err != nil {
		return fmt.Errorf("looking for conversations that a clock put off: %w", err)
	}
	var errs []error
	for _, c := range append(list, ahead...) {
		if err := s.look(ctx, settings, c.ID); err != nil && !errors.Is(err, store.ErrConflict) {
			errs = append(errs, fmt.Errorf("conversation %s: %w", c.ID.Reference(), err))
		}
	}
	return errors.Join(errs...)
}

// look settles one of them.
func (s *Service) look(ctx context.Context, settings *desk.Settings, id desk.ConversationID) error {
	conv, err := s.Store.Conversation(ctx, id) // the index may lag behind
	if errors.Is(err, store.ErrNotFound) || err == nil && (conv.Watch.IsZero() || conv.Watch.After(s.Now()) && !conv.Watch.After(s.Now().Add(desk.UntoldAfter))) {
		return nil
	}
	if err != nil {
		return err
	}
	if latest := s.Now().Add(desk.UntoldAfter); conv.Watch.After(latest) { // set by a clock that was ahead
		conv.Watch = latest
		return s.commit(ctx, &store.Change{Conversation: &conv})
	}
	mailbox, there := settings.Mailbox(conv.Mailbox)
	last, found, err := s.lastMessage(ctx, conv)
	if err != nil {
		return err
	}
	conv.Watch = time.Time{}
	if conv.State != desk.StateOpen || conv.Into != "" || !there || !found {
		return s.commit(ctx, &store.Change{Conversation: &conv})
	}
	agents := settings.AgentsOf(mailbox)
	told, waits, over, err := s.toldOf(ctx, last, agents)
	switch {
	case err != nil:
		return err
	case told:
		return s.commit(ctx, &store.Change{Conversation: &conv})
	case waits:
		conv.Watch = s.Now().Add(desk.UntoldAfter)
		return s.commit(ctx, &store.Change{Conversation: &conv})
	}
	s.log().Error("no agent was told of a customer's message; it is told again", "conversation", conv.ID, "sequence", last.Sequence)
	ready, err := s.retell(ctx, settings, mailbox, conv, last)
	if err != nil {
		return err
	}
	for i := range ready { // those that failed are taken up again: they have their ids still
		ready[i].Item.Version = over[ready[i].Item.ID]
	}
	conv.Watch = s.Now().Add(desk.UntoldAfter)
	return s.recorder().Commit(ctx, &store.Change{Conversation: &conv}, ready, s.Now(), last.Inbound)
}

// lastMessage is the customer's last message of those that agents are told of.
func (s *Service) lastMessage(ctx context.Context, conv desk.Conversation) (desk.Message, bool, error) {
	list, err := s.Store.Messages(ctx, conv.ID, max(1, conv.Messages-historyShown), 0)
	if err != nil {
		return desk.Message{}, false, err
	}
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Kind == desk.KindCustomer && list[i].Inbound != "" {
			return list[i], true, nil
		}
	}
	return desk.Message{}, false, nil
}

// toldOf reports whether an agent was told of a message, or is about to be. over
// are the versions of those mails that ended without.
func (s *Service) toldOf(ctx context.Context, m desk.Message, agents []desk.Agent) (told, waits bool, over map[string]int64, err error) {
	over = map[string]int64{}
	for _, a := range agents {
		id := notificationID(m.Inbound, a)
		item, err := s.Store.Outbox(ctx, id)
		for depth := 0; err == nil && item.State == desk.OutboxMerged && depth < 3; depth++ {
			item, err = s.Store.Outbox(ctx, item.MergedIn)
		}
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return false, false, nil, err
		case item.State == desk.OutboxSent:
			told = true
		case item.Due():
			waits = true
		default:
			first, err := s.Store.Outbox(ctx, id)
			if err != nil {
				return false, false, nil, err
			}
			over[id] = first.Version
		}
	}
	return told, waits, over, nil
}

func notificationID(inbound string, a desk.Agent) string {
	return desk.DerivedID(inbound, string(desk.OutboxNotification), a.ID)
}

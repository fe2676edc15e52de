package send

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// answered records what a carrier's answer means for the item.
func (s *Service) answered(ctx context.Context, settings *desk.Settings, item desk.OutboxItem, e *delivery.Error) error {
	v := delivery.Judge(e.Response)
	if e.Others > 0 { // the route is fine, and the mail is gone; some did not get it
		s.pause.end()
		if err := s.tell(ctx, item, e); err != nil {
			return err
		}
		return s.sent(ctx, item, "")
	}
	switch {
	case v.Class == delivery.Temporary:
		s.pause.end()
		return s.putBack(ctx, item, e, false)
	case v.Class != delivery.Route:
		s.pause.end()
		if !s.widespread(ctx, item, e, v.Sure) {
			return s.refused(ctx, settings, item, e, v)
		}
	case v.Whole:
		s.pause.begin(s.Now())
	}
	s.trouble(ctx, settings, e)
	return s.putBack(ctx, item, e, true)
}

// refused ends an attempt that was refused for the recipient's or the mail's own
// sake. What people outside were to get is over, and its author is told. What
// the team was to get is told in another way, and tried again.
func (s *Service) refused(ctx context.Context, settings *desk.Settings, item desk.OutboxItem, e *delivery.Error, v delivery.Verdict) error {
	if !item.Lasts() {
		return s.giveUp(ctx, item, e)
	}
	if v.Class == delivery.Message && item.Kind == desk.OutboxNotification {
		done, err := s.bare(ctx, settings, item, e)
		if done || err != nil {
			return err
		}
	}
	reason := clip(e.Error())
	s.log().Error("an agent's mailbox refuses mail; it is tried again daily", "outbox", item.ID, "kind", item.Kind, "error", unaddressed(reason))
	if err := s.tell(ctx, item, e); err != nil {
		return err
	}
	return s.settle(ctx, item, func(i *desk.OutboxItem) map[string]store.MessageRef {
		i.ComesBack(s.Now(), reason)
		return nil
	})
}

// tell says whom the mail did not reach to whoever must know.
func (s *Service) tell(ctx context.Context, item desk.OutboxItem, e *delivery.Error) error {
	if s.Failed == nil {
		return nil
	}
	if err := s.Failed.Failed(ctx, item, bounced(item, e)); err != nil {
		return fmt.Errorf("telling of a mail that failed: %w", err)
	}
	return nil
}

// bounced are the recipients that an error speaks of.
func bounced(item desk.OutboxItem, e *delivery.Error) (out []desk.BouncedRecipient) {
	for _, r := range e.Refused {
		out = append(out, bouncedAs(r.Address, r.Response))
	}
	for i := 0; i < len(item.To) && len(e.Refused) == 0; i++ {
		out = append(out, bouncedAs(item.To[i], e.Response))
	}
	return out
}

func bouncedAs(address string, a delivery.Response) desk.BouncedRecipient {
	return desk.BouncedRecipient{Address: address, Stage: string(a.Stage), Code: a.Code, Status: a.Status, Name: a.Name, Reason: clip(a.Text), Permanent: true}
}

// waits reports whether a mail that came back is worth another attempt: the
// conversation waits for us still, or the mail is not old.
func (s *Service) waits(ctx context.Context, item desk.OutboxItem) (bool, error) {
	if item.Kind != desk.OutboxNotification {
		return s.Now().Sub(item.Created) < desk.Kept, nil
	}
	conv, _, err := s.Store.Place(ctx, store.Place{Conversation: item.Conversation, Sequence: item.Sequence})
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("asking whether a conversation waits: %w", err)
	}
	return conv.State == desk.StateOpen, nil
}

// bare tells the agent of a message whose own notification his mail server does
// not take: who wrote, about what, and what stood in the way, without the text
// and the files. The item is told in that mail then. false: it cannot be.
func (s *Service) bare(ctx context.Context, settings *desk.Settings, item desk.OutboxItem, e *delivery.Error) (bool, error) {
	agent, known := settings.Agent(item.Agent)
	mailbox, there := settings.Mailbox(item.Mailbox)
	conv, err := s.Store.Conversation(ctx, item.Conversation)
	if errors.Is(err, store.ErrNotFound) || !known || !there || len(agent.Addresses) == 0 {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	w := letters.Writer{Settings: settings, Keys: s.Keys, Now: s.Now()}
	ready, err := w.Withheld(bareID(item.ID), agent, mailbox, conv, item.Sequence, letters.Withheld{Summary: item.Summary, Came: item.Created, Size: item.Size,
		Said: delivery.Explain(e.Response, agent.Addresses[0])})
	if err != nil {
		return false, err
	}
	s.log().Warn("a mail server takes no notification of this form; the agent is told without the text", "outbox", item.ID, "error", unaddressed(clip(e.Error())))
	merged := item
	merged.State, merged.MergedIn, merged.LastError = desk.OutboxMerged, ready.Item.ID, clip(e.Error())
	err = s.recorder().Commit(context.WithoutCancel(ctx), &store.Change{Outbox: []*desk.OutboxItem{&merged}}, []letters.Ready{ready}, s.Now(), item.ID)
	if errors.Is(err, store.ErrConflict) {
		return true, nil // somebody else's by now
	}
	return err == nil, err
}

func bareID(id string) string { return desk.DerivedID(id, "withheld") }

// giveUp ends the item, after whoever wrote it was told.
func (s *Service) giveUp(ctx context.Context, item desk.OutboxItem, e *delivery.Error) error {
	reason := clip(e.Error())
	s.log().Error("an outgoing mail was given up", "outbox", item.ID, "kind", item.Kind, "attempt", item.Attempts, "error", unaddressed(reason))
	if err := s.tell(ctx, item, e); err != nil {
		return err
	}
	return s.settle(ctx, item, func(i *desk.OutboxItem) map[string]store.MessageRef {
		i.State, i.LastError = desk.OutboxFailed, reason
		return nil
	})
}

// worn is what an item is ended with that was tried for too long.
func worn(item desk.OutboxItem, now time.Time) *delivery.Error {
	words := fmt.Sprintf("it was tried %d times; the last time: %s", item.Attempts, item.LastError)
	switch {
	case item.Tries() >= desk.MaxAttempts:
	case item.RouteTries >= desk.MaxAttempts && now.Sub(item.Created) >= desk.RouteGivenUp && !item.Lasts():
	default:
		return nil
	}
	return &delivery.Error{Response: delivery.Response{Stage: delivery.StageReport, Status: "4.4.7", Text: item.LastError}, Err: errors.New(words)}
}

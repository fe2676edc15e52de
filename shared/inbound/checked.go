package inbound

import (
	"context"
	"errors"
	"fmt"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound/identify"
	"github.com/replywell/replywell/shared/inbound/thread"
	"github.com/replywell/replywell/shared/store"
)

// Checked takes in what the receiver found out about the sender of a mail that it
// could not check when it was received, because DNS did not answer. The message is
// confirmed from then on, in the history too. A customer who opened a conversation
// by it gets the acknowledgement now, unless somebody has answered; a mail that
// was held only because nobody vouched for its sender is judged anew. Called twice it changes nothing. The error is temporary.
func (s *Service) Checked(ctx context.Context, d Delivery) error {
	in, err := s.Store.Inbound(ctx, d.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && in.Verdicts == d.Verdicts {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the mail %s that was checked: %w", d.ID, err)
	}
	unverified := in.Outcome == desk.OutcomeHeld && (in.Hold == desk.HoldUnverified || in.Verdicts.Quarantine() == "" && (in.Hold == desk.HoldSpam || in.Hold == desk.HoldBlocked))
	if in.Outcome != desk.OutcomeThreaded && !unverified || !d.Verdicts.Authenticated() {
		return nil
	}
	settings, err := s.Settings(ctx)
	if err != nil {
		return fmt.Errorf("reading the settings: %w", err)
	}
	raw, err := s.Blobs.Get(ctx, d.Raw)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the mail %s: %w", d.ID, err)
	}
	f, err := identify.Read(d, raw, s.at(settings))
	if err != nil {
		return nil // it was taken in by other settings; there is nothing to do for it
	}
	if unverified {
		f.Record.Version = in.Version
		found, err := s.Store.Lookup(ctx, f.Lookup())
		if err != nil {
			return fmt.Errorf("looking up the mail %s: %w", d.ID, err)
		}
		_, err = s.settle(ctx, thread.Case{Settings: settings, Facts: f, Found: thread.Found{Found: found}})
		return err
	}
	return s.acknowledgeLate(ctx, settings, f, in)
}

// acknowledgeLate acknowledges a mail that opened a conversation in which nobody
// has answered yet.
func (s *Service) acknowledgeLate(ctx context.Context, settings *desk.Settings, f identify.Facts, in desk.Inbound) error {
	conv, err := s.Store.Conversation(ctx, in.Conversation)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the conversation of a mail that was checked: %w", err)
	}
	ms, err := s.Store.Messages(ctx, conv.ID, in.Sequence, 1)
	if err != nil {
		return fmt.Errorf("reading the message that was checked: %w", err)
	}
	in.Verdicts = f.Record.Verdicts
	f.Record = in
	e := &entry{Message: thread.Message{Facts: f, Mailbox: f.Mailbox}, conv: conv}
	if mb, ok := settings.Mailbox(conv.Mailbox); ok {
		e.Mailbox = mb
	}
	if len(ms) == 1 && ms[0].Inbound == in.ID && conv.CustomerMessages >= 1 && in.Sequence == 1 && conv.Answers == 0 && conv.State == desk.StateOpen && len(conv.Linked) == 0 {
		e.New, e.message = true, ms[0]
	}
	ready, err := s.acknowledge(ctx, settings, e)
	if err != nil {
		return err
	}
	change := &store.Change{Inbound: &in}
	if f.Verified {
		m, err := s.Store.Recorded(ctx, store.Place{Conversation: in.Conversation, Sequence: in.Sequence})
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("reading the message that was checked: %w", err)
		}
		if err == nil && m.Inbound == in.ID && !m.Verified {
			change.Confirmed = []desk.Message{m}
		}
	}
	return s.commitWith(ctx, settings, e, change, ready, nil)
}

package inbound

import (
	"context"
	"errors"
	"fmt"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/store"
)

// unvouched says why nobody vouches for an agent's mail.
func (a *arrival) unvouched() string {
	if a.in.Verdicts.DMARC == desk.VerdictProcessing {
		return "it could not be checked whether it truly comes from your address: DNS did not answer, or the mail is too large to be checked"
	}
	return "the receiving service could not confirm that it truly comes from your address (DMARC)"
}

// Checked takes in what the receiver found out about the sender of a mail that it
// could not check when it was received, because DNS did not answer. The message is
// confirmed from then on, in the history too. A customer who opened a conversation by it gets the acknowledgement now, unless somebody
// has answered; a stranger's mail that was held only because nobody vouched for
// it is judged anew. Called twice it changes nothing. The error is temporary.
func (s *Service) Checked(ctx context.Context, d Delivery) error {
	in, err := s.Store.Inbound(ctx, d.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && in.Verdicts == d.Verdicts {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the mail %s that was checked: %w", d.ID, err)
	}
	stranger := in.Outcome == desk.OutcomeHeld && in.Hold == desk.HoldStranger
	if in.Outcome != desk.OutcomeThreaded && !stranger || !d.Verdicts.Authenticated() {
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
	a, err := s.arrive(settings, d, email.Read(raw, d.MailFrom), body(raw))
	if err != nil {
		return nil // it was taken in by other settings; there is nothing to do for it
	}
	a.sha256 = fingerprint(raw)
	if stranger {
		a.in.Version = in.Version
		if a.found, err = s.Store.Lookup(ctx, a.lookup()); err != nil {
			return fmt.Errorf("looking up the mail %s: %w", d.ID, err)
		}
		a.lead()
		return s.judge(ctx, a)
	}
	return s.acknowledgeLate(ctx, a, in)
}

// acknowledgeLate acknowledges a mail that opened a conversation in which nobody
// has answered yet.
func (s *Service) acknowledgeLate(ctx context.Context, a *arrival, in desk.Inbound) error {
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
	verdicts := a.in.Verdicts
	a.in = in
	a.in.Verdicts = verdicts
	e := &entry{conv: conv}
	if len(ms) == 1 && ms[0].Inbound == in.ID && conv.CustomerMessages >= 1 && in.Sequence == 1 && conv.Answers == 0 && conv.State == desk.StateOpen && len(conv.Linked) == 0 {
		e.created, e.message = true, ms[0]
	}
	if mb, ok := a.settings.Mailbox(conv.Mailbox); ok {
		a.mailbox = mb
	}
	ready, err := s.acknowledge(ctx, a, e)
	if err != nil {
		return err
	}
	change := &store.Change{Inbound: &a.in}
	if a.verified {
		m, err := s.Store.Recorded(ctx, store.Place{Conversation: in.Conversation, Sequence: in.Sequence})
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("reading the message that was checked: %w", err)
		}
		if err == nil && m.Inbound == in.ID && !m.Verified {
			change.Confirmed = []desk.Message{m}
		}
	}
	return s.commitWith(ctx, a, e, change, ready, nil)
}

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

// maxReason bounds why a mail could not be processed, in bytes.
const maxReason = 600

// Receive reads a mail, decides what it is, and records what became of it. It
// may be called for the same delivery any number of times, at the same time or
// days apart: only the first changes anything, and all give the same answer. A
// mail that was parked is tried anew.
//
// An error is temporary: nothing was recorded and the delivery should come
// again. A mail that cannot be processed at all is recorded as parked with the
// reason, and that is no error.
func (s *Service) Receive(ctx context.Context, d Delivery) (desk.Inbound, error) {
	if d.ID == "" {
		return desk.Inbound{}, desk.Permanent(errors.New("a delivery without an id cannot be recorded: the receiver must name it"))
	}
	in, err := s.receive(ctx, d)
	if err == nil || !desk.IsPermanent(err) {
		return in, err
	}
	return s.park(ctx, d, err)
}

func (s *Service) receive(ctx context.Context, d Delivery) (desk.Inbound, error) {
	settings, err := s.Settings(ctx)
	if err != nil {
		return desk.Inbound{}, fmt.Errorf("reading the settings: %w", err)
	}
	raw, err := s.Blobs.Get(ctx, d.Raw)
	if errors.Is(err, store.ErrNotFound) {
		return desk.Inbound{}, desk.Permanent(fmt.Errorf("the mail %s is not in the mail store under %s: it was deleted or never written", d.ID, d.Raw))
	}
	if err != nil {
		return desk.Inbound{}, fmt.Errorf("reading the mail %s: %w", d.ID, err)
	}
	f, err := identify.Read(d, raw, s.at(settings))
	if err != nil {
		return desk.Inbound{}, err
	}
	s = &Service{Held: s.draftingOnce(), Confirmations: s.Confirmations}
	var in desk.Inbound
	err = store.Retry(ctx, func(bool) error {
		in, err = s.once(ctx, settings, f)
		return err
	})
	if err != nil {
		return desk.Inbound{}, fmt.Errorf("taking in the mail %s: %w", d.ID, err)
	}
	return in, nil
}

// once looks up what is known, decides and records, without trying again.
func (s *Service) once(ctx context.Context, settings *desk.Settings, f identify.Facts) (desk.Inbound, error) {
	found, err := s.Store.Lookup(ctx, f.Lookup())
	if err != nil {
		return desk.Inbound{}, fmt.Errorf("looking up the mail %s: %w", f.Record.ID, err)
	}
	if before := found.Inbound; before != nil {
		if before.Outcome != desk.OutcomeParked {
			return *before, nil
		}
		f.Record.Version = before.Version // what stood in its way may be mended
	}
	in, err := s.settle(ctx, thread.Case{Settings: settings, Facts: f, Found: thread.Found{Found: found}})
	if errors.Is(err, store.ErrAlreadyDone) || err == nil && in.Outcome == "" {
		// Another run of the same delivery was faster.
		return s.Store.Inbound(ctx, f.Record.ID)
	}
	return in, err
}

// settle decides on a mail and records what was decided. An answer to a question of
// ours is recorded by whoever takes it.
func (s *Service) settle(ctx context.Context, c thread.Case) (desk.Inbound, error) {
	d, err := s.decide(ctx, &c)
	if err != nil {
		return c.Facts.Record, err
	}
	answer, isAnswer := d.(thread.Confirmation)
	if !isAnswer {
		return s.record(ctx, c.Settings, c.Facts, d, nil)
	}
	in := c.Facts.Record
	err = s.Confirmations.Confirm(ctx, &in, c.Facts.Mail, answer.Agent, answer.Token, answer.Vouched)
	return in, err
}

// park records a mail that cannot be processed, so that it is seen and counted.
func (s *Service) park(ctx context.Context, d Delivery, reason error) (desk.Inbound, error) {
	in := identify.Begin(d, s.Now())
	in.Outcome, in.Reason = desk.OutcomeParked, identify.Clip(reason.Error(), maxReason)
	err := s.Store.Commit(ctx, &store.Change{Inbound: &in})
	if errors.Is(err, store.ErrAlreadyDone) {
		return s.Store.Inbound(ctx, d.ID)
	}
	if err != nil {
		return desk.Inbound{}, fmt.Errorf("parking the mail %s: %w", d.ID, err)
	}
	return in, nil
}

package inbound

import (
	"context"
	"errors"
	"fmt"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/store"
)

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
	if d.Size == 0 { // SES does not say it
		d.Size = len(raw)
	}
	mail := email.Read(raw, d.MailFrom)
	a, err := s.arrive(settings, d, mail, body(raw))
	if err != nil {
		return desk.Inbound{}, err
	}
	a.sha256 = fingerprint(raw)
	var in desk.Inbound
	err = store.Retry(ctx, func(bool) error {
		in, err = s.once(ctx, a.again())
		return err
	})
	if err != nil {
		return desk.Inbound{}, fmt.Errorf("taking in the mail %s: %w", d.ID, err)
	}
	return in, nil
}

// once looks up what is known, decides and records, without trying again.
func (s *Service) once(ctx context.Context, a *arrival) (desk.Inbound, error) {
	found, err := s.Store.Lookup(ctx, a.lookup())
	if err != nil {
		return desk.Inbound{}, fmt.Errorf("looking up the mail %s: %w", a.in.ID, err)
	}
	if before := found.Inbound; before != nil {
		if before.Outcome != desk.OutcomeParked {
			return *before, nil
		}
		a.in.Version = before.Version // what stood in its way may be mended
	}
	a.found = found
	a.lead()
	err = s.judge(ctx, a)
	if errors.Is(err, store.ErrAlreadyDone) || err == nil && a.in.Outcome == "" {
		// Another run of the same delivery was faster.
		return s.Store.Inbound(ctx, a.in.ID)
	}
	return a.in, err
}

// park records a mail that cannot be processed, so that it is seen and counted.
func (s *Service) park(ctx context.Context, d Delivery, reason error) (desk.Inbound, error) {
	in := s.record(d)
	in.Outcome, in.Reason = desk.OutcomeParked, clip(reason.Error(), maxDetail)
	err := s.Store.Commit(ctx, &store.Change{Inbound: &in})
	if errors.Is(err, store.ErrAlreadyDone) {
		return s.Store.Inbound(ctx, d.ID)
	}
	if err != nil {
		return desk.Inbound{}, fmt.Errorf("parking the mail %s: %w", d.ID, err)
	}
	return in, nil
}

// record begins the record of a delivery.
func (s *Service) record(d Delivery) desk.Inbound {
	in := desk.Inbound{ID: d.ID, Raw: d.Raw, MailFrom: clip(d.MailFrom, maxPath), ReceivedAt: d.ReceivedAt,
		Verdicts: d.Verdicts, Size: d.Size, Recorded: s.Now()}
	if in.ReceivedAt.IsZero() {
		in.ReceivedAt = in.Recorded
	}
	for _, r := range d.Recipients[:min(len(d.Recipients), maxRecipients)] {
		in.Recipients = append(in.Recipients, clip(r, maxPath))
	}
	return in
}

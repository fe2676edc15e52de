package events

import (
	"context"
	"errors"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// Service takes in delivery events. All fields are needed but Wake.
type Service struct {
	*home.Home
}

// ErrUnknownMail: the event is about a mail that this system did not send. It
// is permanent.
var ErrUnknownMail = errors.New("the event is about a mail that is not in the outbox")

// Record takes in one event of a carrier.
func (s *Service) Record(ctx context.Context, ev desk.DeliveryEvent) error {
	return s.take(ctx, nil, ev)
}

// Report takes in a delivery report or a complaint that came as the mail `in`,
// whose record is written with it. A report about a mail that is not ours is
// held for a person to look at.
func (s *Service) Report(ctx context.Context, in *desk.Inbound, ev desk.DeliveryEvent) error {
	err := s.take(ctx, in, ev)
	if errors.Is(err, ErrUnknownMail) {
		in.Outcome, in.Reason, in.Recorded = desk.OutcomeHeld, "a delivery report about a mail that we do not know", s.Now()
		err = s.Store.Commit(ctx, &store.Change{Inbound: in})
	}
	if errors.Is(err, store.ErrAlreadyDone) {
		return nil
	}
	return err
}

// Failed tells of recipients whom a mail did not reach, as our own sender knows
// it. What becomes of the mail itself is the sender's to record.
func (s *Service) Failed(ctx context.Context, item desk.OutboxItem, recipients []desk.BouncedRecipient) error {
	return s.Record(ctx, desk.DeliveryEvent{Outbox: item.ID, Kind: desk.DeliveryRejected, At: s.Now(), Recipients: recipients})
}

func (s *Service) take(ctx context.Context, in *desk.Inbound, ev desk.DeliveryEvent) error {
	settings, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	return store.Retry(ctx, func(bool) error {
		item, err := s.find(ctx, ev)
		if err != nil {
			return err
		}
		j := &job{Service: s, settings: settings, ev: ev, item: item, now: s.Now()}
		j.letters = letters.Writer{Settings: settings, Keys: s.Keys, Now: j.now}
		if in != nil {
			record := *in
			j.in = &record
		}
		if err := j.run(ctx); err != nil {
			return err
		}
		if in != nil {
			*in = *j.in
		}
		return nil
	})
}

// find gives the mail that the event is about: by its tag, else by the carrier's id.
func (s *Service) find(ctx context.Context, ev desk.DeliveryEvent) (desk.OutboxItem, error) {
	if ev.Outbox != "" {
		item, err := s.Store.Outbox(ctx, ev.Outbox)
		if !errors.Is(err, store.ErrNotFound) {
			return item, err
		}
	}
	if ev.SentID != "" {
		item, err := s.Store.FindSent(ctx, ev.SentID)
		if !errors.Is(err, store.ErrNotFound) {
			return item, err
		}
	}
	return desk.OutboxItem{}, desk.Permanent(ErrUnknownMail)
}

package metrics

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/store"
)

const (
	// looked bounds how many held mails are counted; above it a list says "or more".
	looked = 1000
	// lastLists is how many days back the last list is looked for, to tell what is
	// new. Older than that, everything is.
	lastLists = 7
)

// PostQuarantine tells each lead what is held, once a day, at the settings' time
// or as soon after it as this is called, where something came since the last
// list. It may be called any number of times: a day's list has an id of its own.
func (s *Service) PostQuarantine(ctx context.Context) error {
	settings, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	if len(settings.Mailboxes) == 0 {
		return nil
	}
	slot := lastTime(s.Now(), settings.Quarantine.At, zone(settings))
	var held []desk.Inbound
	for _, lead := range settings.Leads() {
		if _, err := s.Store.Outbox(ctx, listID(lead, slot)); err == nil {
			continue
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if held == nil {
			if held, err = s.waiting(ctx); err != nil {
				return err
			}
		}
		if err := s.postList(ctx, settings, lead, slot, held); err != nil {
			return fmt.Errorf("the list of held mail for %s: %w", lead.ID, err)
		}
	}
	return nil
}

// waiting reads what is held and not gone, the newest first.
func (s *Service) waiting(ctx context.Context) ([]desk.Inbound, error) {
	all, err := s.Store.Held(ctx, looked)
	if err != nil {
		return nil, fmt.Errorf("reading what is held: %w", err)
	}
	now := s.Now()
	out := make([]desk.Inbound, 0, len(all))
	for _, in := range all {
		if in.KeptUntil.IsZero() || in.KeptUntil.After(now) {
			out = append(out, in)
		}
	}
	return out, nil
}

func (s *Service) postList(ctx context.Context, settings *desk.Settings, lead desk.Agent, slot time.Time, held []desk.Inbound) error {
	before, err := s.lastList(ctx, lead, slot)
	if err != nil {
		return err
	}
	q := letters.QuarantineList{Held: held[:min(len(held), letters.MaxQuarantineList)], More: max(0, len(held)-letters.MaxQuarantineList), AtLeast: len(held) >= looked}
	due := 0
	for _, in := range held {
		if in.Recorded.After(before) {
			q.Fresh++
			if !in.Recorded.After(slot) {
				due++
			}
		}
	}
	if due == 0 { // what came after the time of day waits for tomorrow's
		return nil
	}
	now := s.Now()
	c := desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmQuarantine, slot.UTC().Format(time.RFC3339), lead.ID), Kind: desk.ConfirmQuarantine, Agent: lead.ID,
		Mailbox: settings.Mailboxes[0].ID, Asked: now, Expires: now.Add(desk.ConfirmationGood), CausedBy: "quarantine " + slot.UTC().Format(time.RFC3339)}
	for _, in := range q.Held {
		c.Held = append(c.Held, in.ID)
	}
	w := letters.Writer{Settings: settings, Keys: s.Keys, Now: now}
	ready, err := w.Quarantine(listID(lead, slot), lead, settings.Mailboxes[0], c, q)
	if err != nil {
		return err
	}
	r := outbox.Recorder{Store: s.Store, Blobs: s.Blobs, Settings: s.Settings, Wake: s.Wake}
	err = r.Commit(ctx, &store.Change{Confirmations: []*desk.Confirmation{&c}}, []letters.Ready{ready}, now, c.CausedBy)
	if errors.Is(err, store.ErrConflict) { // another run was faster
		return nil
	}
	return err
}

// lastList is when the lead was last told.
func (s *Service) lastList(ctx context.Context, lead desk.Agent, slot time.Time) (time.Time, error) {
	for n := 1; n <= lastLists; n++ {
		c, err := s.Store.Confirmation(ctx, desk.ConfirmationID(desk.ConfirmQuarantine, slot.AddDate(0, 0, -n).UTC().Format(time.RFC3339), lead.ID))
		if err == nil {
			return c.Asked, nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return time.Time{}, err
		}
	}
	return time.Time{}, nil
}

// lastTime is the last moment, not after now, at which the clock of the zone
// showed so many minutes after midnight.
func lastTime(now time.Time, minutes int, z *time.Location) time.Time {
	d := now.In(z)
	at := time.Date(d.Year(), d.Month(), d.Day(), minutes/60, minutes%60, 0, 0, z)
	if at.After(now) {
		at = time.Date(d.Year(), d.Month(), d.Day()-1, minutes/60, minutes%60, 0, 0, z)
	}
	return at
}

func listID(lead desk.Agent, slot time.Time) string {
	return desk.DerivedID("quarantine", slot.UTC().Format(time.RFC3339), lead.ID)
}

package metrics

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

const (
	// looked bounds how many held mails are counted; above it a list says "or more".
	looked = 1000
	// quietList is how long after a list another one is written where nobody must
	// decide on anything.
	quietList = 7 * day
)

// PostQuarantine tells each lead what is held, once a day, at the settings' time
// or as soon after it as this is called, where something came since the last
// list; and each agent, what was held in the agent's own name and not told at
// once. It may be called any number of times: a day's list has an id of its own.
func (s *Service) PostQuarantine(ctx context.Context) error {
	settings, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	if len(settings.Mailboxes) == 0 {
		return nil
	}
	slot := lastTime(s.Now(), settings.Quarantine.At, zone(settings))
	held, err := s.heldMail(ctx)
	if err != nil || len(held) == 0 {
		return err
	}
	for _, a := range settings.Agents {
		if err := s.postOwn(ctx, settings, a, slot, held); err != nil {
			return fmt.Errorf("what is held in the name of %s: %w", a.ID, err)
		}
	}
	for _, lead := range settings.Leads() {
		if _, err := s.Store.Outbox(ctx, listID(lead, slot)); err == nil {
			continue
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err := s.postList(ctx, settings, lead, slot, held); err != nil {
			return fmt.Errorf("the list of held mail for %s: %w", lead.ID, err)
		}
	}
	return nil
}

// heldMail reads what is held and not gone, the newest first.
func (s *Service) heldMail(ctx context.Context) ([]desk.Inbound, error) {
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
	before, err := s.lastList(ctx, settings, lead, slot)
	if err != nil {
		return err
	}
	counted := map[string]int{}
	known := func(address string) int {
		n, there := counted[address]
		if !there && address != "" && len(counted) < 4*letters.MaxQuarantineList {
			if list, err := s.Store.CustomerConversations(ctx, address, 1); err == nil { // without it, the list only says less
				n = len(list)
			}
			counted[address] = n
		}
		return n
	}
	q := desk.SortHeld(held, before, false, known)
	now := s.Now()
	if !dueNow(q, before, slot, now) {
		return nil
	}
	c := desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmQuarantine, slot.UTC().Format(time.RFC3339), lead.ID), Kind: desk.ConfirmQuarantine, Agent: lead.ID,
		Mailbox: settings.Mailboxes[0].ID, Asked: now, Expires: now.Add(desk.ConfirmationGood), CausedBy: desk.Occasion("quarantine", slot.UTC().Format(time.RFC3339))}
	letters.QuestionOf(&c, q, letters.MaxQuarantineList)
	w := letters.Writer{Settings: settings, Keys: s.Keys, Now: now}
	ready, err := w.Quarantine(listID(lead, slot), lead, settings.Mailboxes[0], c, q, false)
	if err != nil {
		return err
	}
	r := s.Recorder()
	err = r.Commit(ctx, &store.Change{Confirmations: []*desk.Confirmation{&c}}, []letters.Ready{ready}, now, c.CausedBy)
	if errors.Is(err, store.ErrConflict) { // another run was faster
		return nil
	}
	return err
}

// dueNow reports whether a list is to be written: where somebody must decide on
// a mail that came before the time of the day; where nobody must, once a week.
func dueNow(q desk.Quarantine, before, slot, now time.Time) bool {
	came := func(list []desk.HeldMail) bool {
		return slices.ContainsFunc(list, func(h desk.HeldMail) bool { return !h.Recorded.After(slot) })
	}
	return came(q.Decide) || came(q.Nothing) && now.Sub(before) >= quietList
}

// lastList is when the lead was last told.
func (s *Service) lastList(ctx context.Context, settings *desk.Settings, lead desk.Agent, slot time.Time) (time.Time, error) {
	for n := 1; n <= int(settings.KeepHeld()/day)+1; n++ { // what is older is not held any more
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

// mostOwn bounds the mails that one agent is told of in a day's list.
const mostOwn = 50

// postOwn tells an agent of the mails in the agent's name that were held after
// the notices of their day were used up: with all of their text, for they may
// well be the agent's own.
func (s *Service) postOwn(ctx context.Context, settings *desk.Settings, a desk.Agent, slot time.Time, held []desk.Inbound) error {
	var own []desk.Inbound
	for _, in := range held {
		if in.OwnSlip() && in.Untold && in.Agent == a.ID && !in.Recorded.After(slot) && in.Recorded.After(slot.Add(-2*day)) {
			own = append(own, in)
		}
	}
	if len(own) == 0 {
		return nil
	}
	id := desk.DerivedID("own-held", slot.UTC().Format(time.RFC3339), a.ID)
	for _, x := range []string{id, desk.DerivedID("own-held", slot.AddDate(0, 0, -1).UTC().Format(time.RFC3339), a.ID)} {
		item, err := s.Store.Outbox(ctx, x)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil || x == id {
			return err
		}
		own = slices.DeleteFunc(own, func(in desk.Inbound) bool { return !in.Recorded.After(item.Created) })
	}
	if len(own) == 0 {
		return nil
	}
	slices.Reverse(own) // the oldest first
	o := letters.OwnHeld{Agent: a, More: max(0, len(own)-mostOwn)}
	for _, in := range own[:min(len(own), mostOwn)] {
		m := letters.GivenBackMail{At: in.ReceivedAt, Why: "Held, because " + in.Reason + ".", Text: in.Summary.FirstLines}
		if raw, err := s.Blobs.Get(ctx, in.Raw); err == nil {
			if read := email.Read(raw, in.MailFrom); !read.Visible.OnlyQuote && read.Visible.Visible != "" {
				m.Text = read.Visible.Visible
			}
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		o.Mails = append(o.Mails, m)
	}
	w := letters.Writer{Settings: settings, Keys: s.Keys, Now: s.Now()}
	ready, err := w.OwnHeld(id, settings.Mailboxes[0], o)
	if err != nil {
		return err
	}
	r := s.Recorder()
	if err := r.Commit(ctx, &store.Change{}, []letters.Ready{ready}, s.Now(), desk.Occasion("own-held", slot.UTC().Format(time.RFC3339))); !errors.Is(err, store.ErrConflict) {
		return err
	}
	return nil // another run was faster
}

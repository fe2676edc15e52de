package schedule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/calendar"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// welcome writes to each agent who is new, once. Who was told of mail before there was
// such a mail is not new. The made-up agents of a sample are not written to.
func (r *run) welcome(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.settings.WelcomeOff || r.settings.Mode == desk.ModeSample || !slices.ContainsFunc(r.settings.Agents, func(a desk.Agent) bool { return r.greeted[a.ID].IsZero() }) {
		return nil
	}
	known, err := r.Store.Welcomed(ctx)
	if err != nil {
		return fmt.Errorf("reading who was welcomed: %w", err)
	}
	if known.Agents == nil {
		known.Agents = map[string]time.Time{}
	}
	before := len(known.Agents)
	var errs []error
	for _, a := range r.settings.Agents {
		at := slices.IndexFunc(r.settings.Mailboxes, func(mb desk.Mailbox) bool { return slices.Contains(mb.Agents, a.ID) })
		if !known.Agents[a.ID].IsZero() || at < 0 || len(a.Addresses) == 0 {
			continue
		}
		if err := r.greet(ctx, a, r.settings.Mailboxes[at], known.Version == 0); err != nil {
			errs = append(errs, fmt.Errorf("welcoming %s: %w", a.ID, err))
			continue
		}
		known.Agents[a.ID] = r.now
	}
	if len(known.Agents) > before {
		if err := r.Store.SetWelcomed(ctx, &known); err != nil {
			return errors.Join(append(errs, fmt.Errorf("noting who was welcomed: %w", err))...)
		}
	}
	r.greeted = known.Agents
	return errors.Join(errs...)
}

// greet writes to one agent; at the first time, not to one who was told of mail already.
func (r *run) greet(ctx context.Context, a desk.Agent, mb desk.Mailbox, first bool) error {
	if first {
		told, err := r.Store.Notified(ctx, a.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) || err == nil && len(told.Times) > 0 {
			return err
		}
	}
	id := desk.DerivedID("welcome", a.ID)
	if _, err := r.Store.Outbox(ctx, id); err == nil || !errors.Is(err, store.ErrNotFound) {
		return err // an earlier run was ended before it could note it
	}
	h := a.Hours
	if h.Always() {
		h = r.settings.HoursOf(mb)
	}
	ready, q, err := r.Writer(r.settings).Welcome(id, a, mb, calendar.Say(h))
	if err != nil {
		return err
	}
	recorder := r.Recorder()
	err = recorder.Commit(ctx, &store.Change{Confirmations: []*desk.Confirmation{q}}, []letters.Ready{ready}, r.now, desk.Occasion("welcome", a.ID))
	if errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrAlreadyDone) { // another run was faster
		return nil
	}
	return err
}

package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/waiting"
)

// tooLate is how long after a promise was broken nobody is reminded of it any more: then
// this was not running, or the promise was made in the settings just now, and
// the morning mail tells of all of them at once.
const tooLate = 24 * time.Hour

// look goes through all who wait. It is the one place that reads them, so what is
// to be done for those who wait is done here.
func (r *run) look(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if since := r.now.Sub(r.looked); since >= 0 && since < lookEvery {
		return nil
	}
	if r.told == nil {
		r.told = map[string]string{}
	}
	mornings, err := r.mornings(ctx)
	if err != nil {
		return err
	}
	var mind, off []desk.ConversationID
	var all []desk.Conversation
	err = r.Store.Waiting(ctx, func(c desk.Conversation) error {
		if len(mornings) > 0 {
			all = append(all, c)
		}
		if r.mindful(c) {
			mind = append(mind, c.ID)
		}
		if at := c.Falls(); !at.IsZero() && !at.After(r.now) {
			off = append(off, c.ID)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("looking who waits: %w", err)
	}
	var errs []error
	for _, m := range mornings {
		if err := r.post(ctx, m, all); err != nil {
			errs = append(errs, fmt.Errorf("the morning mail of %s: %w", m.agent.ID, err))
		}
	}
	for _, id := range mind {
		errs = append(errs, r.each(ctx, id, r.remind))
	}
	for _, id := range off {
		errs = append(errs, r.each(ctx, id, r.due))
	}
	if err = errors.Join(errs...); err == nil {
		r.looked = r.now
	}
	return err
}

// mindful reports whether somebody is to be reminded of what a customer was promised.
func (r *run) mindful(c desk.Conversation) bool {
	p, ok := waiting.PromiseOf(r.settings, c)
	return ok && !r.now.Before(p.Remind) && !c.Reminded.Equal(p.Since)
}

// remind tells one person that a promise will be broken, once.
func (r *run) remind(ctx context.Context, c desk.Conversation) error {
	if !r.mindful(c) {
		return nil
	}
	p, _ := waiting.PromiseOf(r.settings, c)
	c.Reminded = p.Since
	mb, _ := r.settings.Mailbox(c.Mailbox)
	agent, why := waiting.Who(r.settings, c, r.now, nil)
	msg, more, ok, err := r.said(ctx, c)
	if err != nil {
		return err
	}
	if !ok || agent.ID == "" || r.now.Sub(p.Due) > tooLate {
		return r.commit(ctx, c, "")
	}
	id := desk.DerivedID("reminder", string(c.ID), p.Since.UTC().Format(time.RFC3339Nano))
	ready, err := r.Writer(r.settings).Reminder(id, agent, mb, c, msg, p, why, more)
	if err != nil {
		return err
	}
	if err = r.commit(ctx, c, "promise "+id, ready); err == nil {
		r.done.Reminded++
	}
	return err
}

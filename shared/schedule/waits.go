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
	"github.com/replywell/replywell/shared/waiting"
)

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
	var mind, off, left, untaken []desk.ConversationID
	var all []desk.Conversation
	owners := map[desk.ConversationID]string{}
	err = r.Store.Waiting(ctx, func(c desk.Conversation) error {
		if len(mornings) > 0 {
			all = append(all, c)
		}
		owners[c.ID] = c.Owner
		if why, _ := waiting.LeftBy(r.settings, c, r.now, r.rota); why != waiting.LeftStays {
			left = append(left, c.ID)
		} else if r.unseen(c) {
			untaken = append(untaken, c.ID)
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
	for _, id := range left { // before anybody is told of them as if they were somebody's
		errs = append(errs, r.each(ctx, id, r.handOn))
	}
	for i, c := range all { // the morning mail says whose they are now
		if slices.Contains(left, c.ID) {
			if now, err := r.Store.Itself(ctx, c.ID); err == nil {
				all[i] = now
			}
		}
	}
	for _, id := range untaken {
		errs = append(errs, r.each(ctx, id, r.show))
	}
	errs = append(errs, r.count(ctx, owners))
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
	agent, why := waiting.Who(r.settings, c, r.now, r.rota)
	msg, more, ok, err := r.said(ctx, c)
	if err != nil {
		return err
	}
	if !ok || agent.ID == "" {
		return r.commit(ctx, c, "")
	}
	id := desk.DerivedID("reminder", string(c.ID), p.Since.UTC().Format(time.RFC3339Nano))
	ready, err := r.Writer(r.settings).Reminder(id, agent, mb, c, msg, p, why, more)
	if err != nil {
		return err
	}
	if err = r.commit(ctx, c, desk.Occasion("promise", id), ready); err == nil {
		r.done.Reminded++
	}
	return err
}

// handOn gives a conversation whose agent is away, or does not answer the mailbox any
// more, to a colleague, and tells that one. What is away's stays where there is nobody
// else; what is of one who is gone is nobody's then.
func (r *run) handOn(ctx context.Context, c desk.Conversation) (err error) {
	if r.rota, err = r.Store.Rota(ctx); err != nil { // each that was given counts for the next
		return fmt.Errorf("reading who is away: %w", err)
	}
	left, absence := waiting.LeftBy(r.settings, c, r.now, r.rota)
	mb, known := r.settings.Mailbox(c.Mailbox)
	if left == waiting.LeftStays || !known {
		return nil
	}
	others, err := r.Store.CustomerConversations(ctx, c.Customer.Address, letters.MaxOthers)
	if err != nil {
		return fmt.Errorf("reading the customer's other conversations: %w", err)
	}
	was, to := c.Owner, waiting.HandOn(r.settings, mb, c, others, r.now, r.rota)
	if to == "" && left == waiting.LeftAway {
		return nil
	}
	cause := desk.DerivedID("handed-on", string(c.ID), was, fmt.Sprint(c.Version))
	c = c.HandedOn(to, left == waiting.LeftGone)
	moved := c.Tell(desk.EventHandedOn, cause, r.now, r.now)
	moved.Agent, moved.Detail = was, string(left)
	change := &store.Change{Conversation: &c, Events: []desk.Event{moved}}
	var ready []letters.Ready
	if a, there := r.settings.Agent(to); there {
		rota := r.rota
		rota.Give(to, c.ID, r.now)
		change.Rota = &rota
		msg, more, ok, err := r.said(ctx, c)
		if err != nil {
			return err
		}
		if ok {
			w := r.Writer(r.settings)
			l, err := w.HandedOn(desk.DerivedID(cause, to), a, mb, c, msg, w.WhoseItWas(a, mb, was, left, absence), more)
			if err != nil {
				return err
			}
			ready = append(ready, l)
		}
	}
	recorder := r.Recorder()
	if err = recorder.Commit(ctx, change, ready, r.now, desk.Occasion("handed-on", cause)); err == nil {
		r.done.HandedOn++
	}
	return err
}

// unseen reports whether all are to be told now that nobody has taken a conversation.
func (r *run) unseen(c desk.Conversation) bool {
	at, ok := waiting.Untaken(r.settings, c)
	if !ok || r.now.Before(at) {
		return false
	}
	mb, _ := r.settings.Mailbox(c.Mailbox)
	return calendar.For(r.settings.HoursOf(mb)).Open(r.now)
}

// show tells all who answer a mailbox, but those who are away, of a conversation that
// nobody took, once for each wait.
func (r *run) show(ctx context.Context, c desk.Conversation) error {
	if !r.unseen(c) {
		return nil
	}
	c.Shown, _ = c.Waits()
	mb, _ := r.settings.Mailbox(c.Mailbox)
	msg, more, ok, err := r.said(ctx, c)
	if err != nil {
		return err
	}
	var ready []letters.Ready
	for _, a := range r.settings.AgentsOf(mb) {
		if _, away := r.rota.At(a.ID, r.now); away || !ok {
			continue
		}
		l, err := r.Writer(r.settings).Untaken(desk.DerivedID("untaken", string(c.ID), c.Shown.UTC().String(), a.ID), a, mb, c, msg, more)
		if err != nil {
			return err
		}
		ready = append(ready, l)
	}
	if err = r.commit(ctx, c, desk.Occasion("untaken", desk.DerivedID(string(c.ID), c.Shown.UTC().String())), ready...); err == nil && len(ready) > 0 {
		r.done.Shown++
	}
	return err
}

// count keeps how many wait for whom, where that decides to whom something is given.
func (r *run) count(ctx context.Context, owners map[desk.ConversationID]string) error {
	if !slices.ContainsFunc(r.settings.Mailboxes, func(mb desk.Mailbox) bool { return mb.Share }) {
		return nil
	}
	rota, err := r.Store.Rota(ctx)
	if err != nil {
		return fmt.Errorf("reading whose turn it is: %w", err)
	}
	if !rota.Count(owners, r.now) {
		return nil
	}
	if err = r.Store.Commit(ctx, &store.Change{Rota: &rota}); err != nil && !errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("keeping how many wait for whom: %w", err)
	}
	return nil // who gave something meanwhile counts the next time
}

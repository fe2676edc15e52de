package send

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"time"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/store"
)

// attempt takes one item as far as it goes now. nil means that its state is
// settled or another sender has it; an error, that it should be brought again.
// count is how often the item's agent was notified, as far as the caller has
// read it; it is kept up to date.
func (s *Service) attempt(ctx context.Context, settings *desk.Settings, item desk.OutboxItem, count *store.Notified) error {
	if !item.Due() || item.NotBefore.After(s.Now()) {
		return nil
	}
	if left(settings, item) {
		return s.handOver(ctx, settings, item)
	}
	if s.pause.on(s.Now()) {
		return nil // it stays due
	}
	if goes, err := s.follows(ctx, item); err != nil || !goes {
		return err
	}
	if over := worn(item, s.Now()); over != nil {
		return s.refused(ctx, settings, item, over, delivery.Verdict{Class: delivery.Recipient})
	}
	if item.Refused > 0 {
		waits, err := s.waits(ctx, item)
		if err != nil {
			return err
		}
		if !waits {
			return s.settle(ctx, item, func(i *desk.OutboxItem) map[string]store.MessageRef {
				i.State = desk.OutboxFailed
				return nil
			})
		}
	}
	if err := s.rate.wait(ctx, s.Carrier, s.Now()); err != nil {
		return err
	}
	claimed, err := s.claim(ctx, settings, &item, count)
	if err != nil || !claimed {
		return err
	}
	raw, err := s.Blobs.Get(ctx, item.Raw)
	if errors.Is(err, store.ErrNotFound) {
		return s.giveUp(ctx, item, &delivery.Error{Response: delivery.Response{Stage: delivery.StageReport}, Err: errors.New("its composed text is not in the blob store")})
	}
	if err != nil {
		s.log().Warn("a composed mail could not be read", "outbox", item.ID, "error", err)
		return s.putBack(ctx, item, fmt.Errorf("reading the composed mail: %w", err), true)
	}
	if late := s.Now().Sub(item.Claimed); late > Lease-AttemptLimit {
		// The machine slept, or the store was very slow. When the attempt ends,
		// the lease may have ended before it, and another sender have begun.
		s.log().Warn("an attempt began too late and is left to the next", "outbox", item.ID, "attempt", item.Attempts, "late", late)
		return nil
	}
	sentID, err := s.carry(ctx, Mail{Outbox: item.ID, From: item.EnvelopeFrom, To: item.To, MessageID: item.MessageID, Raw: raw})
	said, known := delivery.Of(err)
	switch {
	case err == nil:
		s.pause.end()
		return s.sent(ctx, item, sentID)
	case known:
		return s.answered(ctx, settings, item, said)
	case s.Carrier.Confirms() && !notSent(err):
		// The carrier may have taken it: the claim stands until its event had time to come.
		s.log().Warn("it is not known whether an outgoing mail was taken; its event is waited for", "outbox", item.ID, "attempt", item.Attempts, "error", unaddressed(err.Error()))
		return nil
	}
	return s.putBack(ctx, item, err, false)
}

// follows reports whether an item may go that tells of another one, and writes down
// what becomes of it if not.
func (s *Service) follows(ctx context.Context, item desk.OutboxItem) (goes bool, err error) {
	if item.After == "" || item.Attempts > 0 {
		return true, nil
	}
	first, err := s.Store.Outbox(ctx, item.After)
	if errors.Is(err, store.ErrNotFound) { // it left long ago
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("asking whether the answer left that a mail tells of: %w", err)
	}
	next, goes := follow(item, first, s.Now())
	if goes {
		return true, nil
	}
	err = s.commit(ctx, &store.Change{Outbox: []*desk.OutboxItem{&next}})
	if errors.Is(err, store.ErrConflict) {
		return false, nil // another sender has it
	}
	return false, err
}

// notSent reports whether the carrier knows that it did not take the mail.
func notSent(err error) bool {
	var r Refusal
	return errors.As(err, &r) && r.NotSent()
}

func (s *Service) carry(ctx context.Context, m Mail) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, AttemptLimit)
	defer cancel()
	return s.Carrier.Send(ctx, m)
}

// claim makes the item ours for one attempt. false: another sender was faster,
// or the item is put off.
func (s *Service) claim(ctx context.Context, settings *desk.Settings, item *desk.OutboxItem, count *store.Notified) (bool, error) {
	counted := item.Attempts == 0 && (item.Kind == desk.OutboxNotification || lists(*item))
	if counted && count == nil {
		n, err := s.Store.Notified(ctx, item.Agent)
		if err != nil {
			return false, fmt.Errorf("reading how often agent %s was notified: %w", item.Agent, err)
		}
		count = &n
	}
	claimed := false
	err := store.Retry(ctx, func(first bool) (err error) {
		if !first {
			items, counts, err := s.Store.OutboxItems(ctx, []string{item.ID}, agentsOf(*item))
			if err != nil {
				return err
			}
			if items[item.ID].Version != item.Version {
				return nil // somebody else's by now
			}
			if counted { // the agent's count had changed; the item is free still
				*count = counts[item.Agent]
			}
		}
		claimed, err = s.tryClaim(ctx, settings, item, count, counted)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("claiming: %w", err)
	}
	return claimed, nil
}

// tryClaim writes a claim, or that the item is put off.
func (s *Service) tryClaim(ctx context.Context, settings *desk.Settings, item *desk.OutboxItem, count *store.Notified, counted bool) (bool, error) {
	now, next := s.Now(), *item
	next.State, next.Claimed, next.Attempts, next.PutOff = desk.OutboxSending, now, item.Attempts+1, false
	next.NotBefore = now.Add(Lease)
	if s.Carrier.Confirms() {
		next.NotBefore = now.Add(ConfirmWait)
	}
	change := &store.Change{Outbox: []*desk.OutboxItem{&next}, Events: leaving(&next, now)}
	switch {
	case counted && item.Kind != desk.OutboxNotification: // no rate holds it, and what it shows is noted
		n := *count
		n.List(*item)
		change.Notified = &n
	case counted:
		n := recent(*count, settings.Notifications, now)
		if until, full := fullUntil(n, settings.Notifications); full {
			next = *item
			next.NotBefore, next.PutOff = until, true
		} else {
			n.Times = append(n.Times, now)
			n.Show(item.Conversation, item.Sequence)
			change.Notified = &n
		}
	}
	if err := s.commit(ctx, change); err != nil {
		return false, err
	}
	*item = next
	if change.Notified != nil {
		*count = *change.Notified
	}
	return next.State == desk.OutboxSending, nil
}

// lists reports whether a mail that is no notification shows its reader messages or articles.
func lists(item desk.OutboxItem) bool {
	return item.Agent != "" && len(item.Lists)+len(item.Offers) > 0
}

func agentsOf(item desk.OutboxItem) []string {
	if item.Agent == "" {
		return nil
	}
	return []string{item.Agent}
}

// sent marks the item, and records the id that the carrier gave the mail, under
// which answers and reports come back. The id as composed was recorded with the item.
func (s *Service) sent(ctx context.Context, item desk.OutboxItem, sentID string) error {
	return s.settle(ctx, item, func(i *desk.OutboxItem) map[string]store.MessageRef {
		i.State, i.Sent, i.SentID, i.LastError = desk.OutboxSent, s.Now(), sentID, ""
		if sentID == "" {
			return nil
		}
		return map[string]store.MessageRef{sentID: outbox.Sent(*i)}
	})
}

// putBack records a temporary error and when the item is next due. route: it says
// nothing of this mail.
func (s *Service) putBack(ctx context.Context, item desk.OutboxItem, cause error, route bool) error {
	level := slog.LevelWarn
	if route { // what the route's trouble is, is said once and not for each mail
		level = slog.LevelDebug
	}
	s.log().Log(ctx, level, "an outgoing mail was put back", "outbox", item.ID, "attempt", item.Attempts, "error", unaddressed(cause.Error()))
	return s.settle(ctx, item, func(i *desk.OutboxItem) map[string]store.MessageRef {
		i.State, i.LastError = desk.OutboxPending, clip(cause.Error())
		wait := desk.Backoff(i.Tries())
		if route {
			i.RouteTries++
			wait = min(desk.Backoff(i.RouteTries), desk.RouteWait)
		}
		var r Refusal
		if errors.As(cause, &r) {
			wait = max(wait, r.RetryAfter())
		}
		i.NotBefore = s.Now().Add(wait)
		return nil
	})
}

// settle writes the end of an attempt. When an event changed the item
// meanwhile, the end is written onto what it is now, unless that is an end
// already or a later attempt.
func (s *Service) settle(ctx context.Context, item desk.OutboxItem, end func(*desk.OutboxItem) map[string]store.MessageRef) error {
	attempts := item.Attempts
	for range 5 {
		next := item
		err := s.commit(ctx, &store.Change{Outbox: []*desk.OutboxItem{&next}, MessageIDs: end(&next)})
		if !errors.Is(err, store.ErrConflict) {
			return err
		}
		if item, err = s.Store.Outbox(context.WithoutCancel(ctx), item.ID); err != nil {
			return err
		}
		if !item.Due() || item.Attempts != attempts {
			return nil
		}
	}
	return fmt.Errorf("recording the end of an attempt: %w", store.ErrConflict)
}

// recent forgets what has left the window.
func recent(n store.Notified, p desk.NotificationPolicy, now time.Time) store.Notified {
	var times []time.Time
	for _, t := range n.Times {
		if since := now.Sub(t); since < p.Window && since > -p.Window { // what a clock that was ahead noted is nothing
			times = append(times, t)
		}
	}
	n.Times = times
	return n
}

// fullUntil tells whether the window holds all it may, and when it will hold less.
func fullUntil(n store.Notified, p desk.NotificationPolicy) (time.Time, bool) {
	if p.Most <= 0 || len(n.Times) < p.Most {
		return time.Time{}, false
	}
	return n.Times[len(n.Times)-p.Most].Add(p.Window), true
}

var address = regexp.MustCompile(`[^\s<>"(),:;]+@[^\s<>"(),:;]+`)

// unaddressed makes a reason fit for the log, which holds no addresses. The item has it in full.
func unaddressed(reason string) string { return address.ReplaceAllString(reason, "(address)") }

// clip bounds a reason that comes from elsewhere.
func clip(s string) string {
	if r := []rune(s); len(r) > 500 {
		return string(r[:500]) + "…"
	}
	return s
}

package metrics

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/rollup"
	"github.com/replywell/replywell/shared/store"
)

const (
	// kept is for how long back days are rolled up by themselves: what looks back over a
	// year needs them.
	kept = 400
	// quiet is of how many days in a row nothing is told where the log has no more before.
	quiet = 14
	// ahead is of how many days to come roll-ups are taken back, which a clock that was
	// ahead has made.
	ahead = 400
)

// each gives the events recorded from the one moment up to the other, each once and in
// order, as a roll-up has them. A day that is over and was not rolled up is, now.
func (s *Service) each(ctx context.Context, from, to time.Time, fn func(desk.Event)) error {
	begun, err := s.begun(ctx)
	if err != nil {
		return err
	}
	// Events are kept by UTC day, and a team's week may begin within one.
	for d := from.UTC().Truncate(day); d.Before(to); d = d.AddDate(0, 0, 1) {
		if d.Before(begun) || d.After(s.Now()) {
			continue
		}
		err := s.day(ctx, d, func(e desk.Event) error {
			if !e.Recorded.Before(from) && e.Recorded.Before(to) {
				fn(e)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("reading what happened on %s: %w", d.Format(time.DateOnly), err)
		}
	}
	return nil
}

// begun is the day before which nothing was recorded, so that a new desk's report does not
// ask for each of the days when there was none; zero where nobody knows.
func (s *Service) begun(ctx context.Context) (time.Time, error) {
	x, err := s.Store.Indexed(ctx)
	if err != nil || !x.Done {
		return time.Time{}, err
	}
	return x.Begun, nil
}

func (s *Service) day(ctx context.Context, d time.Time, fn func(desk.Event) error) error {
	r, err := s.Store.RollUp(ctx, d)
	switch {
	case err == nil && rollup.Reads(r.Form) && store.Settled(d, s.Now()):
		return rollup.Unpack(r.Data, fn)
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	}
	events, err := s.RollUp(ctx, d)
	if err != nil {
		return err
	}
	for _, e := range events {
		if rollup.Counted(e.Kind) {
			if err := fn(rollup.Plain(e)); err != nil {
				return err
			}
		}
	}
	return nil
}

// RollUp makes a UTC day's roll-up from its events, if nothing of the day can be
// written any more, and gives the events. To make it again changes nothing.
func (s *Service) RollUp(ctx context.Context, d time.Time) ([]desk.Event, error) {
	events, err := s.Store.Day(ctx, d)
	if err != nil || !store.Settled(d, s.Now()) {
		return events, err
	}
	r := store.RollUp{Day: d, Form: rollup.Form, Events: len(events)}
	if r.Data, err = rollup.Pack(events); err != nil {
		return nil, fmt.Errorf("rolling up %s: %w", d.Format(time.DateOnly), err)
	}
	if r.Totals, err = rollup.Sum(events).Pack(); err != nil {
		return nil, fmt.Errorf("rolling up %s: %w", d.Format(time.DateOnly), err)
	}
	return events, s.Store.SetRollUp(ctx, r)
}

// RollUpDays rolls up each day that is over and is not rolled up yet. It may be called
// any number of times, and goes on where it was ended. What was written before a
// fortnight of silence is rolled up when somebody asks for it.
func (s *Service) RollUpDays(ctx context.Context) error {
	last := s.Now().Add(-store.Settles).UTC().Truncate(day).AddDate(0, 0, -1)
	newest, err := s.Store.Totals(ctx, last, last.AddDate(0, 0, ahead))
	if err != nil {
		return err
	}
	made := false
	for _, r := range newest {
		if r.Day.Equal(last) {
			made = rollup.Reads(r.Form)
		} else if err := s.Store.UnsetRollUp(ctx, r.Day); err != nil {
			return err // by a clock that was ahead: this day is not over
		}
	}
	if made {
		return nil // the last one is made last
	}
	heads, err := s.Store.Totals(ctx, last.AddDate(0, 0, -kept), last)
	if err != nil {
		return err
	}
	events := map[time.Time]int{}
	for _, h := range heads {
		if rollup.Reads(h.Form) {
			events[h.Day.UTC()] = h.Events
		}
	}
	begun, err := s.begun(ctx)
	if err != nil {
		return err
	}
	silent := 0
	for n := 1; n < kept && silent < quiet; n++ {
		d := last.AddDate(0, 0, -n)
		if d.Before(begun) {
			break
		}
		told, there := events[d]
		if !there {
			list, err := s.RollUp(ctx, d)
			if err != nil {
				return err
			}
			told = len(list)
		}
		if silent++; told > 0 {
			silent = 0
		}
	}
	if last.Before(begun) {
		return nil
	}
	_, err = s.RollUp(ctx, last)
	return err
}

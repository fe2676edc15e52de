package metrics

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/calendar"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// PostSpan posts what was done from the one moment up to the other, as a week is
// posted, beside the same time before it. span is what it is called, such as "hour".
func (s *Service) PostSpan(ctx context.Context, from, to time.Time, span string) error {
	settings, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	week, err := s.Span(ctx, settings, from.Add(from.Sub(to)), from, to)
	if err != nil {
		return err
	}
	z := zone(settings)
	week.Span, week.Days = span, from.In(z).Format("2 January 2006, 15:04")
	if end := to.In(z).Format("15:04"); !strings.HasSuffix(week.Days, end) { // a short one is over in its first minute
		week.Days += " to " + end
	}
	return s.mail(ctx, settings, week, span+" "+from.UTC().Format(time.RFC3339), settings.Report.To)
}

// Week folds the week that starts at the moment, and the one before it.
func (s *Service) Week(ctx context.Context, settings *desk.Settings, start time.Time) (letters.Week, error) {
	return s.Span(ctx, settings, start.AddDate(0, 0, -7), start, start.AddDate(0, 0, 7))
}

// Span folds the time from start to end, and the time before it from before on.
func (s *Service) Span(ctx context.Context, settings *desk.Settings, before, start, end time.Time) (letters.Week, error) {
	people, past := newEverybody(), newEvenings(end, min(end.Sub(start), 7*day))
	how := newFates(before, start, end)
	now, earlier, said := desk.NewTally(start, end), desk.NewTally(before, start), newVoices(start, end)
	defects, err := s.defects(ctx, start)
	if err != nil {
		return letters.Week{}, err
	}
	now.Defects, earlier.Defects = defects, defects
	first := before.Add(-desk.ReturnWithin)
	if e := past.times[0]; e.Before(first) {
		first = e
	}
	// Who got an answer since the end had waited.
	err = s.each(ctx, first, s.Now().Add(time.Nanosecond), func(e desk.Event) {
		now.Add(e)
		earlier.Add(e)
		past.add(e)
		if !e.Recorded.Before(before) {
			people.add(e)
		}
		said.add(e)
		how.add(e)
	})
	if err != nil {
		return letters.Week{}, err
	}
	waits, who, err := s.waiting(ctx, settings, people, func(c desk.Conversation, since time.Time) {
		past.waits(c.Mailbox, since)
		how.waits(c, since, s.Now())
	})
	if err != nil {
		return letters.Week{}, err
	}
	b, err := s.book(ctx)
	if err != nil {
		return letters.Week{}, err
	}
	rises, err := s.rises(ctx, settings, b, end)
	if err != nil {
		return letters.Week{}, err
	}
	week := letters.Week{From: start, To: end, Benchmark: settings.Report.ExchangeBenchmark}
	var groups []group
	for _, m := range settings.Mailboxes {
		hours, err := calendar.Of(settings.HoursOf(m))
		if err != nil {
			return letters.Week{}, fmt.Errorf("the working hours of %s: %w", m.ID, err)
		}
		asked := people.of(m.ID)
		g := group{waits: asked.waits(hours, start, end), earlier: asked.waits(hours, before, start), WeekOfMailbox: letters.WeekOfMailbox{
			ID: m.ID, Name: m.Name, Rises: rises[m.ID], Now: now.Mailbox(m.ID), Earlier: earlier.Mailbox(m.ID), Waiting: waits[m.ID], Evenings: past.of(m.ID), WorkingHours: !hours.RoundTheClock(),
		}}
		g.Seen = len(g.waits)
		if g.Wrong, g.ThankedFor, err = s.hear(ctx, said, m.ID, b.Background()); err != nil {
			return letters.Week{}, err
		}
		if g.Customers, err = s.customers(ctx, settings, how, m.ID); err != nil {
			return letters.Week{}, err
		}
		g.Hiding = hiding(now.Articles(m.ID), g.Rises)
		ids := now.Behind(m.ID)
		ids[desk.FigureAtRisk], ids[desk.FigureWon] = g.Customers.AtRiskIDs, g.Customers.WonIDs
		if err := s.who(ctx, &g, ids); err != nil {
			return letters.Week{}, err
		}
		ids[desk.FigureFirst] = asked.longestFirst(start, end)
		if w := who[m.ID]; w != nil {
			ids[desk.FigureWaiting], ids[desk.FigurePromises] = desk.IDsOf(w.all.Numbers()), desk.IDsOf(w.promised.Numbers())
		}
		g.Behind = behind(g.WeekOfMailbox, ids)
		groups = append(groups, g)
	}
	week.Mailboxes = grouped(settings, groups)
	if s.Gaps != nil {
		if week.Gaps, err = s.Gaps(ctx); err != nil {
			return letters.Week{}, err
		}
	}
	return week, nil
}

// mail records one mail for each reader that has none yet of what is named so.
func (s *Service) mail(ctx context.Context, settings *desk.Settings, week letters.Week, name string, readers []string) error {
	if len(settings.Mailboxes) == 0 {
		return nil
	}
	now := s.Now()
	w := letters.Writer{Settings: settings, Keys: s.Keys, Now: now}
	cause := desk.Occasion("report", name)
	for _, to := range readers {
		id := desk.DerivedID(cause, to)
		if _, err := s.Store.Outbox(ctx, id); err == nil {
			continue
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		ready, asks, err := w.Report(id, to, settings.Mailboxes[0], week)
		if err != nil {
			return err
		}
		change := &store.Change{}
		if asks != nil {
			change.Confirmations = []*desk.Confirmation{asks}
		}
		err = s.Recorder().Commit(ctx, change, []letters.Ready{ready}, now, cause)
		if err != nil && !errors.Is(err, store.ErrConflict) { // a conflict: another run was faster
			return err
		}
	}
	return nil
}

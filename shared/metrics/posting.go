package metrics

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// report is one that is posted: of a period, and of one mailbox alone if it names one.
type report struct {
	period   desk.Period
	mailbox  string
	to       []string
	from, up time.Time
}

// name is what mails, claims and files of the report are called by.
func (r report) name() string {
	name := r.from.Format(time.DateOnly)
	switch r.period {
	case desk.Daily:
		name = "day " + name
	case desk.Monthly:
		name = "month " + r.from.Format("2006-01")
	}
	return strings.TrimSpace(name + " " + r.mailbox)
}

// reports are those that the settings ask for of a period.
func (s *Service) reports(settings *desk.Settings, p desk.Period) (out []report) {
	from, up := p.Span(s.Now().In(zone(settings)))
	if desk.IsEvery(settings.Report.Every, p) {
		out = append(out, report{p, "", settings.Report.To, from, up})
	}
	for _, m := range settings.Report.Mailboxes {
		if desk.IsEvery(m.Every, p) {
			out = append(out, report{p, m.Mailbox, m.To, from, up})
		}
	}
	return out
}

// PostLast posts the last week that is over.
func (s *Service) PostLast(ctx context.Context) error {
	settings, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	return s.postAll(ctx, settings, s.reports(settings, desk.Weekly))
}

// Post posts the week that starts at the moment, a Monday's midnight.
func (s *Service) Post(ctx context.Context, start time.Time) error {
	settings, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	return s.post(ctx, settings, report{desk.Weekly, "", settings.Report.To, start, start.AddDate(0, 0, 7)})
}

// PostDue posts the day and the month that are over, once their time of day has come,
// and tries again what failed of any period. It may be called at any time, by several
// at once: what was posted is not posted again.
func (s *Service) PostDue(ctx context.Context) error {
	settings, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	var due []report
	for _, p := range []desk.Period{desk.Daily, desk.Weekly, desk.Monthly} {
		for _, r := range s.reports(settings, p) {
			at := time.Date(r.up.Year(), r.up.Month(), r.up.Day(), 0, settings.Report.At, 0, 0, r.up.Location())
			switch now := s.Now(); {
			case now.Before(at), now.Sub(at) > p.Late():
			case p == desk.Weekly: // its schedule begins it; here what failed is tried again
				again, err := s.failed(ctx, settings, r)
				if err != nil {
					return err
				}
				if again {
					due = append(due, r)
				}
			default:
				due = append(due, r)
			}
		}
	}
	return s.postAll(ctx, settings, due)
}

// failed reports whether a place waits for another attempt.
func (s *Service) failed(ctx context.Context, settings *desk.Settings, r report) (bool, error) {
	for _, place := range s.places(settings, r, letters.Week{}) {
		p, err := s.Store.Posting(ctx, claimID(r, place.name))
		if err != nil {
			return false, err
		}
		if p.State == desk.PostingFailed || p.State == desk.PostingBegun {
			return true, nil
		}
	}
	return false, nil
}

func (s *Service) postAll(ctx context.Context, settings *desk.Settings, list []report) (err error) {
	for _, r := range list {
		open, failed := s.open(ctx, settings, r)
		if open && failed == nil {
			failed = s.post(ctx, settings, r)
		}
		err = errors.Join(err, failed)
	}
	return err
}

// open reports whether anything of the report is still to be posted: to find that out
// costs a read for each place, and to make a report some hundred.
func (s *Service) open(ctx context.Context, settings *desk.Settings, r report) (bool, error) {
	for _, to := range r.to {
		if _, err := s.Store.Outbox(ctx, mailID(r, to)); errors.Is(err, store.ErrNotFound) {
			return true, nil
		} else if err != nil {
			return false, err
		}
	}
	for _, place := range s.places(settings, r, letters.Week{}) {
		p, err := s.Store.Posting(ctx, claimID(r, place.name))
		if err != nil {
			return false, fmt.Errorf("reading whether the report was posted to %s: %w", place.name, err)
		}
		if p.Lost(s.Now()) || p.Begin(s.Now()) {
			return true, nil
		}
	}
	return false, nil
}

func mailID(r report, to string) string { return desk.DerivedID(desk.Occasion("report", r.name()), to) }

func claimID(r report, place string) string { return desk.DerivedID("posting", r.name(), place) }

// post makes a report, and posts it wherever it was not posted yet.
func (s *Service) post(ctx context.Context, settings *desk.Settings, r report) error {
	week, err := s.Span(ctx, settings, r.period.Before(r.from), r.from, r.up)
	if err != nil {
		return err
	}
	switch r.period {
	case desk.Daily:
		week.Span, week.Days = "day", r.from.Format("Monday 2 January 2006")
	case desk.Monthly:
		week.Span, week.Days = "month", r.from.Format("January 2006")
	}
	if r.period != desk.Weekly && week.Quiet() {
		return nil
	}
	if r.mailbox != "" {
		week.Mailboxes = slices.DeleteFunc(week.Mailboxes, func(m letters.WeekOfMailbox) bool {
			return !slices.Contains(strings.Split(m.ID, "+"), r.mailbox)
		})
		week.Gaps = nil
	}
	if len(week.Mailboxes) == 0 {
		return nil
	}
	err = s.mail(ctx, settings, week, r.name(), r.to)
	for _, place := range s.places(settings, r, week) {
		err = errors.Join(err, s.attempt(ctx, claimID(r, place.name), place))
	}
	return err
}

// place is where a report goes beside mail.
type place struct {
	name string
	do   func(ctx context.Context, id string) error
}

// attempt posts to a place at most once: the claim is recorded before and after. Where
// the process ends in between, or no answer comes, it may have arrived, and is not
// posted again.
func (s *Service) attempt(ctx context.Context, id string, at place) error {
	p, err := s.Store.Posting(ctx, id)
	if err != nil {
		return fmt.Errorf("reading whether the report was posted to %s: %w", at.name, err)
	}
	if p.Lost(s.Now()) {
		p.End(s.Now(), desk.PostingUnknown, "the process ended while it was posted")
		if err := s.claim(ctx, &p); err != nil {
			return err
		}
		slog.Warn("it is not known whether a report arrived; it is not posted again", "place", at.name, "why", p.Why)
		return nil
	}
	if !p.Begin(s.Now()) {
		return nil
	}
	if err := s.Store.SetPosting(ctx, &p); errors.Is(err, store.ErrConflict) {
		return nil // another run is at it
	} else if err != nil {
		return fmt.Errorf("claiming the report for %s: %w", at.name, err)
	}
	failed := at.do(ctx, id)
	var unknown lost
	switch {
	case failed == nil:
		p.End(s.Now(), desk.PostingDone, "")
	case errors.As(failed, &unknown):
		p.End(s.Now(), desk.PostingUnknown, failed.Error())
	case desk.IsPermanent(failed):
		p.End(s.Now(), desk.PostingRefused, failed.Error())
	default:
		p.Fail(s.Now(), failed.Error())
	}
	return errors.Join(failed, s.claim(ctx, &p))
}

func (s *Service) claim(ctx context.Context, p *desk.Posting) error {
	err := s.Store.SetPosting(ctx, p)
	if err != nil && !errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("recording what came of a posting: %w", err)
	}
	return nil
}

// places are where a report goes beside mail. A mailbox's report goes nowhere else than
// to its readers.
func (s *Service) places(settings *desk.Settings, r report, week letters.Week) (out []place) {
	if r.mailbox != "" {
		return nil
	}
	add := func(name string, there bool, do func(ctx context.Context, id string) error) {
		if there {
			out = append(out, place{name, do})
		}
	}
	to := s.Posting
	add("Slack", to.Slack != "", func(ctx context.Context, _ string) error { return s.slack(ctx, settings, week) })
	add("Slack’s picture", to.Token != "", func(ctx context.Context, _ string) error { return s.picture(ctx, week) })
	add("the webhook", to.Webhook != "", func(ctx context.Context, id string) error {
		return s.webhook(ctx, settings, string(r.period), week, id)
	})
	add("CloudWatch", settings.Report.Measures && s.Measure != nil, func(context.Context, string) error { return s.measure(settings, r, week) })
	add("the files", settings.Report.Keep && s.Keep != nil, func(ctx context.Context, _ string) error { return s.keep(ctx, settings, r, week) })
	return out
}

// keep writes the report as files, in each form for programs and for people.
func (s *Service) keep(ctx context.Context, settings *desk.Settings, r report, week letters.Week) error {
	for _, format := range []string{"html", "json", "csv"} {
		data, err := s.formatted(settings, week, format)
		if err == nil {
			err = s.Keep(ctx, string(r.period)+"-"+r.from.Format(time.DateOnly)+"."+format, data)
		}
		if err != nil {
			return fmt.Errorf("keeping the report: %w", err)
		}
	}
	return nil
}

// measure hands each figure that has a value to whoever keeps measures.
func (s *Service) measure(settings *desk.Settings, r report, week letters.Week) error {
	for _, m := range Exported(week, zone(settings), s.Now()).Mailboxes {
		values := map[string]float64{"waiting": float64(m.Waiting.Customers)}
		for _, f := range m.Figures {
			if f.Value != nil {
				values[f.Name] = *f.Value
			}
		}
		s.Measure(m.ID, string(r.period), values)
	}
	return nil
}

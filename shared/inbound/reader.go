package inbound

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// maxReaderNotices bounds how often a day one reader of the report is told that
// nobody reads replies to it.
const maxReaderNotices = 3

// reader sees somebody who gets the weekly report and is no agent answer it. What
// it says is about the team, so it opens no conversation; it is given back. Above
// the day's bound, and where nobody vouches for its sender, it is held for the
// lead to see.
func (s *Service) reader(ctx context.Context, a *arrival) (bool, error) {
	isReader := slices.ContainsFunc(a.settings.Report.To, func(to string) bool { return same(to, a.single) })
	replies := slices.ContainsFunc(a.tokens, func(t named) bool { return t.genuine() && t.Purpose == replyaddr.Notice })
	if !isReader || !replies && (len(a.evidence()) > 0 || !a.answersUs()) {
		return false, nil
	}
	const why = "it answers the weekly report, which nobody reads replies to"
	if mechanical(a.kind) {
		a.in.Outcome, a.in.Reason = desk.OutcomeRefused, why
		return true, s.commit(ctx, &store.Change{Inbound: &a.in, ContentHash: a.in.ContentHash})
	}
	if !a.verified {
		return true, s.hold(ctx, a, desk.HoldStranger, why+", and nobody vouches for its sender")
	}
	for n := range maxReaderNotices {
		id := desk.DerivedID("report-reply", strings.ToLower(a.single), s.Now().UTC().Format(time.DateOnly), strconv.Itoa(n))
		if _, err := s.Store.Outbox(ctx, id); err == nil {
			continue
		} else if !errors.Is(err, store.ErrNotFound) {
			return true, fmt.Errorf("counting notices to a reader of the report: %w", err)
		}
		w := letters.Writer{Settings: a.settings, Keys: s.Keys, Now: s.Now()}
		ready, err := w.ReportReply(id, a.single, a.mailbox, a.shown())
		if err != nil {
			return true, err
		}
		a.in.Outcome, a.in.Reason = desk.OutcomeRefused, why
		return true, s.commit(ctx, &store.Change{Inbound: &a.in, ContentHash: a.in.ContentHash}, ready)
	}
	return true, s.hold(ctx, a, desk.HoldStranger, why)
}

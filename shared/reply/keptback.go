package reply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// How many mails of an agent's one mail gives back, and for how many days ahead
// such mails are laid up.
const (
	mostKeptBack = 50
	keptBackDays = 60
)

// keepBack gives the agent's text back in a mail of the next day, when this day's
// mails about the conversation are used up. That mail is one of the next day's
// own, so what is bounded is the number of mails; it holds every text that comes
// until then, and is written anew with each.
func (j *job) keepBack(ctx context.Context, c *store.Change) error {
	if j.held == nil && strings.TrimSpace(j.ownText()) == "" && len(j.mail.Attachments) == 0 {
		return j.commit(ctx, c, nil, nil)
	}
	id, due, before, err := j.laidUp(ctx)
	if err != nil {
		return err
	}
	k := letters.KeptBack{Agent: j.agent}
	for _, earlier := range before.Tells {
		one, err := j.keptMail(ctx, earlier)
		if err != nil {
			return err
		}
		k.Mails = append(k.Mails, one)
	}
	k.Mails = append(k.Mails, j.kept(c.Inbound.Reason))
	r, err := j.letters.KeptBack(id, j.mailbox, j.conv, max(j.seen, before.Sequence), k)
	if err != nil {
		return err
	}
	r.Item.Tells = append(slices.Clone(before.Tells), j.in.ID)
	r.Item.Version, r.Item.NotBefore = before.Version, due
	return j.commit(ctx, c, []letters.Ready{r}, nil)
}

// tomorrow is the beginning of the day, so many days from now, by which notices
// are counted.
func (j *job) tomorrow(days int) time.Time {
	return j.now.UTC().Truncate(day).Add(time.Duration(days) * day)
}

// laidUp finds the mail of a day to come that this text goes into: one that has
// room, else the next free one, of which nothing is there before.
func (j *job) laidUp(ctx context.Context) (id string, due time.Time, before desk.OutboxItem, err error) {
	for d := 1; d <= keptBackDays; d++ {
		due = j.tomorrow(d)
		for n := range mostNotices {
			id = j.noticeOf(due, n)
			before, err = j.Store.Outbox(ctx, id)
			if errors.Is(err, store.ErrNotFound) {
				return id, due, before, nil
			}
			if err != nil {
				return "", due, before, fmt.Errorf("looking for a mail that gives texts back: %w", err)
			}
			if before.State == desk.OutboxPending && before.Attempts == 0 && len(before.Tells) > 0 && len(before.Tells) < mostKeptBack {
				return id, due, before, nil
			}
		}
	}
	return "", due, before, fmt.Errorf("an agent's mails of %d days are laid up in conversation %s; a program must be writing them", keptBackDays, j.conv.ID.Reference())
}

// keptMail reads what an earlier mail said, and why nothing came of it.
func (j *job) keptMail(ctx context.Context, id string) (letters.KeptMail, error) {
	in, err := j.Store.Inbound(ctx, id)
	if err != nil {
		return letters.KeptMail{}, fmt.Errorf("reading a mail that is given back: %w", err)
	}
	raw, err := j.Blobs.Get(ctx, in.Raw)
	if err != nil {
		return letters.KeptMail{}, fmt.Errorf("reading a mail that is given back: %w", err)
	}
	earlier := *j
	earlier.in, earlier.mail, earlier.held = &in, saidBy(j.agent, email.Read(raw, in.MailFrom)), nil
	return earlier.kept(in.Reason), nil
}

// kept is this mail as it is given back.
func (j *job) kept(why string) letters.KeptMail {
	m := letters.KeptMail{At: j.in.ReceivedAt, Why: why, Text: j.ownText()}
	for _, f := range j.mail.Attachments {
		m.Files = append(m.Files, page.Excerpt(f.Filename, 120)+", "+page.Size(int64(f.Size)))
	}
	return m
}

// noticeOf is the id of a day's notice, by its number.
func (j *job) noticeOf(at time.Time, n int) string {
	return desk.DerivedID("refused-notice", string(j.conv.ID), j.agent.ID, at.UTC().Format(time.DateOnly), strconv.Itoa(n))
}

package reply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// How many texts one mail gives back, and for how many days ahead such mails are
// laid up.
const (
	mostGivenBack = 50
	giveBackDays  = 60
)

// giveBack gives the agent's text back in a mail of the next day, when this day's
// mails about the conversation are used up. That mail is one of the next day's
// own, so what is bounded is the number of mails; it holds every text that comes
// until then, and is written anew with each.
func (s *Service) giveBack(ctx context.Context, f commands.Facts, w written, c *store.Change, also *store.Change) error {
	if w.held == nil && strings.TrimSpace(w.text(f)) == "" && len(w.mail.Attachments) == 0 {
		return s.commit(ctx, f, w, c, nil, nil, also)
	}
	id, due, before, err := s.laterNotice(ctx, f)
	if err != nil {
		return err
	}
	k := letters.GivenBack{Agent: f.Agent}
	for _, earlier := range before.Tells {
		one, err := s.earlier(ctx, f, earlier)
		if err != nil {
			return err
		}
		k.Mails = append(k.Mails, one)
	}
	k.Mails = append(k.Mails, w.givenBack(f, c.Inbound.Reason))
	r, err := s.writer(f).GivenBack(id, f.Mailbox, f.Conversation, max(f.Seen, before.Sequence), k)
	if err != nil {
		return err
	}
	r.Item.Tells = append(slices.Clone(before.Tells), f.Mail)
	r.Item.Version, r.Item.NotBefore = before.Version, due
	return s.commit(ctx, f, w, c, []letters.Ready{r}, nil, also)
}

// laterNotice finds the mail of a day to come that this text goes into: one that has
// room, else the next free one, of which nothing is there before.
func (s *Service) laterNotice(ctx context.Context, f commands.Facts) (id string, due time.Time, before desk.OutboxItem, err error) {
	for d := 1; d <= giveBackDays; d++ {
		due = f.Now.UTC().Truncate(day).Add(time.Duration(d) * day)
		for n := range mostNotices {
			id = noticeOf(f, due, n)
			before, err = s.Store.Outbox(ctx, id)
			if errors.Is(err, store.ErrNotFound) {
				return id, due, before, nil
			}
			if err != nil {
				return "", due, before, fmt.Errorf("looking for a mail that gives texts back: %w", err)
			}
			if before.State == desk.OutboxPending && before.Attempts == 0 && len(before.Tells) > 0 && len(before.Tells) < mostGivenBack {
				return id, due, before, nil
			}
		}
	}
	return "", due, before, fmt.Errorf("in conversation %s the mails that give texts back to an agent are full for %d days; a program must be writing in the agent's name", f.Conversation.ID.Reference(), giveBackDays)
}

// earlier reads what an earlier mail said, and why nothing came of it.
func (s *Service) earlier(ctx context.Context, f commands.Facts, id string) (letters.GivenBackMail, error) {
	in, err := s.Store.Inbound(ctx, id)
	if err != nil {
		return letters.GivenBackMail{}, fmt.Errorf("reading a mail that is given back: %w", err)
	}
	mail, err := s.mailOf(ctx, in)
	if err != nil {
		return letters.GivenBackMail{}, fmt.Errorf("reading a mail that is given back: %w", err)
	}
	return written{in: &in, mail: saidBy(f.Agent, mail, in.Opens)}.givenBack(f, in.Reason), nil
}

// givenBack is a mail as it is given back.
func (w written) givenBack(f commands.Facts, why string) letters.GivenBackMail {
	return letters.GivenBackMail{At: w.in.ReceivedAt, Why: why, Text: w.text(f), Files: fileNames(w.mail.Attachments, 120)}
}

// say records a notice and mails it, if the day has room for it; else the agent's
// text is given back on another day.
func (s *Service) say(ctx context.Context, f commands.Facts, w written, n notice, also *store.Change) error {
	c := change(f, w, n.outcome, n.reason)
	c.Events, c.Rota = n.counted, n.rota
	if n.aside != nil {
		setAside(f, c, *n.aside)
	}
	if n.of != "" {
		c.Inbound.Of = n.of
	}
	at, free, err := s.room(ctx, f)
	if err != nil {
		return err
	}
	if !free {
		if n.later != "" {
			c.Inbound.Reason = n.later
		}
		return s.giveBack(ctx, f, w, c, also)
	}
	sendable := 0
	if n.commands { // what is refused is told all the same where that cannot be known now, without #send in the list
		ready, _ := s.ready(ctx, f.Offered())
		for i := len(ready) - 1; i >= 0; i-- {
			if !ready[i].Missing && ready[i].Unsendable == "" {
				sendable = i + 1
			}
		}
	}
	r, err := n.write(s.writer(f), at, sendable)
	if err != nil {
		return err
	}
	if n.ask != nil {
		c.Confirmations = append(c.Confirmations, n.ask)
	}
	return s.commit(ctx, f, w, c, []letters.Ready{r}, nil, also)
}

// room gives the place of the day's next notice about a mail of the agent's in this
// conversation, if there may be another one. Without a bound, a program that
// answers our notices would be told forever.
func (s *Service) room(ctx context.Context, f commands.Facts) (at slot, free bool, err error) {
	for n := range mostNotices {
		at = slot{noticeOf(f, f.Now, n), n}
		_, err = s.Store.Outbox(ctx, at.id)
		if errors.Is(err, store.ErrNotFound) {
			return at, true, nil
		}
		if err != nil {
			return slot{}, false, fmt.Errorf("counting notices: %w", err)
		}
	}
	return slot{}, false, nil
}

// noticeOf is the id of a day's notice, by its number.
func noticeOf(f commands.Facts, at time.Time, n int) string {
	return desk.DerivedID("refused-notice", string(f.Conversation.ID), f.Agent.ID, at.UTC().Format(time.DateOnly), strconv.Itoa(n))
}

// setAside adds it to a change.
func setAside(f commands.Facts, c *store.Change, a commands.Aside) {
	if e := a.Entry; e.Sequence > 0 {
		e.From, e.Inbound, e.Verified = desk.Person{Name: f.Agent.Name}, f.Mail, true
		e.Evidence = desk.Evidence{Rule: desk.EvidenceToken, Detail: "signed for " + f.Agent.ID}
		c.Messages, c.Conversation = append(c.Messages, e), &a.Conversation
		c.Inbound.Sequence = e.Sequence
	}
	if a.Event != "" {
		e := event(f, desk.EventArranged, a.Conversation, f.Now)
		e.Detail = a.Event
		c.Events = append(c.Events, e)
	}
	c.Blocks, c.Same = append(c.Blocks, a.Blocks...), append(c.Same, a.Same...)
}

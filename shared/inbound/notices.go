package inbound

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/guard"
	"github.com/replywell/replywell/shared/inbound/identify"
	"github.com/replywell/replywell/shared/inbound/thread"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// Bounds of the notices of a day: whoever has hold of an agent's reply address
// could otherwise fill the agent's mailbox with them.
const (
	maxHeldNotices   = 5 // about held mail, to one agent
	maxFormerNotices = 1 // that a reply address is dead, to somebody who was an agent
	maxReaderNotices = 3 // that nobody reads replies to the weekly report, to one of its readers
)

// hold keeps a mail for a person to look at. Nobody outside hears of it, but for somebody
// who was an agent and proves it; an agent
// in whose name it came is told, with the question what is to be done with it if
// there is one.
func (s *Held) hold(ctx context.Context, settings *desk.Settings, f identify.Facts, in *desk.Inbound, d thread.Hold, also *store.Change) error {
	change := &store.Change{Inbound: in}
	var notices []letters.Ready
	if n := d.Notice; n != nil {
		in.Agent = n.Agent.ID
		id, free, err := s.freeNotice(ctx, maxHeldNotices, "held-notice", n.Agent.ID, s.Now().UTC().Format(time.DateOnly))
		if err != nil {
			return err
		}
		if in.Untold = !free; free { // else told in one mail the next day
			var question *desk.Confirmation
			if n.Question != "" {
				question = s.question(settings, f, *in, *n)
				change.Confirmations = []*desk.Confirmation{question}
			}
			notice, err := s.heldLetter(settings, f, id, d.Reason, *n, question)
			if err != nil {
				return err
			}
			notices = append(notices, notice)
		}
	}
	in.Outcome, in.Reason, in.Hold = desk.OutcomeHeld, d.Reason, d.Word
	in.KeptUntil = in.ReceivedAt.Add(settings.KeepHeld())
	in.Summary = f.Summary
	if f.Kind != automatic.Person {
		in.Automatic = string(f.Kind)
	}
	e := event(desk.EventHeld, *in, desk.Conversation{ID: in.Conversation})
	e.Detail = d.Word
	change.Events = []desk.Event{e}
	// The content is not recorded: should the same mail come again by a way
	// that lets it through, it must not be taken for a repetition.
	change.Join(also)
	if d.Former == "" {
		return s.commit(ctx, change, notices...)
	}
	id, free, err := s.freeNotice(ctx, maxFormerNotices, "former-agent", strings.ToLower(d.Former), s.Now().UTC().Format(time.DateOnly))
	if err != nil {
		return err
	}
	if !free {
		return s.commit(ctx, change, notices...)
	}
	letter, err := s.Writer(settings).FormerAgent(id, d.Former, f.Mailbox, f.Mail.MessageID)
	if err != nil {
		return err
	}
	return s.commitGuarded(ctx, &guard.Known{Keys: s.Keys, Now: s.Now(), Settings: settings}, change, letter, notices)
}

// question is what the agent is asked about a held mail.
func (s *Held) question(settings *desk.Settings, f identify.Facts, in desk.Inbound, n thread.Notice) *desk.Confirmation {
	now := s.Now()
	good := min(desk.ConfirmationGood, settings.KeepHeld())
	return &desk.Confirmation{ID: desk.ConfirmationID(n.Question, in.ID, n.Agent.ID), Kind: n.Question, Agent: n.Agent.ID, Mailbox: n.Conversation.Mailbox,
		Conversation: n.Conversation.ID, Held: []string{in.ID}, SHA256: f.SHA256, Seen: n.Seen, Unvouched: n.Unvouched, Asked: now, Expires: now.Add(good), CausedBy: in.ID}
}

// heldLetter tells the agent.
func (s *Held) heldLetter(settings *desk.Settings, f identify.Facts, id, why string, n thread.Notice, question *desk.Confirmation) (letters.Ready, error) {
	mb := f.Mailbox
	if x, ok := settings.Mailbox(n.Conversation.Mailbox); ok {
		mb = x
	}
	h := letters.Held{From: f.Mail.From.Address, Name: identify.Clip(page.OneLine(f.Mail.From.Name), 60), Subject: f.Mail.Subject, At: f.Record.ReceivedAt,
		Until: f.Record.ReceivedAt.Add(settings.KeepHeld()), Why: why, Text: f.Text, Seen: n.Seen, Question: question, Proven: n.Proven, Team: n.Team, First: n.First, Copy: n.Copy}
	if question != nil {
		for _, t := range f.Recipients {
			if t.Genuine && t.Purpose == replyaddr.Department && t.Department != nil {
				h.Department = t.Department.Name
			}
		}
		h.Text = f.Order
		for _, a := range f.Files {
			h.Files = append(h.Files, a.Filename+", "+page.Size(int64(a.Size)))
		}
	}
	return s.Writer(settings).Held(id, n.Agent, mb, n.Conversation, h)
}

// giveBack answers somebody who answered the weekly report. Above the day's bound
// the mail is held for the lead to see.
func (s *Held) giveBack(ctx context.Context, settings *desk.Settings, f identify.Facts, in *desk.Inbound, d thread.Returned, also *store.Change) error {
	var notices []letters.Ready
	if d.Letter {
		id, free, err := s.freeNotice(ctx, maxReaderNotices, "report-reply", strings.ToLower(f.Sender), s.Now().UTC().Format(time.DateOnly))
		if err != nil {
			return err
		}
		if !free {
			return s.hold(ctx, settings, f, in, thread.Hold{Word: desk.HoldUnverified, Reason: d.Reason}, also)
		}
		letter, err := s.Writer(settings).ReportReply(id, f.Sender, f.Mailbox, f.Text)
		if err != nil {
			return err
		}
		notices = append(notices, letter)
	}
	in.Outcome, in.Reason = desk.OutcomeRefused, d.Reason
	return s.commit(ctx, &store.Change{Inbound: in, ContentHash: in.ContentHash}, notices...)
}

// freeNotice gives the id of the next of so many notices whose ids are derived
// from these words, if there may be another one.
func (s *Held) freeNotice(ctx context.Context, most int, words ...string) (id string, free bool, err error) {
	for n := range most {
		id = desk.DerivedID(append(words[:len(words):len(words)], strconv.Itoa(n))...)
		_, err = s.Store.Outbox(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return id, true, nil
		}
		if err != nil {
			return "", false, fmt.Errorf("counting notices: %w", err)
		}
	}
	return "", false, nil
}

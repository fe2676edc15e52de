package inbound

import (
	"context"
	"fmt"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/store"
)

// step looks at a mail from one side. It reports whether that decided the
// mail's fate; then everything is recorded.
type step func(context.Context, *arrival) (decided bool, err error)

// judge asks the questions in their order. The order is the meaning: what must
// reach nobody comes before what reaches someone, and what says least about
// its sender comes last.
func (s *Service) judge(ctx context.Context, a *arrival) error {
	steps := []step{s.quarantine, s.own, s.duplicate, s.report, s.confirmation, s.agentMail, s.verification, s.stranger}
	if a.released != "" {
		steps = s.stepsAfter(a.released)
	}
	for _, ask := range steps {
		if decided, err := ask(ctx, a); decided || err != nil {
			return err
		}
	}
	return s.thread(ctx, a)
}

// quarantine keeps what the receiving service found to be a virus or spam.
func (s *Service) quarantine(ctx context.Context, a *arrival) (bool, error) {
	reason := a.in.Verdicts.Quarantine()
	if reason == "" {
		return false, nil
	}
	word := desk.HoldSpam
	if a.in.Verdicts.Virus == desk.VerdictFail {
		word = desk.HoldVirus
	}
	return true, s.hold(ctx, a, word, reason)
}

// own drops our own mail when it comes back: by its recorded id, or by the mark
// that every mail of ours bears. Nothing it says is new.
func (s *Service) own(ctx context.Context, a *arrival) (bool, error) {
	reason := ""
	if a.found.MessageIDs[a.mail.MessageID].Outgoing {
		reason = "it bears the Message-ID of a mail that we sent"
	}
	for _, v := range a.mail.Header.Values(letters.LoopHeader) {
		for _, mb := range a.settings.Mailboxes {
			if strings.EqualFold(strings.TrimSpace(v), mb.Address) {
				reason = "it bears the mark of our own mail (" + letters.LoopHeader + ")"
			}
		}
	}
	if reason == "" {
		return false, nil
	}
	a.in.Outcome, a.in.Reason = desk.OutcomeOwn, reason
	return true, s.Store.Commit(ctx, &store.Change{Inbound: &a.in})
}

// duplicate sees the same mail when it comes by another way.
func (s *Service) duplicate(ctx context.Context, a *arrival) (bool, error) {
	if a.found.DuplicateOf == "" {
		return false, nil
	}
	a.in.Outcome, a.in.Of = desk.OutcomeDuplicate, a.found.DuplicateOf
	a.in.Reason = "a mail with the same Message-ID and the same body came before"
	if t, ok := a.agentToken(); ok && t.genuine() {
		first, err := s.Store.Inbound(ctx, a.found.DuplicateOf)
		if err != nil {
			return true, fmt.Errorf("reading the mail that %s repeats: %w", a.in.ID, err)
		}
		if first.Conversation != t.conversation() && first.Conversation != t.names().Conversation {
			// One mail, sent to the addresses of two conversations: the second
			// answer must not vanish.
			a.in.Outcome, a.in.Of = "", ""
			return true, s.refuseAgent(ctx, a, t, "the same mail was carried out already for another conversation; answer each conversation by a mail of its own")
		}
	}
	return true, s.Store.Commit(ctx, &store.Change{Inbound: &a.in})
}

// verification keeps one-time codes and "confirm your address" mails away from
// everybody. Whoever can make a service send such a mail to a support address
// and have it shown could pass for one of the team there.
func (s *Service) verification(ctx context.Context, a *arrival) (bool, error) {
	if a.kind != automatic.Verification {
		return false, nil
	}
	return true, s.hold(ctx, a, desk.HoldVerification, "it is a verification or one-time-code mail, sent to an address of ours by another service")
}

// hold keeps a mail for a person to look at. word is the stable name of the
// reason. Nobody outside hears of it; letters, if any, go to agents.
func (s *Service) hold(ctx context.Context, a *arrival, word, reason string, notices ...letters.Ready) error {
	a.in.Outcome, a.in.Reason, a.in.Hold = desk.OutcomeHeld, reason, word
	a.in.KeptUntil = a.in.ReceivedAt.Add(a.settings.KeepHeld())
	a.in.Summary = a.summary()
	if a.kind != automatic.Person {
		a.in.Automatic = string(a.kind)
	}
	e := s.event(desk.EventHeld, a, desk.Conversation{ID: a.in.Conversation})
	e.Detail = word
	c := &store.Change{Inbound: &a.in, Events: []desk.Event{e}}
	// The content is not recorded: should the same mail come again by a way
	// that lets it through, it must not be taken for a repetition.
	c.Confirmations = a.asks
	c.Join(a.also)
	return s.commit(ctx, c, notices...)
}

// summary is what a list says of a held mail.
func (a *arrival) summary() desk.Summary {
	from := a.mail.From.Address
	if n := page.Excerpt(a.mail.From.Name, 60); n != "" {
		from = n + " <" + from + ">"
	}
	return desk.Summary{From: page.Excerpt(from, maxName), Subject: page.Excerpt(a.mail.Subject, 120), FirstLines: page.Excerpt(a.shown(), 160)}
}

// event begins an event that this mail caused.
func (s *Service) event(kind desk.EventKind, a *arrival, conv desk.Conversation) desk.Event {
	return desk.Event{ID: desk.DerivedID(a.in.ID, string(kind)), Schema: desk.EventSchema, Kind: kind, Occurred: a.in.ReceivedAt, Recorded: a.in.Recorded,
		Mailbox: a.in.Mailbox, Conversation: conv.ID, Sequence: conv.Messages, Opened: conv.Opened, Answers: conv.Answers, Reopened: conv.Reopened}
}

// commit writes the change with the mails it causes, and wakes the sender.
func (s *Service) commit(ctx context.Context, c *store.Change, mails ...letters.Ready) error {
	return outbox.Recorder{Store: s.Store, Blobs: s.Blobs, Settings: s.Settings, Wake: s.Wake}.Commit(ctx, c, mails, s.Now(), c.Inbound.ID)
}

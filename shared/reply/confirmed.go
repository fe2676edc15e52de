package reply

import (
	"context"
	"errors"
	"fmt"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// Confirmed does what an agent said yes to, or chose. base is the change that uses
// the question up. See confirm.Action.
func (s *Service) Confirmed(ctx context.Context, q desk.Confirmation, agent desk.Agent, base *store.Change) error {
	switch q.Kind {
	case desk.ConfirmWaiting:
		return s.resume(ctx, q, agent, base)
	case desk.ConfirmMeant:
		return s.meant(ctx, q, agent, base)
	case desk.ConfirmFixed:
		return s.fixed(ctx, q, agent, base)
	}
	switch q.Kind {
	case desk.ConfirmBlock:
		return s.block(ctx, q, agent, base)
	case desk.ConfirmSame:
		return s.same(ctx, q, agent, base)
	}
	return s.join(ctx, q, agent, base)
}

// Replace carries out what an agent answered to the mail that gave an answer back:
// it goes in the place of that one, and its author was shown what came meanwhile.
func (s *Service) Replace(ctx context.Context, in *desk.Inbound, mail *email.Mail, agent desk.Agent, q desk.Confirmation) error {
	token := replyaddr.Token{Purpose: replyaddr.Agent, Conversation: string(q.Conversation), LastSeen: replyaddr.Seen(q.Seen)}
	return s.Carry(ctx, in, mail, agent, desk.Conversation{}, token, nil)
}

// resume does with a mail that waits what its agent said. Of what was there when
// the agent was asked, nothing speaks against it any more; all else still does.
func (s *Service) resume(ctx context.Context, q desk.Confirmation, agent desk.Agent, base *store.Change) error {
	conv, place, err := s.Store.Place(ctx, store.Place{Conversation: q.Conversation, Sequence: q.Answers})
	if err != nil {
		return fmt.Errorf("reading the conversation of a mail that waits: %w", err)
	}
	_, shown, err := s.Store.Place(ctx, store.Place{Conversation: q.Conversation, Sequence: q.Seen})
	if err != nil {
		return fmt.Errorf("reading the conversation of a mail that waits: %w", err)
	}
	if shown.Conversation != conv.ID { // it was split meanwhile
		shown = place
	}
	if len(q.Held) != 1 {
		return desk.Permanent(fmt.Errorf("the question %s is about %d mails, and can only be about one", q.ID, len(q.Held)))
	}
	held, err := s.Store.Inbound(ctx, q.Held[0])
	if err != nil {
		return fmt.Errorf("reading the mail that waits: %w", err)
	}
	mail, err := s.mailOf(ctx, held)
	if err != nil {
		return fmt.Errorf("reading the mail that waits: %w", err)
	}
	w := written{in: base.Inbound, mail: saidBy(agent, mail, held.Opens), held: &held}
	if w.verdict, err = s.verdictOn(ctx, agent, held); err != nil {
		return err
	}
	w.late = w.said != ""
	f := commands.Facts{Agent: agent, Conversation: conv, Seen: place.Sequence, Aware: shown.Sequence, Team: q.Word == "note"}
	return s.do(ctx, f, w, &store.Change{Confirmations: base.Confirmations, Events: base.Events})
}

// meant carries out the mail that the agent was asked about, as the answer says:
// "yes" as it was meant, "send" as it was written.
func (s *Service) meant(ctx context.Context, q desk.Confirmation, agent desk.Agent, base *store.Change) error {
	in, err := s.Store.Inbound(ctx, q.CausedBy)
	if errors.Is(err, store.ErrNotFound) {
		return desk.Permanent(fmt.Errorf("the mail %s that was asked about is not there any more", q.CausedBy))
	}
	if err != nil {
		return fmt.Errorf("reading the mail that was asked about: %w", err)
	}
	mail, err := s.mailOf(ctx, in)
	if err != nil {
		return fmt.Errorf("reading the mail that was asked about: %w", err)
	}
	conv, err := s.Store.Conversation(ctx, q.Conversation)
	if err != nil {
		return fmt.Errorf("reading the conversation: %w", err)
	}
	in.SettledBy = base.Inbound.ID
	settings, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	box, _ := settings.Mailbox(q.Mailbox)
	token := s.tokenOf(box, in)
	token.Conversation, token.LastSeen = string(q.Conversation), replyaddr.Seen(q.Seen)
	return s.carry(ctx, &in, mail, agent, conv, token, base, verdict{said: q.Word, of: q.SHA256})
}

// join makes one of the two conversations.
func (s *Service) join(ctx context.Context, q desk.Confirmation, agent desk.Agent, base *store.Change) error {
	conv, err := s.Store.Conversation(ctx, q.Conversation)
	if err != nil {
		return err
	}
	f, err := s.look(ctx, commands.Facts{Agent: agent, Conversation: conv, Seen: q.Seen}, written{in: base.Inbound})
	if err != nil {
		return err
	}
	if f.Half, err = s.Store.Conversation(ctx, desk.ConversationID(q.About)); err != nil {
		return err
	}
	if f.All, err = s.Store.Messages(ctx, f.Conversation.ID, 1, 0); err != nil {
		return err
	}
	if f.HalfAll, err = s.Store.Messages(ctx, f.Half.ID, 1, 0); err != nil {
		return err
	}
	var ready []letters.Ready
	p, err := commands.Join(f)
	why := (*commands.Refusal)(nil)
	switch {
	case err == nil:
		ready, err = s.arrange(ctx, f, *p.Arranged, base)
	case errors.As(err, &why):
		base.Inbound.Outcome, base.Inbound.Reason = desk.OutcomeRefused, why.Why
		var r letters.Ready
		r, err = s.writer(f).Notice(desk.DerivedID(f.Mail, "notice"), f.Mailbox, f.Conversation, f.Seen, letters.Notice{Agent: agent, Title: why.Title, Why: why.Why, Next: why.Next})
		ready = []letters.Ready{r}
	}
	if err != nil {
		return err
	}
	return s.write(ctx, f, base, ready, nil)
}

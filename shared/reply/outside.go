package reply

import (
	"context"
	"fmt"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// Outside keeps what somebody outside the desk wrote as a note with that person's
// name, which the team sees and no customer. agent is who let it in; also is
// committed with it. Nothing in it is an order. The error is Carry's.
func (s *Service) Outside(ctx context.Context, in *desk.Inbound, mail *email.Mail, who desk.Person, verified bool, agent desk.Agent, conv desk.Conversation, also *store.Change) error {
	settings, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	j := &job{Service: s, settings: settings, in: in, mail: mail, agent: agent, conv: conv, also: also, now: s.Now()}
	j.letters = letters.Writer{Settings: settings, Keys: s.Keys, Now: j.now}
	if j.mailbox, err = j.mailboxOf(conv); err != nil {
		return err
	}
	if j.messages, err = s.Store.Messages(ctx, conv.ID, max(1, conv.Messages-before), 0); err != nil {
		return fmt.Errorf("reading the conversation of a note: %w", err)
	}
	at := in.ReceivedAt
	if at.IsZero() {
		at = j.now
	}
	conv.Messages++
	conv.Active(at)
	p := &plan{note: true, text: mail.Visible.Visible, attachments: j.attachments()}
	msg := j.message(conv, desk.KindNote, at, p)
	msg.Agent, msg.From, msg.Verified, msg.Evidence.Detail = "", who, verified, "let in by "+agent.ID
	c := j.change(desk.OutcomeAgent, "a note by somebody outside the desk, let in by "+agent.ID)
	c.Conversation, c.Messages, c.Inbound.Sequence = &conv, []desk.Message{msg}, msg.Sequence
	c.Events = append(c.Events, j.event(desk.EventNoted, conv, at))
	told, err := j.colleagues(conv, msg, p)
	if err != nil {
		return err
	}
	return j.commit(ctx, c, told, nil)
}

package reply

import (
	"context"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/store"
)

// Outside keeps what somebody outside the desk wrote as a note with that person's
// name, which the team sees and no customer. agent is who let it in; also is
// committed with it. Nothing in it is an order. The error is Carry's.
func (s *Service) Outside(ctx context.Context, in *desk.Inbound, mail *email.Mail, who desk.Person, verified bool, agent desk.Agent, conv desk.Conversation, also *store.Change) error {
	w := written{in: in, mail: mail}
	f, err := s.look(ctx, commands.Facts{Agent: agent, Conversation: conv, Seen: conv.Messages}, w)
	if err != nil {
		return err
	}
	at := w.at(f)
	conv.Messages++
	conv.Active(at)
	said := writing{text: mail.Visible.Visible, files: w.attachments()}
	f.Seen = 0 // nobody was shown anything
	msg := entry(f, w, conv, desk.KindNote, at, said)
	msg.Agent, msg.From, msg.Verified, msg.Evidence.Detail = "", who, verified, "let in by "+agent.ID
	c := change(f, w, desk.OutcomeAgent, "a note by somebody outside the desk, let in by "+agent.ID)
	c.Conversation, c.Messages, c.Inbound.Sequence = &conv, []desk.Message{msg}, msg.Sequence
	c.Events = append(c.Events, event(f, desk.EventNoted, conv, at))
	ready, err := colleagues(s.writer(f), f, conv, msg, said)
	if err != nil {
		return err
	}
	return s.commit(ctx, f, w, c, ready, nil, also)
}

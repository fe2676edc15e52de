package reply

import (
	"context"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

// same takes two addresses for one person's after the agent's yes.
func (s *Service) same(ctx context.Context, q desk.Confirmation, agent desk.Agent, base *store.Change) error {
	conv, err := s.Store.Conversation(ctx, q.Conversation)
	if err != nil {
		return err
	}
	f, err := s.look(ctx, commands.Facts{Agent: agent, Conversation: conv, Seen: q.Seen}, written{in: base.Inbound})
	if err != nil {
		return err
	}
	theirs, err := s.Store.SameAs(ctx, q.About)
	if err != nil {
		return err
	}
	a, err := commands.Alike(f, q.About, theirs.Others)
	return s.confirmed(ctx, f, base, a, err)
}

package reply

import (
	"context"
	"errors"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// block blocks a sender after the agent's yes.
func (s *Service) block(ctx context.Context, q desk.Confirmation, agent desk.Agent, base *store.Change) error {
	conv, err := s.Store.Conversation(ctx, q.Conversation)
	if err != nil {
		return err
	}
	f, err := s.look(ctx, commands.Facts{Agent: agent, Conversation: conv, Seen: q.Seen}, written{in: base.Inbound})
	if err != nil {
		return err
	}
	if _, f.Blocks, _, err = s.Store.Team(ctx, "", []string{q.About}); err != nil {
		return err
	}
	a, err := commands.Blocking(f, q.About)
	return s.confirmed(ctx, f, base, a, err)
}

// confirmed writes down what was confirmed, or why it is not done, and tells the agent.
func (s *Service) confirmed(ctx context.Context, f commands.Facts, base *store.Change, a *commands.Aside, err error) error {
	n := notice{}
	why := (*commands.Refusal)(nil)
	switch {
	case err == nil:
		setAside(f, base, *a)
		n = asides(f, *a)
	case errors.As(err, &why):
		base.Inbound.Outcome, base.Inbound.Reason = desk.OutcomeRefused, why.Why
		n.write = func(l letters.Writer, at slot, _ int) (letters.Ready, error) {
			return l.Notice(at.id, f.Mailbox, f.Conversation, f.Seen, letters.Notice{Agent: f.Agent, Title: why.Title, Why: why.Why, Next: why.Next})
		}
	default:
		return err
	}
	r, err := n.write(s.writer(f), slot{id: desk.DerivedID(f.Mail, "notice")}, 0)
	if err != nil {
		return err
	}
	return s.write(ctx, f, base, []letters.Ready{r}, nil)
}

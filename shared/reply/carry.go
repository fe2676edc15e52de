package reply

import (
	"context"
	"errors"
	"fmt"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/store"
)

// Carry does what the mail asks for and records it. in is the mail's record,
// not yet stored; conv and token are what its reply address named. An error is
// temporary, and nothing has happened, unless desk.IsPermanent. also, if not
// nil, is committed with it, as one change: what released a held mail.
func (s *Service) Carry(ctx context.Context, in *desk.Inbound, mail *email.Mail, agent desk.Agent, conv desk.Conversation, token replyaddr.Token, also *store.Change) error {
	return s.carry(ctx, in, mail, agent, conv, token, also, verdict{})
}

// carry is Carry, with what the agent said about the mail.
func (s *Service) carry(ctx context.Context, in *desk.Inbound, mail *email.Mail, agent desk.Agent, conv desk.Conversation, token replyaddr.Token, also *store.Change, v verdict) error {
	again := store.Retry
	if also != nil { // whoever gave it must read it again as well
		again = func(_ context.Context, attempt func(bool) error) error { return attempt(true) }
	}
	team := token.Purpose == replyaddr.Team
	err := again(ctx, func(first bool) (err error) {
		place := store.Place{Conversation: desk.ConversationID(token.Conversation), Sequence: int(token.LastSeen)}
		if !first || conv.Arranged > 0 || conv.ID != place.Conversation {
			// Where the answer belongs may have been arranged since.
			if conv, place, err = s.Store.Place(ctx, place); err != nil {
				return fmt.Errorf("reading the conversation again: %w", err)
			}
		}
		record := *in
		asked := commands.Facts{Agent: agent, Conversation: conv, Seen: place.Sequence, Team: team, Whom: team && token.Argument >= replyaddr.AskWhom}
		if err := s.do(ctx, asked, written{in: &record, mail: saidBy(agent, mail, in.Opens), verdict: v, late: v.said != ""}, also); err != nil {
			return err
		}
		*in = record
		return nil
	})
	if errors.Is(err, store.ErrAlreadyDone) {
		return nil
	}
	return err
}

// do takes one mail along the line: what is known, what it asks for, what is to
// happen, and all of that written down.
func (s *Service) do(ctx context.Context, f commands.Facts, w written, also *store.Change) error {
	f, err := s.look(ctx, f, w)
	if err != nil {
		return err
	}
	w.templates = &templates{ctx: ctx, of: s.Articles}
	f, w, p, err := s.plan(ctx, f, w)
	if err == nil {
		err = s.record(ctx, f, w, p, also)
	}
	if n, is := toldOf(f, w, p, err); is {
		return s.say(ctx, f, w, n, also)
	}
	return err
}

// plan reads what the mail asks for and decides what is to happen; or it gives a
// *commands.Refusal, a *waits or a *doubtful. The facts it gives back have all
// that the decision was made from, and the mail is the one that is carried out.
func (s *Service) plan(ctx context.Context, f commands.Facts, w written) (commands.Facts, written, plan, error) {
	order, err := read(f, w)
	if err == nil && order.Has(desk.CommandSendAnyway) {
		if f, w, err = s.heldBack(ctx, f, w); err == nil {
			f.Listed, err = s.listed(ctx, f, w)
		}
		if err == nil {
			order, err = read(f, w)
		}
	}
	if err != nil {
		return f, w, plan{}, err
	}
	f, past, err := s.gather(ctx, f, w, order)
	if err != nil {
		return f, w, plan{}, err
	}
	p, err := decide(f, w, order, past)
	return f, w, p, err
}

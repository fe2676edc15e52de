package reply

import (
	"context"
	"errors"
	"fmt"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/orders"
	"github.com/replywell/replywell/shared/store"
)

// before is how many messages before the one that the agent was shown are
// read, to find the customer's words and the suggestions that it goes with, and
// to see an exchange that runs too fast for people.
const before = 3 * mostAnswers

// look reads what each mail is read by: the settings, and the conversation as far
// as the agent knows it and what came since. Who wrote, where, and what they were
// shown is in f.
func (s *Service) look(ctx context.Context, f commands.Facts, w written) (commands.Facts, error) {
	var err error
	if f.Settings, err = s.Settings(ctx); err != nil {
		return f, err
	}
	f.Now, f.Mail, f.Encoder, f.FilesAt = s.Now(), w.in.ID, s.Encoder, s.FilesAt(f.Settings)
	var ok bool
	if f.Mailbox, ok = f.Settings.Mailbox(f.Conversation.Mailbox); !ok {
		return f, fmt.Errorf("conversation %s belongs to the mailbox %q, which is not in the configuration any more; put it back, or the answer cannot be sent",
			f.Conversation.ID.Reference(), f.Conversation.Mailbox)
	}
	if f.Rota, err = s.Store.Rota(ctx); err != nil {
		return f, fmt.Errorf("reading who is away: %w", err)
	}
	if f.Messages, err = s.Store.Messages(ctx, f.Conversation.ID, max(1, min(f.Seen, f.Conversation.Messages)-before), 0); err != nil {
		return f, err
	}
	f.Listed, err = s.listed(ctx, f, w)
	return f, err
}

// past is what the bounds of an answer are measured by.
type past struct {
	sent   bool                // the text was sent already, at the agent's word
	outbox string              // under which it is sent at a word
	beside []desk.Conversation // the customer's latest conversations
}

// gather reads what the orders need to be decided.
func (s *Service) gather(ctx context.Context, f commands.Facts, w written, order orders.Reading) (commands.Facts, past, error) {
	f.Text = order.Text
	needs, alone := commands.Of(f, order.Commands)
	err := s.need(ctx, &f, needs)
	if err == nil {
		err = s.find(ctx, &f, w, needs)
	}
	if err != nil || alone {
		return f, past{}, err
	}
	p, err := s.past(ctx, f, w)
	return f, p, err
}

// need reads what commands need.
func (s *Service) need(ctx context.Context, f *commands.Facts, n commands.Needs) (err error) {
	if n.Ready {
		if f.Ready, err = s.ready(ctx, f.Offered()); err != nil {
			return fmt.Errorf("reading the knowledge base for a ready answer: %w", err)
		}
	}
	if n.All {
		if f.All, err = s.Store.Messages(ctx, f.Conversation.ID, 1, 0); err != nil {
			return err
		}
	}
	if n.Fresh {
		if f.Fresh, err = desk.NewConversationID(s.Random); err != nil {
			return err
		}
	}
	if n.Beside {
		if f.Beside, err = s.Store.CustomerConversations(ctx, f.Conversation.Customer.Address, mostSearched); err != nil {
			return fmt.Errorf("reading the customer's conversations: %w", err)
		}
	}
	if n.Leaving != "" {
		if f.Leaving, err = s.Store.Outbox(ctx, n.Leaving); err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("asking whether an answer has left: %w", err)
		}
	}
	if err := s.needCauses(ctx, f, n); err != nil {
		return err
	}
	f.Named = map[desk.ConversationID]desk.Conversation{}
	for _, id := range n.Named {
		c, err := s.Store.Conversation(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		f.Named[id] = c
	}
	if n.Half == "" {
		return nil
	}
	if f.Half, err = s.Store.Itself(ctx, n.Half); err != nil {
		return fmt.Errorf("reading the other half of %s: %w", f.Conversation.ID, err)
	}
	if n.HalfAll && f.Half.Into == "" {
		f.HalfAll, err = s.Store.Messages(ctx, f.Half.ID, 1, 0)
	}
	return err
}

// mostSearched bounds the customer's conversations in which a reference is looked for.
const mostSearched = 200

// past reads what the bounds of an answer are measured by: the customer's other
// conversations only while this one is young, since its own bound holds later.
func (s *Service) past(ctx context.Context, f commands.Facts, w written) (p past, err error) {
	if w.held != nil {
		if p.outbox, p.sent, err = s.atWord(ctx, *w.held); err != nil {
			return p, err
		}
	}
	if f.Now.Sub(f.Conversation.Opened) < day {
		if p.beside, err = s.Store.CustomerConversations(ctx, f.Conversation.Customer.Address, 2*mostToCustomer); err != nil {
			return p, fmt.Errorf("counting answers to the customer: %w", err)
		}
	}
	return p, nil
}

package reply

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/email/sender"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/orders"
	"github.com/replywell/replywell/shared/outbox"
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
	f, w, p, err := s.plan(ctx, f, w)
	if err == nil {
		err = s.record(ctx, f, w, p, also)
	}
	if n, is := toldOf(f, w, p, err); is {
		return s.say(ctx, f, w, n, also)
	}
	return err
}

// record writes down a plan with all that follows from it, and wakes the sender. What
// only its author hears of is not written here; see say.
func (s *Service) record(ctx context.Context, f commands.Facts, w written, p plan, also *store.Change) error {
	switch {
	case p.Arranged != nil:
		return s.recordArranged(ctx, f, w, *p.Arranged, also)
	case p.TakenBack != nil:
		return s.takeBack(ctx, f, w, *p.TakenBack, also)
	case p.Ask != nil:
		return s.ask(ctx, f, w, *p.Ask, also)
	case p.Aside != nil, p.Practice, p.Fixed != nil, p.Page != nil:
		return nil
	}
	return s.recordCarried(ctx, f, w, p, also)
}

// plan reads what the mail asks for and decides what is to happen; or it gives a
// *commands.Refusal, a *waits or a *doubtful. The facts it gives back have all
// that the decision was made from, and the mail is the one that is carried out.
func (s *Service) plan(ctx context.Context, f commands.Facts, w written) (commands.Facts, written, plan, error) {
	t := &templates{ctx: ctx, of: s.Articles}
	order, err := read(f, w, t)
	if err == nil && order.Has(desk.CommandSendAnyway) {
		if f, w, err = s.heldBack(ctx, f, w); err == nil {
			f.Listed, err = s.listed(ctx, f, *w.origin())
		}
		if err == nil {
			order, err = read(f, w, t)
		}
	}
	if err != nil {
		return f, w, plan{}, err
	}
	f, past, err := s.gather(ctx, f, w.held, order.Reading, t)
	if err != nil {
		return f, w, plan{}, err
	}
	p, err := decide(f, order, past)
	return f, w, p, err
}

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
	if f.Rota, f.Blocks, f.Same, err = s.Store.Team(ctx, sender.Canonical(f.Conversation.Customer.Address), sender.Names(addressees(f.Conversation)...)); err != nil {
		return f, fmt.Errorf("reading who is away, and who is blocked: %w", err)
	}
	if f.Messages, err = s.Store.Messages(ctx, f.Conversation.ID, max(1, min(f.Seen, f.Conversation.Messages)-before), 0); err != nil {
		return f, err
	}
	if w.in != nil {
		f.Listed, err = s.listed(ctx, f, *w.origin())
	}
	return f, err
}

// gather reads what the orders need to be decided. held is the record of the mail that
// they are carried out of at a word, if that is so.
func (s *Service) gather(ctx context.Context, f commands.Facts, held *desk.Inbound, order orders.Reading, t *templates) (commands.Facts, past, error) {
	f.Text, f.Question = order.Text, order.Question
	needs, alone := commands.Of(f, order.Commands)
	err := s.need(ctx, &f, needs)
	if err == nil {
		err = s.find(ctx, &f, t, needs)
	}
	if err != nil || alone {
		return f, past{}, err
	}
	p, err := s.past(ctx, f, held)
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
	if n.Person != "" {
		if f.Theirs, err = s.Store.CustomerConversations(ctx, n.Person, mostSearched); err != nil {
			return fmt.Errorf("reading the conversations of an address: %w", err)
		}
	}
	if err := s.needBlocks(ctx, f, n); err != nil {
		return err
	}
	if n.Leaving != "" {
		if f.Leaving, err = s.Store.Outbox(ctx, n.Leaving); err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("asking whether an answer has left: %w", err)
		}
	}
	if err := s.needCauses(ctx, f, n); err != nil {
		return err
	}
	if n.Files {
		if f.Files, err = s.filesOf(ctx, f.Answered()); err != nil {
			return err
		}
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
func (s *Service) past(ctx context.Context, f commands.Facts, held *desk.Inbound) (p past, err error) {
	if held != nil {
		p.since = held.ReceivedAt
		if p.outbox, p.sent, err = s.atWord(ctx, *held); err != nil {
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

// needBlocks reads who is blocked.
func (s *Service) needBlocks(ctx context.Context, f *commands.Facts, n commands.Needs) (err error) {
	switch {
	case n.Blocks:
		f.Blocks, err = s.Store.Blocks(ctx)
	case len(n.Senders) > 0:
		var more []desk.Block
		_, more, _, err = s.Store.Team(ctx, "", namesOf(n.Senders))
		f.Blocks = append(slices.Clip(f.Blocks), slices.DeleteFunc(more, func(b desk.Block) bool { return slices.Contains(f.Blocks, b) })...)
	}
	if err != nil {
		return fmt.Errorf("reading who is blocked: %w", err)
	}
	return nil
}

// listed are the articles that the mail lists which is answered, where its reply address
// says that it lists some of its own; nil where it does not. Should the list be gone, no
// number means anything: one of the customer's mail must not be taken in its place.
func (s *Service) listed(ctx context.Context, f commands.Facts, in desk.Inbound) ([]string, error) {
	t := s.tokenOf(f.Mailbox, in)
	if t.Purpose != replyaddr.Team || t.Argument < replyaddr.List {
		return nil, nil
	}
	// The address is good for so long from the day on which the list was written.
	of := commands.Facts{Conversation: desk.Conversation{ID: desk.ConversationID(t.Conversation)}, Agent: f.Agent}
	item, err := s.Store.Outbox(ctx, noticeOf(of, t.Expires.Add(-letters.AgentAddressGood), int(t.Argument-replyaddr.List)))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("reading the list that is answered: %w", err)
	}
	return append([]string{}, item.Offers...), nil
}

// tokenOf is the reply address that a mail came to, for what a plain reply there
// is; without one that can be read, that is nothing by itself.
func (s *Service) tokenOf(mb desk.Mailbox, in desk.Inbound) replyaddr.Token {
	bases := append([]string{mb.ReplyBase, mb.Address}, mb.Aliases...)
	for _, r := range in.Recipients {
		if text, _, ok := replyaddr.Find(bases, r); ok {
			if t, _ := s.Keys.Open(text, s.Now()); t.Purpose.ByAgent() { // one that has expired meanwhile was good then
				return t
			}
		}
	}
	return replyaddr.Token{Purpose: replyaddr.Team, Argument: replyaddr.AskWhom}
}

// toldOf is the notice of what its author alone hears of: what was asked for, or why
// nothing was done. There is none where the mail was carried out, and of an error that
// may be another the next time.
func toldOf(f commands.Facts, w written, p plan, err error) (n notice, is bool) {
	leak, refused, late, unclear := (*outbox.LeakError)(nil), (*commands.Refusal)(nil), (*waits)(nil), (*doubtful)(nil)
	switch {
	case errors.As(err, &leak):
		return refusal(f, w, leaked(leak)), true
	case errors.As(err, &refused):
		return refusal(f, w, refused), true
	case errors.As(err, &late):
		return waiting(f, w, late), true
	case errors.As(err, &unclear):
		return asking(f, w, unclear.Doubt), true
	case err != nil:
		return n, false
	case p.Aside != nil:
		return asides(f, *p.Aside), true
	case p.Practice:
		return practising(f), true
	case p.Fixed != nil:
		return asksFixed(f, w, *p.Fixed), true
	case p.Page != nil:
		n = asked(f, *p.Page)
		n.rota = p.Rota
		return n, true
	}
	return n, false
}

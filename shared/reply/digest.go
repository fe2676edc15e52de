package reply

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/store"
)

// AnswerDigest sends a ready answer to the customer of one mail of a digest, as if the
// agent had replied so to the mail itself. What would make such a reply wait or
// be refused leaves it unsent, and is said: nothing waits for a word that would
// then be read as an answer.
func (s *Service) AnswerDigest(ctx context.Context, l desk.Listed, by desk.Inbound, mail *email.Mail, agent desk.Agent) (desk.Settled, error) {
	return s.ordered(ctx, l, fmt.Sprintf("#send %d", l.Offered), by, mail, agent)
}

// TakeBack stops the answer that a reply to a digest sent to one of its mails, if it has
// not left.
func (s *Service) TakeBack(ctx context.Context, l desk.Listed, given string, by desk.Inbound, agent desk.Agent) (desk.TakenFromList, error) {
	conv, place, err := s.Store.Place(ctx, store.Place{Conversation: l.Conversation, Sequence: l.Sequence})
	if errors.Is(err, store.ErrNotFound) {
		return desk.TakenFromList{}, nil
	}
	if err != nil {
		return desk.TakenFromList{}, fmt.Errorf("reading the conversation: %w", err)
	}
	f, err := s.look(ctx, commands.Facts{Agent: agent, Conversation: conv, Seen: place.Sequence}, written{in: &by})
	if err != nil {
		return desk.TakenFromList{}, err
	}
	return s.takeBackOne(ctx, f, listRecord(given, l.Conversation))
}

// listRecord names the record of an answer that a reply to a digest sent to one mail.
func listRecord(reply string, conv desk.ConversationID) string {
	return desk.DerivedID(reply, "digest", string(conv))
}

// Take makes the conversation of one mail of a list the agent's.
func (s *Service) Take(ctx context.Context, l desk.Listed, by desk.Inbound, mail *email.Mail, agent desk.Agent) (desk.Settled, error) {
	return s.ordered(ctx, l, "#take", by, mail, agent)
}

// ordered does what a reply to a list orders of one of its mails.
func (s *Service) ordered(ctx context.Context, l desk.Listed, order string, by desk.Inbound, mail *email.Mail, agent desk.Agent) (settled desk.Settled, err error) {
	said := ordering(mail, order)
	err = store.Retry(ctx, func(bool) error {
		settled = desk.Settled{}
		conv, place, err := s.Store.Place(ctx, store.Place{Conversation: l.Conversation, Sequence: l.Sequence})
		if errors.Is(err, store.ErrNotFound) {
			settled.Why = "it is not there any more"
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the conversation: %w", err)
		}
		record := by
		record.ID, record.ContentHash, record.Version = listRecord(by.ID, l.Conversation), "", 0
		record.Said = order
		f := commands.Facts{Agent: agent, Conversation: conv, Seen: place.Sequence}
		if settled.Why, err = s.answerListed(ctx, f, written{in: &record, mail: said}); err != nil {
			return err
		}
		settled.Inbound, settled.Done = record, settled.Why == ""
		return nil
	})
	if errors.Is(err, store.ErrAlreadyDone) {
		return desk.Settled{Done: true}, nil
	}
	return settled, err
}

// answerListed sends the answer, or gives a clause that says why not.
func (s *Service) answerListed(ctx context.Context, f commands.Facts, w written) (why string, err error) {
	if f, err = s.look(ctx, f, w); err != nil {
		return "", err
	}
	if !slices.Contains(f.Mailbox.Agents, f.Agent.ID) {
		return "you are no longer one of the agents of its mailbox", nil
	}
	f, w, p, err := s.plan(ctx, f, w)
	if err == nil {
		err = s.record(ctx, f, w, p, nil)
	}
	return notDone(f, err, "came after the digest", "a customer")
}

// notDone says in a clause why one of many was not answered: since is when what came
// came, and whom the answer must not reach with what it holds. An error that may be
// another the next time is given back.
func notDone(f commands.Facts, err error, since, whom string) (string, error) {
	leak, refused, late, unclear := (*outbox.LeakError)(nil), (*commands.Refusal)(nil), (*waits)(nil), (*doubtful)(nil)
	switch {
	case errors.As(err, &late):
		return "something " + since + ": " + came(f, late.news), nil
	case errors.As(err, &refused):
		return refused.Why, nil
	case errors.As(err, &unclear):
		return "look at it", nil
	case errors.As(err, &leak):
		return "it holds what must not reach " + whom, nil
	}
	return "", err
}

// came says what came, in a clause.
func came(f commands.Facts, news []desk.Message) string {
	if len(news) == 0 {
		return "look at it"
	}
	m := news[len(news)-1]
	if m.Kind == desk.KindCustomer {
		return commands.Customer(f.Conversation) + " wrote again"
	}
	name := m.Agent
	if a, ok := f.Settings.Agent(m.Agent); ok {
		name = a.Name
	}
	if m.Kind == desk.KindAnswer {
		return name + " has answered"
	}
	return name + " left a note for all"
}

// Fetch writes the agent's mail about a conversation again, as it is now: what the
// customer said last, with its ready answers, in the conversation's own thread.
func (s *Service) Fetch(ctx context.Context, id string, l desk.Listed, agent desk.Agent) (letters.Ready, error) {
	settings, err := s.Settings(ctx)
	if err != nil {
		return letters.Ready{}, err
	}
	conv, place, err := s.Store.Place(ctx, store.Place{Conversation: l.Conversation, Sequence: l.Sequence})
	if err != nil {
		return letters.Ready{}, fmt.Errorf("reading the conversation: %w", err)
	}
	mailbox, ok := settings.Mailbox(conv.Mailbox)
	if !ok || !slices.Contains(mailbox.Agents, agent.ID) {
		return letters.Ready{}, store.ErrNotFound
	}
	messages, err := s.Store.Messages(ctx, conv.ID, max(1, min(place.Sequence, conv.Messages)-letters.MaxHistory), 0)
	if err != nil {
		return letters.Ready{}, err
	}
	at := -1
	for i, m := range messages {
		if m.Sequence == place.Sequence || m.Kind == desk.KindCustomer && m.Sequence > place.Sequence {
			at = i
		}
	}
	if at < 0 {
		return letters.Ready{}, store.ErrNotFound
	}
	msg := messages[at]
	more := letters.Context{New: conv.Messages == 1, Fetched: conv.Messages, History: slices.Delete(slices.Clone(messages), at, at+1)}
	ready, err := s.ready(ctx, msg.Suggested)
	if err != nil {
		return letters.Ready{}, fmt.Errorf("reading the knowledge base: %w", err)
	}
	more.Suggestions = offers(ready, msg.Likely)
	w := letters.Writer{Settings: settings, Keys: s.Keys, Now: s.Now()}
	return w.Notification(id, agent, mailbox, conv, msg, more)
}

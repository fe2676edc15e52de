package reply

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/visible"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/store"
)

// Answer sends a ready answer to the customer of one mail of a digest, as if the
// agent had replied so to the mail itself. What would make such a reply wait or
// be refused leaves it unsent, and is said: nothing waits for a word that would
// then be read as an answer.
func (s *Service) Answer(ctx context.Context, l desk.Listed, by desk.Inbound, mail *email.Mail, agent desk.Agent) (settled desk.Settled, err error) {
	settings, err := s.Settings(ctx)
	if err != nil {
		return settled, err
	}
	// The reply to the mail itself that the number stands for; of the reply to the
	// digest no word goes to a customer, nor does its id lead to one conversation.
	m := message.Message{From: mail.From, Subject: mail.Subject, Date: mail.Date}
	said := &email.Mail{Message: &m, Visible: visible.Parts{Visible: fmt.Sprintf("#send %d", l.Offered)}}
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
		record.ID, record.ContentHash, record.Version = desk.DerivedID(by.ID, "digest", string(l.Conversation)), "", 0
		j := &job{Service: s, settings: settings, in: &record, mail: said, agent: agent, conv: conv, seen: place.Sequence, now: s.Now()}
		j.letters = letters.Writer{Settings: settings, Keys: s.Keys, Now: j.now}
		if settled.Why, err = j.answerListed(ctx); err != nil {
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
func (j *job) answerListed(ctx context.Context) (why string, err error) {
	if j.mailbox, err = j.mailboxOf(j.conv); err != nil {
		return "", err
	}
	if !slices.Contains(j.mailbox.Agents, j.agent.ID) {
		return "you are no longer one of the agents of its mailbox", nil
	}
	if j.messages, err = j.Store.Messages(ctx, j.conv.ID, max(1, min(j.seen, j.conv.Messages)-before), 0); err != nil {
		return "", err
	}
	p, err := j.decide(ctx)
	var refused *refusal
	var late *waits
	switch {
	case errors.As(err, &late):
		return "something came after the digest: " + j.news(late.news), nil
	case errors.As(err, &refused):
		return refused.why, nil
	case errors.As(err, new(*doubtful)):
		return "look at it", nil
	case err != nil:
		return "", err
	}
	err = j.record(ctx, p)
	if leak := (*outbox.LeakError)(nil); errors.As(err, &leak) {
		return "it holds what must not reach a customer", nil
	}
	return "", err
}

// news says what came, in a clause.
func (j *job) news(all []desk.Message) string {
	if len(all) == 0 {
		return "look at it"
	}
	m := all[len(all)-1]
	if m.Kind == desk.KindCustomer {
		return customer(j.conv) + " wrote again"
	}
	name := m.Agent
	if a, ok := j.settings.Agent(m.Agent); ok {
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
	if len(msg.Suggested) > 0 && s.Articles != nil {
		articles, err := s.Articles(ctx)
		if err != nil {
			return letters.Ready{}, fmt.Errorf("reading the knowledge base: %w", err)
		}
		for i, id := range msg.Suggested {
			offer := desk.Suggestion{Article: id, Title: "(not in the knowledge base any more)", Internal: true}
			if a, ok := articles.Article(id); ok {
				offer = desk.Suggestion{Article: id, Title: a.Title, Passage: a.MailText(), Reply: a.MailText(), Internal: unsendable(a) != ""}
			}
			if i < len(msg.Likely) {
				offer.Score = msg.Likely[i]
			}
			more.Suggestions = append(more.Suggestions, offer) // each keeps its number
		}
	}
	w := letters.Writer{Settings: settings, Keys: s.Keys, Now: s.Now()}
	return w.Notification(id, agent, mailbox, conv, msg, more)
}

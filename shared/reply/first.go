package reply

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// First carries out an agent's mail to a customer who has not written. It opens a
// conversation, settled and without a message, and then the mail is an answer in it
// like any other: what is doubtful in it is asked about there, it waits its grace time,
// and it can be taken back. The conversation's id comes from the mail's, so a mail that
// comes again opens none. The error is Carry's.
func (s *Service) First(ctx context.Context, in *desk.Inbound, m *email.Mail, agent desk.Agent, mb desk.Mailbox, also *store.Change) error {
	to, rest, why := whom(m.Visible.Visible)
	if why == "" {
		settings, err := s.Settings(ctx)
		if err != nil {
			return err
		}
		_, colleague := settings.AgentAt(to.Address)
		_, ours := settings.MailboxAt(to.Address)
		switch {
		case colleague:
			why = to.Address + " is a colleague's address, and this is for customers."
		case ours:
			why = to.Address + " is the desk's own address."
		case strings.TrimSpace(rest) == "" && len(m.Attachments) == 0:
			why = "There is nothing below the line that says to whom."
		}
	}
	if why != "" {
		return s.notFirst(ctx, in, m, agent, mb, why, also)
	}
	conv, err := s.openFor(ctx, *in, m, agent, mb, to)
	if err != nil {
		return err
	}
	token := replyaddr.Token{Purpose: replyaddr.Agent, Conversation: string(conv.ID), LastSeen: replyaddr.Seen(conv.Messages)}
	return s.Carry(ctx, in, m, agent, conv, token, also)
}

// notFirst tells the agent that nobody was written to.
func (s *Service) notFirst(ctx context.Context, in *desk.Inbound, m *email.Mail, agent desk.Agent, mb desk.Mailbox, why string, also *store.Change) error {
	settings, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	in.Outcome, in.Reason, in.Recorded = desk.OutcomeRefused, "whom it is for is not clear", s.Now()
	r, err := s.Writer(settings).NotFirst(desk.DerivedID(in.ID, "not-first"), mb, agent, m.Subject, why, m.Visible.Visible)
	if err != nil {
		return err
	}
	c := &store.Change{Inbound: in, ContentHash: in.ContentHash}
	c.Join(also)
	return s.Recorder().Commit(ctx, c, []letters.Ready{r}, s.Now(), in.ID)
}

// openFor gives the conversation that a mail opens, once.
func (s *Service) openFor(ctx context.Context, in desk.Inbound, m *email.Mail, agent desk.Agent, mb desk.Mailbox, to desk.Person) (desk.Conversation, error) {
	id := conversationOf(in.ID)
	conv, err := s.Store.Conversation(ctx, id)
	if err == nil || !errors.Is(err, store.ErrNotFound) {
		return conv, err
	}
	if conv, err = s.begun(ctx, id, in, m, agent, mb, to); err != nil {
		return conv, err
	}
	conv.State, conv.Solved = desk.StateSolved, conv.Opened // nobody waits until something was sent
	c := &store.Change{Conversation: &conv, MessageIDs: map[string]store.MessageRef{}}
	if err := s.Store.Commit(ctx, c); errors.Is(err, store.ErrConflict) { // another run of the same mail was faster
		return s.Store.Conversation(ctx, id)
	} else if err != nil {
		return conv, fmt.Errorf("opening a conversation for an agent: %w", err)
	}
	return conv, nil
}

// begun is a conversation with a customer that an agent begins.
func (s *Service) begun(ctx context.Context, id desk.ConversationID, in desk.Inbound, m *email.Mail, agent desk.Agent, mb desk.Mailbox, to desk.Person) (desk.Conversation, error) {
	at := in.ReceivedAt
	if at.IsZero() {
		at = s.Now()
	}
	if to.Name == "" {
		before, err := s.Store.CustomerConversations(ctx, to.Address, 1)
		if err != nil {
			return desk.Conversation{}, fmt.Errorf("reading the customer's conversations: %w", err)
		}
		if len(before) > 0 && strings.EqualFold(before[0].Customer.Address, to.Address) {
			to.Name = before[0].Customer.Name
		}
	}
	about := page.Excerpt(m.Subject, 500)
	if about == "" {
		about = page.OneLine(mb.Name)
	}
	return desk.Conversation{ID: id, Mailbox: mb.ID, Customer: to, Subject: about, Opened: at, Activity: at, Owner: agent.ID}, nil
}

// conversationOf is the id of the conversation that a mail opens.
func conversationOf(inbound string) desk.ConversationID {
	sum := sha256.Sum256([]byte("opened by an agent\x00" + inbound))
	return desk.ConversationID(replyaddr.EncodeConversation([7]byte(sum[:7])))
}

// Wrote records what an agent sent to a customer alone, as an answer of the desk's that
// needs no sending: what the customer answers joins it, and so does our next answer.
func (s *Service) Wrote(ctx context.Context, in *desk.Inbound, m *email.Mail, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, customer desk.Person, others []desk.Person, also *store.Change) error {
	opens := conv.ID == ""
	err := store.Retry(ctx, func(first bool) (err error) {
		now := conv
		switch {
		case opens:
			now, err = s.begun(ctx, conversationOf(in.ID), *in, m, agent, mb, customer)
		case !first:
			now, err = s.Store.Conversation(ctx, conv.ID)
		}
		if err != nil {
			return err
		}
		record := *in
		w := written{in: &record, mail: saidBy(agent, m, false)}
		f, err := s.look(ctx, commands.Facts{Agent: agent, Conversation: now, Seen: now.Messages}, w)
		if err != nil {
			return err
		}
		if err := s.recordOwn(ctx, f, w, now, others, also); err != nil {
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

// recordOwn writes down a mail that went to the customer already.
func (s *Service) recordOwn(ctx context.Context, f commands.Facts, w written, conv desk.Conversation, others []desk.Person, also *store.Change) error {
	at := w.at(f)
	said := writing{text: w.text(f), html: w.html(), files: w.attachments()}
	since, _ := conv.Waits()
	conv.Answered(at, f.Agent.ID, f.Settings.SolvedAfter)
	conv.Propose(others, func(a, b string) bool { return strings.EqualFold(a, b) })
	if w.mail.MessageID != "" {
		conv.Thread = desk.Thread{Last: w.mail.MessageID, References: desk.TrimReferences(append(slices.Clone(conv.Thread.References), w.mail.MessageID))}
	}
	msg := entry(f, w, conv, desk.KindAnswer, at, said)
	msg.Evidence = desk.Evidence{Rule: desk.EvidenceCopy, Detail: "sent by " + f.Agent.ID + " alone"}
	c := change(f, w, desk.OutcomeAgent, "a copy of what the agent sent to the customer")
	c.Conversation, c.Messages, c.Inbound.Sequence = &conv, []desk.Message{msg}, msg.Sequence
	e := event(f, desk.EventAnswered, conv, at)
	e.Asked = since
	c.Events = append(c.Events, e)
	ready, err := colleagues(s.writer(f), f, conv, msg, said)
	if err != nil {
		return err
	}
	return s.commit(ctx, f, w, c, ready, nil, also)
}

package inbound

import (
	"context"
	"fmt"
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/subject"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// thread puts the mail into its conversation, or opens one. The first piece of
// evidence whose conversation the sender belongs to decides. Evidence that names
// a conversation which they do not belong to links the two, so that agents see
// it, and opens nothing to the sender. Where two conversations of the sender's
// own are named, they are linked, and it is the agents who join them.
func (s *Service) thread(ctx context.Context, a *arrival) error {
	clues := a.evidence()
	for _, c := range clues {
		if a.admits(c) {
			return s.join(ctx, a, c, clues)
		}
	}
	theirs, err := s.theirs(ctx, a)
	if err != nil {
		return err
	}
	if c, ok := a.beside(clues, theirs); ok {
		return s.join(ctx, a, c, append(clues, c))
	}
	takesPart, err := s.takesPart(ctx, a)
	if err != nil {
		return err
	}
	if c, ok := a.bySubject(append(takesPart, theirs...)); ok {
		return s.join(ctx, a, c, append(clues, c))
	}
	ev := desk.Evidence{Rule: desk.EvidenceNew, Detail: a.details(""), Found: a.kept(clues)}
	if a.from != nil {
		ev.Rule, ev.Detail = desk.EvidenceBrought, a.from.agent.ID
	}
	var linked *desk.Conversation
	if len(clues) > 0 {
		linked = &clues[0].conv
		ev.Linked = linked.ID
	}
	return s.open(ctx, a, ev, linked, theirs)
}

// theirs are the sender's conversations, the latest first. A new conversation
// shows them to agents, so that to look for a subject among them costs nothing.
func (s *Service) theirs(ctx context.Context, a *arrival) ([]desk.Conversation, error) {
	if a.author.Address == "" || a.anybody || a.claimed() {
		return nil, nil
	}
	out, err := s.Store.CustomerConversations(ctx, a.author.Address, letters.MaxOthers)
	if err != nil {
		return nil, fmt.Errorf("reading the customer's conversations: %w", err)
	}
	return out, nil
}

// namesakes counts the earlier conversations of an author whom a system names.
// Agents are told that there are some, and not which: see arrival.claimed.
func (s *Service) namesakes(ctx context.Context, a *arrival) (int, error) {
	if a.author.Address == "" || a.anybody || !a.claimed() {
		return 0, nil
	}
	out, err := s.Store.CustomerConversations(ctx, a.author.Address, letters.MaxOthers)
	if err != nil {
		return 0, fmt.Errorf("counting the conversations of an address that a system names: %w", err)
	}
	return len(out), nil
}

// takesPart gives the conversation of the same subject to which an agent admitted
// the sender. It costs a request, and only a mail that says that it answers
// something, and names nothing that we know, asks.
func (s *Service) takesPart(ctx context.Context, a *arrival) ([]desk.Conversation, error) {
	about := subject.Read(a.subject())
	if !about.Reply || about.Base == "" || a.author.Address == "" || a.anybody || a.claimed() || a.settings.SubjectWindow <= 0 {
		return nil, nil
	}
	name := desk.SubjectWord(a.author.Address, about.Base)
	found, err := s.Store.Lookup(ctx, store.Lookup{MessageIDs: []string{name}})
	if err != nil {
		return nil, fmt.Errorf("looking for a conversation that the sender takes part in: %w", err)
	}
	if c, ok := found.Conversations[found.MessageIDs[name].Conversation]; ok {
		return []desk.Conversation{c}, nil
	}
	return nil, nil
}

// join adds the mail to a conversation that exists.
func (s *Service) join(ctx context.Context, a *arrival, by clue, clues []clue) error {
	conv := by.conv
	if mb, ok := a.settings.Mailbox(conv.Mailbox); ok {
		a.mailbox = mb
	}
	a.in.Mailbox = a.mailbox.ID
	conv.Mailbox = a.mailbox.ID // another one only where its own is gone from the settings
	e := &entry{conv: conv, evidence: desk.Evidence{Rule: by.rule, Detail: a.details(by.detail), Found: a.kept(clues)}, history: a.around(conv)}
	if by.rule == desk.EvidenceBeside {
		e.linked = &clues[0].conv
		e.evidence.Linked = e.linked.ID
	}
	if !a.anybody {
		e.related(a, clues)
		a.propose(e)
	}
	if e.history == nil && !a.anybody {
		var err error
		if e.history, err = s.Store.Messages(ctx, conv.ID, max(1, conv.Messages-historyShown+1), historyShown); err != nil {
			return fmt.Errorf("reading the conversation %s: %w", conv.ID, err)
		}
		if len(e.history) > 0 && e.history[0].Sequence > 1 { // the first is always shown
			first, err := s.Store.Messages(ctx, conv.ID, 1, 1)
			if err != nil {
				return fmt.Errorf("reading the conversation %s: %w", conv.ID, err)
			}
			e.history = append(first, e.history...)
		}
	}
	var err error
	if e.part, err = s.part(ctx, a, conv, e.history); err != nil {
		return err
	}
	return s.write(ctx, a, e)
}

// related links the sender's other conversations that the mail names as well,
// and gives them to the agents to join, if they are not linked already.
func (e *entry) related(a *arrival, clues []clue) {
	for _, c := range clues {
		if c.conv.ID == e.conv.ID || !a.admits(c) || slices.Contains(e.conv.Linked, c.conv.ID) || len(e.conv.Linked) >= maxLinked {
			continue
		}
		e.conv.Linked = append(slices.Clone(e.conv.Linked), c.conv.ID)
		e.others = append(e.others, c.conv)
		e.together = true
		if other := c.conv; !slices.Contains(other.Linked, e.conv.ID) && len(other.Linked) < maxLinked {
			other.Linked = append(slices.Clone(other.Linked), e.conv.ID)
			e.changed = append(e.changed, &other)
		}
	}
}

// around gives the messages that came with the lookup, if they are the
// conversation's last ones; it saves a request.
func (a *arrival) around(conv desk.Conversation) []desk.Message {
	near := a.found.Around
	if n := len(near); n == 0 || near[n-1].Conversation != conv.ID || near[n-1].Sequence != conv.Messages {
		return nil
	}
	return near
}

// open begins a conversation with the mail. One that a machine begins waits for
// nobody: it is not counted as a concern until a person writes in it.
func (s *Service) open(ctx context.Context, a *arrival, ev desk.Evidence, linked *desk.Conversation, theirs []desk.Conversation) error {
	id, err := desk.NewConversationID(s.Random)
	if err != nil {
		return err
	}
	e := &entry{evidence: ev, linked: linked, created: true, others: theirs}
	e.conv = desk.Conversation{ID: id, Mailbox: a.mailbox.ID, Customer: a.author, ReplyTo: a.answersTo(), Subject: a.subject(), State: desk.StateAnswered, Opened: a.in.ReceivedAt}
	if e.namesakes, err = s.namesakes(ctx, a); err != nil {
		return err
	}
	if linked != nil {
		e.conv.Linked = []desk.ConversationID{linked.ID}
		a.proposeThere(e, *linked)
	}
	if !a.anybody {
		a.propose(e)
	}
	return s.write(ctx, a, e)
}

package reply

import (
	"context"
	"errors"
	"fmt"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// listed are the articles that the mail lists which is answered, where its reply address
// says that it lists some of its own; nil where it does not. Should the list be gone, no
// number means anything: one of the customer's mail must not be taken in its place.
func (s *Service) listed(ctx context.Context, f commands.Facts, w written) ([]string, error) {
	if w.in == nil {
		return nil, nil
	}
	t := s.tokenOf(f.Mailbox, *w.origin())
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

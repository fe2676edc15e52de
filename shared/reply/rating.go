package reply

import (
	"context"
	"fmt"
	"slices"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

// asksRating says whether the customer is asked, below an answer, whether it solved it:
// where the mailbox asks, at an answer that ends something, at most once in
// desk.RatingApart whatever it was about, and never where an agent wrote first. It gives
// what says so to the next answer; nil: they are not asked.
func (s *Service) asksRating(ctx context.Context, f commands.Facts, p plan) (*store.Budget, error) {
	if !f.Mailbox.Rating || !ends(f, p) {
		return nil, nil
	}
	first, err := s.Store.Messages(ctx, f.Conversation.ID, 1, 8)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(first, func(m desk.Message) bool { return m.Kind == desk.KindCustomer || m.Kind == desk.KindAnswer })
	if at < 0 || first[at].Kind == desk.KindAnswer {
		return nil, nil
	}
	subject := store.RatingBudget(f.Conversation.Customer.Address)
	subjects := []string{subject}
	for _, other := range f.Same { // it is the same person who would be asked again
		subjects = append(subjects, store.RatingBudget(other))
	}
	spent, err := s.Store.Budgets(ctx, subjects)
	if err != nil {
		return nil, fmt.Errorf("reading when the customer was last asked whether it is solved: %w", err)
	}
	b := spent[subject]
	for _, x := range spent {
		for _, t := range x.Times {
			if f.Now.Sub(t) < desk.RatingApart {
				return nil, nil
			}
		}
	}
	b.Times = append(b.Times[:0:0], f.Now)
	return &b, nil
}

// ends reports whether an answer ends something: it closes the conversation, or the customer
// has thanked since the answer before. One of many that are told at once asks nothing, and
// nor does one that others get too: what they say would be the customer's word.
func ends(f commands.Facts, p plan) bool {
	if p.quiet || len(f.Conversation.Participants)+len(p.Added) > 0 || f.Conversation.Customer.Address == "" {
		return false
	}
	if p.Close {
		return true
	}
	for _, m := range slices.Backward(f.Messages) {
		switch {
		case m.Kind == desk.KindAnswer:
			return false
		case m.Kind == desk.KindCustomer && m.Thanks:
			return true
		}
	}
	return false
}

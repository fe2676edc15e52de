package inbound

import (
	"context"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/replyaddr"
)

// stranger keeps a person's mail from agents that came to a customer's reply
// address from an address that does not belong to the conversation, and that
// nobody vouches for. Whoever has such an address and is vouched for may be a
// colleague of the customer's and gets a conversation of their own, linked and
// without history; a mail that anybody could have written, to an address that
// only the customer was given, is how desks are lied to.
func (s *Service) stranger(ctx context.Context, a *arrival) (bool, error) {
	if a.kind != automatic.Person || a.verified || a.in.Verdicts.Authenticated() {
		return false, nil
	}
	for _, t := range a.tokens {
		if !t.genuine() || t.Purpose != replyaddr.Customer {
			continue
		}
		for _, c := range a.evidence() {
			if a.admits(c) {
				return false, nil
			}
		}
		a.in.Conversation = t.conversation()
		return true, s.hold(ctx, a, desk.HoldStranger, "it came to the reply address of a customer's conversation, from an address that does not belong there and that nobody vouches for")
	}
	return false, nil
}

package inbound

import (
	"context"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
)

// confirmation sees mail to the address of a question that an agent was asked.
// Whoever has the address has read the agent's mailbox, or was forwarded the
// question; so the mail must also come from one of the agent's own addresses,
// and no mail program may have sent it by itself. What it says, and whether the
// domain must vouch for it, is for those who asked to judge.
func (s *Service) confirmation(ctx context.Context, a *arrival) (bool, error) {
	for _, t := range a.tokens {
		if !t.genuine() || t.Purpose != replyaddr.Confirm {
			continue
		}
		agent, listed := a.agentOf(t, s.Keys)
		switch {
		case mechanical(a.kind):
			return true, s.agentsMachine(ctx, a, agent, listed)
		case !listed:
			return true, s.hold(ctx, a, desk.HoldUnlisted, "it answers a question that was put to an agent who is no longer in the settings")
		case a.single == "":
			return true, s.refuse(ctx, a, agent, desk.Conversation{}, 0, "it answers a question that was put to you, and it does not have exactly one sender in its From field")
		case !hasAddress(agent, a.single):
			return true, s.refuse(ctx, a, agent, desk.Conversation{}, 0, "it answers a question that was put to you, and it did not come from one of your own addresses; only you can answer it")
		}
		meant, _ := a.meant(t, s.Keys, s.Now())
		return true, s.Confirmations.Confirm(ctx, &a.in, a.mail, agent, t.Token, a.vouched(agent) && meant)
	}
	return false, nil
}

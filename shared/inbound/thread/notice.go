package thread

import (
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/inbound/identify"
	"github.com/replywell/replywell/shared/letters"
)

// notice begins what an agent is told of a mail in the agent's name.
func (c Case) notice(agent desk.Agent, conv desk.Conversation, seen int) *Notice {
	f := c.Facts
	t, _ := AgentAddress(f.Recipients)
	return &Notice{Agent: agent, Conversation: conv, Seen: seen, Team: t.Purpose == replyaddr.Team,
		Proven: f.Sender != "" && identify.HasAddress(agent, f.Sender) && f.VouchedFor(agent)}
}

// refuse holds a mail that is about no conversation that could be named.
func (c Case) refuse(agent desk.Agent, why string) Decision {
	return Hold{Word: desk.HoldAgent, Reason: why, Notice: c.notice(agent, desk.Conversation{}, 0)}
}

// askOrRefuse holds a mail of which one thing is missing that an agent's mail must
// have, and asks the agent at the stored address whether to send it; where that
// cannot be asked, the agent is told.
func (c Case) askOrRefuse(n *Notice, h Hold) Decision {
	if !Answers(c.Settings, n.Agent, n.Conversation) || n.Conversation.Customer.Address == "" || len(c.Facts.Order) > letters.MaxQuestion || c.Settings.KeepHeld() <= 0 {
		n.Question = ""
	}
	if n.Question != "" {
		h.Conversation, h.Mailbox = n.Conversation.ID, n.Conversation.Mailbox
	}
	h.Word, h.Notice = desk.HoldAgent, n
	return h
}

// Answers reports whether the agent is one of the conversation's mailbox.
func Answers(s *desk.Settings, agent desk.Agent, conv desk.Conversation) bool {
	mb, ok := s.Mailbox(conv.Mailbox)
	return ok && slices.Contains(mb.Agents, agent.ID)
}

// AgentAddress gives the first recipient that is an agent's reply address.
func AgentAddress(recipients []identify.Address) (identify.Address, bool) {
	i := slices.IndexFunc(recipients, func(t identify.Address) bool { return t.Genuine && t.Purpose.FromAgent() })
	if i < 0 {
		return identify.Address{}, false
	}
	return recipients[i], true
}

package reply

import (
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
)

// saidBy reads a mail as the agent's answer: how the agent took leave is said to
// the customer; the card, the telephone's line and the fine print below are not.
func saidBy(a desk.Agent, m *email.Mail) *email.Mail {
	read := *m
	read.Visible = m.Answer(append([]string{a.Name, a.PublicName, m.From.Name, m.From.Address}, a.Addresses...)...)
	return &read
}

package reply

import (
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
)

// answers says what a plain reply to the mail is whose reply address this is.
func (j *job) answers(t replyaddr.Token) {
	j.team = t.Purpose == replyaddr.Team
	j.whom = j.team && t.Argument == replyaddr.AskWhom
}

// tokenOf is the reply address that a mail of the agent's came to; the zero value
// where none can be read any more.
func (j *job) tokenOf(in desk.Inbound) replyaddr.Token {
	bases := append([]string{j.mailbox.ReplyBase, j.mailbox.Address}, j.mailbox.Aliases...)
	for _, r := range in.Recipients {
		if text, _, ok := replyaddr.Find(bases, r); ok {
			if t, _ := j.Keys.Open(text, j.now); t.Purpose.FromAgent() { // one that has expired meanwhile was good then
				return t
			}
		}
	}
	return replyaddr.Token{Purpose: replyaddr.Team, Argument: replyaddr.AskWhom}
}

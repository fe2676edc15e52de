package reply

import (
	"github.com/replywell/replywell/shared/email/replyaddr"
)

// answers says what a plain reply to the mail is whose reply address this is.
func (j *job) answers(t replyaddr.Token) {
	j.team = t.Purpose == replyaddr.Team
	j.whom = j.team && t.Argument == replyaddr.AskWhom
}

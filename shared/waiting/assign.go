package waiting

import (
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// Assign is whose a new conversation becomes where a mailbox shares its mail out: who
// spoke with the customer last, if they are at work; else one of those who are, by
// the conversation's id, so that each has a share. others are the customer's other
// conversations, the latest first. "" is nobody: nobody is at work, or the mailbox does
// not share out.
func Assign(s *desk.Settings, mb desk.Mailbox, c desk.Conversation, others []desk.Conversation, at time.Time, away Away) string {
	if !mb.Share {
		return ""
	}
	there := AtWork(s, mb, at, away)
	if len(there) == 0 {
		return ""
	}
	for _, o := range others {
		if o.Owner != "" && slices.ContainsFunc(there, func(a desk.Agent) bool { return a.ID == o.Owner }) {
			return o.Owner
		}
	}
	return share(c, there).ID
}

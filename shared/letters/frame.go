package letters

import (
	"strings"

	"github.com/replywell/replywell/shared/email/compose"
)

// Phrases of our own frame that stand in letters to agents and nowhere else.
const (
	teamOnly = ", for the team only"
	sendsIt  = " sends it"
	whyHere  = "Why this mail is here: "
)

// Frame finds a piece of a letter to an agent in a text, such as the mark of a
// note, and gives it, or "". What contains one must not leave for a customer.
func Frame(text string) string {
	lower := strings.ToLower(strings.Join(strings.Fields(text), " "))
	for _, phrase := range []string{compose.ReplyMarker, teamOnly, "#send 1" + sendsIt, whyHere} {
		if strings.Contains(lower, strings.ToLower(strings.TrimSpace(phrase))) {
			return strings.Trim(phrase, ", ")
		}
	}
	return ""
}

package reply

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
)

// withoutInternal takes the quoted lines out of an answer between the lines
// that the customer has never seen: our letter to the agent quotes the team's
// notes and its own words beside the customer's. A question that is answered
// stays if the customer asked it, or if an answer of ours said it.
func (j *job) withoutInternal(text string) string {
	var known strings.Builder
	for _, m := range j.messages {
		if m.Kind == desk.KindCustomer || m.Kind == desk.KindAnswer {
			known.WriteString(fold(m.Text) + "\n")
		}
	}
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if question, quoted := strings.CutPrefix(line, ">"); quoted {
			question = fold(strings.TrimSuffix(strings.TrimLeft(question, "> "), "…"))
			if question != "" && !strings.Contains(known.String(), question) {
				continue
			}
		}
		out = append(out, line)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// fold makes texts comparable that were wrapped at different places.
func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

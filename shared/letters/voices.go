package letters

import (
	"strings"

	"github.com/replywell/replywell/shared/email/page"
)

// Voice is a sentence of a customer's, without what is a person's, and the reference of
// the conversation that it is from.
type Voice struct{ Said, Conversation string }

// voices shows what went wrong and what was thanked for, in the customers' words.
func (m WeekOfMailbox) voices(level int) (out []page.Block) {
	if len(m.Wrong) > 0 {
		out = append(out, page.Heading{Level: level, Text: "What went wrong, as customers say it"},
			page.Quote{Who: "From those who wrote again before an answer, or came back", Text: quotes(m.Wrong)})
	}
	if len(m.ThankedFor) > 0 {
		out = append(out, page.Heading{Level: level, Text: "What they thanked for"}, page.Quote{Who: "Of " + page.Count(m.Now.Thanked, "mail that did", "mails that did") + " nothing but thank", Text: quotes(m.ThankedFor)})
	}
	return out
}

func quotes(voices []Voice) string {
	var out []string
	for _, v := range voices {
		out = append(out, "“"+v.Said+"” ["+v.Conversation+"]")
	}
	return strings.Join(out, "\n\n")
}

package letters

import (
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
)

// Held is a mail that came in an agent's name, or to an agent's reply address,
// and was not carried out.
type Held struct {
	From, Subject string // as the mail says; not confirmed
	At            time.Time
	Why           string // a clause: "the reply address that it was sent to is too old"
	Text          string // what it says
	Seen          int    // the last message of the conversation that the agent was shown; 0 where not known
}

// Held tells an agent that such a mail was held and why, so that the agent can
// send it again the right way, or report that somebody else tries. It goes to
// the agent's address in the settings, never to the mail's sender. conv may be
// the zero value where none is known; then there is nothing to reply to.
func (w Writer) Held(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, h Held) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice, Sequence: h.Seen}
	l, err := w.toAgent(&item, agent, mb, conv, "")
	if err != nil {
		return Ready{}, err
	}
	var blocks []compose.Block
	if conv.ID == "" {
		l.Subject = "A mail in your name was held"
	} else {
		blocks = append(blocks, compose.ReplyLine{Hint: "If it was you, write your answer here. It goes to " + personName(conv.Customer) + "."})
	}
	blocks = append(blocks,
		compose.Callout{Tone: compose.Problem, Title: "A mail in your name was held. Nobody has got it.", Text: "The reason: " + h.Why + "."},
		compose.Facts{Facts: []compose.Fact{
			{Label: "Sender", Value: addressOr(h.From, "none") + " (as the mail says)"},
			{Label: "Came", Value: w.when(h.At)},
			{Label: "Subject", Value: subject(h.Subject)},
		}})
	text, _ := cutText(h.Text, 4*maxEarlier)
	blocks = append(blocks, compose.Quote{Who: "What it says", Text: text},
		compose.Heading{Level: 2, Text: "What to do"},
		compose.Paragraph{Text: heldAdvice(conv)},
		compose.Small{Text: "This mail went to your address in the settings of " + compose.OneLine(mb.Name) + ". The sender of the held mail was told nothing."})
	doc := compose.Document{Lang: "en", Preheader: "The reason: " + h.Why, Blocks: blocks}
	l.Text, l.HTML = doc.Text(), doc.HTML()
	return w.finish(item, mb, l)
}

func heldAdvice(conv desk.Conversation) string {
	if conv.ID == "" {
		return "If it was you: answer the newest mail of the conversation, by reply or by its link, from your own address. If it was not you, tell your team: somebody writes in your name."
	}
	return "If it was you: send it again as a reply to this mail, from your own address. If it was not you, do not reply, and tell your team: somebody has one of your reply addresses."
}

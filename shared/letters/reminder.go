package letters

import (
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/waiting"
)

// remindedWhy tells such a letter from others; see frame.
const remindedWhy = "the one reminder before the promise is broken"

// Reminder tells one agent that a promise will be broken, with what the customer
// wrote last, so that a reply is the answer. why says why this agent is told.
func (w Writer) Reminder(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, msg desk.Message, p waiting.Promise, why waiting.Why, more Context) (Ready, error) {
	w.Zone = agent.Hours.Zone
	n := notification{w: w, agent: agent, mb: mb, conv: conv}
	who := n.customer()
	title := who + " waits, promised by " + w.clock(p.Due)
	text := "This is " + remindedWhy + "."
	if p.Late(w.Now) {
		title = who + " waits, late since " + w.clock(p.Due)
		text = "This is the one reminder; the promised time is over."
	}
	switch why {
	case waiting.WhyYours:
		text = "It is yours. " + text
	case waiting.WhyAway:
		text = "It is " + n.colleague(conv.Owner) + "’s, who is not at work now. " + text
	case waiting.WhyFree:
		text = "Nobody has it yet, so you are asked. " + text
	case waiting.WhyNobody:
		text = "Nobody who answers " + page.OneLine(mb.Name) + " is at work now, so the lead is told. " + text
	}
	return w.again(id, agent, mb, conv, msg, page.Callout{Tone: page.Problem, Title: title, Text: text}, more)
}

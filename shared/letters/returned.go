package letters

import (
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/waiting"
)

// Phrases that tell such letters from others; see frame.
const (
	returnedWhy = "is back, as it was put off until now"
	remindWhy   = "You asked to be reminded"
	pendingWhy  = "To stop it, reply #open"
)

// Returned brings a conversation back that was put off until now. heard: the customer
// waits, or wrote meanwhile.
func (w Writer) Returned(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, msg desk.Message, by desk.PutOff, more Context) (Ready, error) {
	n := notification{w: w, agent: agent, mb: mb, conv: conv}
	text := n.customer() + " has not written since our answer."
	if conv.State == desk.StateOpen {
		text = n.customer() + " waits for an answer."
	}
	if by.By != agent.ID {
		text = n.colleague(by.By) + " put it off, and is not at work now. " + text
	}
	return w.again(id, agent, mb, conv, msg, page.Callout{Tone: page.Turn, Title: "This " + returnedWhy, Text: text}, more)
}

// Reminded is what an agent asked to be reminded of.
func (w Writer) Reminded(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, msg desk.Message, r desk.Reminder, more Context) (Ready, error) {
	n := notification{w: w, agent: agent, mb: mb, conv: conv}
	title, text := remindWhy+" of this", ""
	if said := page.Excerpt(r.Said, desk.MaxSaid); said != "" {
		title = remindWhy + ": “" + said + "”"
	}
	switch {
	case r.By != agent.ID:
		text = "It was " + n.colleague(r.By) + " who asked, and is not here now."
	case conv.State == desk.StateOpen:
		text = n.customer() + " waits for an answer."
	case conv.State == desk.StateAnswered:
		text = n.customer() + " has our answer."
	default:
		text = "This is solved."
	}
	return w.again(id, agent, mb, conv, msg, page.Callout{Tone: page.Turn, Title: title, Text: text}, more)
}

// Pending tells the agent before the customer is asked whether it is settled.
func (w Writer) Pending(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, msg desk.Message, p desk.Pending, more Context) (Ready, error) {
	w.Zone = agent.Hours.Zone
	n := notification{w: w, agent: agent, mb: mb, conv: conv}
	return w.again(id, agent, mb, conv, msg, page.Callout{Title: "Nothing to do: " + n.customer() + " is asked on " + w.clock(p.Ask) + " whether it is settled",
		Text: "Once, and kindly. If they say nothing, this closes by itself on " + w.clock(p.Close) + ". " + pendingWhy + "."}, more)
}

// again brings a conversation before an agent once more, in its thread.
func (w Writer) again(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, msg desk.Message, why page.Callout, more Context) (Ready, error) {
	more.Happened, more.Fetched = &why, conv.Messages
	return w.Notification(id, agent, mb, conv, msg, more)
}

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

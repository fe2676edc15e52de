package letters

import (
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/waiting"
)

// Phrases that tell such letters from others; see frame.
const (
	handedOnWhy = "This conversation is yours now"
	takeIt      = "#take makes it yours."
	untakenWhy  = "Nobody has taken this yet"
)

// WhoseItWas says whose a conversation was that went to somebody else by itself, and why.
func (w Writer) WhoseItWas(to desk.Agent, mb desk.Mailbox, was string, left waiting.Left, a desk.Absence) string {
	w.Zone = to.Hours.Zone
	n := notification{w: w, agent: to, mb: mb}
	said := "It was " + n.colleague(was) + "’s, who is away"
	switch {
	case left == waiting.LeftGone:
		return "It was " + n.colleague(was) + "’s, who does not answer " + page.OneLine(mb.Name) + " any more."
	case !a.Until.IsZero():
		said += " until " + w.day(a.Until)
	case a.Found:
		said += ", as an automatic reply says"
	}
	return said + "."
}

// HandedOn tells an agent that a conversation is theirs now. handed is WhoseItWas.
func (w Writer) HandedOn(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, msg desk.Message, handed string, more Context) (Ready, error) {
	more.Happened = &page.Callout{Tone: page.Turn, Title: handedOnWhy, Text: handed}
	return w.Notification(id, agent, mb, conv, msg, more)
}

// Untaken tells one of all who answer a mailbox that nobody has taken a conversation.
func (w Writer) Untaken(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, msg desk.Message, more Context) (Ready, error) {
	w.Zone = agent.Hours.Zone
	since, _ := conv.Waits()
	more.Happened = &page.Callout{Tone: page.Turn, Title: untakenWhy,
		Text: "It has waited since " + w.clock(since) + ", so all who answer " + page.OneLine(mb.Name) + " are told, once. " + takeIt}
	return w.Notification(id, agent, mb, conv, msg, more)
}

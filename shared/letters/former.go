package letters

import (
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

// FormerAgent tells somebody who was an agent, and replied to a mail from that time, that
// the reply went nowhere. It has nothing of the conversation, nor of the reply: whoever
// reads the address now may be another. It counts as automatic mail to somebody outside.
func (w Writer) FormerAgent(id, to string, mb desk.Mailbox, answers string) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxAcknowledgement, EnvelopeFrom: mb.Address}
	const title = "Your reply was not sent"
	name := page.OneLine(mb.Name)
	l := compose.Letter{
		From: message.Address{Name: shownAs("", mb), Address: mb.Address}, To: []message.Address{{Address: to}},
		Subject: title, InReplyTo: answers,
	}
	l.Say(page.Document{Lang: "en", Preheader: title, Blocks: []page.Block{
		page.Band{Tone: page.Problem, Title: title, Text: "You replied to a mail from the time when you answered for " + name +
			". You are no longer one of its team, so no customer and no colleague has got your reply. It is kept for a lead to see."},
		page.Paragraph{Text: "If this is a mistake, ask a lead to put you back into the settings. If there is something that the team must know, tell them yourself: a reply to this mail comes to them as anybody’s mail does."},
		page.Small{Text: "A program wrote this, and does so once a day at most. " + name},
	}})
	return w.finish(item, mb, l)
}

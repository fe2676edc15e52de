package letters

import (
	"cmp"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

// ChoiceResult tells an agent what became of an answer to a question of ours. There is
// nothing to reply to but what Answers says.
type ChoiceResult struct {
	Title, Text string
	Tone        page.Tone
	About       []page.Block
	// Answers is the question that a reply to it comes to; nil: there is nothing to reply
	// to. Says is what such a reply may say.
	Answers *desk.Confirmation
	Says    string
	Because string // why they get it, a sentence; "" is because they answered a question
}

// ChoiceResult writes it, to the address in the settings.
func (w Writer) ChoiceResult(id string, agent desk.Agent, mb desk.Mailbox, t ChoiceResult) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice}
	l, err := w.toAgent(&item, agent, mb, desk.Conversation{}, "", ReplyNowhere)
	if err != nil {
		return Ready{}, err
	}
	l.Subject = page.OneLine(t.Title)
	line := page.ReplyLine{Hint: toNobody, Closed: true}
	if t.Answers != nil {
		address, err := w.ConfirmAddress(mb, *t.Answers)
		if err != nil {
			return Ready{}, err
		}
		l.ReplyTo = &message.Address{Name: strings.TrimPrefix(page.OneLine(mb.Name)+": "+t.Says, ": "), Address: address}
		line = page.ReplyLine{Hint: morningHint, Strong: morningHint}
	}
	blocks := append([]page.Block{line, page.Band{Tone: t.Tone, Title: t.Title, Text: t.Text}}, t.About...)
	blocks = append(blocks, page.Small{Text: cmp.Or(t.Because, choiceBecause+page.OneLine(mb.Name)+".")})
	doc := page.Document{Lang: "en", Preheader: t.Text, Blocks: blocks}
	l.Say(doc)
	return w.finish(item, mb, l)
}

const choiceBecause = "You get this because you answered a question of "

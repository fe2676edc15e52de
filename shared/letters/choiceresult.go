package letters

import (
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// ChoiceResult tells an agent what became of an answer to a question of ours. There is
// nothing to reply to.
type ChoiceResult struct {
	Title, Text string
	Tone        page.Tone
	About       []page.Block
}

// ChoiceResult writes it, to the address in the settings.
func (w Writer) ChoiceResult(id string, agent desk.Agent, mb desk.Mailbox, t ChoiceResult) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice}
	l, err := w.toAgent(&item, agent, mb, desk.Conversation{}, "", ReplyNowhere)
	if err != nil {
		return Ready{}, err
	}
	l.Subject = page.OneLine(t.Title)
	blocks := append([]page.Block{page.ReplyLine{Hint: toNobody, Closed: true}, page.Band{Tone: t.Tone, Title: t.Title, Text: t.Text}}, t.About...)
	blocks = append(blocks, page.Small{Text: choiceBecause + page.OneLine(mb.Name) + "."})
	doc := page.Document{Lang: "en", Preheader: t.Text, Blocks: blocks}
	l.Say(doc)
	return w.finish(item, mb, l)
}

const choiceBecause = "You get this because you answered a question of "

package letters

import (
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// Told tells an agent what became of an answer to a question of ours. There is
// nothing to reply to.
type Told struct {
	Title, Text string
	Tone        page.Tone
	About       []page.Block
}

// Told writes it, to the address in the settings.
func (w Writer) Told(id string, agent desk.Agent, mb desk.Mailbox, t Told) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice}
	l, err := w.toAgent(&item, agent, mb, desk.Conversation{}, "", ReplyNowhere)
	if err != nil {
		return Ready{}, err
	}
	l.Subject = page.OneLine(t.Title)
	blocks := append([]page.Block{page.ReplyLine{Hint: toNobody, Closed: true}, page.Band{Tone: t.Tone, Title: t.Title, Text: t.Text}}, t.About...)
	blocks = append(blocks, page.Small{Text: toldBecause + page.OneLine(mb.Name) + "."})
	doc := page.Document{Lang: "en", Preheader: t.Text, Blocks: blocks}
	l.Say(doc)
	return w.finish(item, mb, l)
}

const toldBecause = "You get this because you answered a question of "

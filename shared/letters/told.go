package letters

import (
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
)

// Told tells an agent what became of an answer to a question of ours. There is
// nothing to reply to.
type Told struct {
	Title, Text string
	Tone        compose.Tone
	About       []compose.Block
}

// Told writes it, to the address in the settings.
func (w Writer) Told(id string, agent desk.Agent, mb desk.Mailbox, t Told) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice}
	l, err := w.toAgent(&item, agent, mb, desk.Conversation{}, "", ReplyNowhere)
	if err != nil {
		return Ready{}, err
	}
	l.Subject = compose.OneLine(t.Title)
	blocks := append([]compose.Block{compose.ReplyLine{Hint: toNobody, Closed: true}, compose.Band{Tone: t.Tone, Title: t.Title, Text: t.Text}}, t.About...)
	blocks = append(blocks, compose.Small{Text: toldBecause + compose.OneLine(mb.Name) + "."})
	doc := compose.Document{Lang: "en", Preheader: t.Text, Blocks: blocks}
	l.Say(doc)
	return w.finish(item, mb, l)
}

const toldBecause = "You get this because you answered a question of "

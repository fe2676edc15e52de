package letters

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

// againWhy tells such a letter from others; see frame.
const againWhy = "we asked you a question, and your mail has none of the words that answer it"

// Again tells an agent that an answer to the question c was none of its words,
// gives the text back, and asks once more: a reply with one of the words answers
// the question. conv may be the zero value.
func (w Writer) Again(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, c desk.Confirmation, words []string, said string) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice, Sequence: c.Seen}
	l, err := w.toAgent(&item, agent, mb, conv, "", ReplyWords)
	if err != nil {
		return Ready{}, err
	}
	address, err := w.ConfirmAddress(mb, c)
	if err != nil {
		return Ready{}, err
	}
	var named []page.Command
	for _, word := range words {
		named = append(named, page.Command{Name: word})
	}
	const title = "Nothing was done, and nobody got your words"
	l.ReplyTo = &message.Address{Name: byWords(mb, named), Address: address}
	if conv.ID == "" {
		l.Subject = title
	}
	blocks := []page.Block{page.ReplyLine{Hint: sayOnly(named), Strong: choice(named)},
		page.Band{Tone: page.Problem, Title: title, Text: strings.ToUpper(againWhy[:1]) + againWhy[1:] + ": " + choice(named) + ". You can still answer it, until " + w.when(c.Expires) + "."},
		page.Quote{Who: "What you wrote", Text: orNoText(strings.TrimSpace(said))}}
	small := "Without an answer nothing happens."
	if conv.ID != "" {
		blocks = append(blocks, page.Paragraph{Text: "To write to " + personName(conv.Customer) + ", reply to their own mail."})
		small = conv.ID.Reference() + ", " + page.OneLine(mb.Name) + ". " + small
	}
	blocks = append(blocks, page.Small{Text: small})
	l.Say(page.Document{Lang: "en", Preheader: title, Blocks: blocks})
	return w.finish(item, mb, l)
}

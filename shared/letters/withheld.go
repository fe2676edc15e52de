package letters

import (
	"time"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// Withheld tells an agent of a message that his own mail server did not take.
type Withheld struct {
	Summary desk.Summary
	Came    time.Time
	Size    int // of the mail that was refused, in bytes
	Said    delivery.Said
}

// Withheld writes it in the conversation's thread, without any text or file of
// the message, since one of them was what was refused.
func (w Writer) Withheld(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, seen int, h Withheld) (Ready, error) {
	about := page.Facts{Facts: []page.Fact{
		{Label: "From", Value: orDash(h.Summary.From)},
		{Label: "Subject", Value: subject(h.Summary.Subject)},
		{Label: "Came", Value: w.when(h.Came)},
		{Label: "Size", Value: page.Size(int64(h.Size))},
	}}
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice, Sequence: seen, Summary: h.Summary}
	l, err := w.toAgent(&item, agent, mb, conv, conv.Customer.Name, ReplyCustomer)
	if err != nil {
		return Ready{}, err
	}
	why := h.Said.What + " So this mail tells you of it without the text and the files."
	blocks := []page.Block{
		page.ReplyLine{Hint: firstLine("", ReplyCustomer, conv), Strong: personName(conv.Customer) + "."},
		page.Band{Tone: page.Problem, Title: "A mail from " + customerName(conv) + " could not be shown to you", Text: why},
		about,
		page.Paragraph{Text: "The mail is kept whole. Ask a colleague for it, or ask " + customerName(conv) + " to send it again in another form. Whoever runs your mail can let such mail through."},
	}
	if h.Said.Server != "" {
		blocks = append(blocks, page.Paragraph{Text: ServerSaid(h.Said.Server)})
	}
	blocks = append(blocks, page.Small{Text: "Conversation " + conv.ID.Reference() + ": " + subject(conv.Subject)})
	doc := page.Document{Lang: "en", Preheader: why, Blocks: blocks}
	l.Say(doc)
	return w.finish(item, mb, l)
}

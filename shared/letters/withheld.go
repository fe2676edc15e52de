package letters

import (
	"time"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
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
	about := compose.Facts{Facts: []compose.Fact{
		{Label: "From", Value: orDash(h.Summary.From)},
		{Label: "Subject", Value: subject(h.Summary.Subject)},
		{Label: "Came", Value: w.when(h.Came)},
		{Label: "Size", Value: compose.Size(int64(h.Size))},
	}}
	n := Notice{Agent: agent, Title: "A mail of " + customerName(conv) + " could not be shown to you", About: []compose.Block{about},
		Why:  h.Said.What + " So this mail tells you of it without the text and the files.",
		Next: "The mail is kept whole. Ask a colleague for it, or ask " + customerName(conv) + " to send it again in another form. Whoever runs your mail can let it through."}
	if h.Said.Server != "" {
		n.About = append(n.About, compose.Paragraph{Text: ServerSaid(h.Said.Server)})
	}
	return w.Notice(id, mb, conv, seen, n)
}

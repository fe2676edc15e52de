package letters

import (
	"crypto/sha256"
	"encoding/hex"
	"html"
	"reflect"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/page"
)

// Telling is what agents are told of one message of a conversation: a customer's,
// an automatic one, an answer or a note of a colleague's, an answer that bounced.
// What all of them are shown is written once. It is for one goroutine.
type Telling struct {
	n       notification
	files   []compose.Attachment
	summary desk.Summary
	address string // stands for each agent's own until the page is written

	pages []told // most often one; whose turn it is may read otherwise for one agent
}

// told is a page that was written.
type told struct {
	page    page.Document
	written page.Written
}

// Tell prepares what agents are told of a message.
func (w Writer) Tell(mb desk.Mailbox, conv desk.Conversation, msg desk.Message, more Context) *Telling {
	t := &Telling{n: notification{w: w, mb: mb, conv: conv, msg: msg, more: more}}
	n := &t.n
	t.summary = n.summary()
	t.files = n.place(n.attach())
	// Nobody can write a text that holds the sum of itself.
	sum := sha256.Sum256([]byte(string(conv.ID) + "\n" + msg.Text + "\n" + more.HTML))
	t.address = hex.EncodeToString(sum[:16]) + "@reply.invalid"
	n.address = t.address
	if msg.Kind == desk.KindCustomer && !n.thanks() {
		n.offered = n.articles()
	}
	return t
}

// To writes the mail that tells this agent. id is the outbox item's; previous is
// the Message-ID of the notification that the agent had before it, if any. Errors
// are permanent.
func (t *Telling) To(id string, agent desk.Agent, previous string) (Ready, error) {
	n := t.n
	n.agent = agent
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotification, Sequence: n.msg.Sequence, Summary: t.summary}
	if n.more.Fetched > 0 { // never merged again
		item.Kind, item.Sequence = desk.OutboxNotice, n.more.Fetched
	}
	l, err := n.w.toAgent(&item, agent, n.mb, n.conv, n.who(), n.kind())
	if err != nil {
		return Ready{}, err
	}
	l.InReplyTo = previous
	l.Headers = marks(n.mailKind(), n.mb)
	l.Attachments = t.files
	written := t.written(n.document())
	written.HTML = strings.ReplaceAll(written.HTML, t.address, html.EscapeString(l.ReplyTo.Address))
	l.SayWritten(written)
	return n.w.finish(item, n.mb, l)
}

// written gives a page in all its forms, as it was written for somebody else if
// it is the same.
func (t *Telling) written(doc page.Document) page.Written {
	for _, p := range t.pages {
		if reflect.DeepEqual(p.page, doc) {
			return p.written
		}
	}
	t.pages = append(t.pages, told{doc, doc.Write()})
	return t.pages[len(t.pages)-1].written
}

// Notification tells one agent of a message. Errors are permanent.
func (w Writer) Notification(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, msg desk.Message, more Context) (Ready, error) {
	return w.Tell(mb, conv, msg, more).To(id, agent, more.Previous)
}

package letters

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"reflect"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/kb"
)

// Telling is what agents are told of one message of a conversation: a customer's,
// an automatic one, an answer or a note of a colleague's, an answer that bounced.
// What all of them are shown is written once. It is for one goroutine.
type Telling struct {
	n       notification
	files   []compose.Attachment
	summary desk.Summary
	address string // stands for each agent's own until the page is written

	pages []rendered // most often one; whose turn it is may read otherwise for one agent
}

// rendered is a page that was written.
type rendered struct {
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
	n.agent, n.w.Zone = agent, agent.Hours.Zone
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotification, Sequence: n.msg.Sequence, Summary: t.summary}
	if n.more.Fetched > 0 { // never merged again
		item.Kind, item.Sequence = desk.OutboxNotice, n.more.Fetched
		for _, m := range desk.InOrder(append(slices.Clone(n.more.History), n.msg)) {
			item.Lists = append(item.Lists, desk.Listed{Conversation: m.Conversation, Sequence: m.Sequence})
		}
		item.Lists = item.Lists[max(0, len(item.Lists)-maxFetched):]
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
	t.pages = append(t.pages, rendered{doc, doc.Write()})
	return t.pages[len(t.pages)-1].written
}

// Notification tells one agent of a message. Errors are permanent.
func (w Writer) Notification(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, msg desk.Message, more Context) (Ready, error) {
	return w.Tell(mb, conv, msg, more).To(id, agent, more.Previous)
}

// summary is what a digest says of the mail, should so many come that it is merged.
func (n *notification) summary() desk.Summary {
	said, cut := cutText(n.msg.Text, maxSaid)
	s := desk.Summary{From: page.Excerpt(n.who(), 80), Subject: subject(n.conv.Subject), FirstLines: page.Excerpt(n.msg.Text, summaryFirstLine), Kind: string(n.mailKind())}
	if n.msg.Kind != desk.KindCustomer || n.conv.Customer.Address == "" {
		return s
	}
	s.Alone = n.more.New && !cut && len(n.more.Attachments) == 0 && len(n.more.Others) == 0 && n.more.Linked == nil && n.more.AskedReply == "" && !n.more.Encrypted && n.msg.Verified && n.more.Quoted == ""
	for i, o := range n.more.Suggestions {
		if o.Internal {
			continue
		}
		if s.Offer.Article = o.Article; !s.Alone || o.Score < kb.Likely {
			break // a digest sends it to nobody, and every write of the item would pay for it
		}
		s.Said = said
		part, more := shownPart(o)
		s.Offer = desk.Offer{Number: i + 1, Article: o.Article, Title: page.Excerpt(o.Title, maxShownTitle), Why: whyOffered(o, ""), Text: part, More: more, Likely: o.Score, Language: o.Language}
		break
	}
	return s
}

// document is the page, from its state down to how it is answered.
func (n *notification) document() page.Document {
	var blocks []page.Block
	add := func(b ...page.Block) { blocks = append(blocks, b...) }
	add(page.ReplyLine{Hint: firstLine(n.turn(), n.kind(), n.conv), Strong: n.customer() + "."})
	band := n.band()
	add(band)
	add(n.warnings()...)
	add(n.new()...)
	add(n.attachments()...)
	switch n.msg.Kind {
	case desk.KindCustomer:
		if n.thanks() {
			break // to be read, and no more
		}
		add(n.person()...)
		add(n.notes()...)
		add(n.offered...)
		add(n.before()...)
	case desk.KindNote:
		if n.more.Happened != nil { // a department replied: to what
			add(n.notes()...)
			add(n.before()...)
		}
	case desk.KindAutomatic:
		add(n.person()...)
	case desk.KindAnswer:
		add(n.reason("The mail that was answered. ", desk.KindCustomer)...)
	case desk.KindBounce, desk.KindComplaint:
		add(n.reason("The answer. ", desk.KindAnswer)...)
		add(n.notes()...)
	case desk.KindArranged:
		add(n.notes()...)
		add(n.before()...)
	}
	add(page.Small{Text: n.small()})
	preheader := band.Title
	if n.msg.Kind != desk.KindArranged {
		preheader += ". " + page.Excerpt(n.msg.Text, 140)
	}
	return page.Document{Lang: "en", Preheader: preheader, Blocks: blocks}
}

// new are the words that the mail is written for.
func (n *notification) new() (out []page.Block) {
	text, cut := cutText(n.msg.Text, maxShownText)
	at := n.w.day(n.msg.At)
	switch {
	case n.msg.Kind == desk.KindArranged && n.more.Happened != nil:
		return nil
	case n.msg.Kind == desk.KindNote:
		out = append(out, page.Team{Who: n.who(), When: at, Text: text})
	case n.msg.Kind == desk.KindAnswer:
		out = append(out, page.Message{Who: n.who() + " to " + n.customer(), When: at, Text: text, HTML: n.html})
	case n.msg.Kind == desk.KindBounce, n.msg.Kind == desk.KindComplaint:
		out = append(out, page.Message{Who: "What the mail system said", When: at, Text: unlinked(text)})
	default:
		out = append(out, page.Message{Who: n.who() + " wrote", When: at, Text: n.pictured(text), HTML: n.html})
	}
	if cut || n.msg.TextCut {
		out = append(out, page.Paragraph{Text: "The text is longer than a mail should be, so it is cut here. The whole mail is kept."})
	}
	out = append(out, n.below("Their signature", n.more.Signature, maxSignature)...)
	return append(out, n.below("They quote", n.more.Quoted, maxQuoted)...)
}

// below shows what stood under the new text and cannot be seen elsewhere: the
// phone number in a signature, the invoice that is spoken of.
func (n *notification) below(what, text string, most int) []page.Block {
	if text, _ = cutText(text, most); text == "" {
		return nil
	}
	return []page.Block{page.Quote{Who: what, Text: compose.PicturesInText(text)}}
}

// attach chooses the attachments that are sent along, in their order, and
// leaves the others in n.left.
func (n *notification) attach() []compose.Attachment {
	var out []compose.Attachment
	total := 0
	for _, a := range n.more.Attachments {
		if len(out) == maxSentFiles || total+len(a.Content) > MaxAttached || len(a.Content) == 0 && a.Size > 0 {
			n.left = append(n.left, a)
			continue
		}
		total += len(a.Content)
		out = append(out, passedOn(a))
	}
	return out
}

func (n *notification) attachments() []page.Block {
	files := n.more.Attachments
	if len(files) == 0 {
		return nil
	}
	left := make(map[string]bool, len(n.left))
	for _, a := range n.left {
		left[a.SHA256+"/"+a.Filename] = true
	}
	var items []string
	files = slices.DeleteFunc(slices.Clone(files), func(a message.Attachment) bool { return n.shown[a.SHA256+"/"+fileName(a.Filename)] })
	if len(files) == 0 {
		return nil // all stand in the text
	}
	for i, a := range files {
		if i == maxNamedFiles {
			items = append(items, fmt.Sprintf("and %d more", len(files)-i))
			break
		}
		line := fileName(a.Filename) + ", " + page.Size(int64(a.Size))
		if left[a.SHA256+"/"+a.Filename] {
			line += " (too large to send along; we keep it)"
		}
		items = append(items, line)
	}
	if len(items) == 1 {
		return []page.Block{page.Aside{Strong: "Attached:", Text: items[0] + "."}}
	}
	return []page.Block{page.Heading{Level: 3, Text: "Attached"}, page.Bullets{Items: items}}
}

// maxFetched bounds what is noted of what such a mail shows.
const maxFetched = 8

package letters

import (
	"fmt"
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

// Hits are the conversations that an agent looked for.
type Hits struct {
	Agent      desk.Agent
	Title, Why string
	Hits       []commands.Hit
	Yours      string // what the agent wrote beside the command
}

// hitsHow tells such a letter from others; see frame.
const hitsHow = "Tap an entry, or reply with its number: its mail comes in its own thread"

// Hits lists conversations, in the thread of the mail that asked. Numbers in a reply
// fetch their mails, as in the morning mail; q is the question that says which, and
// is filled in.
func (w Writer) Hits(id string, mb desk.Mailbox, conv desk.Conversation, q *desk.Confirmation, h Hits) (Ready, error) {
	w.Zone = h.Agent.Hours.Zone
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice, Sequence: q.Seen}
	l, err := w.toAgent(&item, h.Agent, mb, conv, "", ReplyWords)
	if err != nil {
		return Ready{}, err
	}
	address, err := w.ConfirmAddress(mb, *q)
	if err != nil {
		return Ready{}, err
	}
	l.ReplyTo = &message.Address{Name: strings.TrimPrefix(page.OneLine(mb.Name)+": a number", ": "), Address: address}
	hint := "A number fetches that mail. " + morningHint
	blocks := []page.Block{page.ReplyLine{Hint: hint, Strong: morningHint}, page.Band{Title: h.Title, Text: h.Why}}
	var entries page.Entries
	q.Listed = nil
	for i, x := range h.Hits {
		sign, name := fmt.Sprint(i+1), page.Excerpt(personName(x.Conversation.Customer), 60)
		state := "solved"
		switch since, waits := x.Conversation.Waits(); {
		case waits:
			state = "waits since " + w.clock(since)
		case x.Conversation.State != desk.StateSolved:
			state = "answered"
		}
		text := page.Excerpt(subject(x.Conversation.Subject), 80)
		if said := page.Excerpt(x.Says, maxMorningText); said != "" {
			text += ": “" + said + "”"
		}
		about := w.day(x.Conversation.Activity) + ", " + state
		if b, ok := w.Settings.Mailbox(x.Conversation.Mailbox); ok && b.ID != mb.ID {
			about += ", " + page.OneLine(b.Name)
		}
		entries.Entries = append(entries.Entries, page.Entry{Sign: sign, Name: name, About: about, Text: text, URL: mailto(address, "Bring up "+name, sign)})
		q.Listed = append(q.Listed, desk.Listed{Conversation: x.Conversation.ID, Sequence: x.Sequence})
	}
	if len(entries.Entries) > 0 {
		blocks = append(blocks, page.Aside{Text: hitsHow + "; “2 take” makes it yours as well."}, entries)
	} else {
		blocks[0] = page.ReplyLine{Hint: morningHint, Strong: morningHint}
	}
	if text := strings.TrimSpace(h.Yours); text != "" {
		blocks = append(blocks, page.Heading{Level: 3, Text: "What you had written (not sent)"}, page.Body{Text: text})
	}
	blocks = append(blocks, page.Small{Text: "To write to " + personName(conv.Customer) + ", reply to their own mail. " + conv.ID.Reference() + ", " + page.OneLine(mb.Name) + "."})
	l.Say(page.Document{Lang: "en", Preheader: h.Title, Blocks: blocks})
	return w.finish(item, mb, l)
}

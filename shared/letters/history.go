package letters

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// maxTranscript bounds what one mail shows of a conversation, in bytes.
const maxTranscript = 200 << 10

// transcript shows messages whole, the oldest first, as far as a mail has room;
// of more, the newest are shown.
func (w Writer) transcript(agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, said []desk.Message) (out []page.Block) {
	n := notification{w: w, agent: agent, mb: mb, conv: conv}
	said = desk.InOrder(said)
	from, size := len(said), 0
	for from > 0 && size+len(said[from-1].Text) <= maxTranscript {
		from--
		size += len(said[from].Text)
	}
	if from > 0 {
		out = append(out, page.Aside{Text: page.Count(from, "earlier entry is", "earlier entries are") + " not shown: a mail has no room for more."})
	}
	for _, m := range said[from:] {
		text := m.Text
		if text == "" {
			text = "(no text)"
		}
		if m.TextCut {
			text += "\n\n(The text is cut here. The whole mail is kept.)"
		}
		var files []string
		for _, a := range m.Attachments {
			files = append(files, fileName(a.Filename)+", "+page.Size(int64(a.Size)))
		}
		if len(files) > 0 {
			text += "\n\nAttached: " + shorten(files)
		}
		if m.Kind == desk.KindNote {
			out = append(out, page.Team{Who: n.author(m) + " noted", When: w.day(m.At), Text: text})
			continue
		}
		out = append(out, page.Message{Who: n.speaker(m), When: w.day(m.At), Text: text})
	}
	return out
}

// saidOf is what agents said of a conversation, for the line of who it is.
func saidOf(c desk.Conversation) (out []string) {
	if c.Priority != "" {
		out = append(out, "Priority "+c.Priority+".")
	}
	if c.Topic != "" {
		out = append(out, "Topic: "+page.Excerpt(c.Topic, desk.MaxTopic)+".")
	}
	if len(c.Tags) > 0 {
		out = append(out, "Tags: "+page.Excerpt(strings.Join(c.Tags, ", "), 200)+".")
	}
	return out
}

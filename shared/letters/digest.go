package letters

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
)

// Digest tells an agent of several messages at once: for each its sender,
// subject and first lines, and for each conversation its reference and a link
// that answers it. items are the agent's notifications that it stands for, the
// oldest first, at least one.
//
// It has no Reply-To of its own. An answer to the digest as a whole cannot be
// meant for one customer; it comes to the support address, where it is seen as
// an agent's mail without a reply address and held, and the agent is told.
func (w Writer) Digest(id string, agent desk.Agent, items []desk.OutboxItem) (Ready, error) {
	if len(agent.Addresses) == 0 {
		return Ready{}, desk.Permanent(fmt.Errorf("the agent %s has no address in the configuration: add one", agent.ID))
	}
	if len(items) == 0 {
		return Ready{}, desk.Permanent(fmt.Errorf("a digest for the agent %s tells of no message", agent.ID))
	}
	mb, ok := w.Settings.Mailbox(items[0].Mailbox)
	if !ok {
		if len(w.Settings.Mailboxes) == 0 {
			return Ready{}, desk.Permanent(fmt.Errorf("there is no mailbox in the configuration to write from"))
		}
		mb = w.Settings.Mailboxes[0]
	}
	threads := byConversation(items)
	what := compose.Count(len(items), "new message", "new messages")
	about := compose.Count(len(threads), "conversation", "conversations")
	doc := compose.Document{Lang: mb.Language, Preheader: what + " in " + about,
		Blocks: []compose.Block{
			compose.Heading{Level: 1, Text: what + " in " + about},
			compose.Paragraph{Text: fmt.Sprintf("So much mail came that it is told to you in one mail: more than %d within %s. "+
				"Nothing is left out. Answer each conversation by its own link; an answer to this mail as a whole reaches no customer.",
				w.Settings.Notifications.Most, compose.Duration(w.Settings.Notifications.Window))},
		}}
	for _, t := range threads {
		doc.Blocks = append(doc.Blocks, w.digestThread(agent, t)...)
	}
	doc.Blocks = append(doc.Blocks, compose.Small{Text: fmt.Sprintf("You get this because you answer %s. "+
		"How many mails you get before they are merged is set under \"notifications\" in the configuration.", mb.Address)})

	last := items[len(items)-1]
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxDigest, Agent: agent.ID, Conversation: last.Conversation, Sequence: last.Sequence}
	var err error
	if item.EnvelopeFrom, err = w.BounceAddress(mb, last.Conversation, agent.ID, last.Sequence); err != nil {
		return Ready{}, err
	}
	l := compose.Letter{
		From:    message.Address{Name: shownAs("", mb), Address: mb.Address},
		To:      []message.Address{{Name: compose.OneLine(agent.Name), Address: agent.Addresses[0]}},
		Subject: what + " in " + about,
	}
	l.Say(doc)
	return w.finish(item, mb, l)
}

// digestThread is one conversation's part of a digest.
func (w Writer) digestThread(agent desk.Agent, items []desk.OutboxItem) []compose.Block {
	last := items[len(items)-1]
	title := "[" + last.Conversation.Reference() + "] " + subject(last.Summary.Subject)
	blocks := []compose.Block{compose.Heading{Level: 2, Text: title}}
	for _, i := range items {
		text := i.Summary.FirstLines
		if text == "" {
			text = "(no text)"
		}
		blocks = append(blocks, compose.Message{Who: i.Summary.From, When: w.when(i.Created), Text: compose.Excerpt(text, 400)})
	}
	mb, ok := w.Settings.Mailbox(last.Mailbox)
	if !ok {
		return append(blocks, compose.Paragraph{Text: "Its mailbox is not in the configuration any more, so it cannot be answered by mail."})
	}
	address, err := w.AgentAddress(mb, last.Conversation, agent, last.Sequence)
	if err != nil {
		return append(blocks, compose.Paragraph{Text: "No reply address could be made for it: " + err.Error()})
	}
	return append(blocks, compose.Link{Text: "Answer this conversation", URL: "mailto:" + address + "?subject=" + escape("Re: "+title)})
}

// escape writes a value for a mailto link, where a space is never a plus (RFC
// 6068 section 5).
func escape(value string) string { return strings.ReplaceAll(url.QueryEscape(value), "+", "%20") }

// byConversation puts together what belongs together, in the order of each
// conversation's first item.
func byConversation(items []desk.OutboxItem) (out [][]desk.OutboxItem) {
	at := map[desk.ConversationID]int{}
	for _, i := range items {
		n, seen := at[i.Conversation]
		if !seen {
			n = len(out)
			at[i.Conversation] = n
			out = append(out, nil)
		}
		out[n] = append(out[n], i)
	}
	return out
}

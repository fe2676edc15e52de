package letters

import (
	"fmt"
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// Notice tells an agent what became of a mail of the agent's own.
type Notice struct {
	Agent desk.Agent
	Title string // what happened, in a few words: "Nothing was sent"
	Why   string // to what, and why
	// Places are what Why speaks of, one by one; may be empty.
	Places []string
	About  []page.Block   // what Why tells of; may be empty
	Said   []desk.Message // of the conversation, shown below About; may be empty
	Tap    *Tap           // a word that answers it; nil: none
	Next   string         // what to do next
	Yours  string         // the agent's own text, so that it can be sent again; may be empty
	// Commands lists what can be written, where that helps.
	Commands bool
	Sendable int  // in that list, the number of a ready answer that #send sends; 0: there is none
	All      bool // lists all commands there are
	Calm     bool // nothing went wrong
	// Offers are the articles, by id, that the numbers in a reply mean, where they are
	// others than those of the customer's mail: then List is which of the day's notices
	// about the conversation this is, counted from 0. Articles are shown with those numbers.
	Offers   []string
	List     int
	Articles []desk.Suggestion
}

// Tap is a button whose mail says one word.
type Tap struct{ Label, Word, Subject string }

// Notice writes to the agent, in the conversation's thread. seen is the last
// message that the agent has been shown, so that #answer in reply to the notice
// answers the customer from there.
func (w Writer) Notice(id string, mb desk.Mailbox, conv desk.Conversation, seen int, n Notice) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice, Sequence: seen}
	letter, err := w.toAgent(&item, n.Agent, mb, conv, "", ReplyAsk)
	if err != nil {
		return Ready{}, err
	}
	if n.Offers != nil {
		item.Offers = n.Offers
		if letter.ReplyTo.Address, err = w.listAddress(mb, conv, n.Agent, seen, n.List); err != nil {
			return Ready{}, err
		}
	}
	blocks := []page.Block{
		page.ReplyLine{Hint: firstLine("", ReplyAsk, conv)},
		page.Band{Tone: page.Problem, Title: n.Title, Text: n.Why},
	}
	if len(n.Places) > 0 {
		blocks = append(blocks, page.Bullets{Items: n.Places})
	}
	if n.Calm {
		blocks[1] = page.Band{Title: n.Title, Text: n.Why}
	}
	blocks = append(blocks, n.About...)
	if t := n.Tap; t != nil {
		blocks = append(blocks, page.Button{Likely: true, Label: t.Label, Say: "Reply with the word " + t.Word + ":",
			URL: mailto(letter.ReplyTo.Address, t.Subject+" ["+conv.ID.Reference()+"]", t.Word)})
	}
	offer := notification{w: w, agent: n.Agent, mb: mb, conv: conv, address: letter.ReplyTo.Address}
	likely := true
	for i, s := range n.Articles {
		blocks = append(blocks, offer.found(i+1, s, likely))
		likely = likely && s.Internal
	}
	blocks = append(blocks, w.transcript(n.Agent, mb, conv, n.Said)...)
	for _, m := range desk.InOrder(n.Said) {
		item.Lists = append(item.Lists, desk.Listed{Conversation: m.Conversation, Sequence: m.Sequence})
	}
	item.Lists = item.Lists[max(0, len(item.Lists)-maxListed):]
	if n.Next != "" {
		blocks = append(blocks, page.Paragraph{Text: n.Next})
	}
	if text := strings.TrimSpace(n.Yours); text != "" {
		blocks = append(blocks, page.Heading{Level: 3, Text: "What you had written"}, page.Body{Text: text})
	}
	switch {
	case n.All:
		blocks = append(blocks, allCommands()...)
	case n.Commands:
		blocks = append(blocks, page.Commands{Commands: commandsFor(conv, n.Sendable)})
	}
	blocks = append(blocks, page.Small{Text: "Conversation " + conv.ID.Reference() + ": " + subject(conv.Subject)})
	doc := page.Document{Lang: "en", Preheader: n.Title + ": " + n.Why, Blocks: blocks}
	letter.Say(doc)
	return w.finish(item, mb, letter)
}

// maxListed bounds what is noted of a transcript, as what its reader was shown.
const maxListed = 40

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

// Commands lists what an agent writes at the top of a mail day by day.
func Commands() []page.Command {
	return []page.Command{
		sends(1),
		{Name: "#learn", Meaning: "sends your answer, and mails you a draft article made of it"},
		{Name: "#note", Meaning: "keeps the text below it for the team; nothing is sent"},
		{Name: "#close", Meaning: "marks this as solved; text below it is sent first"},
		{Name: "#help", Meaning: "mails you all commands, such as #show, #split, #merge, #add and #undo"},
	}
}

// commandsFor are those of them that can be used in a conversation, where #send
// sends this ready answer, or 0.
func commandsFor(conv desk.Conversation, sendable int) []page.Command {
	usual := Commands()
	switch {
	case conv.Customer.Address == "":
		return usual[2:] // neither #send nor #learn: there is no answer
	case sendable == 0:
		return usual[1:] // without #send
	}
	usual[0] = sends(sendable)
	return usual
}

func sends(n int) page.Command {
	return page.Command{Name: fmt.Sprintf("#send %d", n), Meaning: fmt.Sprintf("sends ready answer %d, after your own text if there is any", n)}
}

// allCommands lists every word that can stand at the top of a mail; see
// docs/commands.md.
func allCommands() []page.Block {
	var list []page.Command
	for _, c := range commands.All() {
		for _, l := range c.Help {
			list = append(list, page.Command{Name: l.Written, Meaning: l.Meaning})
		}
	}
	return []page.Block{
		page.Commands{Commands: list},
		page.Paragraph{Text: "In reply to a mail of ours that asks for them, and nowhere else:"},
		page.Commands{Commands: []page.Command{
			{Name: "#release, #drop", Meaning: "lets a held mail through, or drops it; with numbers where the mail is a list (#release 3, #drop 2 5)"},
			{Name: "#yes, #no", Meaning: "confirms what the mail asks, such as a #merge, or leaves all as it is"},
		}},
	}
}

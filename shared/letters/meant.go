package letters

import (
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

// Meant asks an agent what one line of a mail of the agent's own was to be.
type Meant struct {
	Agent    desk.Agent
	Line     string // the line, shortened
	Meant    string // the order that it may be: "#note"; "" where nobody could say
	Yes      string // what happens then, in sentences
	Of       string // "to a report": the mail in reply to which it does something; "" is none
	At       time.Time
	Text     string   // the mail's own new text, whole
	Files    []string // what is attached: name and size
	Question desk.Confirmation
}

// What is said of the line.
const (
	looksLikeWord  = "One line in your mail looks like a command, or like words for the team: "
	looksLikeOrder = "One line in your mail looks like a command, but there is no such command: "
	looksMisplaced = "One line in your mail looks like a reply "
)

// Meant writes it, in the conversation's thread. Only the words that it names do
// anything; doing nothing is safe.
func (w Writer) Meant(id string, mb desk.Mailbox, conv desk.Conversation, m Meant) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice, Sequence: m.Question.Seen}
	l, err := w.toAgent(&item, m.Agent, mb, conv, "", ReplyWords)
	if err != nil {
		return Ready{}, err
	}
	address, err := w.ConfirmAddress(mb, m.Question)
	if err != nil {
		return Ready{}, err
	}
	who, ref := customerName(conv), " ["+conv.ID.Reference()+"]"
	title, why, strong := "Nothing was sent. Did you mean "+m.Meant+"?", looksLikeWord, "yes, no or send"
	words := []page.Command{{Name: "#yes"}, {Name: "#no"}, {Name: "#send"}}
	if m.Meant == "" {
		title, why, strong = "Nothing was sent. Is all of it for "+who+"?", looksLikeOrder, "send or no"
		words = []page.Command{{Name: "#send"}, {Name: "#no"}}
	}
	if m.Of != "" {
		why = looksMisplaced + m.Of + ", and does nothing here: "
	}
	l.ReplyTo = &message.Address{Name: byWords(mb, words), Address: address}
	text := m.Text
	if strings.TrimSpace(text) == "" {
		text = "(no text)"
	}
	blocks := []page.Block{
		page.ReplyLine{Hint: sayOnly(words), Strong: strong},
		page.Band{Tone: page.Warning, Title: title, Text: why + "“" + page.OneLine(m.Line) + "”"},
		page.Quote{Who: "Your mail", When: w.when(m.At), Text: text},
	}
	if len(m.Files) > 0 {
		blocks = append(blocks, page.Bullets{Items: m.Files})
	}
	if m.Meant != "" {
		blocks = append(blocks,
			page.Button{Likely: true, Label: "Yes, I meant " + m.Meant, Say: "Reply with the word yes:", URL: mailto(address, "Yes, I meant "+m.Meant+ref, "yes")},
			page.Paragraph{Text: m.Yes})
	}
	blocks = append(blocks,
		page.Button{Label: "No, send all of it to " + who, Say: "Reply with the word send:", URL: mailto(address, "Send all of my mail to "+who+ref, "send")},
		page.Paragraph{Text: who + " gets your mail as you wrote it, with that line."},
		page.Small{Text: "For other words, reply to the mail that you answered. The word no drops your text. Without an answer it is deleted on " + w.day(m.Question.Expires) +
			"; it is not sent.\nConversation " + conv.ID.Reference() + ": " + subject(conv.Subject)})
	l.Say(page.Document{Lang: "en", Preheader: title, Blocks: blocks})
	return w.finish(item, mb, l)
}

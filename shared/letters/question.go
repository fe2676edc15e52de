package letters

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/replyaddr"
)

// Question is what a confirmation asks an agent.
type Question struct {
	Subject string       // where there is no conversation to name; else that gives it
	Title   string       // what it is about, in a few words: "Merge two conversations?"
	Text    string       // what would happen
	Tone    page.Tone    // of the two above
	About   []page.Block // what the agent must see to decide; may be empty
	// Words are what can be answered, with their '#'; the first goes into the
	// line at the top.
	Words []page.Command
	Small string // small print; may be empty
}

// YesOrNo are the words of a question that is one thing or the other.
func YesOrNo(yes, no string) []page.Command {
	return []page.Command{{Name: "#yes", Meaning: yes}, {Name: "#no", Meaning: no}}
}

// sayOnly is the first line of a question: "Say yes or no. Other words go nowhere."
func sayOnly(words []page.Command) string {
	return "Say " + choice(words) + ". " + otherWords
}

// byWords names the reply address of a question by the mailbox and the words that
// answer it: "Brightwater Support: yes or no".
func byWords(mb desk.Mailbox, words []page.Command) string {
	return strings.TrimPrefix(page.OneLine(mb.Name)+": "+choice(words), ": ")
}

// choice lists the words: "yes or no", "send, note or no".
func choice(words []page.Command) string {
	var names []string
	for _, c := range words {
		word, _, _ := strings.Cut(strings.TrimPrefix(c.Name, "#"), " ")
		if !slices.Contains(names, word) {
			names = append(names, word)
		}
	}
	if last := len(names) - 1; last > 0 {
		return strings.Join(names[:last], ", ") + " or " + names[last]
	}
	return strings.Join(names, "")
}

// onlyByWord tells what else does: nothing. It stands in every question.
const onlyByWord = "Only a reply that begins with one of these words counts"

// ConfirmAddress is where the answer to a confirmation goes. It is signed for
// the agent that is asked, for this one question and until it expires.
func (w Writer) ConfirmAddress(mb desk.Mailbox, c desk.Confirmation) (string, error) {
	return w.sealed(mb, replyaddr.Confirm, desk.ConversationID(c.ID), c.Agent, 0, c.Expires.Sub(w.Now))
}

// Ask puts the question to the agent, at the address that stands in the
// settings. conv is the conversation in whose thread it is shown; the zero value
// where there is none.
func (w Writer) Ask(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, c desk.Confirmation, q Question) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice, Sequence: c.Seen}
	l, err := w.toAgent(&item, agent, mb, conv, "", ReplyWords)
	if err != nil {
		return Ready{}, err
	}
	if conv.ID == "" {
		l.Subject = page.OneLine(q.Subject)
	}
	address, err := w.ConfirmAddress(mb, c)
	if err != nil {
		return Ready{}, err
	}
	l.ReplyTo = &message.Address{Name: byWords(mb, q.Words), Address: address}
	hint := ""
	if len(q.Words) > 0 {
		hint = sayOnly(q.Words)
	}
	blocks := []page.Block{page.ReplyLine{Hint: hint}, page.Band{Tone: q.Tone, Title: q.Title, Text: q.Text}}
	blocks = append(blocks, q.About...)
	blocks = append(blocks, page.Heading{Level: 2, Text: "What to do"}, page.Commands{Commands: q.Words},
		page.Paragraph{Text: onlyByWord + ", until " + w.when(c.Expires) + ". It works once, and for you alone: do not forward this mail."})
	small := q.Small
	if conv.ID != "" {
		small = "Conversation " + conv.ID.Reference() + ": " + subject(conv.Subject) + "\n" + small
	}
	if small != "" {
		blocks = append(blocks, page.Small{Text: small})
	}
	doc := page.Document{Lang: "en", Preheader: q.Title, Blocks: blocks}
	l.Say(doc)
	return w.finish(item, mb, l)
}

package letters

import (
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// PlainWords points out what a customer may not understand in an answer that waits to leave.
type PlainWords struct {
	Agent    desk.Agent
	Leaves   time.Time
	Hard     bool   // it is much harder to read than the customer's mail; else it does not say what happens next
	Sentence string // the one that shows it most
}

// leavesAnyway tells such a letter from others; see frame.
const leavesAnyway = "leaves by itself, as you wrote it. nothing is to be done if you meant it so"

// PlainWords writes it, in the conversation's thread. "#undo" in reply stops the answer.
func (w Writer) PlainWords(id string, mb desk.Mailbox, conv desk.Conversation, seen int, p PlainWords) (Ready, error) {
	w.Zone = p.Agent.Hours.Zone
	who := personName(conv.Customer)
	n := Notice{Agent: p.Agent, Calm: true, Title: "Your answer to " + who + " leaves at " + w.clock(p.Leaves) + ". Does it say what happens next?",
		Why: "It tells how things are, and we see no word on what " + who + " can do, or what you do."}
	said := "Your answer says"
	if p.Hard {
		n.Title = "Your answer to " + who + " leaves at " + w.clock(p.Leaves) + ". One sentence may be hard to read"
		n.Why, said = "It is much harder to read than what "+who+" writes.", "The sentence"
	}
	n.Why += " It leaves by itself, as you wrote it. Nothing is to be done if you meant it so."
	if p.Sentence != "" {
		n.About = []page.Block{page.Quote{Who: said, Text: page.Excerpt(p.Sentence, 600)}}
	}
	n.Next = "Reply with #undo before then, and you get your text back to change it."
	return w.Notice(id, mb, conv, seen, n)
}

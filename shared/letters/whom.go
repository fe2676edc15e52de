package letters

import (
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// Whom asks in passing whether an answer that waits to leave is for the customer.
type Whom struct {
	Agent  desk.Agent
	Leaves time.Time
	Text   string // what may be for the team
}

// keepsInside is the word that keeps such an answer in the team.
const keepsInside = "note"

// Whom writes it, in the conversation's thread. The word "note" in reply keeps the answer
// in the team; without a word it leaves.
func (w Writer) Whom(id string, mb desk.Mailbox, conv desk.Conversation, seen int, p Whom) (Ready, error) {
	w.Zone = p.Agent.Hours.Zone
	who := personName(conv.Customer)
	n := Notice{Agent: p.Agent, Calm: true, Title: "Is this for " + who + "? It leaves at " + w.clock(p.Leaves),
		Why:   "It may be meant for the team. It leaves by itself, as you wrote it. Nothing is to be done if you meant it so.",
		About: []page.Block{page.Quote{Who: "You wrote", Text: page.Excerpt(p.Text, 600)}},
		Tap:   &Tap{Label: "No, keep it in the team", Word: keepsInside, Subject: "Keep it in the team"},
		Next:  "It stays in the team then, and " + who + " gets nothing of it. With #undo you get your text back to change it."}
	return w.Notice(id, mb, conv, seen, n)
}

// KeptInside tells the author of such an answer that it did not leave.
func KeptInside(agent desk.Agent, conv desk.Conversation, text string) Notice {
	return Notice{Agent: agent, Calm: true, Title: "Kept in the team", Why: "Your answer was stopped before it left: " + personName(conv.Customer) + " got nothing. It is a note for the team now.",
		About: []page.Block{page.Quote{Who: "Your note", Text: page.Excerpt(text, 600)}}}
}

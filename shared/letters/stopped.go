package letters

import (
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// Stopped is an answer that waited for its grace time to pass, and does not leave.
type Stopped struct {
	Answer  desk.Message
	Leaving desk.Leaving
	News    []desk.Message // what stopped it; none where its author took it back
	Beside  string         // what the author wrote beside #undo
	Instead string         // the id of the mail to the author that this one stands for; "" is one of its own
}

// Stopped gives the answer back to its author, and asks what shall become of it.
// conv is the conversation without it. Each time that an answer is sent and
// stopped makes a question of its own.
func (w Writer) Stopped(agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, s Stopped) (desk.Confirmation, Ready, error) {
	q := desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmWaiting, s.Leaving.Outbox, agent.ID), Kind: desk.ConfirmWaiting, Agent: agent.ID, Mailbox: mb.ID, Conversation: conv.ID,
		About: desk.WaitsTakenBack, Held: []string{s.Leaving.Held}, Answers: s.Leaving.Seen, Seen: s.Leaving.Sequence,
		Asked: w.Now, Expires: w.Now.Add(desk.ConfirmationGood), CausedBy: s.Leaving.Outbox}
	if len(s.News) > 0 {
		q.About, q.Seen = desk.WaitsOutdated, conv.Messages // the letter shows it
	}
	k := Kept{News: s.News, Text: s.Answer.Text, Stopped: s.Leaving.Until, Beside: s.Beside}
	if s.Answer.TextCut {
		k.Text += "\n\n(The text is cut here; all of it is kept, and sent.)"
	}
	for _, a := range s.Answer.Attachments {
		k.Files = append(k.Files, fileName(a.Filename)+", "+page.Size(int64(a.Size)))
	}
	id := s.Instead
	if id == "" {
		id = desk.DerivedID(s.Leaving.Outbox, "taken back")
	}
	ready, err := w.Kept(id, agent, mb, conv, q, k)
	return q, ready, err
}

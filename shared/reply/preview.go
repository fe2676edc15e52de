package reply

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
)

// asksFixed shows the agent whom a text would go to, and asks. Who is in another
// language gets it at a word of its own only.
func asksFixed(f commands.Facts, w written, x commands.Fixed) notice {
	q := question(f, desk.ConfirmFixed, w.origin().ID)
	q.About, q.SHA256 = x.Cause, textDigest(x.Text)
	p := letters.Preview{Agent: f.Agent, Cause: x.Cause, Text: x.Text, Files: fileNames(w.attachments(), 80)}
	for _, apart := range []bool{false, true} {
		for _, a := range x.Askers {
			if a.Left != "" || a.Apart != apart || len(q.Listed) == desk.MostTied {
				continue
			}
			q.Listed = append(q.Listed, desk.Listed{Conversation: a.Conversation.ID, Sequence: a.Conversation.Messages, Apart: apart})
			p.Askers = append(p.Askers, letters.Asker{Conversation: a.Conversation, Last: a.Last, Apart: apart})
		}
	}
	for _, a := range x.Askers {
		if a.Left != "" {
			p.Left = append(p.Left, letters.Asker{Conversation: a.Conversation, Last: a.Last, Why: a.Left})
		}
	}
	p.Question = q
	return notice{outcome: desk.OutcomeAgent, reason: "fixed asked for: " + x.Cause, ask: &q, later: "There were too many mails about this conversation to ask you whom it is for.", write: func(l letters.Writer, at slot, _ int) (letters.Ready, error) {
		return l.Preview(at.id, f.Mailbox, f.Conversation, p)
	}}
}

func textDigest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

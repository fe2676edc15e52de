package reply

import (
	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/plain"
)

// plainWords tells the author of an answer that waits to leave what a customer may not
// understand in it; nothing where there is nothing, or no time is left to change it. The
// answer leaves all the same. Articles and templates were looked at when they were
// published, so what is made of them is not judged.
func plainWords(l letters.Writer, f commands.Facts, p plan, conv desk.Conversation, left leaving) ([]letters.Ready, error) {
	asked := f.Answered()
	if f.Settings.PlainOff || left.answer == nil || len(p.Ready) > 0 || asked.Text == "" {
		return nil, nil
	}
	found := plain.Judge(p.answer.text, asked.Text)
	if found.Kind == plain.Fine {
		return nil, nil
	}
	r, err := l.PlainWords(desk.DerivedID(f.Mail, "plain"), f.Mailbox, conv, f.Seen, letters.PlainWords{Agent: f.Agent, Leaves: left.due,
		Hard: found.Kind == plain.Hard, Sentence: found.Sentence})
	if err != nil {
		return nil, err
	}
	return []letters.Ready{r}, nil
}

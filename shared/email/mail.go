// Package email is the facade of everything about Internet mail.
package email

import (
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/origin"
	"github.com/replywell/replywell/shared/email/visible"
)

// Mail is one mail, read as a person reads it.
type Mail struct {
	*message.Message
	Origin    origin.Origin
	Visible   visible.Parts
	Automatic automatic.Judgement
}

// Read reads one raw mail. It never fails. returnPath is the envelope sender
// where known ("<>" for the null path), else "".
func Read(raw []byte, returnPath string) *Mail {
	m := message.Parse(raw)
	return &Mail{Message: m, Origin: origin.Find(m), Visible: visible.Split(m.Subject, m.PlainText, m.HTML), Automatic: automatic.Judge(m, returnPath)}
}

package inbound

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
)

// What is set aside as a signature may be something that the customer said: a
// program judges that, and may be wrong. So agents see it below the text, folded,
// unless it is the one that they have seen from this sender before.

// sign keeps the mark of the mail's signature with the conversation, and the
// signature itself for the notification where it is not known.
func (e *entry) sign(a *arrival) {
	text := strings.Join(strings.Fields(a.mail.Visible.Signature), " ")
	if text == "" || a.from != nil {
		return
	}
	mark := desk.DerivedID("signature", canonical(a.author.Address), text)
	known := slices.Contains(e.conv.Signed, mark)
	if e.created { // others are the sender's own then, see thread
		for _, c := range e.others {
			known = known || slices.Contains(c.Signed, mark)
		}
	}
	if !known {
		e.signature = a.mail.Visible.Signature
	}
	if !slices.Contains(e.conv.Signed, mark) {
		e.conv.Signed = append(slices.Clone(e.conv.Signed), mark)
		e.conv.Signed = e.conv.Signed[max(0, len(e.conv.Signed)-desk.MaxSigned):]
	}
}

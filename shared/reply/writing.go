package reply

import (
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/letters"
)

// writing is a text as it is passed on.
type writing struct {
	text, html string
	files      []compose.Attachment
	// Of an answer's files, those that are mailed and those that are linked, and the links.
	mailed, linked []compose.Attachment
	links          []letters.FileLink
}

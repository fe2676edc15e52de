package email

import (
	"bytes"
	"time"

	"github.com/replywell/replywell/shared/email/message"
)

// Date gives the date in a raw mail's header without reading the rest; zero if
// there is none that can be read.
func Date(raw []byte) time.Time {
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(raw, []byte(end)); i >= 0 {
			raw = raw[:i+len(end)]
		}
	}
	return message.Parse(raw).Date
}

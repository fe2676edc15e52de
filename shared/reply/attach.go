package reply

import (
	"strings"

	"github.com/replywell/replywell/shared/email/compose"
)

// attachments are the files that go to the customer with an answer. Left out:
// signatures of the mail itself, which do not hold for the mail we write, and
// inline images that only the quoted part shows.
func (j *job) attachments() []compose.Attachment {
	html := j.ownHTML()
	var out []compose.Attachment
	for _, a := range j.mail.Attachments {
		switch a.ContentType {
		case "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature":
			continue
		}
		shown := a.ContentID != "" && strings.Contains(html, "cid:"+a.ContentID)
		if a.Inline && !shown {
			if a.ContentID != "" && strings.Contains(j.mail.HTML, "cid:"+a.ContentID) {
				continue // shown in the quoted part, or in the signature
			}
			a.Inline = false
		}
		out = append(out, a)
	}
	return out
}

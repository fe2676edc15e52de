package reply

import (
	"fmt"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/visible"
)

// attachments are the files that go to the customer with an answer. Left out:
// signatures of the mail itself, which do not hold for the mail we write,
// pictures that only the quoted part shows, and logos of the agent's card. A
// photograph below a signature, where telephones put it, is none.
func (j *job) attachments() []compose.Attachment {
	own, v := j.ownHTML(), j.mail.Visible
	var out []compose.Attachment
	for _, a := range j.mail.Attachments {
		switch a.ContentType {
		case "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature":
			continue
		}
		if a.Inline && !compose.Shows(own, a.ContentID) {
			signed := slices.ContainsFunc(v.SignaturePictures, func(src string) bool { return compose.Shows(src, a.ContentID) })
			standIn := "[image: " + a.Filename + "]"
			switch {
			case signed && compose.Logo(a):
				continue
			case !signed && compose.Shows(j.mail.HTML, a.ContentID):
				continue // shown in the quoted part
			case strings.Contains(v.Quoted, standIn) && !strings.Contains(v.Visible, standIn):
				continue
			}
			a.Inline = false
		}
		out = append(out, a)
	}
	return out
}

// own is the agent's formatting of a text that the mail says, "" where it is not
// to be found: what is left of the HTML when the commands are cut off.
func (j *job) own(text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return visible.Saying(j.ownHTML(), text)
}

// place puts the pictures of an answer where the agent put them.
func (p *plan) place(id string, domain string) {
	if p.html == "" {
		p.html = compose.TextWithPictures(p.text, p.attachments)
	}
	own := func(n int) string { return fmt.Sprintf("%s.%d@%s", desk.DerivedID(id, "picture"), n, domain) }
	p.html, p.attachments = compose.PlacePictures(p.html, p.attachments, own)
	shown := false
	for i, a := range p.attachments {
		if a.Inline && compose.Shows(p.html, a.ContentID) {
			shown = true
		} else {
			p.attachments[i].Inline = false
		}
	}
	if shown { // the text part of many programs says nothing of them
		p.text = strings.TrimSpace(compose.TextOfHTML(p.html))
	} else {
		p.text = compose.PicturesInText(p.text)
	}
}

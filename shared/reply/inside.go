package reply

import (
	"bytes"
	"strings"

	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/letters"
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

// inside finds what must not reach a customer in what is about to: a signed
// reply address, the line of our own frame, a private address of an agent. It
// gives the span that was found, or "".
func (j *job) inside(p *plan) string {
	texts := []string{p.text, p.html}
	for _, a := range p.attachments {
		// Whatever a file is called, it may be a mail of ours that was saved and
		// attached. Wide characters (as in Outlook's files) are read as narrow ones.
		texts = append(texts, a.Filename, string(a.Content))
		if bytes.IndexByte(a.Content, 0) >= 0 {
			texts = append(texts, string(bytes.ReplaceAll(a.Content, []byte{0}, nil)))
		}
	}
	for _, t := range texts {
		if span := j.internalSpan(t); span != "" {
			return span
		}
	}
	return ""
}

func (j *job) internalSpan(text string) string {
	lower := strings.ToLower(text)
	if span := letters.Frame(text); span != "" {
		return span
	}
	if t := j.token(lower); t != "" {
		return t
	}
	for _, a := range j.settings.Agents {
		for _, address := range a.Addresses {
			if strings.EqualFold(address, j.conv.Customer.Address) {
				continue // an agent who is a customer here knows it
			}
			if containsAddress(lower, strings.ToLower(address)) {
				return address
			}
		}
	}
	return ""
}

// token finds a genuine reply token anywhere in a text in lower case, whatever
// stands around it.
func (j *job) token(lower string) string {
	start := -1
	for i := 0; i <= len(lower); i++ {
		inToken := i < len(lower) && (lower[i] >= 'a' && lower[i] <= 'z' || lower[i] >= '2' && lower[i] <= '7')
		switch {
		case inToken && start < 0:
			start = i
		case !inToken && start >= 0:
			if run := lower[start:i]; len(run) >= replyaddr.TokenLen && len(run) <= 4*replyaddr.TokenLen {
				for k := 0; k+replyaddr.TokenLen <= len(run); k++ {
					// An expired token gives away as much as another.
					if t, err := j.Keys.Open(run[k:k+replyaddr.TokenLen], j.now); err == nil || t.Conversation != "" {
						return run[k : k+replyaddr.TokenLen]
					}
				}
			}
			start = -1
		}
	}
	return ""
}

// containsAddress looks for a whole address: not the end of a longer one.
func containsAddress(text, address string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], address)
		if i < 0 {
			return false
		}
		at := from + i
		end := at + len(address)
		if (at == 0 || !wordByte(text[at-1])) && (end == len(text) || !wordByte(text[end])) {
			return true
		}
		from = at + 1
	}
}

func wordByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '-' || b == '_' || b == '+' || b >= 0x80
}

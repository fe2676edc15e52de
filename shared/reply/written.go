package reply

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/visible"
)

// written is an agent's mail, with what the agent said of it since.
type written struct {
	in   *desk.Inbound // the record of the mail that is carried out
	mail *email.Mail
	verdict
	held  *desk.Inbound // the record of the mail that this text came in, where it is carried out at a word of in's
	shown string        // what the agent was told of it then, where it goes out in spite of that
	asked string        // and the Message-ID of the mail that asks for it
	late  bool          // it waited for the agent's word, and is said when that came

	templates *templates // what the team has ready by name; nil: none, and any name passes
}

// verdict is how the agent settled what was doubtful in a mail.
type verdict struct {
	said string // the word
	of   string // the digest of what was shown then
}

// saidBy reads a mail as the agent's answer: how the agent took leave is said to
// the customer; the card, the telephone's line and the fine print below are not.
// opens: its first line says to whom the agent writes first.
func saidBy(a desk.Agent, m *email.Mail, opens bool) *email.Mail {
	read := *m
	read.Visible = m.AsAnswer(append([]string{a.Name, a.PublicName, m.From.Name, m.From.Address}, a.Addresses...)...)
	if opens {
		read.Visible = withoutWhom(read.Visible)
	}
	return &read
}

// origin is the record of the mail that the text came in.
func (w written) origin() *desk.Inbound {
	if w.held != nil {
		return w.held
	}
	return w.in
}

// text is what the agent wrote; where it was written between quoted lines, each
// answer with the question it belongs to.
func (w written) text(f commands.Facts) string {
	v := w.mail.Visible
	switch {
	case v.OnlyQuote:
		return "" // the reader gives the quote then, which is not the agent's
	case v.Inline && v.WithContext != "":
		return withoutInternal(f.Messages, v.WithContext)
	}
	return v.Visible
}

// html is the same with the agent's formatting, where the mail's HTML could be cut
// at the same places.
func (w written) html() string {
	if w.mail.Visible.Inline || w.mail.Visible.OnlyQuote {
		return ""
	}
	return w.mail.Visible.VisibleHTML
}

// formatted is the agent's formatting of a text that the mail says, "" where it is
// not to be found: what is left of the HTML when the commands are cut off.
func (w written) formatted(text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return visible.Saying(w.html(), text)
}

// aside is what was set aside as a signature.
func (w written) aside() string {
	if w.mail.Visible.OnlyQuote {
		return ""
	}
	return w.mail.Visible.Signature
}

// attachments are the files that go to the customer with an answer. Left out:
// signatures of the mail itself, which do not hold for the mail we write,
// pictures that only the quoted part shows, and logos of the agent's card. A
// photograph below a signature, where telephones put it, is none.
func (w written) attachments() []compose.Attachment {
	own, v := w.html(), w.mail.Visible
	var out []compose.Attachment
	for _, a := range w.mail.Attachments {
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
			case !signed && compose.Shows(w.mail.HTML, a.ContentID):
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

// fileNames lists files for a letter, names cut to so many bytes.
func fileNames(files []compose.Attachment, length int) (names []string) {
	for _, a := range files {
		names = append(names, page.Excerpt(a.Filename, length)+", "+page.Size(int64(a.Size)))
	}
	return names
}

// withoutInternal takes the quoted lines out of an answer between the lines
// that the customer has never seen: our letter to the agent quotes the team's
// notes and its own words beside the customer's. A question that is answered
// stays if the customer asked it, or if an answer of ours said it.
func withoutInternal(messages []desk.Message, text string) string {
	var known strings.Builder
	for _, m := range messages {
		if m.Kind == desk.KindCustomer || m.Kind == desk.KindAnswer {
			known.WriteString(fold(m.Text) + "\n")
		}
	}
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if question, quoted := strings.CutPrefix(line, ">"); quoted {
			question = fold(strings.TrimSuffix(strings.TrimLeft(question, "> "), "…"))
			if question != "" && !strings.Contains(known.String(), question) {
				continue
			}
		}
		out = append(out, line)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// fold makes texts comparable that were wrapped at different places.
func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// cut bounds a text for the conversation's entry; the whole mail is kept raw.
func cut(s string) (string, bool) {
	if len(s) <= desk.MaxInlineText {
		return s, false
	}
	return strings.ToValidUTF8(s[:desk.MaxInlineText], ""), true
}

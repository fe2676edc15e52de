package identify

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/origin"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/letters"
)

// shown is what a person should read of the mail: what was newly written, with
// the questions it answers where it stands between them; all of the mail where
// nothing new was found; and where there is no text at all, that.
func shown(m *email.Mail) string {
	between := m.Visible.Inline && m.Visible.WithContext != ""
	text := m.Visible.Visible
	switch {
	case between:
		text = m.Visible.WithContext
	case len(m.Passed) > 0:
		text = m.WithPassedOn()
	}
	for _, t := range []string{text, m.Text} {
		_, t = origin.Clean(m.Subject, t)
		if t = strings.TrimSpace(t); t != "" {
			return t
		}
	}
	if n := len(m.Attachments); n > 0 {
		return "(no text; " + page.Count(n, "attachment", "attachments") + ")"
	}
	return NoText
}

// NoText stands for the text of a mail that has none, and no file.
const NoText = "(no text)"

// shownHTML is the text as it was written, "" where the two would not say the same.
func shownHTML(m *email.Mail, text string) string {
	v := m.Visible
	if v.Inline || v.OnlyQuote || text != strings.TrimSpace(v.Visible) {
		return ""
	}
	return v.VisibleHTML
}

// order is what an agent's mail would be carried out as: commands and text.
// There is nothing in it that was not newly written.
func order(m *email.Mail) string {
	v := m.Visible
	switch {
	case v.OnlyQuote:
		return ""
	case v.Inline && v.WithContext != "":
		return v.WithContext
	}
	return v.Visible
}

// subject is the mail's subject without what gateways wrote into it.
func subject(m *email.Mail) string {
	s, _ := origin.Clean(m.Letter().Subject, "")
	return Clip(page.OneLine(s), maxSubject)
}

// ourMark reports whether a mail bears the mark of every mail of ours.
func ourMark(m *email.Mail, s *desk.Settings) bool {
	for _, v := range m.Header.Values(letters.LoopHeader) {
		for _, mb := range s.Mailboxes {
			if strings.EqualFold(strings.TrimSpace(v), mb.Address) {
				return true
			}
		}
	}
	return false
}

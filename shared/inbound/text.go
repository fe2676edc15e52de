package inbound

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/origin"
	"github.com/replywell/replywell/shared/email/page"
)

// shown is what a person should read of the mail: what was newly written, with
// the questions it answers where it stands between them; all of the mail where
// nothing new was found; and where there is no text at all, that.
func (a *arrival) shown() string {
	if a.from != nil {
		return a.from.text
	}
	m := a.mail
	text := m.Visible.Visible
	if m.Visible.Inline && m.Visible.WithContext != "" {
		text = m.Visible.WithContext
	}
	if len(m.Passed) > 0 && !(m.Visible.Inline && m.Visible.WithContext != "") {
		text = m.Shown()
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
	return "(no text)"
}

// shownHTML is shown as it was written, "" where the two would not say the same.
func (a *arrival) shownHTML() string {
	v := a.mail.Visible
	if a.from != nil || v.Inline || v.OnlyQuote || a.shown() != strings.TrimSpace(v.Visible) {
		return ""
	}
	return v.VisibleHTML
}

// carried is what an agent's mail would be carried out as: commands and text.
// There is nothing in it that was not newly written.
func (a *arrival) carried() string {
	v := a.mail.Visible
	switch {
	case v.OnlyQuote:
		return ""
	case v.Inline && v.WithContext != "":
		return v.WithContext
	}
	return v.Visible
}

// shownCut is shown, bounded to what a message's record may hold.
func (a *arrival) shownCut() (text string, cut bool) {
	text = a.shown()
	short := clip(text, desk.MaxInlineText)
	return short, len(short) < len(text)
}

// subject is the mail's subject without what gateways wrote into it.
func (a *arrival) subject() string {
	if a.from != nil {
		return a.from.subject
	}
	subject, _ := origin.Clean(a.mail.Letter().Subject, "")
	return clip(page.OneLine(subject), maxSubject)
}

package email

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/message"
)

// Explain says for people what was read and why: who wrote, what is new, what
// was set aside and by which rule, and which repairs the mail needed. Its
// wording may change; programs read Report.
func (m *Mail) Explain() string {
	e := &explanation{}
	e.head(m)
	e.kind(m)
	v := m.Visible
	e.text("What was newly said", m.WithPassedOn())
	if v.Inline {
		e.text("With the questions it answers", v.WithContext)
	}
	e.text("Signature", v.Signature)
	e.text("Quoted", v.Quoted)
	if f := v.Forwarded; f != nil {
		e.text(strings.TrimSpace(fmt.Sprintf("Forwarded from %s <%s> %s: %s", f.FromName, f.FromAddress, f.Date, f.Subject)), f.Text)
	}
	e.list("Rules that took the text apart", v.Rules)
	e.attachments(m.Attachments)
	var warnings []string
	for _, w := range append(append([]message.Warning{}, m.Warnings...), m.Automatic.Warnings...) {
		warnings = append(warnings, strings.TrimSpace(w.Name+": "+w.Detail))
	}
	e.list("Repairs and doubts", warnings)
	return e.String()
}

type explanation struct{ strings.Builder }

func (e *explanation) field(name, value string) {
	if value != "" {
		fmt.Fprintf(e, "%-12s %s\n", name, value)
	}
}

func (e *explanation) head(m *Mail) {
	e.field("From", mailbox(m.From))
	if m.Origin.Rule != "from" && m.Origin.Rule != "" {
		e.field("Written by", mailbox(m.Origin.Author)+"  (rule "+m.Origin.Rule+")")
	}
	if m.Origin.ReplyTo != "" {
		e.field("Answer to", m.Origin.ReplyTo)
	}
	e.field("To", mailboxes(m.To))
	e.field("Cc", mailboxes(m.Cc))
	e.field("Subject", m.Subject)
	if !m.Date.IsZero() {
		e.field("Date", m.Date.Format("Mon, 2 Jan 2006 15:04:05 -0700"))
	}
	e.field("Message-ID", m.MessageID)
	e.field("Wrapped in", string(m.Wrapper))
	if m.Inside != nil {
		e.field("Inside", "the letter "+strings.TrimSpace(m.Inside.MessageID+" "+m.Inside.Subject)+", which was read in its place")
	}
}

func (e *explanation) kind(m *Mail) {
	j := m.Automatic
	if !j.Automatic() {
		e.field("Kind", "a person's mail, as far as can be seen")
		return
	}
	e.field("Kind", fmt.Sprintf("%s  (rule %s)", j.Kind, j.Rule))
	for _, r := range j.Recipients {
		how := "for now"
		if r.Permanent {
			how = "for good"
		}
		e.field("Recipient", strings.TrimSpace(fmt.Sprintf("%s %s %s, %s: %s", r.Address, r.Status, r.Action, how, r.Reason)))
	}
}

// text prints a text with a bar before each line, so that its ends are seen.
func (e *explanation) text(title, s string) {
	if strings.TrimSpace(s) == "" {
		return
	}
	fmt.Fprintf(e, "\n%s\n", title)
	for _, line := range strings.Split(strings.Trim(s, "\n"), "\n") {
		fmt.Fprintf(e, "  | %s\n", line)
	}
}

func (e *explanation) list(title string, items []string) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(e, "\n%s\n", title)
	for _, s := range items {
		fmt.Fprintf(e, "  - %s\n", s)
	}
}

func (e *explanation) attachments(as []message.Attachment) {
	var items []string
	for _, a := range as {
		where := ""
		if a.Inline {
			where = ", shown in the text"
		}
		items = append(items, fmt.Sprintf("%s (%s, %d bytes%s)", a.Filename, a.ContentType, a.Size, where))
	}
	e.list("Attachments", items)
}

func mailbox(a message.Address) string {
	if a.Name == "" {
		return a.Readable()
	}
	return a.Name + " <" + a.Readable() + ">"
}

// mailboxes names a few, and counts the others.
func mailboxes(as []message.Address) string {
	var names []string
	size := 0
	for i, a := range as {
		if size > 200 {
			names = append(names, fmt.Sprintf("and %d more", len(as)-i))
			break
		}
		names = append(names, mailbox(a))
		size += utf8.RuneCountInString(names[i])
	}
	return strings.Join(names, ", ")
}

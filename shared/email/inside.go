package email

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/origin"
	"github.com/replywell/replywell/shared/email/visible"
)

// A mail may be the envelope of another: certified mail carries the letter as
// postacert.eml, a spam filter wraps what it reports, a rule forwards as an
// attachment. The letter is what somebody wrote, so it is read in the envelope's
// place; what was checked of the envelope says nothing about it. A person who
// attaches a mail passes it on, as one who forwards it in the text does, and stays
// the author.

// Bounds of what is read inside a mail: how deep, and how many attached mails are
// shown with the text, up to so many bytes of each.
const (
	maxInside   = 2
	maxAttached = 3
	maxPassed   = 16 << 10
)

// Letter is the mail that was written: the one inside, where this one is no more
// than its envelope, else this one.
func (m *Mail) Letter() *Mail {
	if m.Inside != nil {
		return m.Inside
	}
	return m
}

// open looks for the letter inside, or for mails that a person attached.
func (m *Mail) open(depth int) {
	if depth >= maxInside || m.Automatic.Kind == automatic.Bounce || m.Automatic.Kind == automatic.Complaint {
		return
	}
	mails := m.attachedMails()
	if len(mails) == 0 {
		return
	}
	if len(mails) == 1 {
		if inside := read(mails[0], "", depth+1); m.carries(inside) {
			m.become(inside)
			return
		}
	}
	if m.Automatic.Automatic() || m.Visible.Forwarded != nil || strings.HasPrefix(strings.ToLower(strings.TrimSpace(m.Header.Get("Content-Type"))), "multipart/report") {
		return
	}
	for _, raw := range mails[:min(len(mails), maxAttached)] {
		m.passOn(read(raw, "", depth+1))
	}
}

// attachedMails are the raw mails among the attachments, and one that a spam filter
// attached as text (SpamAssassin's report_safe 2).
func (m *Mail) attachedMails() (out [][]byte) {
	for _, a := range m.Attachments {
		if a.ContentType == "message/rfc822" || a.ContentType == "message/global" || strings.EqualFold(a.Filename, "postacert.eml") {
			out = append(out, a.Content)
		}
	}
	for _, p := range m.Parts {
		if len(out) == 0 && p.Params["x-spam-type"] == "original" && len(p.Content) > 0 {
			out = append(out, p.Content)
		}
	}
	return out
}

// carries tells whether this mail is only the envelope of the one inside. Nobody
// but the same sender may put words into a sender's mouth: of a wrapped mail, both
// must name one From address. Certified mail and rules name the author themselves.
func (m *Mail) carries(inside *Mail) bool {
	switch m.Origin.Rule {
	case "on-behalf", "rule-forward":
		return same(inside.From.Address, m.Origin.Author.Address)
	}
	if m.byRule() {
		return inside.From.Address != ""
	}
	if !same(inside.From.Address, m.From.Address) {
		return false
	}
	if inside.MessageID != "" && inside.MessageID == m.MessageID {
		return true
	}
	for _, h := range m.Header {
		if strings.HasPrefix(strings.ToLower(h.Name), "x-spam") {
			return true
		}
	}
	return false
}

// byRule tells whether a mailbox's rule made this mail, to forward another as an
// attachment.
func (m *Mail) byRule() bool {
	return m.Origin.Rule == "from" && strings.HasPrefix(strings.ToLower(m.Header.Get("Auto-Submitted")), "auto-generated") &&
		strings.Contains(strings.ToLower(m.Header.Get("X-MS-Exchange-Generated-Message-Source")), "rules agent")
}

// become makes the mail say what the letter inside says. Its header and its
// attachments stay, below the letter's.
func (m *Mail) become(inside *Mail) {
	m.Inside = inside
	m.Attachments = append(slices.Clone(inside.Attachments), m.Attachments...)
	m.Visible = inside.Visible
	switch {
	case m.byRule():
		m.Origin = origin.Origin{Author: inside.Origin.Author, Rule: "rule-forward", Forwarded: true, Forwarder: strings.ToLower(m.From.Address), ReplyTo: inside.Origin.ReplyTo}
		m.Automatic = automatic.Judgement{}
	case m.Origin.Rule == "from":
		m.Origin = inside.Origin
	case m.Origin.Author.Name == "":
		m.Origin.Author.Name = inside.From.Name
	}
	if k := inside.Automatic.Kind; !m.Automatic.Automatic() && k != automatic.Bounce && k != automatic.Complaint {
		m.Automatic = inside.Automatic
	}
}

// passOn keeps an attached mail to be shown with the text, as one that was forwarded
// in it. The mail that this one answers is no news, and neither is what could not be read.
func (m *Mail) passOn(inside *Mail) {
	text := strings.TrimSpace(inside.Visible.Visible)
	if text == "" {
		text = strings.TrimSpace(inside.Text)
	}
	if text == "" || inside.From.Address == "" || inside.MessageID != "" && (slices.Contains(m.InReplyTo, inside.MessageID) || slices.Contains(m.References, inside.MessageID)) {
		return
	}
	f := visible.Forwarded{FromName: inside.From.Name, FromAddress: inside.From.Address, Subject: inside.Subject, Text: text}
	if !inside.Date.IsZero() {
		f.Date = inside.Date.Format(time.RFC1123Z)
	}
	if m.Visible.Inline {
		f.Comment = m.Visible.WithContext
	} else {
		f.Comment = m.Visible.Visible
	}
	m.Passed = append(m.Passed, f)
}

// WithPassedOn is what the sender wants read: the visible text, and below it the mails
// that were attached, each under a header as mail programs write it.
func (m *Mail) WithPassedOn() string {
	var sb strings.Builder
	sb.WriteString(strings.TrimSpace(m.Visible.Visible))
	for _, f := range m.Passed {
		text := f.Text
		if len(text) > maxPassed {
			text = strings.ToValidUTF8(text[:maxPassed], "") + "\n[…]"
		}
		fmt.Fprintf(&sb, "\n\n---------- Forwarded message ----------\nFrom: %s\nDate: %s\nSubject: %s\n\n%s", mailbox(message.Address{Name: f.FromName, Address: f.FromAddress}), f.Date, f.Subject, text)
	}
	return strings.TrimLeft(sb.String(), "\n")
}

// New is what the sender wrote: the visible text without the mails passed on in it.
func (m *Mail) New() string {
	if f := m.Visible.Forwarded; f != nil {
		return f.Comment
	}
	return m.Visible.Visible
}

func same(a, b string) bool { return a != "" && strings.EqualFold(a, b) }

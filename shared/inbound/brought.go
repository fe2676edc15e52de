package inbound

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/page"
)

// Customers write to people they know. An agent who forwards such a mail to the
// support address brings it in: the conversation is the original sender's, the
// agent's own words above the forwarded mail are a note for the team, and the
// answer goes to the customer. A customer who forwards something stays the
// customer, and so does everybody whom the receiving service does not know to
// be the agent.

// bringing is a mail that an agent brought.
type bringing struct {
	agent   desk.Agent
	author  desk.Person // the original sender
	subject string
	text    string
	comment string // what the agent wrote above it; "" if nothing
	id      string // the original's Message-ID, where it was forwarded whole
	refs    []string
}

// brought reads a forwarded mail out of an agent's mail; nil if there is none, or
// none of somebody outside.
func (a *arrival) brought(agent desk.Agent) *bringing {
	if !a.in.Verdicts.Authenticated() || !hasAddress(agent, a.single) {
		return nil
	}
	b := a.forwardedWhole()
	if b == nil {
		b = a.forwardedInline()
	}
	if b == nil || !usable(b.author.Address) {
		return nil
	}
	if _, ours := a.settings.MailboxAt(b.author.Address); ours {
		return nil
	}
	if _, colleague := a.settings.AgentAt(b.author.Address); colleague {
		return nil
	}
	b.agent = agent
	b.author.Name = clip(page.OneLine(b.author.Name), maxName)
	b.subject = clip(page.OneLine(b.subject), maxSubject)
	if b.text = strings.TrimSpace(b.text); b.text == "" {
		b.text = "(no text)"
	}
	b.comment = strings.TrimSpace(b.comment)
	return b
}

// forwardedInline reads the mail whose header and text stand in the agent's.
func (a *arrival) forwardedInline() *bringing {
	f := a.mail.Visible.Forwarded
	if f == nil {
		return nil
	}
	return &bringing{author: desk.Person{Name: f.FromName, Address: f.FromAddress}, subject: orElse(f.Subject, a.subject()), text: f.Text, comment: f.Comment}
}

// forwardedWhole reads the one mail that is attached as such (RFC 2046 section 5.2.1).
func (a *arrival) forwardedWhole() *bringing {
	var whole []byte
	for _, f := range a.mail.Attachments {
		if f.ContentType != "message/rfc822" {
			continue
		}
		if whole != nil {
			return nil // several mails, perhaps of several people: whose conversation would it be?
		}
		whole = f.Content
	}
	if whole == nil {
		return nil
	}
	m := email.Read(whole, "")
	if kindOf(m) != automatic.Person {
		return nil
	}
	b := &bringing{author: desk.Person{Name: m.Origin.Author.Name, Address: m.Origin.Author.Address}, subject: m.Subject,
		text: orElse(m.Visible.Visible, m.Text), comment: a.mail.Visible.Visible, id: m.MessageID, refs: m.References}
	if len(b.id) > maxIDLength {
		b.id = ""
	}
	return b
}

func orElse(s, other string) string {
	if strings.TrimSpace(s) == "" {
		return other
	}
	return s
}

// bring makes the arrival the original sender's.
func (a *arrival) bring(b *bringing) {
	a.from = b
	a.author, a.verified, a.kind = b.author, false, automatic.Person
}

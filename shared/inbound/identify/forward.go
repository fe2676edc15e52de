package identify

import (
	"slices"
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

// OfForward are the facts of the mail that an agent passed on; f must have AsForward.
func (f Facts) OfForward() Facts {
	g := *f.AsForward
	g.Record, g.Released = f.Record, f.Released
	return g
}

// forward reads a forwarded mail out of an agent's mail; nil if there is none, or
// none of somebody outside.
func forward(f Facts, s *desk.Settings) *Forward {
	if f.Agent == nil || !f.Record.Verdicts.Authenticated() || !HasAddress(*f.Agent, f.Sender) ||
		slices.ContainsFunc(f.Recipients, func(t Address) bool { return t.Genuine && t.Purpose.FromAgent() }) {
		return nil
	}
	b := forwardedWhole(f.Mail)
	if b == nil {
		b = forwardedInline(f)
	}
	if b == nil || !Usable(b.Author.Address) {
		return nil
	}
	if _, ours := s.MailboxAt(b.Author.Address); ours {
		return nil
	}
	if _, colleague := s.AgentAt(b.Author.Address); colleague {
		return nil
	}
	b.Agent = *f.Agent
	b.Author.Name = Clip(page.OneLine(b.Author.Name), MaxName)
	b.Subject = Clip(page.OneLine(b.Subject), maxSubject)
	if b.Text = strings.TrimSpace(b.Text); b.Text == "" {
		b.Text = "(no text)"
	}
	b.Comment = strings.TrimSpace(b.Comment)
	return b
}

// forwardedInline reads the mail whose header and text stand in the agent's.
func forwardedInline(f Facts) *Forward {
	inside := f.Mail.Visible.Forwarded
	if inside == nil {
		return nil
	}
	return &Forward{Author: desk.Person{Name: inside.FromName, Address: inside.FromAddress}, Subject: orElse(inside.Subject, f.Subject), Text: inside.Text, Comment: inside.Comment}
}

// forwardedWhole reads the one mail that is attached as such (RFC 2046 section 5.2.1).
func forwardedWhole(mail *email.Mail) *Forward {
	var whole []byte
	for _, f := range mail.Attachments {
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
	b := &Forward{Author: desk.Person{Name: m.Origin.Author.Name, Address: m.Origin.Author.Address}, Subject: m.Subject,
		Text: orElse(m.Visible.Visible, m.Text), Comment: mail.Visible.Visible, MessageID: m.MessageID, References: m.References}
	if len(b.MessageID) > MaxIDLength {
		b.MessageID = ""
	}
	return b
}

func orElse(s, other string) string {
	if strings.TrimSpace(s) == "" {
		return other
	}
	return s
}

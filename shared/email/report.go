package email

import (
	"encoding/json"
	"time"

	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
)

// Report is the JSON object that "replywell parse" prints for one mail.
type Report struct {
	From             message.Address             `json:"from"`
	To               []message.Address           `json:"to"`
	Cc               []message.Address           `json:"cc"`
	ReplyTo          []message.Address           `json:"reply_to"`
	Subject          string                      `json:"subject"`
	Date             string                      `json:"date"`
	MessageID        string                      `json:"message_id"`
	InReplyTo        []string                    `json:"in_reply_to"`
	References       []string                    `json:"references"`
	Text             string                      `json:"text"`
	VisibleReply     string                      `json:"visible_reply"`
	Quoted           string                      `json:"quoted"`
	Signature        string                      `json:"signature"`
	Forwarded        *ForwardedReport            `json:"forwarded"`
	Attachments      []message.Attachment        `json:"attachments"`
	AutoSubmitted    bool                        `json:"auto_submitted"`
	Auto             AutoReport                  `json:"auto"`
	Bounce           bool                        `json:"bounce"`
	BounceRecipients []automatic.BounceRecipient `json:"bounce_recipients"`
	Author           AuthorReport                `json:"author"`
	Rules            []string                    `json:"rules"`
	Warnings         []message.Warning           `json:"warnings"`
}

// ForwardedReport is a forwarded mail.
type ForwardedReport struct {
	From    message.Address `json:"from"`
	Date    string          `json:"date"`
	Subject string          `json:"subject"`
	Text    string          `json:"text"`
}

// AutoReport says what a mail is that no person wrote.
type AutoReport struct {
	Kind automatic.Kind `json:"kind"`
	Rule string         `json:"rule"`
}

// AuthorReport says who really wrote.
type AuthorReport struct {
	message.Address
	Rule string `json:"rule"`
}

// Report renders the mail for machines.
func (m *Mail) Report() Report {
	r := Report{From: m.From, To: m.To, Cc: m.Cc, ReplyTo: m.ReplyTo, Subject: m.Subject, MessageID: m.MessageID,
		InReplyTo: m.InReplyTo, References: m.References, Text: m.Text, VisibleReply: m.Visible.Visible, Quoted: m.Visible.Quoted,
		Signature: m.Visible.Signature, Attachments: m.Attachments, AutoSubmitted: m.Automatic.Automatic(),
		Auto: AutoReport{m.Automatic.Kind, m.Automatic.Rule}, Bounce: m.Automatic.Kind == automatic.Bounce,
		BounceRecipients: m.Automatic.Recipients, Author: AuthorReport{m.Origin.Author, m.Origin.Rule},
		Rules: m.Visible.Rules, Warnings: append(m.Warnings[:len(m.Warnings):len(m.Warnings)], m.Automatic.Warnings...)}
	if !m.Date.IsZero() {
		r.Date = m.Date.Format(time.RFC3339)
	}
	if f := m.Visible.Forwarded; f != nil {
		r.Forwarded = &ForwardedReport{message.Address{Name: f.FromName, Address: f.FromAddress}, f.Date, f.Subject, f.Text}
	}
	return r
}

// JSON renders the report as one line.
func (r Report) JSON() ([]byte, error) { return json.Marshal(r) }

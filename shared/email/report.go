package email

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
)

// Report is what a mail says, for machines: the JSON object that "replywell
// parse" prints. Lists are never null. Ids are without angle brackets, texts are
// UTF-8 with "\n" line ends.
type Report struct {
	From             message.Address             `json:"from"`
	To               []message.Address           `json:"to"`
	Cc               []message.Address           `json:"cc"`
	ReplyTo          []message.Address           `json:"reply_to"`
	Subject          string                      `json:"subject"`
	Date             string                      `json:"date"` // RFC 3339; "" if there is none that can be read
	MessageID        string                      `json:"message_id"`
	InReplyTo        []string                    `json:"in_reply_to"`
	References       []string                    `json:"references"`
	Text             string                      `json:"text"`
	VisibleReply     string                      `json:"visible_reply"` // with what was passed on, which was sent to be read
	NewText          string                      `json:"new_text"`      // what the sender wrote above that
	Quoted           string                      `json:"quoted"`
	Signature        string                      `json:"signature"`
	Forwarded        *ForwardedReport            `json:"forwarded"`
	Inline           bool                        `json:"inline"`                 // answers stand between quoted lines
	WithContext      string                      `json:"with_context,omitempty"` // inline answers under their questions
	OnlyQuote        bool                        `json:"only_quote"`             // nothing was added to what is quoted
	Attachments      []message.Attachment        `json:"attachments"`
	AutoSubmitted    bool                        `json:"auto_submitted"`
	Auto             AutoReport                  `json:"auto"`
	Bounce           bool                        `json:"bounce"`
	BounceRecipients []automatic.BounceRecipient `json:"bounce_recipients"`
	Author           AuthorReport                `json:"author"`
	Wrapper          message.Wrapper             `json:"wrapper"`
	Rules            []string                    `json:"rules"`
	Warnings         []message.Warning           `json:"warnings"`
}

// ForwardedReport is the mail that this one passes on.
type ForwardedReport struct {
	From    message.Address `json:"from"`
	Date    string          `json:"date"` // as written
	Subject string          `json:"subject"`
	Text    string          `json:"text"`
	Comment string          `json:"comment"` // what was written above it
}

// AutoReport says what a mail is that no person wrote, and by which rule.
type AutoReport struct {
	Kind automatic.Kind `json:"kind"`
	Rule string         `json:"rule"`
}

// AuthorReport says who really wrote, and by which rule.
type AuthorReport struct {
	message.Address
	Rule      string `json:"rule"`
	Forwarded bool   `json:"forwarded"` // the mail was passed on by a group, a host or a form
	ReplyTo   string `json:"reply_to"`  // where an answer should go, if elsewhere
}

// Report renders the mail for machines.
func (m *Mail) Report() Report {
	r := Report{
		From: m.From, To: list(m.To), Cc: list(m.Cc), ReplyTo: list(m.ReplyTo),
		Subject: m.Subject, MessageID: m.MessageID, InReplyTo: list(m.InReplyTo), References: list(m.References),
		Text: m.Text, VisibleReply: m.WithPassedOn(), NewText: m.New(), Quoted: m.Visible.Quoted, Signature: m.Visible.Signature,
		Inline: m.Visible.Inline, WithContext: m.Visible.WithContext, OnlyQuote: m.Visible.OnlyQuote,
		Attachments:      list(m.Attachments),
		AutoSubmitted:    m.Automatic.Automatic(),
		Auto:             AutoReport{Kind: m.Automatic.Kind, Rule: m.Automatic.Rule},
		Bounce:           m.Automatic.Kind == automatic.Bounce,
		BounceRecipients: list(m.Automatic.Recipients),
		Author:           AuthorReport{Address: m.Origin.Author, Rule: m.Origin.Rule, Forwarded: m.Origin.Forwarded, ReplyTo: m.Origin.ReplyTo},
		Wrapper:          m.Wrapper,
		Rules:            list(m.Visible.Rules),
		Warnings:         append(append([]message.Warning{}, m.Warnings...), m.Automatic.Warnings...),
	}
	if !m.Date.IsZero() {
		r.Date = m.Date.Format(time.RFC3339)
	}
	f := m.Visible.Forwarded
	if f == nil && len(m.Passed) > 0 {
		f = &m.Passed[0]
	}
	if f != nil {
		r.Forwarded = &ForwardedReport{message.Address{Name: f.FromName, Address: f.FromAddress}, f.Date, f.Subject, f.Text, f.Comment}
	}
	return r
}

// list is never nil, so that JSON has [] and not null.
func list[T any](v []T) []T {
	if v == nil {
		return []T{}
	}
	return v
}

// JSON renders the report as one line without its line end. "<" and ">" are
// written as themselves: addresses are full of them.
func (r Report) JSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

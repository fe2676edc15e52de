package window

import (
	"encoding/hex"
	"fmt"
	"io"
	"mime/multipart"
	"net/mail"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/local/mailbox"
)

// sendDraft submits a mail and keeps a copy of it. id is the name under which the
// server took it; "" where none of it came to the desk.
func (p *window) sendDraft(d draft, files []*multipart.FileHeader) (string, error) {
	to, err := mail.ParseAddressList(d.To)
	if err != nil {
		return "", fmt.Errorf("to whom? %q is not a list of addresses like name@example.com", d.To)
	}
	var cc []*mail.Address
	if strings.TrimSpace(d.Cc) != "" {
		if cc, err = mail.ParseAddressList(d.Cc); err != nil {
			return "", fmt.Errorf("copies to whom? %q is not a list of addresses like name@example.com", d.Cc)
		}
	}
	id := make([]byte, 12)
	if err := p.random(id); err != nil {
		return "", fmt.Errorf("no random bytes for a Message-ID: %w", err)
	}
	l := compose.Letter{From: message.Address{Name: d.Box.Name, Address: d.From}, Subject: page.OneLine(d.Subject), Date: p.now(),
		MessageID: "sample." + hex.EncodeToString(id) + "@" + domainOf(d.From)}
	l.Text = strings.TrimRight(strings.ReplaceAll(d.Text, "\r\n", "\n"), "\n")
	l.HTML = "<html><body>" + page.TextToHTML(l.Text) + "</body></html>"
	if o := d.answered; o.Mail != nil {
		l.InReplyTo, l.References = o.Mail.MessageID, append(slices.Clone(o.Mail.References), o.Mail.MessageID)
		l.Text, l.HTML = clientCalled(d.Client).answer(l.Text, o, d.Below, p.zone)
	}
	var recipients []string
	for _, a := range to {
		l.To = append(l.To, message.Address{Name: a.Name, Address: a.Address})
		recipients = append(recipients, a.Address)
	}
	for _, a := range cc {
		l.Cc = append(l.Cc, message.Address{Name: a.Name, Address: a.Address})
		recipients = append(recipients, a.Address)
	}
	for _, f := range files {
		a, err := attachment(f)
		if err != nil {
			return "", err
		}
		l.Attachments = append(l.Attachments, a)
	}
	raw, err := compose.Render(l)
	if err != nil {
		return "", err
	}
	return p.post(d.Box, d.From, recipients, raw, hex.EncodeToString(id))
}

// post hands a mail to the mail server as the person of a mailbox, and keeps a
// copy of it there. People outside of the desk get it straight: the server is no
// relay, and their sample mailboxes stand for their own servers.
func (p *window) post(b box, from string, to []string, raw []byte, copyID string) (string, error) {
	var ours []string
	for _, r := range to {
		if p.ours(r) || !p.sampleMailbox(r) {
			ours = append(ours, r)
		}
	}
	id := ""
	if len(ours) > 0 {
		var err error
		if id, err = p.submit(b.Address, from, ours, raw); err != nil {
			return "", fmt.Errorf("the mail server did not take it: %w", err)
		}
	}
	for _, r := range to {
		if p.sampleMailbox(r) {
			if err := p.mailboxes.Put(r, mailbox.Inbox, copyID, raw); err != nil {
				return id, fmt.Errorf("it was sent, but did not reach %s: %w", r, err)
			}
		}
	}
	if err := p.mailboxes.Put(b.Address, mailbox.Sent, copyID, raw); err != nil {
		return id, fmt.Errorf("it was sent, but no copy of it could be kept: %w", err)
	}
	return id, nil
}

// sampleMailbox tells whether an address is a sample person's.
func (p *window) sampleMailbox(address string) bool {
	if _, agent := p.settings.AgentAt(address); agent {
		return true
	}
	return slices.ContainsFunc(p.settings.Customers, func(c desk.SampleCustomer) bool { return strings.EqualFold(c.Address, address) })
}

func attachment(f *multipart.FileHeader) (compose.Attachment, error) {
	file, err := f.Open()
	if err != nil {
		return compose.Attachment{}, fmt.Errorf("the attachment %q cannot be read: %w", f.Filename, err)
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	if err != nil {
		return compose.Attachment{}, fmt.Errorf("the attachment %q cannot be read: %w", f.Filename, err)
	}
	kind := f.Header.Get("Content-Type")
	if kind == "" {
		kind = "application/octet-stream"
	}
	return compose.Attachment{Filename: page.OneLine(f.Filename), ContentType: page.OneLine(kind), Content: content}, nil
}

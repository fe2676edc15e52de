package page

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/mail"
	"net/url"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
	mailpage "github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/local/mailbox"
)

// draft is a mail being written on the page.
type draft struct {
	Box        box
	Senders    []string // the addresses that the person may write from
	From       string
	To, Cc     string
	Subject    string
	Text       string
	InReplyTo  string // without angle brackets
	References string // ids without angle brackets, parted by spaces
	Error      string
	Empty      bool // it has nothing in it: sending it once more means it
}

func (p *page) draft(b box) draft {
	d := draft{Box: b, Senders: []string{b.Address}, From: b.Address}
	if a, ok := p.settings.AgentAt(b.Address); ok {
		d.Senders = a.Addresses
	}
	return d
}

// write shows an empty form, or one that a link fills.
func (p *page) write(w http.ResponseWriter, r *http.Request) {
	d := p.draft(p.box(r))
	d.To, d.Subject = r.URL.Query().Get("to"), r.URL.Query().Get("subject")
	if _, agent := p.settings.AgentAt(d.From); d.To == "" && !agent {
		d.To = p.settings.Mailboxes[0].Address
	}
	p.showDraft(w, http.StatusOK, d)
}

func (p *page) showDraft(w http.ResponseWriter, status int, d draft) {
	p.show(w, status, "write.html", frame{Title: "Write as " + d.Box.Title(), Current: d.Box.Address, Data: d})
}

// reply shows the form as a mail program fills it: to Reply-To, "Re:", the
// thread's ids, the mail quoted below.
func (p *page) reply(w http.ResponseWriter, r *http.Request) {
	if o, ok := p.open(w, r); ok {
		p.showDraft(w, http.StatusOK, p.replyTo(o, r.URL.Query().Get("all") != ""))
	}
}

// replyTo fills a draft as a mail program does; with all it goes to everybody in
// To and Cc as well.
func (p *page) replyTo(o opened, all bool) draft {
	d, m := p.draft(o.Box), o.Mail
	to := m.ReplyTo
	switch {
	case o.Folder == mailbox.Sent:
		to = m.To
	case len(to) == 0:
		to = []message.Address{m.From}
	}
	var list []string
	for _, a := range to {
		list = append(list, (&mail.Address{Name: a.Name, Address: a.Address}).String())
	}
	d.To, d.Subject = strings.Join(list, ", "), m.Subject
	if all {
		d.Cc = p.others(d, to, slices.Concat(m.To, m.Cc))
	}
	if !strings.HasPrefix(strings.ToLower(d.Subject), "re:") {
		d.Subject = "Re: " + d.Subject
	}
	d.InReplyTo = m.MessageID
	d.References = strings.Join(append(slices.Clone(m.References), m.MessageID), " ")
	who := m.From.Name
	if who == "" {
		who = m.From.Address
	}
	d.Text = "\n\n" + mailpage.Attribution("en", who, m.Date.In(p.zone)) + "\n" + quoted(m.Text)
	return d
}

// others are the people of a mail beside its writer and whoever replies.
func (p *page) others(d draft, to, people []message.Address) string {
	var list, known []string
	for _, a := range to {
		known = append(known, strings.ToLower(a.Address))
	}
	for _, a := range d.Senders {
		known = append(known, strings.ToLower(a))
	}
	for _, a := range people {
		if key := strings.ToLower(a.Address); !slices.Contains(known, key) {
			known = append(known, key)
			list = append(list, (&mail.Address{Name: a.Name, Address: a.Address}).String())
		}
	}
	return strings.Join(list, ", ")
}

func quoted(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\r\n"), "\n")
	for i, l := range lines {
		if l = strings.TrimRight(l, "\r"); l == "" || strings.HasPrefix(l, ">") {
			lines[i] = ">" + l
		} else {
			lines[i] = "> " + l
		}
	}
	return strings.Join(lines, "\n")
}

// maxForm bounds what the form may send, in bytes: the largest mail that the SMTP
// server takes, before its attachments are encoded.
const maxForm = 25 << 20

// send submits what was written by SMTP. Where that is refused the form comes
// back with all that was typed.
func (p *page) send(w http.ResponseWriter, r *http.Request) {
	d := p.draft(p.box(r))
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			p.fail(w, r, http.StatusRequestEntityTooLarge, "This is too large", fmt.Sprintf("A mail may have %s at most. Go back and leave something out; what you typed is still there.", mailpage.Size(maxForm)))
			return
		}
		p.fail(w, r, http.StatusBadRequest, "The form could not be read", err.Error())
		return
	}
	defer r.MultipartForm.RemoveAll()
	if from := r.PostForm.Get("from"); slices.Contains(d.Senders, from) {
		d.From = from
	}
	d.To, d.Cc, d.Subject, d.Text = r.PostForm.Get("to"), r.PostForm.Get("cc"), r.PostForm.Get("subject"), r.PostForm.Get("text")
	d.InReplyTo, d.References = r.PostForm.Get("in-reply-to"), r.PostForm.Get("references")
	files := r.MultipartForm.File["attachments"]
	if d.empty(files) && r.PostForm.Get("empty") == "" {
		d.Empty, d.Error = true, "you have written nothing. Write something, or send it empty all the same."
		p.showDraft(w, http.StatusUnprocessableEntity, d)
		return
	}
	if _, err := p.sendDraft(d, files); err != nil {
		d.Error = err.Error()
		p.showDraft(w, http.StatusUnprocessableEntity, d)
		return
	}
	http.Redirect(w, r, "/mailbox/"+url.PathEscape(d.Box.Address)+"?sent", http.StatusSeeOther)
}

// empty reports whether nothing was written: no word of one's own, and no file.
func (d draft) empty(files []*multipart.FileHeader) bool {
	own, _, _ := strings.Cut(strings.ReplaceAll(d.Text, "\r\n", "\n"), "\n>")
	if d.InReplyTo == "" {
		return strings.TrimSpace(d.Text) == "" && len(files) == 0
	}
	own = strings.TrimSpace(own)
	return len(files) == 0 && (own == "" || !strings.Contains(own, "\n") && strings.HasSuffix(own, ":") && own != strings.TrimSpace(d.Text))
}

// sendDraft submits a mail and keeps a copy of it. id is the name under which the
// server took it.
func (p *page) sendDraft(d draft, files []*multipart.FileHeader) (string, error) {
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
		return "", fmt.Errorf("drawing a Message-ID: %w", err)
	}
	text := strings.ReplaceAll(d.Text, "\r\n", "\n")
	l := compose.Letter{From: message.Address{Name: d.Box.Name, Address: d.From}, Subject: mailpage.OneLine(d.Subject), Date: p.now(),
		MessageID: "sample." + hex.EncodeToString(id) + "@" + domainOf(d.From), InReplyTo: mailpage.OneLine(d.InReplyTo), References: strings.Fields(d.References),
		Text: text, HTML: "<html><body>" + mailpage.TextToHTML(text) + "</body></html>"}
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
func (p *page) post(b box, from string, to []string, raw []byte, copyID string) (string, error) {
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
func (p *page) sampleMailbox(address string) bool {
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
	return compose.Attachment{Filename: mailpage.OneLine(f.Filename), ContentType: mailpage.OneLine(kind), Content: content}, nil
}

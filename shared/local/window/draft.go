package window

import (
	"net/mail"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/local/mailbox"
)

// draft is a mail being written on the page.
type draft struct {
	Box      box
	Senders  []string // the addresses that the person may write from
	From     string
	To, Cc   string
	Subject  string
	Text     string // what is newly written
	Answers  string // the mail that it answers, as "inbox.ID"; "": none
	Quote    string // that mail, as the person sees it below
	Client   string // the mail program that it is written with
	Below    bool   // below the quote
	Error    string
	Empty    bool // it has nothing in it: sending it once more means it
	answered opened
}

// Clients are the mail programs to choose from.
func (d draft) Clients() []client { return clients }

func (p *window) draft(b box) draft {
	d := draft{Box: b, Senders: []string{b.Address}, From: b.Address}
	if a, ok := p.settings.AgentAt(b.Address); ok {
		d.Senders = a.Addresses
	}
	return d
}

// replyTo fills a draft as a mail program does: to Reply-To, "Re:", the mail quoted;
// with all it goes to everybody in To and Cc as well.
func (p *window) replyTo(o opened, all bool) draft {
	d, m := p.draft(o.Box), o.Mail
	d.answered = o
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
	d.Answers, d.Quote = o.Folder+"."+o.ID, m.Text
	return d
}

// others are the people of a mail beside its writer and whoever replies.
func (p *window) others(d draft, to, people []message.Address) string {
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

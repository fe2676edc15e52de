package page

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/local/mailbox"
)

// homeView is the first page: the customers on one side, the agents on the
// other, and between them what the system did with one mail.
type homeView struct {
	Support      string
	SMTP         string
	Samples      []oneClick
	Sides        []side // customers, agents, and other recipients where there are any
	Trail        *trail // nil before the first mail
	Earlier      []earlier
	Held         []desk.Inbound
	HeldError    string
	Problem      string // why a sample mail was not sent
	Provocations []provocation
}

// side is some mailboxes, each with its newest mails.
type side struct {
	Name, What string
	Boxes      []preview
}

// preview is one mailbox as the first page shows it.
type preview struct {
	box
	Mails []mailbox.Head
}

// earlier is a mail whose path can be looked at.
type earlier struct {
	ID, From, Subject string
	Current           bool
}

type provocation struct{ Address, Does string }

// previewed is how many mails of each mailbox the first page shows, and
// earlierMails how many paths it offers.
const (
	previewed    = 2
	earlierMails = 6
)

func (p *page) home(w http.ResponseWriter, r *http.Request) {
	p.showHome(w, r, http.StatusOK, "")
}

func (p *page) showHome(w http.ResponseWriter, r *http.Request, status int, problem string) {
	v := homeView{Support: p.settings.Mailboxes[0].Address, SMTP: p.address, Samples: samples, Problem: problem}
	held, err := p.records.Held(r.Context(), 20)
	if v.Held = held; err != nil {
		v.HeldError = err.Error()
	}
	for i, g := range p.groups() {
		s := side{Name: g.Name, What: []string{"They write to " + v.Support + ".", "They answer from their own mailbox.", ""}[min(i, 2)]}
		for _, b := range g.Boxes {
			mails, _, _ := p.mailboxes.List(b.Address, 0, previewed) // what cannot be read is told where the mailbox is opened
			s.Boxes = append(s.Boxes, preview{b, mails})
		}
		v.Sides = append(v.Sides, s)
	}
	domain := p.customerDomain()
	for _, x := range p.provocations {
		v.Provocations = append(v.Provocations, provocation{x.Local + "@" + domain, x.Does})
	}
	refresh := "/"
	ids, asked := p.arrived(earlierMails), r.URL.Query().Get("mail")
	if asked != "" && len(asked) <= 100 && strings.Trim(asked, mailID) == "" {
		refresh = "/?mail=" + url.QueryEscape(asked)
		if !slices.Contains(ids, asked) {
			ids = append(ids, asked)
		}
	} else if len(ids) > 0 {
		asked = ids[0]
	}
	for _, id := range ids {
		t := p.trail(r.Context(), id)
		v.Earlier = append(v.Earlier, earlier{id, t.From, t.Subject, id == asked})
		if id == asked {
			v.Trail = &t
		}
	}
	p.show(w, status, "home.html", frame{Title: "A support desk that works entirely by e-mail", Refresh: refresh, Data: v})
}

// customerDomain is the domain of the sample customers.
func (p *page) customerDomain() string {
	if len(p.settings.Customers) > 0 {
		return domainOf(p.settings.Customers[0].Address)
	}
	return "customers.example"
}

// mailID are the signs that the SMTP server's ids are made of.
const mailID = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

// domainOf is an address's domain.
func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// rawKey is the blob of the mail that was taken under an id, which begins with its day.
func rawKey(id string) string {
	if len(id) < 8 {
		return "mail/" + id + ".eml"
	}
	return "mail/" + id[:4] + "/" + id[4:6] + "/" + id[6:8] + "/" + id + ".eml"
}

// trail looks up what became of one mail.
func (p *page) trail(ctx context.Context, id string) trail {
	f := found{settings: p.settings}
	if raw, err := p.blob(ctx, rawKey(id)); err == nil {
		f.mail = email.Read(raw, "")
	}
	in, err := p.records.Inbound(ctx, id)
	if err != nil {
		return f.trail(id)
	}
	f.in = &in
	if in.Conversation != "" && in.Sequence > 0 {
		if ms, err := p.records.Messages(ctx, in.Conversation, in.Sequence, 1); err == nil && len(ms) == 1 && ms[0].Inbound == in.ID {
			f.message = &ms[0]
		}
	}
	f.items = p.caused(ctx, in, f.message)
	return f.trail(id)
}

// caused finds the mails that were written because of another: the answer that
// a message names, and what lies in the mailboxes under the outbox's ids.
func (p *page) caused(ctx context.Context, in desk.Inbound, m *desk.Message) []desk.OutboxItem {
	var out []desk.OutboxItem
	known := map[string]bool{}
	add := func(id string) {
		if known[id] {
			return
		}
		known[id] = true
		if o, err := p.records.Outbox(ctx, id); err == nil && (o.CausedBy == in.ID || m != nil && m.Outbox == o.ID) {
			out = append(out, o)
		}
	}
	if m != nil && m.Outbox != "" {
		add(m.Outbox)
	}
	for _, g := range p.groups() {
		for _, b := range g.Boxes {
			for _, id := range p.mailboxes.Since(b.Address, in.ReceivedAt, causedAtMost) {
				add(id)
			}
		}
	}
	return out
}

// causedAtMost bounds how many mails of a mailbox are looked at for one path.
const causedAtMost = 20

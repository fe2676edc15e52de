package archive

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/email/htmltext"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/visible"
)

// A help desk's export as JSON: tickets with what was written in each, one after
// another, in a list, or in pages under a name. What each calls things is told by
// tags here; what they mean is the same.
//
//   - Zendesk, the account's JSON export and the API: tickets with "comments"
//   - Freshdesk, the API with include=conversations,requester, and the older export
//     with "helpdesk_ticket" and "notes"
//   - Help Scout, Mailbox API 2.0: conversations with threads in "_embedded"
//   - Zammad: articles with "ticket_id" and "sender", or tickets with "articles"

// ticket is a conversation of any of them.
type ticket struct {
	ID            key     `json:"id"`
	Subject       string  `json:"subject"`
	Title         string  `json:"title"`
	Description   string  `json:"description"`
	DescribedText string  `json:"description_text"`
	Created       when    `json:"created_at"`
	CreatedAt     when    `json:"createdAt"`
	Requester     person  `json:"requester"`
	RequesterID   key     `json:"requester_id"`
	Customer      person  `json:"primaryCustomer"`
	Email         string  `json:"email"`
	Spam          bool    `json:"spam"`
	Deleted       bool    `json:"deleted"`
	Comments      []entry `json:"comments"`
	Conversations []entry `json:"conversations"` // of Freshdesk: the entries
	Articles      []entry `json:"articles"`
	Notes         []struct {
		entry
		Inner *entry `json:"helpdesk_note"`
	} `json:"notes"`
	Embedded struct {
		Threads []entry `json:"threads"`
	} `json:"_embedded"`
	Inner *ticket `json:"helpdesk_ticket"`
}

// entry is what somebody wrote in it.
type entry struct {
	ID        key    `json:"id"`
	TicketID  key    `json:"ticket_id"`
	MessageID string `json:"message_id"`
	InReplyTo string `json:"in_reply_to"`
	Subject   string `json:"subject"`
	Body      string `json:"body"`
	BodyHTML  string `json:"body_html"`
	HTML      string `json:"html_body"`
	Plain     string `json:"plain_body"`
	BodyText  string `json:"body_text"`
	Content   string `json:"content_type"`
	Created   when   `json:"created_at"`
	CreatedAt when   `json:"createdAt"`
	AuthorID  key    `json:"author_id"`
	UserID    key    `json:"user_id"`
	Public    *bool  `json:"public"`
	Private   bool   `json:"private"`
	Internal  bool   `json:"internal"`
	Incoming  *bool  `json:"incoming"`
	Sender    string `json:"sender"`     // Zammad: Customer, Agent, System
	Type      string `json:"type"`       // Help Scout: customer, reply, message, note, lineitem
	State     string `json:"state"`      // Help Scout: draft, published, hidden
	CreatedBy person `json:"createdBy"`  // Help Scout
	From      string `json:"from"`       // Zammad
	FromEmail string `json:"from_email"` // Freshdesk
	To        any    `json:"to"`
}

// person is somebody, or only his number.
type person struct {
	ID                             key
	Name, Email, First, Last, Type string
	Role                           string
}

func (p *person) UnmarshalJSON(data []byte) error {
	var v struct {
		ID    key    `json:"id"`
		Name  string `json:"name"`
		Email string `json:"email"`
		First string `json:"first"`
		Last  string `json:"last"`
		Type  string `json:"type"`
		Role  string `json:"role"`
	}
	if len(data) == 0 || data[0] != '{' {
		return nil // a number or a name, of whom we need none
	}
	err := json.Unmarshal(data, &v)
	*p = person{v.ID, v.Name, v.Email, v.First, v.Last, v.Type, v.Role}
	return err
}

func (p person) name() string { return cmp.Or(p.Name, strings.TrimSpace(p.First+" "+p.Last)) }

// key is an id, which is a number here and a text there.
type key string

func (k *key) UnmarshalJSON(data []byte) error {
	s := strings.Trim(string(data), `"`)
	if s == "null" {
		s = ""
	}
	*k = key(s)
	return nil
}

// when is a time, as help desks write them. One that cannot be read is unknown.
type when struct{ time.Time }

var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "2006/01/02 15:04:05 Z0700", "2006-01-02 15:04:05 MST", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02"}

func (w *when) UnmarshalJSON(data []byte) error {
	w.Time = timeOf(strings.Trim(string(data), `"`))
	return nil
}

func timeOf(s string) time.Time {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// desks reads such a file.
type desks struct {
	file   *os.File
	in     *json.Decoder
	size   int64
	path   string
	kind   string
	inList bool
	users  map[key]person
	ready  []Letter
	ended  bool
}

func openJSON(path string) (Source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("cannot read %s: %w", path, err), f.Close())
	}
	in := bufio.NewReaderSize(f, 1<<16)
	if b, err := in.Peek(3); err == nil && bytes.Equal(b, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3)
	}
	d := &desks{file: f, size: info.Size(), path: path, users: map[key]person{}}
	for {
		b, err := in.ReadByte()
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s is empty; %s", path, named), f.Close())
		}
		if b == ' ' || b == '\n' || b == '\r' || b == '\t' {
			continue
		}
		_ = in.UnreadByte()
		d.in = json.NewDecoder(in)
		if d.inList = b == '['; d.inList {
			_, err = d.in.Token()
		}
		return d, err
	}
}

func (d *desks) Next() (Letter, error) {
	for len(d.ready) == 0 {
		if d.ended {
			return Letter{}, io.EOF
		}
		if d.inList && !d.in.More() {
			d.ended = true
			continue
		}
		var v json.RawMessage
		err := d.in.Decode(&v)
		if errors.Is(err, io.EOF) {
			d.ended = true
			continue
		}
		if d.ended = err != nil; err == nil {
			err = d.take(v)
		}
		if err != nil {
			return Letter{}, fmt.Errorf("%s, at byte %d: %w; %w", d.path, d.in.InputOffset(), err, ErrLetter)
		}
	}
	l := d.ready[0]
	d.ready = d.ready[1:]
	return l, nil
}

// take reads a ticket, an article, or a page of them.
func (d *desks) take(v json.RawMessage) error {
	if len(v) == 0 || v[0] != '{' {
		return errors.New("it is neither a ticket nor an entry of one")
	}
	var names map[string]json.RawMessage
	if err := json.Unmarshal(v, &names); err != nil {
		return err
	}
	if users, ok := names["users"]; ok {
		var list []person
		if err := json.Unmarshal(users, &list); err != nil {
			return fmt.Errorf("its users: %w", err)
		}
		for _, u := range list {
			d.users[u.ID] = u
		}
	}
	var pages []json.RawMessage
	if _, isTicket := names["id"]; !isTicket {
		page := names["tickets"]
		if embedded, ok := names["_embedded"]; ok {
			var in struct {
				Conversations json.RawMessage `json:"conversations"`
			}
			if err := json.Unmarshal(embedded, &in); err != nil {
				return err
			}
			page = in.Conversations
		}
		if page == nil {
			page = names["ticket_articles"]
		}
		if page != nil {
			if err := json.Unmarshal(page, &pages); err != nil {
				return fmt.Errorf("its tickets: %w", err)
			}
			for _, p := range pages {
				if err := d.take(p); err != nil {
					return err
				}
			}
			return nil
		}
		if _, old := names["helpdesk_ticket"]; !old {
			return errors.New("it is neither a ticket nor an entry of one; see docs/import.md for what is read")
		}
	}
	if _, alone := names["ticket_id"]; alone && names["sender"] != nil {
		var e entry
		if err := json.Unmarshal(v, &e); err != nil {
			return err
		}
		d.kind = "Zammad's"
		d.add(ticket{ID: e.TicketID}, e)
		return nil
	}
	var t ticket
	if err := json.Unmarshal(v, &t); err != nil {
		return err
	}
	if t.Inner != nil {
		inner := *t.Inner
		t = inner
	}
	d.ticket(t)
	return nil
}

func (d *desks) ticket(t ticket) {
	asked := entry{ID: "description", Subject: t.Subject, BodyText: t.DescribedText, Body: t.Description, Created: t.Created, Incoming: new(bool)}
	*asked.Incoming = true
	var entries []entry
	switch {
	case len(t.Embedded.Threads) > 0:
		d.kind, entries = "Help Scout's", t.Embedded.Threads
	case len(t.Articles) > 0:
		d.kind, entries = "Zammad's", t.Articles
	case len(t.Comments) > 0:
		d.kind, entries = "Zendesk's", t.Comments // the first is the description
	default:
		d.kind = "Freshdesk's"
		entries = append([]entry{asked}, t.Conversations...)
		for _, n := range t.Notes {
			if n.Inner != nil {
				n.entry = *n.Inner
			}
			entries = append(entries, n.entry)
		}
	}
	for _, e := range entries {
		d.add(t, e)
	}
}

// add makes a letter of an entry.
func (d *desks) add(t ticket, e entry) {
	id := "ticket " + string(t.ID)
	l := Letter{ID: id + " " + string(e.ID), Thread: id, Subject: cmp.Or(e.Subject, t.Subject, t.Title), When: e.Created.Time}
	if l.When.IsZero() {
		l.When = e.CreatedAt.Time
	}
	if e.MessageID != "" {
		l.ID = strings.Trim(e.MessageID, "<>")
	}
	if e.InReplyTo != "" {
		l.Answers = strings.Fields(strings.NewReplacer("<", " ", ">", " ").Replace(e.InReplyTo))
	}
	user := d.users[cmp.Or(e.AuthorID, e.UserID)]
	l.Names = []string{t.Requester.name(), t.Customer.name(), e.CreatedBy.name(), user.name()}
	address := cmp.Or(e.FromEmail, e.From, e.CreatedBy.Email, user.Email)
	for _, a := range message.ParseAddressList(address) {
		l.From, l.Name = cmp.Or(l.From, strings.ToLower(a.Address)), cmp.Or(l.Name, a.Name)
		l.Names = append(l.Names, a.Name)
	}
	l.Side = sideOf(t, e, user)
	if l.From == "" && l.Side == Customer {
		l.From = strings.ToLower(cmp.Or(t.Requester.Email, t.Customer.Email, t.Email))
		l.Name = cmp.Or(l.Name, t.Requester.name(), t.Customer.name())
	}
	l.Name = cmp.Or(l.Name, e.CreatedBy.name(), user.name())
	l.Text = e.text()
	switch {
	case t.Spam || t.Deleted || e.State == "draft" || e.State == "hidden":
		l.Skip = Unsent
	case e.Public != nil && !*e.Public || e.Private || e.Internal || e.Type == "note":
		l.Skip = Inside
	case e.Type == "lineitem" || strings.EqualFold(e.Sender, "System"):
		l.Skip = NoPerson
	}
	d.ready = append(d.ready, l.tidied())
}

// sideOf tells who wrote an entry.
func sideOf(t ticket, e entry, user person) Side {
	side := func(customer bool) Side {
		if customer {
			return Customer
		}
		return Team
	}
	requester := cmp.Or(t.RequesterID, t.Requester.ID)
	switch {
	case e.Incoming != nil:
		return side(*e.Incoming)
	case e.Sender != "":
		return side(strings.EqualFold(e.Sender, "Customer"))
	case e.CreatedBy.Type != "":
		return side(e.CreatedBy.Type == "customer")
	case slices.Contains([]string{"customer", "reply", "message"}, e.Type):
		return side(e.Type == "customer")
	case user.Role != "":
		return side(user.Role == "end-user")
	case e.AuthorID != "" && requester != "":
		return side(e.AuthorID == requester)
	}
	return Unknown
}

// text is what was newly written in it.
func (e entry) text() string {
	plain, html := cmp.Or(e.BodyText, e.Plain), cmp.Or(e.HTML, e.BodyHTML)
	switch {
	case plain == "" && html == "" && (strings.Contains(e.Content, "html") || looksHTML(e.Body)):
		html = e.Body
	case plain == "":
		plain = e.Body
	}
	return written(e.Subject, plain, html)
}

// written takes the quote and the signature off.
func written(subject, plain, html string) string {
	if strings.TrimSpace(plain) == "" {
		plain = htmltext.Text(html)
	}
	v := visible.Source{Subject: subject, Text: plain, HTML: html}.Split()
	return v.Visible
}

// looksHTML tells mark-up where an export does not.
func looksHTML(s string) bool {
	s = strings.ToLower(s)
	return strings.Contains(s, "<br") || strings.Contains(s, "</p>") || strings.Contains(s, "</div>") || strings.Contains(s, "</span>")
}

func (d *desks) Skip(n int) (int, error) {
	for i := range n {
		if _, err := d.Next(); errors.Is(err, io.EOF) {
			return i, nil
		} else if err != nil && !errors.Is(err, ErrLetter) {
			return i, err
		}
	}
	return n, nil
}

func (d *desks) Done() float64 { return float64(d.in.InputOffset()) / float64(max(1, d.size)) }

func (d *desks) Kind() string {
	if d.kind == "" {
		return "a help desk's export"
	}
	return d.kind + " export"
}

func (d *desks) Close() error { return d.file.Close() }

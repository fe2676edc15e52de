package page

import (
	"encoding/base64"
	"errors"
	"html/template"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/local/mailbox"
	"github.com/replywell/replywell/shared/store"
)

type listView struct {
	Box          box
	Mails        []mailbox.Head
	Sent         bool
	Page, Pages  int
	Newer, Older string // links; "" where there are none
}

// perPage is how many mails a page of a list has.
const perPage = 50

// list shows one mailbox, a page at a time.
func (p *page) list(w http.ResponseWriter, r *http.Request) {
	b := p.box(r)
	here := "/mailbox/" + url.PathEscape(b.Address)
	n, _ := strconv.Atoi(r.URL.Query().Get("page"))
	n = min(max(n, 1), 1<<20)
	mails, all, err := p.mailboxes.List(b.Address, (n-1)*perPage, perPage)
	if err != nil {
		p.fail(w, r, http.StatusInternalServerError, "This mailbox cannot be read", err.Error())
		return
	}
	v := listView{Box: b, Mails: mails, Sent: r.URL.Query().Has("sent"), Page: n, Pages: max(1, (all+perPage-1)/perPage)}
	if n > 1 {
		v.Newer = here + "?page=" + strconv.Itoa(min(n-1, v.Pages))
	}
	if n < v.Pages {
		v.Older = here + "?page=" + strconv.Itoa(n+1)
	}
	p.show(w, http.StatusOK, "list.html", frame{Title: b.Title(), Current: b.Address, Refresh: here + "?page=" + strconv.Itoa(n), Data: v})
}

// box finds the mailbox that a request is about.
func (p *page) box(r *http.Request) box {
	address := r.PathValue("address")
	for _, g := range p.groups() {
		for _, b := range g.Boxes {
			if strings.EqualFold(b.Address, address) {
				return b
			}
		}
	}
	return box{Address: address}
}

// Title is what the mailbox is called.
func (b box) Title() string {
	if b.Name != "" {
		return b.Name
	}
	return b.Address
}

// opened is one mail, read.
type opened struct {
	Box        box
	Folder, ID string
	Mail       *email.Mail
	ShowHTML   bool
	raw        []byte
}

// Base is the path of the mail.
func (o opened) Base() string {
	return "/mailbox/" + url.PathEscape(o.Box.Address) + "/" + o.Folder + "/" + url.PathEscape(o.ID)
}

// open reads the mail that a request is about, and answers where it cannot.
func (p *page) open(w http.ResponseWriter, r *http.Request) (opened, bool) {
	o := opened{Box: p.box(r), Folder: r.PathValue("folder"), ID: r.PathValue("id")}
	var err error
	o.raw, err = p.mailboxes.Read(o.Box.Address, o.Folder, o.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		p.fail(w, r, http.StatusNotFound, "There is no such mail", "It is not in the mailbox of "+o.Box.Address+".")
		return o, false
	case err != nil:
		p.fail(w, r, http.StatusInternalServerError, "This mail cannot be read", err.Error())
		return o, false
	}
	o.Mail = email.Read(o.raw, "")
	return o, true
}

// read shows one mail: its HTML in a sandboxed frame, or its plain text.
func (p *page) read(w http.ResponseWriter, r *http.Request) {
	o, ok := p.open(w, r)
	if !ok {
		return
	}
	if o.Folder == mailbox.Inbox {
		if err := p.mailboxes.Open(o.Box.Address, o.ID); err != nil {
			p.fail(w, r, http.StatusInternalServerError, "This mail cannot be marked as read", err.Error())
			return
		}
	}
	o.ShowHTML = o.Mail.HTML != "" && r.URL.Query().Get("as") != "text"
	title := o.Mail.Subject
	if title == "" {
		title = "(no subject)"
	}
	p.show(w, http.StatusOK, "mail.html", frame{Title: title, Current: o.Box.Address, Data: o})
}

// mailPolicy is for a stranger's HTML: no script, no form, no plug-in, nothing
// fetched from anywhere, an origin of its own.
const mailPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"

// html serves the HTML part alone, for the frame.
func (p *page) html(w http.ResponseWriter, r *http.Request) {
	o, ok := p.open(w, r)
	if !ok {
		return
	}
	w.Header().Set("Content-Security-Policy", mailPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(withImages(o.Mail.HTML, o.Mail.Attachments))) // a browser that went away has no use for an error
}

var cidLink = regexp.MustCompile(`cid:[^"'\s>)]+`)

// maxInlineImage bounds an image that is put into the HTML.
const maxInlineImage = 2 << 20

// withImages puts the images that travel with a mail where they are shown.
func withImages(html string, attachments []message.Attachment) string {
	return cidLink.ReplaceAllStringFunc(html, func(link string) string {
		id, err := url.PathUnescape(strings.TrimPrefix(link, "cid:"))
		if err != nil {
			return link
		}
		for _, a := range attachments {
			if a.ContentID == id && strings.HasPrefix(a.ContentType, "image/") && len(a.Content) <= maxInlineImage {
				return "data:" + a.ContentType + ";base64," + base64.StdEncoding.EncodeToString(a.Content)
			}
		}
		return link
	})
}

// raw serves a mail as it is.
func (p *page) raw(w http.ResponseWriter, r *http.Request) {
	o, ok := p.open(w, r)
	if !ok {
		return
	}
	w.Header().Set("Content-Security-Policy", mailPolicy)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(o.raw) // as above
}

// part serves one attachment, to be saved and not shown.
func (p *page) part(w http.ResponseWriter, r *http.Request) {
	o, ok := p.open(w, r)
	if !ok {
		return
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 0 || n >= len(o.Mail.Attachments) {
		p.fail(w, r, http.StatusNotFound, "There is no such attachment", "The mail has "+strconv.Itoa(len(o.Mail.Attachments))+".")
		return
	}
	a := o.Mail.Attachments[n]
	w.Header().Set("Content-Security-Policy", mailPolicy)
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", disposition(a.Filename))
	_, _ = w.Write(a.Content) // as above
}

func disposition(name string) string {
	if name == "" {
		name = "attachment"
	}
	if d := mime.FormatMediaType("attachment", map[string]string{"filename": name}); d != "" {
		return d
	}
	return "attachment"
}

var anyLink = regexp.MustCompile(`(?:https?://|mailto:)[^\s<>"]+`)

// linkedText makes links of a plain text's URLs. A mailto link opens the page's
// own form.
func linkedText(address, text string) template.HTML {
	var b strings.Builder
	at := 0
	for _, m := range anyLink.FindAllStringIndex(text, -1) {
		target := strings.TrimRight(text[m[0]:m[1]], ".,;:!?)")
		end := m[0] + len(target)
		b.WriteString(template.HTMLEscapeString(text[at:m[0]]))
		if rest, ok := strings.CutPrefix(target, "mailto:"); ok {
			b.WriteString(`<a href="` + template.HTMLEscapeString(writeLink(address, rest)) + `">` + template.HTMLEscapeString(target) + "</a>")
		} else {
			b.WriteString(`<a rel="noopener noreferrer" target="_blank" href="` + template.HTMLEscapeString(target) + `">` + template.HTMLEscapeString(target) + "</a>")
		}
		at = end
	}
	b.WriteString(template.HTMLEscapeString(text[at:]))
	return template.HTML(b.String())
}

// writeLink is the form for a mailto link's address and subject (RFC 6068).
func writeLink(from, mailto string) string {
	to, query, _ := strings.Cut(mailto, "?")
	v := url.Values{}
	if address, err := url.PathUnescape(to); err == nil {
		v.Set("to", address)
	}
	if q, err := url.ParseQuery(strings.ReplaceAll(query, "+", "%2B")); err == nil && q.Has("subject") {
		v.Set("subject", q.Get("subject"))
	}
	return "/mailbox/" + url.PathEscape(from) + "/write?" + v.Encode()
}

package window

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

// opened is one mail, read.
type opened struct {
	Box        box
	Folder, ID string
	Mail       *email.Mail
	raw        []byte
}

// Base is the path of what the mail consists of.
func (o opened) Base() string {
	return "/mail/" + url.PathEscape(o.Box.Address) + "/" + o.Folder + "/" + url.PathEscape(o.ID)
}

// Header is the mail's header as it stands.
func (o opened) Header() string {
	head, _, _ := strings.Cut(string(o.raw), "\r\n\r\n")
	return strings.ToValidUTF8(head, "\uFFFD")
}

// Height is about what the mail's HTML needs in a column, in pixels: the frame
// cannot tell, for nothing in it runs.
func (o opened) Height() int {
	text, rows := o.Mail.Text, 2
	if o.Folder == mailbox.Sent && o.Mail.Visible.Quoted != "" { // what is quoted is below, and can be scrolled to
		text, rows = o.Mail.WithPassedOn(), 4
	}
	for l := range strings.SplitSeq(text, "\n") {
		if rows += 1 + len(l)/48; rows > 20 {
			break
		}
	}
	return min(40+22*rows, 440)
}

// open reads a mail. Error: store.ErrNotFound.
func (p *window) open(b box, folder, id string) (o opened, err error) {
	o = opened{Box: b, Folder: folder, ID: id}
	if o.raw, err = p.mailboxes.Read(b.Address, folder, id); err != nil {
		return o, err
	}
	o.Mail = email.Read(o.raw, "")
	return o, nil
}

// asked reads the mail that a request is about, and answers where it cannot.
func (p *window) asked(w http.ResponseWriter, r *http.Request) (opened, bool) {
	o, err := p.open(p.boxAt(r.PathValue("address")), r.PathValue("folder"), r.PathValue("id"))
	switch {
	case errors.Is(err, store.ErrNotFound):
		p.fail(w, http.StatusNotFound, "There is no such mail", "It is not in the mailbox of "+o.Box.Address+".")
	case err != nil:
		p.fail(w, http.StatusInternalServerError, "This mail cannot be read", err.Error())
	default:
		return o, true
	}
	return o, false
}

// mailPolicy is for a stranger's HTML: no script, no form, no plug-in, nothing
// fetched from anywhere, an origin of its own.
const mailPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"

// html serves the HTML part alone, for the frame.
func (p *window) html(w http.ResponseWriter, r *http.Request) {
	o, ok := p.asked(w, r)
	if !ok {
		return
	}
	w.Header().Set("Content-Security-Policy", mailPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(withImages(o.Mail.HTML, o.Mail.Attachments))) // a browser that went away has no use for an error
}

var cidLink = regexp.MustCompile(`cid:[^"'\s>)]+`)

// maxInlineImage bounds an image that is put into the HTML, and maxInlineImages all
// of a mail's, in bytes: one image may be shown a thousand times.
const (
	maxInlineImage  = 2 << 20
	maxInlineImages = 8 << 20
)

// withImages puts the images that travel with a mail where they are shown.
func withImages(html string, attachments []message.Attachment) string {
	left := maxInlineImages
	return cidLink.ReplaceAllStringFunc(html, func(link string) string {
		id, err := url.PathUnescape(strings.TrimPrefix(link, "cid:"))
		if err != nil {
			return link
		}
		for _, a := range attachments {
			if a.ContentID == id && strings.HasPrefix(a.ContentType, "image/") && len(a.Content) <= min(maxInlineImage, left) {
				left -= len(a.Content)
				return "data:" + a.ContentType + ";base64," + base64.StdEncoding.EncodeToString(a.Content)
			}
		}
		return link
	})
}

// source serves a mail as it is, to be looked at or, with ?save, to be kept.
func (p *window) source(w http.ResponseWriter, r *http.Request) {
	o, ok := p.asked(w, r)
	if !ok {
		return
	}
	w.Header().Set("Content-Security-Policy", mailPolicy)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if r.URL.Query().Has("save") {
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Disposition", disposition(o.ID+".eml"))
	}
	_, _ = w.Write(o.raw) // as above
}

// part serves one attachment, to be saved and not shown.
func (p *window) part(w http.ResponseWriter, r *http.Request) {
	o, ok := p.asked(w, r)
	if !ok {
		return
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 0 || n >= len(o.Mail.Attachments) {
		p.fail(w, http.StatusNotFound, "There is no such attachment", "The mail has "+strconv.Itoa(len(o.Mail.Attachments))+".")
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

// linkedText makes links of a plain text's URLs. A mailto link opens the form of
// the mailbox that the text is read in: write gives its address.
func linkedText(text string, write func(to, subject string) string) template.HTML {
	var b strings.Builder
	at := 0
	for _, m := range anyLink.FindAllStringIndex(text, -1) {
		target := strings.TrimRight(text[m[0]:m[1]], ".,;:!?)")
		end := m[0] + len(target)
		b.WriteString(template.HTMLEscapeString(text[at:m[0]]))
		if rest, ok := strings.CutPrefix(target, "mailto:"); ok {
			b.WriteString(`<a href="` + template.HTMLEscapeString(write(mailto(rest))) + `">` + template.HTMLEscapeString(target) + "</a>")
		} else {
			b.WriteString(`<a rel="noopener noreferrer" target="_blank" href="` + template.HTMLEscapeString(target) + `">` + template.HTMLEscapeString(target) + "</a>")
		}
		at = end
	}
	b.WriteString(template.HTMLEscapeString(text[at:]))
	return template.HTML(b.String())
}

// mailto takes a link apart (RFC 6068).
func mailto(link string) (to, subject string) {
	to, query, _ := strings.Cut(link, "?")
	if address, err := url.PathUnescape(to); err == nil {
		to = address
	}
	if q, err := url.ParseQuery(strings.ReplaceAll(query, "+", "%2B")); err == nil {
		subject = q.Get("subject")
	}
	return to, subject
}

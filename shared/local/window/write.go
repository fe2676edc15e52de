package window

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/email/page"
)

// maxForm bounds what the form may send, in bytes: the largest mail that the SMTP
// server takes, before its attachments are encoded.
const maxForm = 25 << 20

// send submits what was written by SMTP. Where that is refused the form comes
// back with all that was typed.
func (p *window) send(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			p.fail(w, http.StatusRequestEntityTooLarge, "This is too large", fmt.Sprintf("A mail may have %s at most. Go back and leave something out; what you typed is still there.", page.Size(maxForm)))
			return
		}
		p.fail(w, http.StatusBadRequest, "The form could not be read", err.Error())
		return
	}
	defer r.MultipartForm.RemoveAll()
	f := r.PostForm
	at, err := url.ParseQuery(f.Get("at"))
	if err != nil {
		at = url.Values{}
	}
	s := readState(at)
	side := s.side(f.Get("side"))
	b := p.boxAt(f.Get("mailbox"))
	d := p.draft(b)
	if folder, id, ok := strings.Cut(f.Get("answers"), "."); ok {
		o, err := p.open(b, folder, id)
		if err != nil {
			p.fail(w, http.StatusNotFound, "The mail that this answers is gone", "It is not in the mailbox of "+b.Address+". Go back: what you typed is still there.")
			return
		}
		d = p.replyTo(o, false)
	}
	if from := f.Get("from"); slices.Contains(d.Senders, from) {
		d.From = from
	}
	d.To, d.Cc, d.Subject, d.Text = f.Get("to"), f.Get("cc"), f.Get("subject"), f.Get("text")
	d.Client, d.Below = clientCalled(f.Get("client")).ID, f.Get("place") == "below"
	files := r.MultipartForm.File["attachments"]
	id := ""
	if d.Empty = strings.TrimSpace(d.Text) == "" && len(files) == 0 && f.Get("empty") == ""; d.Empty {
		d.Error = "you have written nothing. Write something, or send it empty all the same."
	} else if id, err = p.sendDraft(d, files); err != nil {
		d.Error = err.Error()
	}
	if d.Error != "" {
		p.showHome(w, r, http.StatusUnprocessableEntity, s, func(v *homeView) {
			pane := &v.Left
			if side.Side == "right" {
				pane = &v.Right
			}
			d.habit(r)
			pane.Draft, pane.Threads, pane.Box = &d, nil, b
		})
		return
	}
	p.remember(w, r, d)
	if _, _, reading := side.opened(); reading {
		folder, mailID, _ := side.opened()
		s = s.with(side.open(folder, mailID))
	} else {
		s = s.with(side.list())
	}
	s.Mail, s.Sample, s.See = id, "", "path"
	http.Redirect(w, r, s.URL(), http.StatusSeeOther)
}

// sample sends one of the sample mails and shows its path.
func (p *window) sample(w http.ResponseWriter, r *http.Request) {
	for _, s := range samples {
		if s.Name != r.PathValue("name") {
			continue
		}
		at := readAt(r)
		out, err := s.send(p, r.Context())
		if err != nil {
			p.showHome(w, r, http.StatusUnprocessableEntity, at, func(v *homeView) { v.Problem = "Not sent: " + err.Error() })
			return
		}
		http.Redirect(w, r, at.sent(out, s.Name), http.StatusSeeOther)
		return
	}
	p.fail(w, http.StatusNotFound, "There is no such sample mail", "The first page shows all that there are.")
}

package files

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"path"
	"time"

	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/store"
)

// Door answers whoever follows a link. All fields are needed. It is an http.Handler.
type Door struct {
	Keys func() *replyaddr.Keyring
	Now  func() time.Time
	// Find reads what a file is called, and sees that its bytes are there. Error:
	// store.ErrNotFound.
	Find func(ctx context.Context, id string) (File, error)
	// Give answers with the file, or says where it is: the header fields that keep it
	// from being shown are set already.
	Give func(w http.ResponseWriter, r *http.Request, f File) error
}

// Of what no answer ever is: a page that runs, is framed, is kept by somebody between,
// or tells the next page where it came from.
var always = map[string]string{
	"Content-Security-Policy":      "default-src 'none'; frame-ancestors 'none'; sandbox",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Referrer-Policy":              "no-referrer",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cache-Control":                "no-store",
	"X-Robots-Tag":                 "noindex, nofollow",
}

// what every link that leads nowhere is answered with.
const nothingHere = "This link does not lead to a file, or not any more. Answer the mail that it came in, and you will be sent the file again.\n"

const later = "The file cannot be read right now. Please try again in a few minutes.\n"

// ServeHTTP answers one request. Which link it is, no log says.
func (d Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for name, value := range always {
		w.Header().Set(name, value)
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		say(w, r, http.StatusNotFound, nothingHere)
		return
	}
	t, ok := d.Keys().OpenFile(path.Base(r.URL.Path), d.Now())
	if !ok {
		say(w, r, http.StatusNotFound, nothingHere)
		return
	}
	f, err := d.Find(r.Context(), t.ID)
	if errors.Is(err, store.ErrNotFound) {
		say(w, r, http.StatusNotFound, nothingHere)
		return
	}
	if err == nil {
		w.Header().Set("Content-Disposition", disposition(f.Name))
		w.Header().Set("Content-Type", kind)
		err = d.Give(w, r, f)
	}
	if err != nil {
		slog.Error("a file could not be handed out", "error", err)
		w.Header().Del("Content-Disposition")
		w.Header().Set("Retry-After", "120")
		say(w, r, http.StatusServiceUnavailable, later)
	}
}

// kind is what every file is said to be: something to save.
const kind = "application/octet-stream"

// say answers with a line of text.
func say(w http.ResponseWriter, r *http.Request, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Length", length(len(text)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, text) // whoever hung up reads nothing
	}
}

// Saving are the header fields under which another server is to hand a file over.
func Saving(f File) (asFile, contentType string) { return disposition(f.Name), kind }

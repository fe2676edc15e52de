package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/files"
	"github.com/replywell/replywell/shared/local/mailbox"
	"github.com/replywell/replywell/shared/local/window"
	"github.com/replywell/replywell/shared/store"
)

// Bounds of whoever fetches files: strangers, at the rate of their lines.
const (
	mostFetching    = 64               // connections at a time
	asksWithin      = 10 * time.Second // all of a request's header
	fetchesWithin   = 30 * time.Minute // all of an answer
	mostAskedHeader = 8 << 10          // bytes
)

// linked are the files that answers link to.
type linked struct {
	folder *Folder
	keys   *replyaddr.Keyring
	now    func() time.Time
}

// server hands them out.
func (s linked) server() *http.Server {
	door := files.Door{Keys: func() *replyaddr.Keyring { return s.keys }, Now: s.now, Find: s.find, Give: s.give}
	return &http.Server{Handler: door, ReadHeaderTimeout: asksWithin, ReadTimeout: asksWithin, WriteTimeout: fetchesWithin, IdleTimeout: asksWithin,
		MaxHeaderBytes: mostAskedHeader}
}

func (s linked) find(ctx context.Context, id string) (files.File, error) {
	f, err := files.About(ctx, Blobs{s.folder}, id)
	if err != nil {
		return f, err
	}
	if _, err := os.Stat(s.folder.Path("blobs", files.Key(id))); errors.Is(err, os.ErrNotExist) {
		return f, fmt.Errorf("%s: %w", files.Key(id), store.ErrNotFound)
	}
	return f, nil
}

func (s linked) give(w http.ResponseWriter, r *http.Request, f files.File) error {
	content, err := os.Open(s.folder.Path("blobs", files.Key(f.ID)))
	if err != nil {
		return err
	}
	defer content.Close()
	http.ServeContent(w, r, "", time.Time{}, content) // a fetch that broke off goes on where it was
	return nil
}

// erase removes the files that no link leads to any more.
func (s linked) erase() error {
	entries, err := os.ReadDir(s.folder.Path("blobs", files.Folder))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range entries {
		id, about := strings.CutSuffix(e.Name(), ".json")
		if !about {
			continue
		}
		data, err := os.ReadFile(s.folder.Path("blobs", files.Folder, e.Name()))
		var f files.File
		if err != nil || json.Unmarshal(data, &f) != nil || s.now().Before(f.Until.AddDate(0, 0, 1)) {
			continue
		}
		for _, name := range []string{id, e.Name()} { // the bytes first: the name says that they are there
			if err := os.Remove(s.folder.Path("blobs", files.Folder, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}

// pageServer makes the page's server; nil where there is no page.
func (s *System) pageServer(figures func(context.Context, time.Time) ([]desk.Gap, error)) *http.Server {
	if s.http == nil {
		return nil
	}
	host, _, err := net.SplitHostPort(s.options.HTTP)
	if err != nil {
		host = ""
	}
	o := window.Options{Settings: s.Settings, Mailboxes: s.mailboxes, Records: s.Store, Figures: figures, Arrived: s.arrived, Blob: s.Blobs.Get,
		Ours: func(address string) bool { _, ours := ourAddress(s.Settings, address); return ours },
		Submit: func(login, from string, to []string, raw []byte) (string, error) {
			return submit(s.SMTPAddress(), login, s.password, from, to, raw)
		},
		Random: func(b []byte) error { _, err := s.options.Random.Read(b); return err },
		Now:    s.options.Now, Zone: teamZone(s.Settings), Host: host, SMTP: s.SMTPAddress(), Password: s.password}
	if s.Settings.Mode != desk.ModeSample { // people's own mail: it is shown, and nothing else
		s.mailboxes = mailbox.Watched(s.folder)
		o.ReadOnly, o.Mailboxes = true, s.mailboxes
		return window.Server(o)
	}
	for _, x := range Provocations {
		o.Provocations = append(o.Provocations, window.Provocation{Local: x.Local, Does: x.Does})
	}
	return window.Server(o)
}

// arrived gives the ids of the mails that the SMTP server took last, the newest
// first. They stand in folders by day, under names that sort by time.
func (s *System) arrived(limit int) []string {
	var out []string
	var walk func(depth int, parts ...string)
	walk = func(depth int, parts ...string) {
		entries, _ := os.ReadDir(s.folder.Path(append([]string{"blobs"}, parts...)...)) // none is none
		for _, e := range slices.Backward(entries) {
			switch {
			case len(out) >= limit:
				return
			case depth > 0:
				walk(depth-1, append(slices.Clone(parts), e.Name())...)
			default:
				if id, ok := strings.CutSuffix(e.Name(), ".eml"); ok {
					out = append(out, id)
				}
			}
		}
	}
	walk(3, "mail")
	return out
}

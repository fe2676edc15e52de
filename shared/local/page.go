package local

import (
	"context"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/local/mailbox"
	"github.com/replywell/replywell/shared/local/window"
)

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

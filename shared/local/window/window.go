package window

import (
	"context"
	"html/template"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/local/mailbox"
)

// window serves the mailboxes. In sample mode every mail can be read, and written as
// any sample customer or agent. What is written goes out by SMTP to our own server,
// as from any mail program; the page has no other way in.
type window struct {
	settings     *desk.Settings
	mailboxes    *mailbox.Boxes
	records      Records
	arrived      func(limit int) []string // the ids of the mails that came last, the newest first
	blob         func(ctx context.Context, key string) ([]byte, error)
	submit       func(login, from string, to []string, raw []byte) (id string, err error)
	now          func() time.Time
	random       func([]byte) error
	ours         func(address string) bool
	figures      func(ctx context.Context, from time.Time) ([]desk.Gap, error)
	provocations []Provocation
	readOnly     bool
	host         string // as given by --http, without the port
	address      string // of the SMTP server
	password     string
	zone         *time.Location
	templates    *template.Template
	stopping     <-chan struct{}
	watch        watch
	day          day
}

// watch remembers for all listeners what the page shows, so that many of them
// cost no more than one.
type watch struct {
	mu        sync.Mutex
	looked    time.Time
	state     uint64
	listeners int
}

// Options are what the page stands on.
type Options struct {
	Settings  *desk.Settings
	Mailboxes *mailbox.Boxes
	Records   Records
	Arrived   func(limit int) []string // the ids of the mails that came last, the newest first
	Blob      func(ctx context.Context, key string) ([]byte, error)
	Submit    func(login, from string, to []string, raw []byte) (id string, err error) // by SMTP; id is the server's
	Ours      func(address string) bool                                                // whether the SMTP server takes mail for it
	// Figures posts the figures of what was done since a moment, as the weekly report does.
	Figures      func(ctx context.Context, from time.Time) ([]desk.Gap, error)
	ReadOnly     bool // a window and nothing else: nothing can be written
	Now          func() time.Time
	Zone         *time.Location // the one that every time is shown in
	Random       func([]byte) error
	Host         string // that the page may be called by, beside numbers and "localhost"; "": none
	SMTP         string // the SMTP server's address, to be shown
	Password     string // of the sample people, to be shown; "": nobody can log in
	Provocations []Provocation
}

// Provocation is a local part at the sample customers' domain, and what mail to it
// brings about.
type Provocation struct{ Local, Does string }

// Records is what the page reads of the store.
type Records interface {
	Held(ctx context.Context, limit int) ([]desk.Inbound, error)
	Inbound(ctx context.Context, id string) (desk.Inbound, error)
	Messages(ctx context.Context, id desk.ConversationID, from, limit int) ([]desk.Message, error)
	Outbox(ctx context.Context, id string) (desk.OutboxItem, error)
}

package home

import (
	"cmp"
	"context"
	"io"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/store"
)

// Home is one home of the desk. It is safe for concurrent use if its parts are.
type Home struct {
	Store    *store.Store
	Blobs    store.Blobs
	Settings func(context.Context) (*desk.Settings, error)
	// Keys sign reply addresses. A function reads them anew between two
	// invocations, when no service is at work.
	Keys *replyaddr.Keyring
	// FilesURL is the public address that this home hands files out at, "" where it has
	// none of its own; the settings' own counts before it.
	FilesURL string
	// Wake tells the sender that outbox items wait. It is a courtesy: the items
	// are recorded, and the sweep finds them if nobody is told. May be nil.
	Wake func(ctx context.Context, outboxIDs []string)
	// Later is Wake after a while. nil: the sweep finds them soon enough.
	Later  func(ctx context.Context, outboxIDs []string, wait time.Duration)
	Now    func() time.Time
	Random io.Reader // of ids; safe for concurrent use
}

// Recorder records changes with the mails they cause, and wakes the sender. Mail to
// customers needs a Guard beside.
func (h *Home) Recorder() outbox.Recorder {
	return outbox.Recorder{Store: h.Store, Blobs: h.Blobs, Settings: h.Settings, Wake: h.Wake, Later: h.Later}
}

// FilesAt is the address that links to files begin with; "" where there are none.
func (h *Home) FilesAt(settings *desk.Settings) string {
	return cmp.Or(settings.Links.Public, h.FilesURL)
}

// Writer writes letters as of now.
func (h *Home) Writer(settings *desk.Settings) letters.Writer {
	return letters.Writer{Settings: settings, Keys: h.Keys, Now: h.Now()}
}

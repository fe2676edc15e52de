package mailbox

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/local/packed"
	"github.com/replywell/replywell/shared/store"
)

// Files is a data folder: where a path in it is, and how a file is made durable.
type Files interface {
	Path(parts ...string) string
	Write(data []byte, parts ...string) error
}

// Boxes are mailboxes as a mail program shows them. Those of the sample are a
// folder for each address and a file for each mail: what was received lies in
// "inbox", what was written on the page in "sent". [Watched] ones are looked up in
// the mail of a desk.
type Boxes struct {
	folder Files
	watch  *watched // nil for those of the sample

	mu    sync.Mutex
	heads map[string]Head // by path; the files never change
}

// New gives the sample mailboxes of a data folder.
func New(f Files) *Boxes { return &Boxes{folder: f, heads: map[string]Head{}} }

// The two folders of a sample mailbox.
const (
	Inbox = "inbox"
	Sent  = "sent"
)

// seen is the folder of the names of the mails that were opened.
const seen = "seen"

// Put puts a mail into a mailbox. Putting the same id again changes nothing.
func (m *Boxes) Put(address, folder, id string, raw []byte) error {
	if !isName(id) {
		return desk.Permanent(fmt.Errorf("%q is no name of a mail; open the mail from its mailbox", id))
	}
	at := []string{"mailboxes", dirName(address), folder, id + ".eml"}
	if _, err := os.Stat(m.folder.Path(at...)); err == nil {
		return nil
	}
	if err := m.folder.Write(raw, at...); err != nil {
		return fmt.Errorf("putting a mail into the sample mailbox: %w", err)
	}
	h := Head{Folder: folder, ID: id}
	h.readHeader(raw[:min(len(raw), maxHeader)])
	m.remember(m.path(address, folder, id), h)
	return nil
}

// Addresses names every mailbox that holds mail.
func (m *Boxes) Addresses() ([]string, error) {
	if m.watch != nil {
		return m.watch.addresses(m)
	}
	entries, err := os.ReadDir(m.folder.Path("mailboxes"))
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if address, err := url.PathUnescape(e.Name()); err == nil && e.IsDir() {
			out = append(out, address)
		}
	}
	return out, nil
}

// Count gives how many mails a mailbox received, and how many of them nobody opened.
func (m *Boxes) Count(address string) (all, unread int) {
	if m.watch != nil {
		list, _ := m.entries(address) // none is none
		return len(list), 0
	}
	in, _ := os.ReadDir(m.folder.Path("mailboxes", dirName(address), Inbox)) // none is none
	opened, _ := os.ReadDir(m.folder.Path("mailboxes", dirName(address), seen))
	return len(in), max(0, len(in)-len(opened))
}

// Open marks a received mail as read.
func (m *Boxes) Open(address, id string) error {
	if m.watch != nil || m.Opened(address, id) {
		return nil
	}
	if err := m.folder.Write(nil, "mailboxes", dirName(address), seen, id); err != nil {
		return fmt.Errorf("marking a mail as read: %w", err)
	}
	return nil
}

// Opened tells whether a received mail was read.
func (m *Boxes) Opened(address, id string) bool {
	_, err := os.Stat(m.folder.Path("mailboxes", dirName(address), seen, id))
	return err == nil
}

// Newest is how many of a mailbox's mails are shown: the newest ones. So neither
// time nor memory grow with what lies in it.
const Newest = 2000

// entries are the mails of a mailbox, the newest first, always in the same order.
func (m *Boxes) entries(address string) ([]Head, error) {
	if m.watch != nil {
		return m.watch.entries(m, address)
	}
	var out []Head
	for _, folder := range []string{Inbox, Sent} {
		entries, err := os.ReadDir(m.folder.Path("mailboxes", dirName(address), folder))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, e := range entries {
			info, err := e.Info()
			if err != nil {
				return nil, err
			}
			out = append(out, Head{Folder: folder, ID: strings.TrimSuffix(e.Name(), ".eml"), At: info.ModTime()})
		}
	}
	newestFirst(out)
	return out[:min(Newest, len(out))], nil
}

func newestFirst(list []Head) {
	slices.SortFunc(list, func(a, b Head) int { return cmp.Or(b.At.Compare(a.At), strings.Compare(a.ID, b.ID)) })
}

// List gives the heads of at most limit mails of a mailbox, the newest first.
func (m *Boxes) List(address string, limit int) ([]Head, error) {
	list, err := m.entries(address)
	if err != nil {
		return nil, err
	}
	list = list[:min(limit, len(list))]
	for i, h := range list {
		if list[i], err = m.head(address, h, true); err != nil {
			return nil, err
		}
		list[i].Unread = m.unread(address, h)
	}
	return list, nil
}

func (m *Boxes) unread(address string, h Head) bool {
	return m.watch == nil && h.Folder == Inbox && !m.Opened(address, h.ID)
}

// Since gives the ids of at most limit mails that a mailbox received at a time
// or after it, the first ones first.
func (m *Boxes) Since(address string, t time.Time, limit int) []string {
	list, _ := m.entries(address) // none is none
	var out []string
	for _, h := range slices.Backward(list) {
		if h.Folder == Inbox && !h.At.Before(t) && len(out) < limit {
			out = append(out, h.ID)
		}
	}
	return out
}

// Read gives one mail as it is. Error: store.ErrNotFound.
func (m *Boxes) Read(address, folder, id string) ([]byte, error) {
	if !isName(id) || folder != Inbox && folder != Sent {
		return nil, store.ErrNotFound
	}
	if m.watch != nil && !m.watch.has(m, address, folder, id) {
		return nil, store.ErrNotFound
	}
	data, err := packed.Read(m.path(address, folder, id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, store.ErrNotFound
	}
	return data, err
}

// path is the file of a mail.
func (m *Boxes) path(address, folder, id string) string {
	if m.watch != nil {
		return m.watch.path(m.folder, folder, id)
	}
	return m.folder.Path("mailboxes", dirName(address), folder, id+".eml")
}

// isName lets through what is a file's name and nothing else.
func isName(id string) bool {
	return id != "" && id[0] != '.' && len(id) <= 200 && !strings.ContainsFunc(id, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '.' && c != '-' && c != '_'
	})
}

// dirName makes an address a name in the file system that can be read back. Of
// one that is too long for a name only the start can be read.
func dirName(address string) string {
	var b strings.Builder
	for _, c := range []byte(strings.ToLower(address)) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("@+-_", c) >= 0 || c == '.' && b.Len() > 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	if name := b.String(); len(name) <= 200 {
		return name
	}
	return b.String()[:100] + "_" + desk.DerivedID("mailbox", address)
}

package mailbox

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/mail"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/store"
)

// Files is a data folder: where a path in it is, and how a file is made durable.
type Files interface {
	Path(parts ...string) string
	Write(data []byte, parts ...string) error
}

// Boxes are the sample mailboxes: a folder for each address, a file for
// each mail, as it would be found in a mail program. What was received lies in
// "inbox", what was written on the page in "sent".
type Boxes struct {
	folder Files
	mu     sync.Mutex
	heads  map[string]Head // by path; the files never change
}

// New gives the mailboxes of a data folder.
func New(f Files) *Boxes { return &Boxes{folder: f, heads: map[string]Head{}} }

// The two folders of a sample mailbox.
const (
	Inbox = "inbox"
	Sent  = "sent"
)

// seen is the folder of the names of the mails that were opened.
const seen = "seen"

// Head is what a list shows of a mail.
type Head struct {
	Folder, ID        string
	From, To, Subject string
	Snippet           string    // how its new text begins
	Unread            bool      // received, and not opened yet
	At                time.Time // when it was put into the mailbox
	Size              int64
}

// Put puts a mail into a mailbox. Putting the same id again changes nothing.
func (m *Boxes) Put(address, folder, id string, raw []byte) error {
	if !isName(id) {
		return desk.Permanent(fmt.Errorf("%q is no name of a mail", id))
	}
	at := []string{"mailboxes", dirName(address), folder, id + ".eml"}
	if _, err := os.Stat(m.folder.Path(at...)); err == nil {
		return nil
	}
	if err := m.folder.Write(raw, at...); err != nil {
		return fmt.Errorf("putting a mail into the sample mailbox: %w", err)
	}
	return nil
}

// Addresses names every mailbox that holds mail.
func (m *Boxes) Addresses() ([]string, error) {
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
	in, _ := os.ReadDir(m.folder.Path("mailboxes", dirName(address), Inbox)) // none is none
	opened, _ := os.ReadDir(m.folder.Path("mailboxes", dirName(address), seen))
	return len(in), max(0, len(in)-len(opened))
}

// Open marks a received mail as read.
func (m *Boxes) Open(address, id string) error {
	if m.Opened(address, id) {
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

// List gives the heads of a mailbox's mails, the newest first, always in the
// same order: limit of them, behind the first skip. all is how many there are.
func (m *Boxes) List(address string, skip, limit int) (_ []Head, all int, _ error) {
	var out []Head
	for _, folder := range []string{Inbox, Sent} {
		entries, err := os.ReadDir(m.folder.Path("mailboxes", dirName(address), folder))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, 0, err
		}
		for _, e := range entries {
			info, err := e.Info()
			if err != nil {
				return nil, 0, err
			}
			out = append(out, Head{Folder: folder, ID: strings.TrimSuffix(e.Name(), ".eml"), At: info.ModTime(), Size: info.Size()})
		}
	}
	slices.SortFunc(out, func(a, b Head) int { return cmp.Or(b.At.Compare(a.At), strings.Compare(a.ID, b.ID)) })
	all = len(out)
	out = out[min(max(skip, 0), all):]
	out = out[:min(limit, len(out))]
	for i, h := range out {
		h, err := m.head(address, h)
		if err != nil {
			return nil, 0, err
		}
		h.Unread = h.Folder == Inbox && !m.Opened(address, h.ID)
		out[i] = h
	}
	return out, all, nil
}

// Since gives the ids of at most limit mails that a mailbox received at a time
// or after it, the first ones first.
func (m *Boxes) Since(address string, t time.Time, limit int) []string {
	entries, _ := os.ReadDir(m.folder.Path("mailboxes", dirName(address), Inbox)) // none is none
	var found []Head
	for _, e := range entries {
		if info, err := e.Info(); err == nil && !info.ModTime().Before(t) {
			found = append(found, Head{ID: strings.TrimSuffix(e.Name(), ".eml"), At: info.ModTime()})
		}
	}
	slices.SortFunc(found, func(a, b Head) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID)) })
	var out []string
	for _, h := range found[:min(limit, len(found))] {
		out = append(out, h.ID)
	}
	return out
}

// Read gives one mail as it is. Error: store.ErrNotFound.
func (m *Boxes) Read(address, folder, id string) ([]byte, error) {
	if !isName(id) || folder != Inbox && folder != Sent {
		return nil, store.ErrNotFound
	}
	data, err := os.ReadFile(m.folder.Path("mailboxes", dirName(address), folder, id+".eml"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, store.ErrNotFound
	}
	return data, err
}

// maxHeads bounds what is remembered of lists.
const maxHeads = 10_000

// maxRead bounds how much of a mail is read for a list, in bytes.
const maxRead = 256 << 10

func (m *Boxes) head(address string, h Head) (Head, error) {
	path := m.folder.Path("mailboxes", dirName(address), h.Folder, h.ID+".eml")
	m.mu.Lock()
	known, ok := m.heads[path]
	m.mu.Unlock()
	if ok {
		return known, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return h, err
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, maxRead))
	if err != nil {
		return h, err
	}
	if msg, err := mail.ReadMessage(bytes.NewReader(raw)); err == nil {
		h.From, h.To, h.Subject = people(msg.Header.Get("From")), people(msg.Header.Get("To")), decoded(msg.Header.Get("Subject"))
	}
	h.Snippet = Snippet(email.Read(raw, "").Shown(), 140)
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.heads) >= maxHeads {
		clear(m.heads)
	}
	m.heads[path] = h
	return h, nil
}

// Snippet is the beginning of a text on one line, of at most so many signs. A line
// that says where to reply is none of it.
func Snippet(text string, most int) string {
	if first, rest, ok := strings.Cut(strings.TrimSpace(text), "\n"); ok && strings.HasPrefix(first, "##") && strings.HasSuffix(strings.TrimSpace(first), "##") {
		text = rest
	}
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > most {
		return strings.TrimRight(string(r[:most]), " ") + "…"
	}
	return text
}

// people names who stands in an address header, by name where there is one.
func people(value string) string {
	list, err := mail.ParseAddressList(value)
	if err != nil {
		return decoded(value)
	}
	var names []string
	for _, a := range list {
		if a.Name == "" {
			a.Name = a.Address
		}
		names = append(names, a.Name)
	}
	return strings.Join(names, ", ")
}

// decoded reads a header value for a list; what cannot be decoded is shown as it is.
func decoded(value string) string {
	var d mime.WordDecoder
	if s, err := d.DecodeHeader(value); err == nil {
		value = s
	}
	return strings.ToValidUTF8(strings.TrimSpace(value), "\uFFFD")
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

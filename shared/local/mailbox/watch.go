package mailbox

import (
	"errors"
	"io/fs"
	"net/mail"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// watched finds mailboxes in the mail that a desk took and sent. What people
// received from the desk is in their inbox, what they wrote to it is what they
// sent; of their other mail nothing is known.
type watched struct {
	mu     sync.Mutex
	looked time.Time
	boxes  map[string][]Head
	order  []string // addresses, who wrote or was written to last first
}

// Watched gives the mailboxes of the people that a desk had mail from or wrote to:
// those of its newest mails. Nothing is written.
func Watched(f Files) *Boxes {
	return &Boxes{folder: f, heads: map[string]Head{}, watch: &watched{}}
}

// lookEvery is how often the folders are looked through.
const lookEvery = time.Second

func (w *watched) look(m *Boxes) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if time.Since(w.looked) < lookEvery {
		return nil
	}
	var all []Head
	for folder, dir := range map[string]string{Sent: "mail", Inbox: "out"} {
		err := fs.WalkDir(os.DirFS(m.folder.Path("blobs", dir)), ".", func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			id := e.Name()
			if folder == Sent {
				var ok bool
				if id, ok = strings.CutSuffix(id, ".eml"); !ok {
					return nil
				}
			}
			info, err := e.Info()
			if errors.Is(err, fs.ErrNotExist) || !isName(id) {
				return nil // removed while we looked
			}
			if err == nil {
				all = append(all, Head{Folder: folder, ID: id, At: info.ModTime()})
			}
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	newestFirst(all)
	w.boxes, w.order = map[string][]Head{}, nil
	for _, h := range all[:min(Newest, len(all))] {
		h, err := m.head("", h, false)
		if err != nil {
			continue // removed while we looked
		}
		addresses := []string{h.author}
		if h.Folder == Inbox {
			addresses = h.recipients
		}
		for _, a := range addresses {
			if a == "" {
				continue
			}
			if w.boxes[a] == nil {
				w.order = append(w.order, a)
			}
			w.boxes[a] = append(w.boxes[a], h)
		}
	}
	w.looked = time.Now()
	return nil
}

func (w *watched) entries(m *Boxes, address string) ([]Head, error) {
	if err := w.look(m); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.boxes[strings.ToLower(address)]), nil
}

func (w *watched) addresses(m *Boxes) ([]string, error) {
	if err := w.look(m); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.order), nil
}

// has tells whether a mail is in a mailbox.
func (w *watched) has(m *Boxes, address, folder, id string) bool {
	list, err := w.entries(m, address)
	return err == nil && slices.ContainsFunc(list, func(h Head) bool { return h.Folder == folder && h.ID == id })
}

func (w *watched) path(f Files, folder, id string) string {
	if folder == Inbox {
		return f.Path("blobs", "out", id)
	}
	if len(id) < 8 {
		return f.Path("blobs", "mail", id+".eml")
	}
	return f.Path("blobs", "mail", id[:4], id[4:6], id[6:8], id+".eml")
}

// addresses are the recipients that a field names, in lower case.
func addresses(field string) (out []string) {
	list, err := mail.ParseAddressList(field)
	if err != nil {
		return nil
	}
	for _, a := range list[:min(len(list), maxAnswers)] {
		out = append(out, cut(strings.ToLower(a.Address), maxField))
	}
	return out
}

package mailbox

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"mime"
	"net/mail"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/subject"
	"github.com/replywell/replywell/shared/local/packed"
)

// Head is what a list shows of a mail.
type Head struct {
	Folder, ID        string
	From, To, Subject string    // people by name where they have one
	Snippet           string    // how its new text begins
	Files             bool      // it has attachments
	Unread            bool      // received, and not opened yet
	At                time.Time // when it was put into the mailbox

	author, message, base string   // address; Message-ID; subject without "Re:"
	answers               []string // the Message-IDs that it names
	recipients            []string // addresses in To
	words                 string   // what is searched, in lower case
	read                  bool     // its text has been read, and not its header alone
}

// Bounds, in bytes where nothing else is said: what is remembered of mails is a
// stranger's.
const (
	maxHeads   = 4000      // remembered
	firstPage  = 20        // mails of a mailbox whose texts are read before anybody asks
	maxRead    = 256 << 10 // of a mail, for a list
	maxHeader  = 64 << 10  // of its header
	maxField   = 300       // of a name or a subject
	maxID      = 250       // of a Message-ID
	maxAnswers = 12        // Message-IDs that a mail names: the first, and the last ones
	maxWords   = 4 << 10   // of what is searched
)

// head reads what a list shows; with text also what it says.
func (m *Boxes) head(address string, h Head, text bool) (Head, error) {
	path := m.path(address, h.Folder, h.ID)
	m.mu.Lock()
	known, ok := m.heads[path]
	m.mu.Unlock()
	if ok && (known.read || !text) {
		known.Folder, known.At = h.Folder, h.At
		return known, nil
	}
	file, err := packed.Open(path)
	if err != nil {
		return h, err
	}
	defer file.Close()
	most := int64(maxHeader)
	if text {
		most = maxRead
	}
	raw, err := io.ReadAll(bufio.NewReader(io.LimitReader(file, most)))
	if err != nil {
		return h, err
	}
	h.readHeader(raw)
	if text {
		h.readText(raw)
	}
	m.remember(path, h)
	return h, nil
}

func (m *Boxes) remember(path string, h Head) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.heads) >= maxHeads {
		clear(m.heads)
	}
	m.heads[path] = h
}

// Warm reads what lists show of the mail that lies in the mailboxes, so that whoever
// opens one first does not wait for it: the heads of the newest mails, as many as are
// remembered, and the texts of those on a first page. What cannot be read is left to
// whoever asks for it.
func (m *Boxes) Warm(ctx context.Context) {
	addresses, _ := m.Addresses()
	for _, address := range addresses {
		list, _ := m.entries(address)
		for i, h := range list {
			m.mu.Lock()
			full := len(m.heads) >= maxHeads-maxHeads/4 // the mail that comes has room, too
			m.mu.Unlock()
			if full || ctx.Err() != nil {
				return
			}
			_, _ = m.head(address, h, i < firstPage)
		}
	}
}

func (h *Head) readHeader(raw []byte) {
	if end := bytes.Index(raw, []byte("\r\n\r\n")); end >= 0 {
		raw = raw[:end+4]
	}
	msg, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return
	}
	f := msg.Header
	h.From, h.To, h.Subject = cut(people(f.Get("From")), maxField), cut(people(f.Get("To")), maxField), cut(decoded(f.Get("Subject")), maxField)
	if a, err := mail.ParseAddress(f.Get("From")); err == nil {
		h.author = cut(strings.ToLower(a.Address), maxField)
	}
	h.recipients = addresses(f.Get("To"))
	h.base = strings.Clone(subject.Read(h.Subject).Base)
	if list := ids(f.Get("Message-Id")); len(list) > 0 {
		h.message = list[0]
	}
	h.answers = ids(f.Get("References") + " " + f.Get("In-Reply-To"))
	if n := len(h.answers); n > maxAnswers {
		h.answers = append([]string{h.answers[0]}, h.answers[n-maxAnswers+1:]...)
	}
}

func (h *Head) readText(raw []byte) {
	m := email.Read(raw, "")
	text := m.WithPassedOn()
	h.Snippet, h.Files, h.read = Snippet(text, 140), false, true
	for _, a := range m.Attachments {
		h.Files = h.Files || !a.Inline
	}
	h.words = cut(strings.ToLower(strings.Join([]string{h.Subject, h.From, h.author, h.To, text}, "\n")), maxWords)
}

// cut ends a text, and holds on to no memory of the mail's.
func cut(s string, most int) string {
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return strings.Clone(s)
}

// ids are the Message-IDs in a field.
func ids(field string) (out []string) {
	for {
		_, rest, ok := strings.Cut(field, "<")
		if !ok {
			return out
		}
		id, after, ok := strings.Cut(rest, ">")
		if !ok {
			return out
		}
		if field = after; id != "" && len(id) <= maxID {
			out = append(out, strings.Clone(id))
		}
	}
}

// Snippet is the beginning of a text on one line, of at most so many signs. A line
// that says where to reply is none of it.
func Snippet(text string, most int) string {
	if first, rest, ok := strings.Cut(strings.TrimSpace(text), "\n"); ok && strings.HasPrefix(first, "##") && strings.HasSuffix(strings.TrimSpace(first), "##") {
		text = rest
	}
	if len(text) > 16*most {
		text = strings.ToValidUTF8(text[:16*most], "")
	}
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > most {
		return strings.TrimRight(string(r[:most]), " ,;:") + "…"
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

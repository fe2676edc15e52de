package compose

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

// Letter is one mail to be written.
type Letter struct {
	From      message.Address
	To, Cc    []message.Address
	ReplyTo   *message.Address
	Subject   string // one line, cut at 2000 octets
	MessageID string // with or without angle brackets; required, because boundaries come from it
	InReplyTo string // the same; empty if it answers nothing
	// References are the ids of the thread, oldest first. Ids that no mail
	// header can carry are left out; of a long thread the first and the last
	// ones are kept (see maxReferences).
	References []string
	Date       time.Time // required

	Text string // plain text; lines may end in LF or CRLF
	HTML string // a whole HTML document or a fragment; empty for none
	// Flowed is Text as format=flowed (RFC 3676), and DelSp what its parameter says;
	// where it is set, it is what is written. See Letter.Say.
	Flowed string
	DelSp  bool

	Attachments []Attachment

	// AutoSubmitted is "" for a mail that a person decided to send,
	// "auto-replied" for an automatic answer, "auto-generated" for another
	// automatic mail (RFC 3834 section 5).
	AutoSubmitted string
	// SuppressAutoResponse asks Exchange to send no out-of-office note back
	// (X-Auto-Response-Suppress: All, MS-OXCMAIL 2.1.3.2.21).
	SuppressAutoResponse bool

	Headers []Header // further fields: X-, List-, Feedback-ID
}

// Say makes the document what the letter says, as text and as HTML.
func (l *Letter) Say(d page.Document) { l.SayWritten(d.Write()) }

// SayWritten is Say of a document that is written already.
func (l *Letter) SayWritten(w page.Written) {
	l.Text, l.HTML, l.Flowed, l.DelSp = w.Text, w.HTML, w.Flowed, w.DelSp
}

// Attachment is a file to send along; an attachment of a received mail can be
// passed on as it is. Inline with a ContentID that the HTML shows ("cid:...")
// makes it part of the HTML. Size and SHA256 are not looked at.
type Attachment = message.Attachment

// Header is one further header field.
type Header struct{ Name, Value string }

// written are the fields that Render writes from Letter's own fields, or must
// never be written.
var written = []string{"date", "from", "sender", "to", "cc", "bcc", "reply-to", "subject", "message-id", "in-reply-to", "references",
	"auto-submitted", "x-auto-response-suppress", "mime-version", "content-type", "content-transfer-encoding", "content-disposition",
	"content-id", "return-path", "received"}

const (
	maxReferences = 20 // ids kept of a thread: the first and the last 19
	maxNameLen    = 60 // octets of a header field's name
)

// check finds everything that makes a letter unfit to be sent.
func (l *Letter) check() error {
	var errs []error
	bad := func(field, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: %s", field, fmt.Sprintf(format, args...)))
	}
	address := func(field string, a message.Address) {
		if err := checkLine(a.Name); err != nil {
			bad(field, "the name %v", err)
		}
		if _, err := encodeAddrSpec(a.Address); err != nil {
			bad(field, "%v", err)
		}
	}
	address("From", l.From)
	for _, a := range l.To {
		address("To", a)
	}
	for _, a := range l.Cc {
		address("Cc", a)
	}
	if len(l.To)+len(l.Cc) == 0 {
		bad("To", "the mail has no recipient")
	}
	if l.ReplyTo != nil {
		address("Reply-To", *l.ReplyTo)
	}
	line := func(field, value string) {
		if err := checkLine(value); err != nil {
			bad(field, "the value %v", err)
		}
	}
	line("Subject", l.Subject)
	line("Message-ID", l.MessageID)
	line("In-Reply-To", l.InReplyTo)
	for _, id := range l.References {
		line("References", id)
	}
	if !usableID(bareID(l.MessageID)) {
		bad("Message-ID", "%q is no message id: write it as something@domain", clip(l.MessageID))
	}
	if l.Date.IsZero() {
		bad("Date", "it is not set")
	}
	if !slices.Contains([]string{"", "auto-replied", "auto-generated"}, l.AutoSubmitted) {
		bad("Auto-Submitted", "%q is neither auto-replied nor auto-generated", clip(l.AutoSubmitted))
	}
	for _, h := range l.Headers {
		if len(h.Name) == 0 || len(h.Name) > maxNameLen || strings.ContainsFunc(h.Name, notFieldName) {
			bad("Headers", "%q is no name for a header field", clip(h.Name))
		} else if slices.Contains(written, strings.ToLower(h.Name)) {
			bad("Headers", "%s is set by a field of its own", h.Name)
		}
		line(clip(h.Name), h.Value)
	}
	for i, a := range l.Attachments {
		line(fmt.Sprintf("attachment %d, filename", i+1), a.Filename)
		line(fmt.Sprintf("attachment %d, content type", i+1), a.ContentType)
		line(fmt.Sprintf("attachment %d, content id", i+1), a.ContentID)
	}
	if len(errs) > 0 {
		return fmt.Errorf("this mail cannot be written: %w", errors.Join(errs...))
	}
	return nil
}

// notFieldName refuses what RFC 5322 section 3.6.8 does, and signs nobody uses.
func notFieldName(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
}

// references gives the ids for the References field (RFC 5322 section 3.6.4).
func (l *Letter) references() []string {
	var ids []string
	for _, id := range l.References {
		if id = bareID(id); usableID(id) && !slices.Contains(ids, id) {
			ids = append(ids, id)
			// The middle of an endless list is given up as it grows, so that
			// the search for doubles stays short.
			if len(ids) > maxReferences {
				ids = slices.Delete(ids, 1, 2)
			}
		}
	}
	if id := bareID(l.InReplyTo); usableID(id) && !slices.Contains(ids, id) {
		ids = append(ids, id)
		if len(ids) > maxReferences {
			ids = slices.Delete(ids, 1, 2)
		}
	}
	return ids
}

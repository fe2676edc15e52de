package compose

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-message/textproto"

	"github.com/replywell/replywell/shared/email/message"
)

const (
	maxSubject = 2000 // octets; what a subject has beyond is cut
	maxName    = 2000 // the same of a display name
)

// Render writes the mail: multipart/mixed around multipart/related around
// multipart/alternative, each only where there is something for it. The same
// letter gives the same bytes. The error, if any, names every field at fault;
// it is permanent.
func Render(l Letter) ([]byte, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	root := l.tree()
	root.choose(bareID(l.MessageID))
	var b bytes.Buffer
	b.Grow(root.size())
	top := append(l.header(), Header{"MIME-Version", "1.0"})
	err := textproto.WriteHeader(&b, fields(append(top, root.header()...)))
	if err == nil {
		err = root.writeTo(&b)
	}
	if err != nil {
		return nil, fmt.Errorf("this mail cannot be written: %w", err)
	}
	if len(root.children) == 0 {
		b.WriteString("\r\n")
	}
	return b.Bytes(), nil
}

// fields hands header fields on to the library, which folds them. It puts a new
// field above the others.
func fields(list []Header) (h textproto.Header) {
	for _, f := range slices.Backward(list) {
		h.Add(f.Name, f.Value)
	}
	return h
}

// header gives the fields of the mail itself, in the order in which they stand.
// The letter was checked.
func (l *Letter) header() []Header {
	h := []Header{
		{"Date", l.Date.Format("Mon, 02 Jan 2006 15:04:05 -0700")},
		{"From", addresses("From", l.From)},
	}
	if len(l.To) > 0 {
		h = append(h, Header{"To", addresses("To", l.To...)})
	}
	if len(l.Cc) > 0 {
		h = append(h, Header{"Cc", addresses("Cc", l.Cc...)})
	}
	if l.ReplyTo != nil {
		h = append(h, Header{"Reply-To", addresses("Reply-To", *l.ReplyTo)})
	}
	h = append(h, Header{"Subject", unstructured("Subject", cut(l.Subject, maxSubject))}, Header{"Message-ID", ids(bareID(l.MessageID))})
	if id := bareID(l.InReplyTo); usableID(id) {
		h = append(h, Header{"In-Reply-To", ids(id)})
	}
	if refs := l.references(); len(refs) > 0 {
		h = append(h, Header{"References", ids(refs...)})
	}
	if l.AutoSubmitted != "" {
		h = append(h, Header{"Auto-Submitted", l.AutoSubmitted})
	}
	if l.SuppressAutoResponse {
		h = append(h, Header{"X-Auto-Response-Suppress", "All"})
	}
	for _, x := range l.Headers {
		h = append(h, Header{x.Name, unstructured(x.Name, x.Value)})
	}
	return h
}

// unstructured writes text into a field (RFC 5322 section 3.2.5).
func unstructured(name, value string) string {
	if plainText(value) {
		return value
	}
	return encodedWords(value, len(name)+2)
}

// addresses writes an address list.
func addresses(name string, list ...message.Address) string {
	written := make([]string, len(list))
	column := len(name) + 2
	for i, a := range list {
		spec, err := encodeAddrSpec(a.Address)
		switch {
		case err != nil: // check has refused it
			continue
		case a.Name == "":
			written[i] = spec
		default:
			written[i] = phrase(cut(a.Name, maxName), column) + " <" + spec + ">"
		}
		column = softLine // what follows begins somewhere in a line
	}
	return strings.Join(written, ", ")
}

// ids writes message ids in angle brackets.
func ids(list ...string) string { return "<" + strings.Join(list, "> <") + ">" }

package compose

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// Render writes the mail: multipart/mixed around multipart/related around
// multipart/alternative, each only where there is something for it. The same
// letter gives the same bytes. The error, if any, names every field at fault;
// it is permanent.
func Render(l Letter) ([]byte, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	var w headerWriter
	if err := l.writeHeader(&w); err != nil {
		return nil, fmt.Errorf("this mail cannot be written: %w", err)
	}
	root := l.tree()
	root.choose(bareID(l.MessageID))
	w.field("MIME-Version", "1.0")
	w.Grow(root.size())
	root.write(&w)
	return w.Bytes(), nil
}

func (l *Letter) writeHeader(w *headerWriter) error {
	w.field("Date", l.Date.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	if err := w.addresses("From", l.From); err != nil {
		return err
	}
	if len(l.To) > 0 {
		if err := w.addresses("To", l.To...); err != nil {
			return err
		}
	}
	if len(l.Cc) > 0 {
		if err := w.addresses("Cc", l.Cc...); err != nil {
			return err
		}
	}
	if l.ReplyTo != nil {
		if err := w.addresses("Reply-To", *l.ReplyTo); err != nil {
			return err
		}
	}
	w.text("Subject", cut(l.Subject, maxSubject))
	w.ids("Message-ID", bareID(l.MessageID))
	if id := bareID(l.InReplyTo); usableID(id) {
		w.ids("In-Reply-To", id)
	}
	if ids := l.references(); len(ids) > 0 {
		w.ids("References", ids...)
	}
	if l.AutoSubmitted != "" {
		w.field("Auto-Submitted", l.AutoSubmitted)
	}
	if l.SuppressAutoResponse {
		w.field("X-Auto-Response-Suppress", "All")
	}
	for _, h := range l.Headers {
		w.text(h.Name, h.Value)
	}
	return nil
}

// part is a node of the MIME tree: a leaf with its encoded body, or a multipart.
type part struct {
	header   headerWriter // of a leaf
	body     []byte       // of a leaf: encoded, with CRLF at its end
	subtype  string       // of a multipart
	kind     string       // of a multipart/related: the type of its root (RFC 2387 section 3.1)
	boundary string
	children []*part
}

// tree builds the parts.
func (l *Letter) tree() *part {
	var bodies []*part
	switch {
	case l.Flowed != "":
		flowed := []string{"text/plain", "charset=utf-8", "format=flowed"}
		if l.DelSp {
			flowed = append(flowed, "delsp=yes")
		}
		bodies = append(bodies, textPart(l.Flowed, flowed...))
	case l.Text != "" || l.HTML == "":
		bodies = append(bodies, textPart(l.Text, "text/plain", "charset=utf-8"))
	}
	if l.HTML != "" {
		bodies = append(bodies, textPart(l.HTML, "text/html", "charset=utf-8"))
	}
	root := bodies[0]
	kind := "text/html"
	if len(bodies) > 1 {
		root = &part{subtype: "alternative", children: bodies}
		kind = "multipart/alternative"
	}
	related := &part{subtype: "related", kind: kind, children: []*part{root}}
	mixed := &part{subtype: "mixed"}
	for _, a := range l.Attachments {
		cid := bareID(a.ContentID)
		if a.Inline && usableID(cid) && Shows(l.HTML, cid) {
			related.children = append(related.children, filePart(a))
		} else {
			mixed.children = append(mixed.children, filePart(a))
		}
	}
	if len(related.children) > 1 {
		root = related
	}
	if len(mixed.children) > 0 {
		mixed.children = slices.Insert(mixed.children, 0, root)
		root = mixed
	}
	return root
}

// textPart encodes a body as 7bit, quoted-printable or base64, whichever is
// the least that carries it.
func textPart(text string, kind ...string) *part {
	p := &part{}
	text = bodyText(text)
	p.header.field("Content-Type", semicolons(kind)...)
	encoding, body := encodeText(text)
	p.header.field("Content-Transfer-Encoding", encoding)
	p.body = body
	return p
}

// bodyText gives valid UTF-8 with LF line ends, without NUL, and without empty
// lines at its end.
func bodyText(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return strings.TrimRight(strings.ReplaceAll(s, "\x00", "\uFFFD"), "\n")
}

func encodeText(text string) (encoding string, body []byte) {
	sevenBit, escapes, line := true, 0, 0
	for i := range len(text) {
		c := text[i]
		switch {
		case c == '\n':
			line = 0
			// A mail server may take white space off the end of a line.
			sevenBit = sevenBit && (i == 0 || text[i-1] != ' ' && text[i-1] != '\t')
			continue
		case c >= 0x80 || c == '=' || c < ' ' && c != '\t':
			sevenBit = sevenBit && c == '='
			escapes++
		case line == 0 && (c == '.' || strings.HasPrefix(text[i:], "From ")):
			// SMTP and mbox give these a meaning, and both have been got wrong.
			sevenBit = false
		}
		if line++; line > softLine {
			sevenBit = false
		}
	}
	if n := len(text); n > 0 && (text[n-1] == ' ' || text[n-1] == '\t') {
		sevenBit = false
	}
	switch {
	case sevenBit:
		return "7bit", crlf(text)
	case len(text)+2*escapes <= base64.StdEncoding.EncodedLen(len(text))+len(text)/20:
		return "quoted-printable", quotedPrintable(text)
	default:
		return "base64", base64Lines(crlf(text))
	}
}

func crlf(text string) []byte {
	return []byte(strings.ReplaceAll(text, "\n", "\r\n") + "\r\n")
}

func quotedPrintable(text string) []byte {
	var b bytes.Buffer
	b.Grow(len(text) + len(text)/8)
	w := quotedprintable.NewWriter(&b)
	// Writing to a buffer cannot fail.
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	out := b.Bytes()
	// "." and "From " at the start of a line are written as =2E and =46 (RFC
	// 2049 section 3, rule 8).
	for _, start := range []struct{ plain, safe string }{{".", "=2E"}, {"From ", "=46rom "}} {
		if bytes.HasPrefix(out, []byte(start.plain)) {
			out = append([]byte(start.safe), out[len(start.plain):]...)
		}
		out = bytes.ReplaceAll(out, []byte("\r\n"+start.plain), []byte("\r\n"+start.safe))
	}
	return append(out, "\r\n"...)
}

// base64Lines writes lines of 76 characters (RFC 2045 section 6.8).
func base64Lines(data []byte) []byte {
	const perLine = 57
	out := make([]byte, 0, base64.StdEncoding.EncodedLen(len(data))+2*(len(data)/perLine+1))
	for len(data) > 0 {
		n := min(perLine, len(data))
		out = base64.StdEncoding.AppendEncode(out, data[:n])
		out = append(out, "\r\n"...)
		data = data[n:]
	}
	if len(out) == 0 {
		return []byte("\r\n")
	}
	return out
}

// filePart writes an attachment. Its content is base64, but for a mail, which
// may not be encoded (RFC 2046 section 5.2.1) and goes as it is if it can.
func filePart(a Attachment) *part {
	p := &part{}
	mediaType, params, err := mime.ParseMediaType(a.ContentType)
	if err != nil || !strings.Contains(mediaType, "/") || len(mediaType) > softLine {
		mediaType, params = "application/octet-stream", nil
	}
	name, asIs := a.Filename, false
	switch {
	case mediaType == "message/rfc822" && sevenBitMail(a.Content):
		asIs = true
	case strings.HasPrefix(mediaType, "message/"):
		mediaType = "application/octet-stream"
		if path.Ext(name) == "" {
			name += ".eml"
		}
	case strings.HasPrefix(mediaType, "multipart/"):
		mediaType = "application/octet-stream"
	}
	kind := []string{mediaType}
	if set := params["charset"]; strings.HasPrefix(mediaType, "text/") && set != "" {
		kind = append(kind, parameter("charset", set)...)
	} else if strings.HasPrefix(mediaType, "text/") && utf8.Valid(a.Content) {
		kind = append(kind, "charset=utf-8")
	}
	p.header.field("Content-Type", semicolons(kind)...)
	disposition := []string{"attachment"}
	if a.Inline {
		disposition[0] = "inline"
	}
	if name != "" {
		disposition = append(disposition, parameter("filename", name)...)
	}
	p.header.field("Content-Disposition", semicolons(disposition)...)
	if cid := bareID(a.ContentID); usableID(cid) {
		p.header.ids("Content-ID", cid)
	}
	if asIs {
		p.header.field("Content-Transfer-Encoding", "7bit")
		// The line end before a boundary belongs to the boundary.
		p.body = append(slices.Clip(a.Content), "\r\n"...)
		return p
	}
	p.header.field("Content-Transfer-Encoding", "base64")
	p.body = base64Lines(a.Content)
	return p
}

// sevenBitMail tells whether a mail's bytes may stand in another mail as they are.
func sevenBitMail(raw []byte) bool {
	line := 0
	for i, c := range raw {
		switch {
		case c == '\n':
			if i == 0 || raw[i-1] != '\r' {
				return false
			}
			line = 0
			continue
		case c == 0 || c >= 0x80 || i > 0 && raw[i-1] == '\r':
			return false
		}
		if line++; line > hardLine {
			return false
		}
	}
	return len(raw) > 0 && raw[len(raw)-1] != '\r'
}

func semicolons(tokens []string) []string {
	for i := range len(tokens) - 1 {
		tokens[i] += ";"
	}
	return tokens
}

// choose gives each multipart a boundary that comes from the Message-ID, so
// that the same letter gives the same bytes, and that stands in none of its parts.
func (p *part) choose(id string) {
	if len(p.children) == 0 {
		return
	}
	for salt := 0; ; salt++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", p.subtype, id, salt))
		p.boundary = "=_" + hex.EncodeToString(sum[:12])
		if !p.contains([]byte("--" + p.boundary)) {
			break
		}
	}
	for _, c := range p.children {
		c.choose(id)
	}
}

func (p *part) contains(boundary []byte) bool {
	return bytes.Contains(p.body, boundary) || slices.ContainsFunc(p.children, func(c *part) bool { return c.contains(boundary) })
}

func (p *part) size() int {
	n := 256 + p.header.Len() + len(p.body)
	for _, c := range p.children {
		n += c.size()
	}
	return n
}

// write writes the part's header fields, an empty line and its body.
func (p *part) write(w *headerWriter) {
	if len(p.children) == 0 {
		w.Write(p.header.Bytes())
		w.WriteString("\r\n")
		w.Write(p.body)
		return
	}
	kind := []string{"multipart/" + p.subtype}
	if p.kind != "" {
		kind = append(kind, fmt.Sprintf("type=%q", p.kind))
	}
	w.field("Content-Type", semicolons(append(kind, fmt.Sprintf("boundary=%q", p.boundary)))...)
	w.WriteString("\r\n")
	for _, c := range p.children {
		w.WriteString("--" + p.boundary + "\r\n")
		c.write(w)
	}
	w.WriteString("--" + p.boundary + "--\r\n")
}

// OneLine makes a stranger's text fit for a header value or a heading: line
// breaks, NUL and other control characters, and the marks that turn the
// direction of writing around, become single spaces or go.
func OneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\u2028' || r == '\u2029':
			return ' '
		case hidden(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}

// hidden are marks that are not seen and can make a text read otherwise than it
// is: direction overrides and isolates (Unicode TR 36 section 2.8), byte order mark.
func hidden(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\ufeff'
}

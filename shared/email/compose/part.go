package compose

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-message/textproto"

	"github.com/replywell/replywell/shared/email/page"
)

const (
	maxFilename = 255 // octets of a file's name, as file systems have it; more is cut before its ending
	shortName   = 60  // octets of a file's name that may stand as it is
)

// part is a node of the MIME tree: a leaf with its content, or a multipart.
type part struct {
	kind        string // Content-Type, of a multipart without its boundary
	params      map[string]string
	disposition string // Content-Disposition as it is written; "" for none
	contentID   string
	encoding    string // of a leaf: how content is written
	content     []byte
	boundary    string
	children    []*part
}

// tree builds the parts.
func (l *Letter) tree() *part {
	var bodies []*part
	switch {
	case l.Flowed != "":
		flowed := map[string]string{"charset": "utf-8", "format": "flowed"}
		if l.DelSp {
			flowed["delsp"] = "yes"
		}
		bodies = append(bodies, textPart(l.Flowed, "text/plain", flowed))
	case l.Text != "" || l.HTML == "":
		bodies = append(bodies, textPart(l.Text, "text/plain", map[string]string{"charset": "utf-8"}))
	}
	if l.HTML != "" {
		bodies = append(bodies, textPart(l.HTML, "text/html", map[string]string{"charset": "utf-8"}))
	}
	root := bodies[0]
	if len(bodies) > 1 {
		root = &part{kind: "multipart/alternative", children: bodies}
	}
	// RFC 2387 section 3.1 asks for the type of the root.
	related := &part{kind: "multipart/related", params: map[string]string{"type": root.kind}, children: []*part{root}}
	mixed := &part{kind: "multipart/mixed"}
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

// textPart writes a body as 7bit, quoted-printable or base64, whichever is the
// least that carries it.
func textPart(text, kind string, params map[string]string) *part {
	text = page.Lines(text)
	p := &part{kind: kind, params: params, encoding: leastEncoding(text)}
	p.content = []byte(strings.ReplaceAll(text, "\n", "\r\n"))
	if p.encoding == "base64" {
		p.content = append(p.content, "\r\n"...)
	}
	return p
}

// leastEncoding chooses for a text with LF line ends.
func leastEncoding(text string) string {
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
		return "7bit"
	case len(text)+2*escapes <= base64.StdEncoding.EncodedLen(len(text))+len(text)/20:
		return "quoted-printable"
	}
	return "base64"
}

// filePart writes an attachment. Its content is base64, but for a mail, which
// may not be encoded (RFC 2046 section 5.2.1) and goes as it is if it can.
func filePart(a Attachment) *part {
	kind, params, err := mime.ParseMediaType(a.ContentType)
	if err != nil || !strings.Contains(kind, "/") || len(kind) > softLine {
		kind, params = "application/octet-stream", nil
	}
	p := &part{encoding: "base64", content: a.Content}
	name := a.Filename
	switch {
	case kind == "message/rfc822" && sevenBitMail(a.Content):
		p.encoding = "7bit"
	case strings.HasPrefix(kind, "message/"):
		kind = "application/octet-stream"
		if path.Ext(name) == "" {
			name += ".eml"
		}
	case strings.HasPrefix(kind, "multipart/"):
		kind = "application/octet-stream"
	}
	p.kind = kind
	if set := params["charset"]; strings.HasPrefix(kind, "text/") && set != "" {
		p.params = map[string]string{"charset": set}
	} else if strings.HasPrefix(kind, "text/") && utf8.Valid(a.Content) {
		p.params = map[string]string{"charset": "utf-8"}
	}
	p.disposition = disposition(a.Inline, name)
	if cid := bareID(a.ContentID); usableID(cid) {
		p.contentID = cid
	}
	return p
}

// disposition writes a file's name as a quoted string where every program reads
// it so, and else by RFC 2231 in one piece, which more programs read than pieces.
func disposition(inline bool, name string) string {
	how := "attachment"
	if inline {
		how = "inline"
	}
	if name = strings.ToValidUTF8(name, "\uFFFD"); len(name) > maxFilename {
		end := path.Ext(name)
		if len(end) > 20 {
			end = ""
		}
		name = cut(strings.TrimSuffix(name, end), maxFilename-len(end)-len("…")) + end
	}
	switch {
	case name == "":
		return how
	case len(name) <= shortName && plainText(name):
		return mime.FormatMediaType(how, map[string]string{"filename": name})
	}
	// QueryEscape encodes all but what RFC 2231 lets stand, and a space.
	return how + "; filename*=utf-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
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

// choose gives each multipart a boundary that comes from the Message-ID, so
// that the same letter gives the same bytes, and that stands in none of its parts.
func (p *part) choose(id string) {
	if len(p.children) == 0 {
		return
	}
	for salt := 0; ; salt++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", strings.TrimPrefix(p.kind, "multipart/"), id, salt))
		p.boundary = "=_" + hex.EncodeToString(sum[:12])
		if !p.contains([]byte("--" + p.boundary)) {
			break
		}
	}
	for _, c := range p.children {
		c.choose(id)
	}
}

// contains looks only where "=_" can stand: neither encoding has it (RFC 2045
// section 6.7, (1)).
func (p *part) contains(boundary []byte) bool {
	return p.encoding == "7bit" && bytes.Contains(p.content, boundary) ||
		slices.ContainsFunc(p.children, func(c *part) bool { return c.contains(boundary) })
}

func (p *part) size() int {
	n := 512 + len(p.content)
	if p.encoding == "base64" {
		n += len(p.content) * 2 / 5
	} else {
		n += len(p.content) / 8
	}
	for _, c := range p.children {
		n += c.size()
	}
	return n
}

// header gives the part's own fields.
func (p *part) header() (h []Header) {
	params := p.params
	if p.boundary != "" {
		params = map[string]string{"boundary": p.boundary}
		for k, v := range p.params {
			params[k] = v
		}
	}
	kind := mime.FormatMediaType(p.kind, params)
	if kind == "" { // a parameter that cannot be written
		kind = p.kind
	}
	h = append(h, Header{"Content-Type", kind})
	if p.disposition != "" {
		h = append(h, Header{"Content-Disposition", p.disposition})
	}
	if p.contentID != "" {
		h = append(h, Header{"Content-ID", ids(p.contentID)})
	}
	if p.encoding != "" {
		h = append(h, Header{"Content-Transfer-Encoding", p.encoding})
	}
	return h
}

// writeTo writes what stands below the part's header, without the line end that
// belongs to the boundary after it.
func (p *part) writeTo(w io.Writer) error {
	switch {
	case len(p.children) > 0:
		return p.writeChildren(w)
	case p.encoding == "base64":
		return writeBase64(w, p.content)
	case p.encoding == "quoted-printable":
		_, err := w.Write(quotedPrintable(p.content))
		return err
	}
	_, err := w.Write(p.content)
	return err
}

func (p *part) writeChildren(w io.Writer) error {
	parts := textproto.NewMultipartWriter(w)
	if err := parts.SetBoundary(p.boundary); err != nil {
		return err
	}
	for _, c := range p.children {
		below, err := parts.CreatePart(fields(c.header()))
		if err != nil {
			return err
		}
		if err := c.writeTo(below); err != nil {
			return err
		}
	}
	return parts.Close()
}

func quotedPrintable(text []byte) []byte {
	var b bytes.Buffer
	b.Grow(len(text) + len(text)/8)
	w := quotedprintable.NewWriter(&b)
	// Writing to a buffer cannot fail.
	_, _ = w.Write(text)
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
	return out
}

// writeBase64 writes lines of 76 characters (RFC 2045 section 6.8).
func writeBase64(w io.Writer, data []byte) error {
	const perLine = 57
	var line [78]byte
	for rest := data; len(rest) > 0; {
		n := min(perLine, len(rest))
		out := base64.StdEncoding.AppendEncode(line[:0], rest[:n])
		if rest = rest[n:]; len(rest) > 0 {
			out = append(out, "\r\n"...)
		}
		if _, err := w.Write(out); err != nil {
			return err
		}
	}
	return nil
}

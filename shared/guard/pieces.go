package guard

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"path"
	"strings"
	"unicode/utf16"

	"golang.org/x/net/html"

	"github.com/replywell/replywell/shared/email/charset"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/htmltext"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

// piece is one text of a mail, as somebody could read it.
type piece struct {
	where string
	text  string
	raw   bool // bytes of no text: looked through for reply addresses alone
}

// Bounds of what is opened in attached files.
const (
	maxDepth    = 6        // mails and archives within each other
	maxEntries  = 200      // files of an archive
	maxUnpacked = 32 << 20 // bytes that all archives of a mail may unpack to
	maxText     = 4 << 20  // bytes of a file that are read as text; all of it is searched for reply addresses
)

// pieces takes a mail apart into all that its recipient may read: header, text,
// HTML with what it hides, attached files, mails and archives.
// What it costs is counted down from checks; beyond names the first place that
// was left out because nothing was left of them, or is "".
func pieces(l compose.Letter, checks *int) (all []piece, beyond string) {
	o := &opener{left: maxUnpacked, checks: checks}
	o.add("the subject", l.Subject)
	names := l.From.Name
	if l.ReplyTo != nil {
		names += "\n" + l.ReplyTo.Name
	}
	o.add("the sender's name", names)
	o.add("the text", l.Text)
	o.html("the text", l.HTML)
	for _, a := range l.Attachments {
		o.file(a, "the file", 0)
	}
	return o.out, o.beyond
}

// opener collects pieces.
type opener struct {
	out    []piece
	left   int64
	checks *int
	beyond string
}

// afford pays for something in the place.
func (o *opener) afford(where string, checks int) bool {
	if *o.checks >= checks {
		*o.checks -= checks
		return true
	}
	if o.beyond == "" {
		o.beyond = where
	}
	return false
}

func (o *opener) add(where, text string) {
	if strings.TrimSpace(text) != "" && o.afford(where, len(text)/bytesPerCheck) {
		o.out = append(o.out, piece{where: where, text: text})
	}
}

// html adds what HTML shows, and what it says besides: in links, names of
// images, comments and hidden elements.
func (o *opener) html(where, src string) {
	if strings.TrimSpace(src) == "" || !o.afford(where, len(src)/bytesPerCheck) {
		return
	}
	o.add(where, htmltext.Text(src))
	var all, hidden strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch n.Type {
		case html.TextNode:
			all.WriteString(n.Data)
		case html.CommentNode:
			hidden.WriteString(n.Data + "\n")
		case html.ElementNode:
			if block(n.Data) {
				all.WriteByte('\n')
			}
			for _, a := range n.Attr {
				switch a.Key {
				case "href", "src", "alt", "title", "value", "content", "name", "id":
					hidden.WriteString(a.Val + "\n")
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(htmltext.Parse(src))
	o.add(where, all.String())
	o.add(where, hidden.String())
}

// block tells the elements that words do not run across.
func block(name string) bool {
	switch name {
	case "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "dfn", "em", "font", "i", "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr":
		return false
	}
	return true
}

// file adds an attached file, and what is in it. Whatever a file is called, it
// may be a mail of ours that was saved and attached.
func (o *opener) file(a message.Attachment, what string, depth int) {
	where := what + " " + page.Excerpt(a.Filename, 60)
	if a.Filename == "" {
		where = "an attached file"
	}
	o.add(where, a.Filename)
	o.content(where, a.ContentType, a.Filename, a.Content, depth)
}

func (o *opener) content(where, kind, name string, data []byte, depth int) {
	if len(data) == 0 {
		return
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) && depth < maxDepth {
		o.archive(where, data, depth)
		return
	}
	if !o.afford(where, len(data)/rawPerCheck) {
		return
	}
	o.out = append(o.out, piece{where: where, text: narrow(data), raw: true})
	if !readable(data) {
		return
	}
	if depth >= maxDepth {
		if o.beyond == "" {
			o.beyond = where
		}
		return
	}
	data = data[:min(len(data), maxText)]
	if bytes.HasPrefix(data, outlookFile) { // an Outlook file, or another of its kind
		o.add(where, narrow(data))
		o.add(where, wide(data))
		return
	}
	text := charset.Decode(data, "").Text
	ext := strings.ToLower(path.Ext(name))
	switch {
	case strings.HasPrefix(kind, "message/") || ext == ".eml" || looksLikeMail(text):
		o.mail(where, []byte(text), depth)
	case kind == "text/html" || ext == ".html" || ext == ".htm" || ext == ".svg" || ext == ".xml" || strings.HasSuffix(kind, "xml"):
		o.html(where, text)
	default:
		o.add(where, text)
	}
}

// narrow reads wide characters as narrow ones.
func narrow(data []byte) string {
	if bytes.IndexByte(data, 0) < 0 {
		return string(data)
	}
	return string(bytes.ReplaceAll(data, []byte{0}, nil))
}

// wide reads every two bytes as a character (UTF-16, the lower byte first).
func wide(data []byte) string {
	units := make([]uint16, 0, len(data)/2)
	for i := 0; i+1 < len(data); i += 2 {
		units = append(units, uint16(data[i])|uint16(data[i+1])<<8)
	}
	return string(utf16.Decode(units))
}

// readable tells files that hold text from pictures, sounds and what is packed.
func readable(data []byte) bool {
	kind := http.DetectContentType(data)
	for _, k := range []string{"image/", "audio/", "video/", "font/", "application/pdf", "application/x-gzip", "application/x-rar", "application/ogg"} {
		if strings.HasPrefix(kind, k) && !strings.HasPrefix(kind, "image/svg") {
			return false
		}
	}
	return kind != "application/octet-stream" || bytes.HasPrefix(data, outlookFile) || len(data) < sampled || !packed(data)
}

var outlookFile = []byte("\xd0\xcf\x11\xe0")

// Of a file that nobody could name a kind of, this many places are looked at, and in
// each so many bytes.
const samples, sampled = 16, 4 << 10

// packed tells bytes of no text, whatever program wrote them (a film, a drawing, what
// is encrypted): in most places a good part are control characters, which text has
// none of in any charset. Zeros are every other byte of some texts, and count nothing.
func packed(data []byte) bool {
	binary, some := 0, 0
	for i := range samples {
		at := i * (len(data) - min(len(data), sampled)) / (samples - 1)
		all, control := 0, 0
		for _, c := range data[at:min(len(data), at+sampled)] {
			if c != 0 {
				all++
			}
			if c != 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b || c == 0x7f {
				control++
			}
		}
		if all == 0 {
			continue
		}
		if some++; control*16 > all {
			binary++
		}
	}
	return some > 0 && binary*4 >= some*3
}

// looksLikeMail tells a saved mail by its first lines.
func looksLikeMail(text string) bool {
	fields := 0
	for _, line := range strings.Split(text[:min(len(text), 4<<10)], "\n") {
		line = strings.TrimRight(line, "\r")
		if line == "" {
			break
		}
		name, _, found := strings.Cut(line, ":")
		switch strings.ToLower(name) {
		case "from", "to", "subject", "date", "received", "message-id", "mime-version", "content-type", "return-path", "dkim-signature":
			if found {
				fields++
			}
		}
	}
	return fields >= 2
}

// mail adds a mail that is attached: its header, its texts, its own files.
func (o *opener) mail(where string, raw []byte, depth int) {
	if !o.afford(where, len(raw)/bytesPerCheck) {
		return
	}
	m := message.Parse(raw)
	var header strings.Builder
	for _, f := range m.Header {
		header.WriteString(f.Name + ": " + f.Value + "\n")
	}
	o.add(where, header.String())
	o.add(where, m.Text)
	if m.PlainText != m.Text {
		o.add(where, m.PlainText)
	}
	o.html(where, m.HTML)
	for _, a := range m.Attachments {
		o.content(where, a.ContentType, a.Filename, a.Content, depth+1)
	}
}

// archive adds the files of a ZIP archive, which the documents of office
// programs are as well.
func (o *opener) archive(where string, data []byte, depth int) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		o.out = append(o.out, piece{where: where, text: narrow(data), raw: true})
		return
	}
	for i, f := range r.File {
		if i == maxEntries || o.left <= 0 {
			if o.beyond == "" {
				o.beyond = where
			}
			return
		}
		o.add(where, f.Name)
		in, err := f.Open()
		if err != nil {
			continue // encrypted, or packed in a way we do not know
		}
		content, _ := io.ReadAll(io.LimitReader(in, o.left))
		_ = in.Close()
		o.left -= int64(len(content))
		o.content(where, "", f.Name, content, depth+1)
	}
}

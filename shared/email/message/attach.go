package message

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/email/htmltext"
)

// attach keeps an entity as a file.
func (r *reader) attach(e *entity, related bool) {
	if len(e.children) > 0 {
		for _, c := range e.children {
			r.attach(c, related)
		}
		return
	}
	f := &file{name: e.filename(), kind: e.kind, data: e.data}
	if id, ok := e.raw.get("Content-ID"); ok {
		f.id = strings.Trim(cleanLine(strings.ToValidUTF8(id, "")), "<> \t")
	}
	f.inline = e.disp == "inline" || e.disp != "attachment" && (related || f.id != "" && strings.HasPrefix(e.kind, "image/"))
	if f.name == "" {
		f.name = r.inventName(e)
	}
	r.files = append(r.files, f)
}

// filename is the name that the sender gave: of Content-Disposition, else of
// Content-Type, else the last step of Content-Location.
func (e *entity) filename() string {
	for _, n := range []string{e.dparams["filename"], e.params["name"], e.dparams["name"], e.params["filename"]} {
		if n = cleanFilename(n); n != "" {
			return n
		}
	}
	if loc, ok := e.raw.get("Content-Location"); ok && !strings.HasPrefix(e.kind, "text/") {
		loc, _, _ = strings.Cut(decodeWords(loc, ""), "?")
		if n := cleanFilename(loc); strings.Contains(n, ".") {
			return n
		}
	}
	return ""
}

// cleanFilename makes a name safe to show and to save: no path, no control or
// text-direction characters, no dots or spaces at its ends, at most 255 bytes.
func cleanFilename(s string) string {
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		s = s[i+1:]
	}
	s = strings.Map(func(c rune) rune {
		switch {
		case unicode.Is(unicode.Bidi_Control, c):
			return -1
		case unicode.IsControl(c):
			return -1
		case unicode.IsSpace(c):
			return ' '
		}
		return c
	}, s)
	s = strings.Trim(s, " ")
	if strings.Trim(s, ". ") == "" {
		return ""
	}
	if len(s) > 255 {
		ext := ""
		if i := strings.LastIndexByte(s, '.'); i > 0 && len(s)-i <= 16 {
			ext = s[i:]
		}
		s = strings.ToValidUTF8(s[:255-len(ext)], "") + ext
	}
	return s
}

// inventName names a file that has no name, by its type.
func (r *reader) inventName(e *entity) string {
	switch e.kind {
	case "message/rfc822", "message/global":
		nested, _ := splitHeader(e.data, true, &warnings{})
		subject, _ := nested.get("Subject")
		name := strings.TrimSpace(decodeWords(subject, ""))
		name = cleanFilename(strings.NewReplacer("/", "-", `\`, "-", ":", "", "\"", "", "<", "", ">", "", "|", "-", "?", "", "*", "").Replace(name))
		if name == "" {
			name = "message"
		}
		if len(name) > 120 {
			name = strings.ToValidUTF8(name[:120], "")
		}
		return strings.TrimSpace(name) + ".eml"
	case "message/delivery-status":
		return "delivery-status.txt"
	case "message/disposition-notification":
		return "disposition-notification.txt"
	case "message/feedback-report":
		return "feedback-report.txt"
	case "text/rfc822-headers":
		return "headers.txt"
	case "text/calendar":
		return "invite.ics"
	case "application/pgp-signature":
		return "signature.asc"
	case "application/pgp-encrypted":
		return "version.txt"
	case "application/pkcs7-signature", "application/x-pkcs7-signature":
		return "smime.p7s"
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		return "smime.p7m"
	}
	if strings.HasPrefix(e.kind, "multipart/") { // nested deeper than is taken apart
		return "remaining-parts.txt"
	}
	stem, _, _ := strings.Cut(e.kind, "/")
	if stem != "image" && stem != "audio" && stem != "video" && stem != "text" {
		stem = "attachment"
	}
	ext := extensions[e.kind]
	if ext == "" {
		ext = ".bin"
		if strings.HasPrefix(e.kind, "text/") {
			ext = ".txt"
		}
	}
	*r.unnamed++
	return fmt.Sprintf("%s-%d%s", stem, *r.unnamed, ext)
}

// extensions are the names' ends for the types that mail carries most. The
// system's table is not used: it differs between machines.
var extensions = map[string]string{"image/png": ".png", "image/jpeg": ".jpg", "image/jpg": ".jpg", "image/gif": ".gif", "image/webp": ".webp",
	"image/svg+xml": ".svg", "image/tiff": ".tif", "image/bmp": ".bmp", "image/heic": ".heic", "application/pdf": ".pdf", "application/zip": ".zip",
	"application/x-zip-compressed": ".zip", "application/gzip": ".gz", "application/x-gzip": ".gz", "application/json": ".json", "application/xml": ".xml",
	"text/xml": ".xml", "text/html": ".html", "text/plain": ".txt", "text/csv": ".csv", "text/calendar": ".ics", "text/vcard": ".vcf", "text/x-vcard": ".vcf",
	"text/directory": ".vcf", "text/rtf": ".rtf", "application/rtf": ".rtf", "application/msword": ".doc", "application/vnd.ms-excel": ".xls",
	"application/x-msexcel": ".xls", "application/x-excel": ".xls", "application/excel": ".xls", "application/vnd.oasis.opendocument.text": ".odt",
	"application/vnd.oasis.opendocument.spreadsheet": ".ods", "application/x-7z-compressed": ".7z", "application/x-tar": ".tar", "audio/ogg": ".ogg",
	"application/vnd.ms-powerpoint":                                             ".ppt",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   ".docx",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         ".xlsx",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
	"application/ms-tnef": ".dat", "message/rfc822": ".eml", "audio/mpeg": ".mp3", "audio/wav": ".wav", "audio/x-wav": ".wav", "audio/mp4": ".m4a",
	"video/mp4": ".mp4", "video/quicktime": ".mov", "application/postscript": ".ps"}

// typeByName guesses a media type by a file name's end, "" if it says nothing.
func typeByName(name string) string {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return ""
	}
	ext := strings.ToLower(name[i:])
	best := ""
	for kind, x := range extensions {
		if x == ext && kind != "image/jpg" && (best == "" || len(kind) < len(best) || len(kind) == len(best) && kind < best) {
			best = kind
		}
	}
	return best
}

func orOctets(kind string) string {
	if kind == "" {
		return "application/octet-stream"
	}
	return kind
}

// blank tells whether nothing is there to read. Outlook sends an empty text
// beside a winmail.dat.
func blank(segments []segment) bool {
	for _, s := range segments {
		if strings.TrimSpace(s.plain) != "" || strings.TrimSpace(htmltext.Text(s.html)) != "" {
			return false
		}
	}
	return true
}

// finish fills the Message once the whole tree was visited.
func (r *reader) finish() {
	r.dropImages()
	if len(r.segments) == 0 {
		for _, e := range r.named {
			r.text(e)
		}
	}
	if len(r.wrapped) > 0 && blank(r.segments) {
		r.segments = r.wrapped
	}
	m := r.m
	m.PlainText, m.HTML = r.bodies()
	m.Bodies = r.each
	m.Text = m.PlainText
	if strings.TrimSpace(m.Text) == "" && m.HTML != "" {
		m.Text = r.fromHTML(m.HTML)
	}
	if strings.TrimSpace(m.Text) == "" && r.calendar != nil {
		m.Text = calendarText(r.calendar.text)
	}
	m.Attachments = make([]Attachment, 0, len(r.files))
	for _, f := range r.files {
		sum := sha256.Sum256(f.data)
		m.Attachments = append(m.Attachments, Attachment{Filename: f.name, ContentType: f.kind, Size: len(f.data), Inline: f.inline,
			ContentID: f.id, SHA256: hex.EncodeToString(sum[:]), Content: f.data})
	}
}

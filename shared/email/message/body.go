package message

import (
	"crypto/sha256"
	"encoding/hex"
	"html"
	"slices"
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/email/htmltext"
)

// segment is one stretch of the mail's text. Where the mail offers it in two
// forms (multipart/alternative) it has both.
type segment struct {
	plain, html string
	image       *file // plain only says that this image stood here
}

// reader collects from the tree what a mail client would show: the text, in
// order, and what is attached.
type reader struct {
	m        *Message
	warn     *warnings
	segments []segment
	files    []*file
	named    []*entity // inline texts with a file name: the body, if there is no other
	wrapped  []segment // texts from inside a winmail.dat
	calendar *entity
	each     []Body // the segments, each in the forms that the mail has
	unnamed  *int   // files that a name was made for, in the whole mail
	opened   int    // signatures around what is read at the moment
}

// file is an attachment on its way into the Message.
type file struct {
	name, kind, id string
	inline         bool
	data           []byte
}

// walk visits the tree; related is true inside multipart/related, after its root.
func (r *reader) walk(e *entity, related bool) {
	if len(e.children) == 0 {
		r.leaf(e, related)
		return
	}
	switch e.kind {
	case "multipart/alternative":
		r.alternative(e)
	case "multipart/related":
		root := relatedRoot(e)
		r.walk(root, false)
		for _, c := range e.children {
			if c != root {
				r.walk(c, true)
			}
		}
	case "multipart/signed":
		r.wrap("smime-signed", "pgp-signed", e.params["protocol"])
		if n := len(e.children); n == 2 && r.m.SMIME == nil && r.m.Wrapper == "smime-signed" {
			r.m.SMIME, r.m.SMIMEContent = e.children[1].data, e.children[0].whole
		}
		for _, c := range e.children {
			r.walk(c, false)
		}
	case "multipart/encrypted":
		r.wrap("smime-encrypted", "pgp-encrypted", e.params["protocol"])
		for _, c := range e.children {
			r.attach(c, false)
		}
	default:
		for _, c := range e.children {
			r.walk(c, false)
		}
	}
}

func (r *reader) wrap(smime, pgp Wrapper, protocol string) {
	if r.m.Wrapper != "" {
		return
	}
	r.m.Wrapper = pgp
	if strings.Contains(strings.ToLower(protocol), "pkcs7") {
		r.m.Wrapper = smime
	}
}

// relatedRoot is the part that the others belong to (RFC 2387 section 3.2);
// where mailers put an image first, the first text.
func relatedRoot(e *entity) *entity {
	if start := strings.Trim(e.params["start"], "<> "); start != "" {
		for _, c := range e.children {
			if id, _ := c.raw.get("Content-ID"); strings.Trim(id, "<> ") == start {
				return c
			}
		}
	}
	for _, c := range e.children {
		if strings.HasPrefix(c.kind, "multipart/") || strings.HasPrefix(c.kind, "text/") {
			return c
		}
	}
	return e.children[0]
}

// alternative reads the forms of one text, in whatever order they come. Forms
// of the same kind that differ are not alternatives, and are all kept.
func (r *reader) alternative(e *entity) {
	var plain, html []string
	for _, c := range e.children {
		sub := &reader{m: r.m, warn: r.warn, calendar: r.calendar, opened: r.opened, unnamed: r.unnamed}
		if c.kind == "text/x-amp-html" || c.kind == "text/watch-html" { // the same once more, for other programs
			continue
		}
		if c.isText && (c.kind == "text/plain" || c.kind == "text/html") && c.disp != "attachment" {
			sub.text(c) // the text itself, whatever file name it has
		} else {
			sub.walk(c, false)
		}
		r.files = append(r.files, sub.files...)
		r.named = append(r.named, sub.named...)
		r.wrapped = append(r.wrapped, sub.wrapped...)
		r.calendar = sub.calendar
		p, h := sub.bodies()
		if p != "" {
			plain = addForm(plain, p)
		}
		if h != "" {
			html = addForm(html, h)
		}
	}
	if len(plain)+len(html) > 0 {
		r.segments = append(r.segments, segment{plain: strings.Join(plain, "\n"), html: strings.Join(html, "\n")})
	}
}

func addForm(forms []string, s string) []string {
	for _, f := range forms[:min(len(forms), 10)] {
		if strings.Contains(f, strings.TrimSpace(s)) {
			return forms
		}
	}
	return append(forms, s)
}

// leaf decides whether a leaf is text to be read or a file.
func (r *reader) leaf(e *entity, related bool) {
	switch {
	case r.unpack(e):
	case e.kind == "text/calendar" && e.isText:
		if r.calendar == nil {
			r.calendar = e
		}
		r.attach(e, related)
	case !e.isText || !readable(e.kind) || e.disp == "attachment" || related && hasID(e):
		r.attach(e, related)
		if e.disp == "inline" && !related && strings.HasPrefix(e.kind, "image/") {
			f := r.files[len(r.files)-1]
			r.segments = append(r.segments, segment{plain: "[image: " + f.name + "]\n", image: f})
		}
	case e.filename() != "" && (len(r.segments) > 0 || len(r.named) > 0 || e.disp == "inline"):
		if e.disp == "inline" {
			r.named = append(r.named, e)
		}
		r.attach(e, related)
	default:
		r.text(e)
	}
}

func hasID(e *entity) bool {
	id, ok := e.raw.get("Content-ID")
	return ok && strings.Trim(id, "<> ") != ""
}

// readable tells which kinds of text are meant for reading.
func readable(kind string) bool {
	switch kind {
	case "text/calendar", "text/vcard", "text/x-vcard", "text/directory", "text/csv", "text/rfc822-headers", "text/css", "text/javascript",
		"text/x-amp-html", "text/xml", "text/rtf", "text/tab-separated-values", "message/delivery-status", "text/x-moz-deleted":
		return false
	}
	return strings.HasPrefix(kind, "text/")
}

// text adds a text leaf to what is read.
func (r *reader) text(e *entity) {
	if e.cut {
		r.attach(e, false)
	}
	switch {
	case e.kind == "text/html", !e.declared && looksLikeHTML([]byte(e.text[:min(len(e.text), 512)])):
		if e.kind != "text/html" {
			r.warn.add("html-undeclared", "HTML that is not declared so")
		}
		if strings.TrimSpace(e.text) != "" {
			r.segments = append(r.segments, segment{html: e.text})
		}
	case e.kind == "text/enriched" || e.kind == "text/richtext":
		r.segments = append(r.segments, segment{plain: enriched(e.text)})
	default:
		text := r.embedded(e)
		r.armour(text)
		if strings.TrimSpace(text) != "" {
			r.segments = append(r.segments, segment{plain: text})
		}
	}
}

// bodies joins the segments into the plain and the HTML body. Where a mail
// mixes both, each body is complete.
func (r *reader) bodies() (plain, markup string) {
	r.dropImages()
	r.merge()
	anyPlain, anyHTML := false, false
	for _, s := range r.segments {
		anyPlain = anyPlain || s.plain != "" && s.image == nil
		anyHTML = anyHTML || s.html != ""
	}
	if len(r.segments) == 1 {
		return r.segments[0].plain, r.segments[0].html
	}
	var p, h []string
	r.each = make([]Body, 0, len(r.segments))
	for _, s := range r.segments {
		b := Body{s.plain, s.html}
		switch {
		case s.image != nil && !anyPlain:
			b.PlainText = ""
		case b.PlainText == "" && anyPlain:
			b.PlainText = r.fromHTML(s.html)
		}
		switch {
		case b.HTML != "" || !anyHTML:
		case s.image != nil:
			b.HTML = s.image.shown()
		default:
			b.HTML = htmltext.Wrap(s.plain)
		}
		if anyPlain {
			p = append(p, b.PlainText)
		}
		if anyHTML {
			h = append(h, b.HTML)
		}
		r.each = append(r.each, b)
	}
	return joinTexts(p), strings.Join(h, "\n")
}

func joinTexts(texts []string) string {
	var out strings.Builder
	for _, t := range texts {
		if out.Len() > 0 && !strings.HasSuffix(out.String(), "\n") {
			out.WriteByte('\n')
		}
		out.WriteString(t)
	}
	return out.String()
}

// dropImages forgets images that stand nowhere: those that the HTML shows itself,
// and those below all text, which are files like others. Between two texts, as
// Apple's programs send it, the place is all that says what they belong to.
func (r *reader) dropImages() {
	shows, last := "", -1
	for i, s := range r.segments {
		if s.image == nil {
			shows, last = shows+s.html, i
		}
	}
	i := -1
	r.segments = slices.DeleteFunc(r.segments, func(s segment) bool {
		i++
		switch {
		case s.image == nil:
			return false
		case last < 0 || i > last && (s.image.id == "" || shows != ""):
			return true
		}
		return s.image.id != "" && strings.Contains(shows, "cid:"+s.image.id)
	})
}

// shown is an image as HTML has it. One that came without a Content-ID is given one.
func (f *file) shown() string {
	if f.id == "" {
		sum := sha256.Sum256(f.data)
		f.id = hex.EncodeToString(sum[:8]) + "@inline.invalid"
	}
	return `<div><img src="cid:` + html.EscapeString(f.id) + `" alt="` + html.EscapeString(f.name) + `"></div>`
}

// merge finds a plain text and an HTML text with the same words that follow
// one another without being declared alternatives.
func (r *reader) merge() {
	for i := 0; i+1 < len(r.segments) && len(r.segments) < 20; i++ {
		a, b := r.segments[i], r.segments[i+1]
		if a.plain == "" || a.html != "" || b.html == "" || b.plain != "" {
			continue
		}
		x, y := letters(a.plain), letters(htmltext.Text(b.html))
		if len(x) >= 12 && len(y) >= 12 && (strings.HasPrefix(x, y) || strings.HasPrefix(y, x)) && len(x) < 2*len(y) && len(y) < 2*len(x) {
			r.warn.add("alternative-undeclared", "a text stands twice, as plain text and as HTML")
			r.segments[i] = segment{plain: a.plain, html: b.html}
			r.segments = append(r.segments[:i+1], r.segments[i+2:]...)
		}
	}
}

// letters keeps letters and digits only, of the first part of a text.
func letters(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return c
		}
		return -1
	}, s[:min(len(s), 64<<10)])
}

// fromHTML renders HTML, with the names of the images that the mail brings.
func (r *reader) fromHTML(html string) string {
	return htmltext.Render(htmltext.Parse(html), htmltext.Options{Image: r.imageName})
}

// imageName gives the file name of the part with the Content-ID, or "".
func (r *reader) imageName(id string) string {
	for _, f := range r.files {
		if f.id != "" && f.id == id {
			return f.name
		}
	}
	return ""
}

// unflow joins the lines of format=flowed text (RFC 3676): a line that ends
// in a space goes on in the next one, if both are quoted equally deep; with
// delSp that space is not part of the text. Space-stuffing is undone, quote
// marks are written as "> " for each depth. The signature line "-- " stands alone.
func unflow(s string, delSp bool) string {
	var out strings.Builder
	out.Grow(len(s))
	open := false // the paragraph at hand goes on
	depth := 0
	for len(s) > 0 {
		line, rest, ended := strings.Cut(s, "\n")
		s = rest
		line = strings.TrimSuffix(line, "\r")
		d := 0
		for d < len(line) && line[d] == '>' {
			d++
		}
		text := strings.TrimPrefix(line[d:], " ")
		if open && (d != depth || text == "-- ") {
			out.WriteByte('\n')
			open = false
		}
		if !open && d > 0 {
			out.WriteString(strings.Repeat(">", d))
			if text != "" {
				out.WriteByte(' ')
			}
		}
		depth = d
		if strings.HasSuffix(text, " ") && text != "-- " && ended && strings.TrimSpace(text) != "" {
			if delSp {
				text = text[:len(text)-1]
			}
			out.WriteString(text)
			open = true
			continue
		}
		out.WriteString(text)
		open = false
		if ended {
			out.WriteByte('\n')
		}
	}
	return out.String()
}

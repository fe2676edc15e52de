package message

import (
	"bytes"
	"strings"

	"github.com/replywell/replywell/shared/email/charset"
)

// decodeText makes the UTF-8 text of a text leaf.
func (r *repairer) decodeText(e *entity) {
	b := e.data
	e.isText = true
	if e.kind == "text/html" && len(b) > MaxText {
		b = dropDataURLs(b)
	}
	read := &r.shown
	if e.disp == "attachment" {
		read = &r.attached
	}
	limit := min(MaxText, MaxAllText-*read)
	*read += min(len(b), limit)
	if len(b) > limit {
		e.cut = true
		b = b[:limit]
		if i := bytes.LastIndexByte(b, '\n'); i > limit/2 {
			b = b[:i+1]
		}
		r.warn.add("text-long", "a text is longer than is read; all of it is kept as an attachment")
	}
	label := e.params["charset"]
	if e.kind == "text/html" || label == "" && looksLikeHTML(b) {
		if meta := metaCharset(b); meta != "" && (label == "" || !charset.Known(label) || strings.EqualFold(label, "us-ascii")) {
			label = meta
		}
	}
	d := r.hints.Decode(b, label)
	if d.Doubt != charset.Sure && !(e.cut && d.Doubt == charset.Damaged) {
		r.warn.add(string(d.Doubt), "text declared \""+label+"\" was read as "+d.Used)
	}
	text := d.Text
	if strings.IndexByte(text, 0) >= 0 {
		r.warn.add("nul-removed", "NUL bytes were removed from a text")
		text = strings.ReplaceAll(text, "\x00", "")
	}
	if strings.IndexByte(text, '\r') >= 0 {
		text = strings.ReplaceAll(text, "\r\n", "\n")
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	if r.mbox && strings.Contains(text, ">From ") {
		text = strings.ReplaceAll(text, "\n>From ", "\nFrom ")
		if strings.HasPrefix(text, ">From ") {
			text = text[1:]
		}
	}
	e.text = text
	if e.kind == "text/plain" && strings.EqualFold(e.params["format"], "flowed") {
		e.text = unflow(text, strings.EqualFold(e.params["delsp"], "yes"))
	}
}

// dropDataURLs takes images out of HTML that are written into it as base64
// (RFC 2397), so that they do not fill what is read of the text.
func dropDataURLs(b []byte) []byte {
	mark := []byte(";base64,")
	var out []byte
	for {
		i := bytes.Index(b, mark)
		if i < 0 {
			break
		}
		i += len(mark)
		out = append(out, b[:i]...)
		for i < len(b) && (base64Table[b[i]] != -1 || b[i] == '\r' || b[i] == '\n') {
			i++
		}
		b = b[i:]
	}
	return append(out, b...)
}

// looksLikeHTML tells HTML that nothing declares.
func looksLikeHTML(b []byte) bool {
	head := bytes.ToLower(bytes.TrimSpace(b[:min(len(b), 512)]))
	for _, p := range []string{"<!doctype html", "<html", "<head", "<body", "<meta ", "<table", "<div", "<p>"} {
		if bytes.HasPrefix(head, []byte(p)) {
			return true
		}
	}
	return false
}

// metaCharset finds the charset that an HTML document names for itself.
func metaCharset(b []byte) string {
	head := bytes.ToLower(b[:min(len(b), 2048)])
	for {
		i := bytes.Index(head, []byte("<meta"))
		if i < 0 {
			return ""
		}
		head = head[i+5:]
		end := bytes.IndexByte(head, '>')
		if end < 0 {
			return ""
		}
		_, v, ok := bytes.Cut(head[:end], []byte("charset="))
		if !ok {
			continue
		}
		v = bytes.TrimLeft(v, "\"' ")
		if i := bytes.IndexAny(v, "\"' ;/"); i >= 0 {
			v = v[:i]
		}
		return string(v)
	}
}

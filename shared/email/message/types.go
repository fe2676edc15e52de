package message

import (
	"bytes"
	"strings"
)

// types reads Content-Type and Content-Disposition.
func (e *entity) types(fallback, hint string) {
	for _, f := range e.raw {
		switch {
		case len(f.name) == 12 && strings.EqualFold(f.name, "Content-Type"):
			kind, params := parseParams(f.value, hint)
			if kind = mediaType(kind); e.kind == "" || !e.declared && kind != "" {
				e.kind, e.declared = kind, kind != ""
				if e.params == nil || kind != "" {
					e.params = params
				}
			}
		case len(f.name) == 19 && strings.EqualFold(f.name, "Content-Disposition") && e.dparams == nil:
			e.disp, e.dparams = parseParams(f.value, hint)
			if i := strings.IndexAny(e.disp, " \t"); i > 0 {
				e.disp = e.disp[:i]
			}
		}
	}
	if e.kind == "" {
		e.kind = fallback
		if name := e.filename(); name != "" {
			if k := typeByName(name); k != "" {
				e.kind = k
			}
		}
	}
}

// mediaType mends a media type: "text" is text/plain, and what has no subtype
// that means anything is nothing.
func mediaType(s string) string {
	s = cleanLine(s)
	s, _, _ = strings.Cut(strings.Trim(s, " \t\"';,"), " ")
	s, _, _ = strings.Cut(s, ",")
	major, minor, slash := strings.Cut(strings.TrimSpace(s), "/")
	switch {
	case slash && major != "" && minor != "":
		return major + "/" + strings.Trim(minor, "/\"")
	case major == "text" || major == "plain":
		return "text/plain"
	case major == "html":
		return "text/html"
	case major == "multipart":
		return "multipart/mixed"
	case major == "image" || major == "application" || major == "audio" || major == "video":
		return "application/octet-stream"
	}
	return ""
}

// contradicting decides between two Content-Types that differ by what the body
// is: it has the lines of a boundary, or it begins as HTML does.
func (r *repairer) contradicting(e *entity) {
	first := ""
	for _, f := range e.raw {
		if !strings.EqualFold(f.name, "Content-Type") {
			continue
		}
		kind, params := parseParams(f.value, r.hint)
		kind = mediaType(kind)
		switch {
		case kind == "":
		case first == "":
			first = kind
		case kind != e.kind || params["boundary"] != e.params["boundary"]:
			r.warn.add("content-type-twice", "there are two content types; the one that the content speaks for was taken")
			if !fits(e.kind, e.params, e.body) && fits(kind, params, e.body) {
				e.kind, e.params = kind, params
			}
		}
	}
}

// fits tells whether something in the body speaks for the type.
func fits(kind string, params map[string]string, body []byte) bool {
	switch {
	case strings.HasPrefix(kind, "multipart/"):
		b := strings.TrimRight(params["boundary"], " \t")
		return b != "" && bytes.Contains(body, []byte("--"+b))
	case kind == "text/html":
		return looksLikeHTML(body)
	}
	return false
}

// declaredEncoding is the Content-Transfer-Encoding of a leaf; of two that
// differ the one that the content speaks for.
func (r *repairer) declaredEncoding(e *entity) string {
	first, _ := e.raw.get("Content-Transfer-Encoding")
	one, _ := transferEncoding(first)
	for _, f := range e.raw {
		if !strings.EqualFold(f.name, "Content-Transfer-Encoding") {
			continue
		}
		switch enc, _ := transferEncoding(f.value); {
		case enc == one:
		case enc == base64Encoding && onlyBase64(e.body), enc == quotedPrintable && one == asIs && soundEscapes(e.body),
			enc == asIs && one == base64Encoding && !looksLikeBase64(e.body):
			r.warn.add("encoding-twice", "there are two transfer encodings; the one that the content speaks for was taken")
			return f.value
		}
	}
	return first
}

// flatten lists the tree in order, as Message.Parts has it.
func (e *entity) flatten(out []Part) []Part {
	p := Part{ContentType: e.kind, Params: e.params, Depth: e.depth, Header: e.header}
	switch {
	case len(e.children) > 0:
	case e.isText && !e.cut:
		p.Content = []byte(e.text)
	default:
		p.Content = e.data
	}
	out = append(out, p)
	for _, c := range e.children {
		out = c.flatten(out)
	}
	return out
}

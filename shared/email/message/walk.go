package message

import (
	"bytes"
	"strings"
)

// entity is the mail or one of its parts (RFC 2045 section 2.4). Its slices
// point into the raw mail; only encoded content is copied, once.
type entity struct {
	raw      rawHeader
	header   Header
	body     []byte // as it stands in the mail
	kind     string // media type, lower case: "text/plain"
	params   map[string]string
	declared bool // there was a Content-Type that says something
	disp     string
	dparams  map[string]string
	depth    int
	children []*entity
	data     []byte // of a leaf: transfer encoding undone
	text     string // of a text leaf: data as UTF-8, with "\n" line ends
	isText   bool
	cut      bool // text is only the beginning of data
}

// walker takes a mail apart.
type walker struct {
	warn  *warnings
	parts int
	hint  string // charset that the mail declares first
	mbox  bool   // lines were quoted for an mbox

	shown, attached int // bytes of text read so far
	encoded         int // multiparts decoded as a whole so far
}

// read makes the entity of b; fallback is its type where it declares none.
func (w *walker) read(b []byte, depth int, fallback string) *entity {
	e := &entity{depth: depth}
	w.parts++
	e.raw, e.body = splitHeader(b, depth == 0, w.warn)
	w.mbox = w.mbox || depth == 0 && w.warn.has("mbox-line")
	e.types(fallback, w.hint)
	if cs := e.params["charset"]; w.hint == "" && cs != "" {
		w.hint = cs
	}
	if w.hint == "" && depth == 0 {
		w.hint = e.raw.guess()
	}
	e.header = e.raw.decode(w.hint, w.warn)
	if strings.HasPrefix(e.kind, "multipart/") && w.multipart(e) {
		return e
	}
	w.leaf(e)
	return e
}

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

// multipart reads the children; false where there are none to be found, so
// that the entity is read as a leaf.
func (w *walker) multipart(e *entity) bool {
	if e.depth >= MaxDepth {
		w.warn.add("nesting", "parts nest deeper than is taken apart; the rest is kept as one attachment")
		e.disp = "attachment"
		return false
	}
	body := e.body
	boundary := strings.TrimRight(e.params["boundary"], " \t")
	parts, preamble, closed := splitParts(body, boundary, MaxParts)
	if len(parts) == 0 { // the encoding was applied to the whole, against RFC 2045 section 6.4
		cte, _ := e.raw.get("Content-Transfer-Encoding")
		if enc, _ := transferEncoding(cte); enc != asIs && w.encoded < maxEncoded {
			w.encoded++
			body = decodeTransfer(body, enc)
			if parts, preamble, closed = splitParts(body, boundary, MaxParts); len(parts) > 0 {
				w.warn.add("multipart-encoded", "a multipart was "+enc+" encoded as a whole")
			}
		}
	}
	if len(parts) == 0 {
		if g := guessBoundary(body); g != "" {
			w.warn.add("boundary-guessed", "the declared boundary does not occur; another one does")
			parts, preamble, closed = splitParts(body, g, MaxParts)
		}
	}
	if len(parts) == 0 {
		w.warn.add("boundary-missing", "a multipart without parts is read as one text")
		e.kind, e.params, e.body = "text/plain", map[string]string{"charset": e.params["charset"]}, preamble
		e.declared = false
		return false
	}
	if !closed {
		w.warn.add("boundary-unclosed", "the closing boundary is missing; the mail may be cut off")
	}
	fallback := "text/plain"
	if e.kind == "multipart/digest" {
		fallback = "message/rfc822"
	}
	for i, p := range parts {
		if w.parts >= MaxParts {
			w.warn.add("parts", "there are more parts than are taken apart; the rest is kept as one attachment")
			e.children = append(e.children, w.remainder(body, parts[i:], e.depth+1))
			break
		}
		if len(bytes.TrimSpace(p)) == 0 && len(parts) > 1 {
			continue
		}
		e.children = append(e.children, w.read(p, e.depth+1, fallback))
	}
	return true
}

// remainder is everything from the first of the parts to the end of the body.
func (w *walker) remainder(body []byte, parts [][]byte, depth int) *entity {
	w.parts++
	start := cap(body) - cap(parts[0])
	return &entity{kind: "application/octet-stream", disp: "attachment", dparams: map[string]string{"filename": "remaining-parts.txt"},
		depth: depth, body: body[start:], data: body[start:]}
}

// splitParts cuts a multipart body at the lines "--boundary" (RFC 2046 section
// 5.1.1). Parts that follow the closing boundary are read all the same. After
// limit parts the last one holds all the rest.
func splitParts(b []byte, boundary string, limit int) (parts [][]byte, preamble []byte, closed bool) {
	if boundary == "" {
		return nil, b, false
	}
	delim := []byte("--" + boundary)
	start := -1 // where the part at hand begins
	preamble = b
	for pos := 0; pos < len(b); {
		i := bytes.Index(b[pos:], delim)
		if i < 0 {
			break
		}
		i += pos
		pos = i + len(delim)
		if i > 0 && b[i-1] != '\n' && b[i-1] != '\r' {
			continue
		}
		line, rest := nextLine(b[pos:])
		tail := strings.TrimRight(string(line[:min(len(line), 100)]), " \t")
		if tail != "" && tail != "--" && tail != "-" {
			continue
		}
		if start >= 0 {
			parts = append(parts, trimLineEnd(b[start:i]))
		} else if len(parts) == 0 {
			preamble = b[:i]
		}
		closed = tail != ""
		start = -1
		if !closed {
			start = len(b) - len(rest)
			if len(parts) >= limit {
				break
			}
		}
		pos = len(b) - len(rest)
	}
	if start >= 0 && start < len(b) {
		parts = append(parts, b[start:])
	}
	return parts, preamble, closed
}

// trimLineEnd drops the line end that belongs to the boundary after it.
func trimLineEnd(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte("\n"))
	return bytes.TrimSuffix(b, []byte("\r"))
}

// guessBoundary finds a line "--something" after which a part's header stands.
func guessBoundary(b []byte) string {
	for rest, n := b, 0; n < 1000; n++ {
		i := bytes.Index(rest, []byte("--"))
		if i < 0 {
			return ""
		}
		atStart := i == 0 && len(rest) == len(b) || i > 0 && (rest[i-1] == '\n' || rest[i-1] == '\r')
		line, next := nextLine(rest[i+2:])
		rest = next
		name := strings.TrimRight(string(line[:min(len(line), 200)]), " \t")
		if !atStart || name == "" || strings.ContainsAny(name, " \t") || strings.Trim(name, "-") == "" {
			continue
		}
		first, _ := nextLine(rest)
		if f, _ := fieldNameOf(first); strings.HasPrefix(strings.ToLower(f), "content-") {
			return name
		}
	}
	return ""
}

func fieldNameOf(line []byte) (string, int) {
	if len(line) == 0 {
		return "", 0
	}
	return fieldName(line)
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

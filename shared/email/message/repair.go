package message

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/replywell/replywell/shared/email/charset"
)

// entity is the mail or one of its parts (RFC 2045 section 2.4). Repair finds
// it in the raw mail and decides how it goes to enmime; enmime gives its data.
type entity struct {
	raw      rawHeader
	header   Header
	kind     string // media type, lower case: "text/plain"
	params   map[string]string
	declared bool // there was a Content-Type that says something
	disp     string
	dparams  map[string]string
	depth    int
	children []*entity

	whole    []byte // as it stands in the mail, header and all
	head     []byte // the header with its empty line, as it goes to enmime
	body     []byte // the content of a leaf, as it goes to enmime
	encoding string // of body: one of the three that enmime undoes
	size     int    // bytes that enmime must make of body; -1 where only decoding tells
	boundary string // of a multipart, as it goes to enmime
	mended   bool   // it does not go to enmime as it stands in the mail

	data   []byte // of a leaf: transfer encoding undone, by enmime
	text   string // of a text leaf: data as UTF-8, with "\n" line ends
	isText bool
	cut    bool // text is only the beginning of data
}

// repairer finds the parts of a mail, counts them, and mends what would mislead
// a reader that believes in the rules.
type repairer struct {
	warn    *warnings
	parts   int
	hint    string // charset that the mail declares first
	hints   charset.Hints
	mbox    bool   // lines were quoted for an mbox
	encoded int    // multiparts decoded as a whole so far
	scanned int    // bytes of multiparts so far: enmime reads them once for each level
	budget  int    // how many of those there may be
	token   string // begins the boundaries that are made here
	made    int    // how many those are

	shown, attached int // bytes of text read so far
}

func newRepairer(warn *warnings, size int) *repairer {
	return &repairer{warn: warn, budget: scanFactor*size + scanFree}
}

// scan makes the entity of b, children and all; fallback is its type where it
// declares none.
func (r *repairer) scan(b []byte, depth int, fallback string) *entity {
	e := &entity{depth: depth, whole: b, size: -1}
	r.parts++
	e.raw, e.body = splitHeader(b, depth == 0, r.warn)
	e.head = b[:len(b)-len(e.body)]
	r.mbox = r.mbox || depth == 0 && r.warn.has("mbox-line")
	e.types(fallback, r.hint)
	r.contradicting(e)
	if cs := e.params["charset"]; r.hint == "" && cs != "" {
		r.hint = cs
	}
	if r.hint == "" && depth == 0 {
		r.hint = e.raw.guess()
	}
	r.hints = e.raw.hints(r.hints, r.hint)
	e.header = e.raw.decode(r.hint, r.warn)
	if !strings.HasPrefix(e.kind, "multipart/") || !r.multipart(e) {
		r.content(e)
	}
	e.mendHead()
	return e
}

// multipart finds the children; false where there are none to be found, so
// that the entity is a leaf.
func (r *repairer) multipart(e *entity) bool {
	if r.scanned += len(e.body); e.depth >= MaxDepth || r.scanned > r.budget {
		r.warn.add("nesting", "parts nest deeper than is taken apart; the rest is kept as one attachment")
		e.disp = "attachment"
		return false
	}
	body := e.body
	e.boundary = strings.TrimRight(e.params["boundary"], " \t")
	f := findParts(body, e.boundary, MaxParts)
	if len(f.parts) == 0 { // the encoding was applied to the whole, against RFC 2045 section 6.4
		cte, _ := e.raw.get("Content-Transfer-Encoding")
		if enc, _ := transferEncoding(cte); enc != asIs && r.encoded < maxEncoded {
			r.encoded++
			body = decodeTransfer(body, enc)
			if f = findParts(body, e.boundary, MaxParts); len(f.parts) > 0 {
				r.warn.add("multipart-encoded", "a multipart was "+enc+" encoded as a whole")
				f.exact = false
			}
		}
	}
	if len(f.parts) == 0 {
		if g := guessBoundary(body); g != "" {
			r.warn.add("boundary-guessed", "the declared boundary does not occur; another one does")
			f = findParts(body, g, MaxParts)
			f.exact = false
		}
	}
	if f.none() {
		r.warn.add("boundary-missing", "a multipart without parts is read as one text")
		e.kind, e.params, e.body = "text/plain", map[string]string{"charset": e.params["charset"]}, f.preamble
		e.declared = false
		return false
	}
	if !f.closed && !f.more {
		r.warn.add("boundary-unclosed", "the closing boundary is missing; the mail may be cut off")
	}
	if all := r.children(e, body, f.parts); !all || !f.exact {
		e.mended, e.boundary = true, r.newBoundary()
	}
	return true
}

// children scans the parts of a multipart; false where it left some out.
func (r *repairer) children(e *entity, body []byte, parts [][]byte) bool {
	all := true
	fallback := "text/plain"
	if e.kind == "multipart/digest" {
		fallback = "message/rfc822"
	}
	for i, p := range parts {
		if r.parts >= MaxParts {
			r.warn.add("parts", "there are more parts than are taken apart; the rest is kept as one attachment")
			e.children = append(e.children, r.remainder(body, parts[i:], e.depth+1))
			return false
		}
		if len(bytes.TrimSpace(p)) == 0 && len(parts) > 1 {
			all = false
			continue
		}
		c := r.scan(p, e.depth+1, fallback)
		e.mended = e.mended || c.mended
		e.children = append(e.children, c)
	}
	return all
}

// remainder is everything from the first of the parts to the end of the body.
func (r *repairer) remainder(body []byte, parts [][]byte, depth int) *entity {
	r.parts++
	rest := body[cap(body)-cap(parts[0]):]
	e := &entity{kind: "application/octet-stream", disp: "attachment", dparams: map[string]string{"filename": "remaining-parts.txt"},
		depth: depth, whole: rest, body: rest, size: len(rest)}
	e.writeHead()
	return e
}

// newBoundary makes a boundary that occurs nowhere in the mail: nobody who
// wrote it can know the token.
func (r *repairer) newBoundary() string {
	if r.token == "" {
		r.token = "=_" + rand.Text()
	}
	r.made++
	return r.token + "_" + strconv.Itoa(r.made) + "_"
}

// content mends the transfer encoding of a leaf (RFC 2045 section 6). What is
// damaged is decoded as far as it can be, and encoded again.
func (r *repairer) content(e *entity) {
	cte := r.declaredEncoding(e)
	enc, ok := transferEncoding(cte)
	if !ok {
		r.warn.add("encoding-unknown", "the transfer encoding \""+cleanLine(strings.ToValidUTF8(cte[:min(len(cte), 60)], "?"))+"\" is not known; the content is taken as it is")
	}
	text := e.textual()
	var footer []byte
	body := e.body
	if enc == base64Encoding && (text || strings.HasPrefix(e.kind, "message/")) {
		if text {
			body, footer = base64Footer(body)
		}
		if !looksLikeBase64(body) {
			r.warn.add("encoding-wrong", "text declared base64 is not base64")
			enc, body, footer = asIs, e.body, nil
		}
	}
	if _, declared := e.raw.get("Content-Transfer-Encoding"); !declared && text && looksQuotedPrintable(body) {
		r.warn.add("encoding-undeclared", "quoted-printable text that is not declared so")
		enc = quotedPrintable
	}
	e.body, e.encoding = body, enc
	switch enc {
	case asIs:
		if e.size = len(body); bytes.HasSuffix(body, []byte("\r")) { // it would become part of the boundary's line end
			r.encodeAgain(e, nil)
		}
	case base64Encoding:
		var sound bool
		if e.size, sound = base64Size(body); !sound || len(footer) > 0 {
			if !sound && damagedBase64(body) {
				r.warn.add("base64-damaged", "base64 content is damaged or cut off; what can be read of it is kept")
			}
			r.encodeAgain(e, footer)
		}
	case quotedPrintable:
		if damagedQuotedPrintable(body) {
			r.warn.add("quoted-printable-damaged", "quoted-printable content has signs that stand for nothing; they are kept as they are")
		}
		if !soundQuotedPrintable(body) {
			r.encodeAgain(e, nil)
		}
	default:
		r.encodeAgain(e, nil)
	}
}

// textual tells content that is read as text.
func (e *entity) textual() bool {
	return strings.HasPrefix(e.kind, "text/") || e.kind == "message/delivery-status"
}

func (r *repairer) encodeAgain(e *entity, footer []byte) {
	data := decodeTransfer(e.body, e.encoding)
	if len(footer) > 0 {
		r.warn.add("base64-footer", "plain text stands below the base64 content")
		data = append(append(data, '\n'), footer...)
	}
	e.body, e.size, e.encoding = make([]byte, base64.StdEncoding.EncodedLen(len(data))), len(data), base64Encoding
	base64.StdEncoding.Encode(e.body, data)
	e.mended = true
}

// mendHead writes the header anew where enmime would not read it as it was
// read here.
func (e *entity) mendHead() {
	if wellFormed(e.head, len(e.raw)) {
		kind, boundary := "", ""
		if v, ok := e.raw.get("Content-Type"); ok {
			kind, boundary = contentType(v)
		}
		cte, _ := e.raw.get("Content-Transfer-Encoding")
		multipart := strings.HasPrefix(kind, "multipart/")
		switch {
		case len(e.children) > 0 && multipart && boundary == e.boundary:
			return
		case len(e.children) == 0 && !multipart && enmimeEncoding(cte) == e.encoding:
			return
		}
	}
	e.writeHead()
}

// writeHead writes the header, one line to a field.
func (e *entity) writeHead() {
	var b bytes.Buffer
	for _, f := range e.raw {
		if !strings.EqualFold(f.name, "Content-Type") && !strings.EqualFold(f.name, "Content-Transfer-Encoding") {
			b.WriteString(f.name + ": " + f.value + "\r\n")
		}
	}
	switch {
	case len(e.children) > 0:
		b.WriteString("Content-Type: " + e.kind + "; boundary=\"" + e.boundary + "\"\r\n")
	case strings.HasPrefix(e.kind, "multipart/"):
		b.WriteString("Content-Type: application/octet-stream\r\n")
	case len(e.raw) > 0 || e.encoding != asIs:
		b.WriteString("Content-Type: " + e.kind + "\r\n")
	}
	if e.encoding != asIs {
		b.WriteString("Content-Transfer-Encoding: " + e.encoding + "\r\n")
	}
	b.WriteString("\r\n")
	e.head, e.mended = b.Bytes(), true
}

// emit gives the entity as it goes to enmime. What is well formed goes as it
// stands in the mail; nothing is copied.
func (e *entity) emit(out [][]byte) [][]byte {
	if !e.mended {
		return append(out, e.whole)
	}
	out = append(out, e.head)
	if len(e.children) == 0 {
		return append(out, e.body)
	}
	for i, c := range e.children {
		end := "\r\n--" + e.boundary + "\r\n"
		if i == 0 {
			end = end[2:]
		}
		out = c.emit(append(out, []byte(end)))
	}
	return append(out, []byte("\r\n--"+e.boundary+"--\r\n"))
}

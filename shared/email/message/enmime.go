package message

import (
	"bytes"
	"io"
	"strconv"
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

// parser is enmime as the reader of structure and transfer encodings, and
// nothing else.
var parser = enmime.NewParser(
	enmime.SetCustomParseMediaType(enmimeType),
	enmime.DisableCharacterDetection(true),
	enmime.DisableTextConversion(true),
	enmime.SkipMalformedParts(true),
	enmime.MultipartWOBoundaryAsSinglePart(true),
	enmime.MaxStoredPartErrors(maxWarnings),
)

// enmimeType reads a Content-Type for enmime: what is no multipart is bytes.
// Were it told of text it would decode a charset where one is declared, and
// look for one where none is, whatever the options say.
func enmimeType(v string) (string, map[string]string, []string, error) {
	if v == "" {
		return "", nil, nil, nil
	}
	kind, boundary := contentType(v)
	if boundary == "" {
		return "application/octet-stream", nil, nil, nil
	}
	return kind, map[string]string{"boundary": boundary}, nil, nil
}

// contentType gives the media type, and of a multipart the boundary.
func contentType(v string) (kind, boundary string) {
	kind, params := parseParams(v, "")
	if kind = mediaType(kind); strings.HasPrefix(kind, "multipart/") {
		boundary = strings.TrimRight(params["boundary"], " \t")
	}
	return kind, boundary
}

// enmimeEncoding is the transfer encoding that enmime reads in the field.
func enmimeEncoding(cte string) string {
	switch cte = strings.ToLower(cte); cte {
	case "", "7bit", "8bit", "binary":
		return asIs
	case base64Encoding, quotedPrintable:
		return cte
	}
	return "not known"
}

// read is the whole way from bytes to leaves: repair, enmime, and the texts.
func (r *repairer) read(b []byte, depth int, fallback string) *entity {
	e := r.scan(b, depth, fallback)
	p, err := parser.ReadParts(&segments{rest: e.emit(nil)})
	if err != nil {
		p = nil
	}
	r.take(e, p)
	r.texts(e)
	return e
}

// take hands the content of enmime's parts to the entities that they were made
// of. What enmime has read otherwise than it was handed over is kept as it
// stands in the mail.
func (r *repairer) take(e *entity, p *enmime.Part) {
	if p == nil || (p.FirstChild != nil) != (len(e.children) > 0) {
		r.keep(e)
		return
	}
	if len(e.children) == 0 {
		if e.size >= 0 && len(p.Content) != e.size {
			r.keep(e)
			return
		}
		e.data = p.Content
		return
	}
	of := make([]*enmime.Part, len(e.children))
	for c := p.FirstChild; c != nil; c = c.NextSibling {
		id := strings.TrimSuffix(c.PartID, ".0")
		n, err := strconv.Atoi(id[strings.LastIndexByte(id, '.')+1:])
		if err != nil || n < 1 || n > len(of) || of[n-1] != nil { // more parts than there are
			r.keep(e)
			return
		}
		of[n-1] = c
	}
	for i, c := range e.children {
		r.take(c, of[i])
	}
}

// keep makes an attachment of an entity that enmime could not take.
func (r *repairer) keep(e *entity) {
	r.warn.add("part-unread", "a part could not be taken apart; it is kept as an attachment, as it came")
	*e = entity{raw: e.raw, header: e.header, depth: e.depth, whole: e.whole, data: e.whole, kind: "application/octet-stream", disp: "attachment",
		dparams: map[string]string{"filename": "unread-part.eml"}}
}

// texts decodes the text leaves, in order.
func (r *repairer) texts(e *entity) {
	for _, c := range e.children {
		r.texts(c)
	}
	if len(e.children) == 0 && e.textual() {
		r.decodeText(e)
	}
}

// segments reads slices one after the other.
type segments struct{ rest [][]byte }

func (s *segments) Read(p []byte) (int, error) {
	for len(s.rest) > 0 && len(s.rest[0]) == 0 {
		s.rest = s.rest[1:]
	}
	if len(s.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.rest[0])
	s.rest[0] = s.rest[0][n:]
	return n, nil
}

// wellFormed tells a header that every reader takes for the same n fields: each
// line a field or, indented, the rest of one, and an empty line below.
func wellFormed(head []byte, n int) bool {
	for first := true; ; first = false {
		i := bytes.IndexByte(head, '\n')
		if i < 0 {
			return false
		}
		line := bytes.TrimSuffix(head[:i], []byte("\r"))
		head = head[i+1:]
		if len(line) == 0 {
			return len(head) == 0 && n == 0
		}
		if bytes.IndexByte(line, '\r') >= 0 {
			return false
		}
		if line[0] == ' ' || line[0] == '\t' {
			if first || len(bytes.TrimSpace(line)) == 0 {
				return false
			}
			continue
		}
		if name, colon := fieldName(line); name == "" || colon != len(name)+1 {
			return false
		}
		n--
	}
}

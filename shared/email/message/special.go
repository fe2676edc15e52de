package message

import (
	"strings"

	"github.com/replywell/replywell/shared/email/tnef"
)

// unpack takes apart a leaf that wraps a mail, or part of one; false where e
// wraps nothing, or nothing that can be read here.
func (r *reader) unpack(e *entity) bool {
	name := strings.ToLower(e.filename())
	switch {
	case e.kind == "application/ms-tnef", e.kind == "application/vnd.ms-tnef", name == "winmail.dat", name == "win.dat":
		return r.unpackTNEF(e)
	case e.kind == "application/pkcs7-mime", e.kind == "application/x-pkcs7-mime", strings.HasSuffix(name, ".p7m"):
		return r.unpackSMIME(e)
	}
	return false
}

// unpackTNEF puts the content of a winmail.dat in its place.
func (r *reader) unpackTNEF(e *entity) bool {
	c, err := tnef.Unpack(e.data, MaxUnpacked)
	if err != nil {
		r.warn.add("tnef-damaged", err.Error())
		if err == tnef.ErrNotTNEF {
			return false
		}
	}
	if c.Text == "" && c.HTML == "" && len(c.Attachments) == 0 {
		return false
	}
	if r.m.Wrapper == "" {
		r.m.Wrapper = "tnef"
	}
	r.warn.add("tnef", "the content of winmail.dat was unpacked")
	for _, a := range c.Attachments {
		f := &file{name: cleanFilename(a.Name), kind: a.ContentType, id: a.ContentID, inline: a.ContentID != "", data: a.Data}
		if f.kind == "" {
			f.kind = orOctets(typeByName(f.name))
		}
		if f.name == "" {
			f.name = r.inventName(&entity{kind: f.kind, data: f.data})
		}
		r.files = append(r.files, f)
	}
	if err != nil { // what could not be read must not be lost
		r.attach(e, false)
	}
	text, html := cleanText(c.Text), cleanText(c.HTML)
	if strings.TrimSpace(text+html) != "" {
		r.wrapped = append(r.wrapped, segment{plain: text, html: html})
	}
	return true
}

func cleanText(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.ReplaceAll(s, "\x00", "")
}

// unpackSMIME reads the content of an opaque signature (RFC 8551 section 3.5);
// encrypted content can only be recognised.
func (r *reader) unpackSMIME(e *entity) bool {
	kind := strings.ToLower(e.params["smime-type"])
	inner := signedContent(e.data)
	switch {
	case inner != nil && r.opened < maxOpened:
		if r.m.Wrapper = "smime-signed"; r.m.SMIME == nil {
			r.m.SMIME = e.data
		}
		p := newRepairer(r.warn, len(inner))
		p.parts, p.shown, p.encoded = MaxParts/2, MaxText, maxEncoded
		r.opened++
		r.walk(p.read(inner, 1, "text/plain"), false)
		r.opened--
		r.attach(e, false)
		return true
	case kind == "" || strings.Contains(kind, "envel"):
		r.m.Wrapper = "smime-encrypted"
	case strings.Contains(kind, "signed"):
		r.m.Wrapper = "smime-signed"
	}
	return false
}

// tlv reads one element of BER (X.690 section 8.1): its tag, its content, and
// what follows. Of an element of indefinite length the content is everything
// up to the end of b, so that the caller stops at the end-of-contents tag.
func tlv(b []byte) (tag byte, content, rest []byte, ok bool) {
	if len(b) < 2 || b[0]&0x1F == 0x1F {
		return 0, nil, nil, false
	}
	tag = b[0]
	n, head := int(b[1]), 2
	switch {
	case n == 0x80:
		return tag, b[2:], nil, true
	case n > 0x80:
		k := n & 0x7F
		if k > 4 || len(b) < 2+k {
			return 0, nil, nil, false
		}
		n = 0
		for _, c := range b[2 : 2+k] {
			n = n<<8 | int(c)
		}
		head += k
	}
	if n < 0 || n > len(b)-head {
		return 0, nil, nil, false
	}
	return tag, b[head : head+n], b[head+n:], true
}

// oidSignedData is 1.2.840.113549.1.7.2, oidData 1.2.840.113549.1.7.1.
const (
	oidSignedData = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
	oidData       = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
)

// signedContent finds the content in a CMS SignedData (RFC 5652 sections 3 and
// 5.1), or nil. Nothing is verified.
func signedContent(b []byte) []byte {
	_, b, _, ok := tlv(b) // ContentInfo
	if !ok {
		return nil
	}
	tag, oid, rest, ok := tlv(b)
	if !ok || tag != 6 || string(oid) != oidSignedData {
		return nil
	}
	_, b, _, ok = tlv(rest) // [0]
	if !ok {
		return nil
	}
	_, b, _, ok = tlv(b) // SignedData
	if !ok {
		return nil
	}
	for n := 0; n < 8 && ok; n++ { // version, digest algorithms; then the content
		tag, content, next, fine := tlv(b)
		if !fine || next == nil && tag != 0x30 {
			return nil
		}
		if tag == 0x30 {
			return encapsulated(content)
		}
		b = next
	}
	return nil
}

func encapsulated(b []byte) []byte {
	tag, oid, rest, ok := tlv(b)
	if !ok || tag != 6 || string(oid) != oidData || len(rest) == 0 {
		return nil
	}
	tag, b, _, ok = tlv(rest)
	if !ok || tag != 0xA0 {
		return nil
	}
	tag, content, _, ok := tlv(b)
	if !ok {
		return nil
	}
	if tag == 0x04 {
		return content
	}
	var out []byte // in pieces
	for tag == 0x24 && len(content) > 0 {
		t, piece, next, fine := tlv(content)
		if !fine || t != 0x04 {
			break
		}
		out = append(out, piece...)
		content = next
	}
	return out
}

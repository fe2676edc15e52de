package tnef

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/replywell/replywell/shared/email/charset"
)

// Errors that Unpack returns.
var (
	ErrNotTNEF = errors.New("this is no TNEF file: the signature is missing")
	ErrDamaged = errors.New("the TNEF file is damaged or cut off; what was whole before has been read")
)

// Content is what a winmail.dat holds. Every string is valid UTF-8.
type Content struct {
	Text        string // the plain body, also where only RTF was sent; may be empty
	HTML        string // may be empty
	Attachments []Attachment
}

// Attachment is one file inside.
type Attachment struct {
	Name        string // as the sender named it; may be empty
	ContentType string // may be empty
	ContentID   string
	Data        []byte
}

const signature = 0x223E9F78

// Attributes ([MS-OXTNEF] section 2.1.3.2).
const (
	attBody       = 0x0002800C
	attOEMCodes   = 0x00069007
	attMessage    = 0x00069003
	attRendering  = 0x00069002
	attTitle      = 0x00018010
	attData       = 0x0006800F
	attAttachment = 0x00069005
)

// MAPI properties ([MS-OXPROPS]).
const (
	propBody       = 0x1000
	propRTF        = 0x1009
	propHTML       = 0x1013
	propData       = 0x3701
	propName       = 0x3704
	propLongName   = 0x3707
	propMIMEType   = 0x370E
	propContentID  = 0x3712
	maxAttachments = 1000
)

type unpacker struct {
	c       Content
	codes   string // code page of the strings that are not Unicode
	rtf     []byte
	attach  *Attachment
	maxText int
}

// Unpack reads a TNEF file. maxText bounds, in bytes, what compressed text may
// grow to. With ErrDamaged, Content holds what could be read.
func Unpack(b []byte, maxText int) (Content, error) {
	if len(b) < 6 || binary.LittleEndian.Uint32(b) != signature {
		return Content{}, ErrNotTNEF
	}
	u := &unpacker{codes: "windows-1252", maxText: maxText}
	rest := b[6:]
	var err error
	for len(rest) > 0 {
		if len(rest) < 9 {
			err = ErrDamaged
			break
		}
		id, size := binary.LittleEndian.Uint32(rest[1:]), int64(binary.LittleEndian.Uint32(rest[5:]))
		if size > int64(len(rest)-9) {
			err = ErrDamaged
			break
		}
		u.attribute(id, rest[9:9+size])
		rest = rest[min(int64(len(rest)), 9+size+2):]
	}
	u.finish()
	return u.c, err
}

func (u *unpacker) attribute(id uint32, data []byte) {
	switch id {
	case attOEMCodes:
		if len(data) >= 4 {
			u.codes = codePage(binary.LittleEndian.Uint32(data))
		}
	case attBody:
		u.c.Text = u.text(data)
	case attMessage:
		u.properties(data, u.messageProperty)
	case attRendering:
		if len(u.c.Attachments) < maxAttachments {
			u.c.Attachments = append(u.c.Attachments, Attachment{})
			u.attach = &u.c.Attachments[len(u.c.Attachments)-1]
		}
	case attTitle:
		if u.attach != nil && u.attach.Name == "" {
			u.attach.Name = u.text(data)
		}
	case attData:
		if u.attach != nil {
			u.attach.Data = data
		}
	case attAttachment:
		if u.attach != nil {
			u.properties(data, u.attachmentProperty)
		}
	}
}

func (u *unpacker) messageProperty(id, kind uint16, v []byte) {
	switch id {
	case propBody:
		if s := u.value(kind, v); strings.TrimSpace(s) != "" {
			u.c.Text = s
		}
	case propHTML:
		if kind == kindBinary {
			u.c.HTML = trimNUL(charset.Decode(v, metaOr(v, u.codes)).Text)
		} else {
			u.c.HTML = u.value(kind, v)
		}
	case propRTF:
		u.rtf = v
	}
}

func (u *unpacker) attachmentProperty(id, kind uint16, v []byte) {
	switch id {
	case propLongName:
		u.attach.Name = u.value(kind, v)
	case propName:
		if u.attach.Name == "" {
			u.attach.Name = u.value(kind, v)
		}
	case propMIMEType:
		u.attach.ContentType = strings.ToLower(u.value(kind, v))
	case propContentID:
		u.attach.ContentID = strings.Trim(u.value(kind, v), "<>")
	case propData:
		if len(u.attach.Data) == 0 {
			if kind == kindObject && len(v) > 16 { // an embedded message or OLE object, behind its interface id
				v = v[16:]
			}
			u.attach.Data = v
		}
	}
}

// finish makes text of the RTF body where nothing better came.
func (u *unpacker) finish() {
	if len(u.rtf) == 0 || u.c.HTML != "" {
		return
	}
	rtf, err := Decompress(u.rtf, u.maxText)
	if err != nil && len(rtf) == 0 {
		return
	}
	text, html := readRTF(rtf)
	if html != "" {
		u.c.HTML = html
	} else if strings.TrimSpace(u.c.Text) == "" {
		u.c.Text = text
	}
}

// The kinds of MAPI properties ([MS-OXCDATA] section 2.11.1).
const (
	kindString  = 0x001E
	kindUnicode = 0x001F
	kindObject  = 0x000D
	kindBinary  = 0x0102
)

// properties walks a list of MAPI properties ([MS-OXTNEF] section 2.1.3.4).
func (u *unpacker) properties(b []byte, visit func(id, kind uint16, v []byte)) {
	r := &cursor{b: b}
	n := r.u32()
	for ; n > 0 && !r.bad; n-- {
		kind, id := r.u16(), r.u16()
		if id >= 0x8000 { // a named property: GUID, kind of name, name
			r.take(16)
			if r.u32() == 0 {
				r.take(4)
			} else {
				r.padded(int64(r.u32()))
			}
		}
		multi := kind&0x1000 != 0
		base := kind &^ 0x1000
		count := int64(1)
		variable := base == kindString || base == kindUnicode || base == kindObject || base == kindBinary
		if multi || variable {
			count = int64(r.u32())
		}
		for ; count > 0 && !r.bad; count-- {
			var v []byte
			if variable {
				v = r.padded(int64(r.u32()))
			} else {
				v = r.padded(fixedSize(base))
			}
			if !r.bad {
				visit(id, base, v)
			}
		}
	}
}

func fixedSize(kind uint16) int64 {
	switch kind {
	case 0x0005, 0x0006, 0x0007, 0x0014, 0x0040: // double, currency, app time, int64, time
		return 8
	case 0x0048: // GUID
		return 16
	case 0x0001:
		return 0
	}
	return 4
}

// cursor reads little-endian values; bad after the first that is not there.
type cursor struct {
	b   []byte
	bad bool
}

func (r *cursor) take(n int64) []byte {
	if r.bad || n < 0 || n > int64(len(r.b)) {
		r.bad = true
		return nil
	}
	v := r.b[:n]
	r.b = r.b[n:]
	return v
}

// padded takes n bytes, and what fills them up to a multiple of four.
func (r *cursor) padded(n int64) []byte {
	v := r.take(n)
	r.take(min(int64(len(r.b)), -n&3))
	return v
}

func (r *cursor) u16() uint16 {
	if v := r.take(2); v != nil {
		return binary.LittleEndian.Uint16(v)
	}
	return 0
}

func (r *cursor) u32() uint32 {
	if v := r.take(4); v != nil {
		return binary.LittleEndian.Uint32(v)
	}
	return 0
}

func (u *unpacker) value(kind uint16, v []byte) string {
	if kind == kindUnicode {
		units := make([]uint16, len(v)/2)
		for i := range units {
			units[i] = binary.LittleEndian.Uint16(v[2*i:])
		}
		return trimNUL(string(utf16.Decode(units)))
	}
	return u.text(v)
}

func (u *unpacker) text(v []byte) string {
	return trimNUL(charset.Decode([]byte(trimNUL(string(v))), u.codes).Text)
}

func trimNUL(s string) string {
	if i := strings.IndexByte(s, 0); i >= 0 {
		s = s[:i]
	}
	return s
}

// codePage names the charset of a Windows code page.
func codePage(n uint32) string {
	switch n {
	case 932:
		return "shift_jis"
	case 936:
		return "gb18030"
	case 949:
		return "euc-kr"
	case 950:
		return "big5"
	case 65001:
		return "utf-8"
	case 20866:
		return "koi8-r"
	case 28591, 0:
		return "windows-1252"
	case 28592:
		return "iso-8859-2"
	}
	return fmt.Sprintf("windows-%d", n)
}

// metaOr finds the charset that an HTML body names for itself.
func metaOr(b []byte, other string) string {
	head := strings.ToLower(string(b[:min(len(b), 2048)]))
	if _, v, ok := strings.Cut(head, "charset="); ok {
		v = strings.TrimLeft(v, "\"' ")
		if i := strings.IndexAny(v, "\"' ;/>"); i > 0 {
			return v[:i]
		}
	}
	return other
}

package tnef

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// The builders below write TNEF as Outlook does, for the tests.

func attribute(level byte, id uint32, data []byte) []byte {
	b := append([]byte{level}, binary.LittleEndian.AppendUint32(nil, id)...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	b = append(b, data...)
	return append(b, 0, 0) // nobody looks at the checksum
}

func property(kind, id uint16, v []byte) []byte {
	b := binary.LittleEndian.AppendUint16(nil, kind)
	b = binary.LittleEndian.AppendUint16(b, id)
	b = binary.LittleEndian.AppendUint32(b, 1)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(v)))
	b = append(b, v...)
	return append(b, make([]byte, -len(v)&3)...)
}

func number(kind, id uint16, v uint32) []byte {
	b := binary.LittleEndian.AppendUint16(nil, kind)
	b = binary.LittleEndian.AppendUint16(b, id)
	return binary.LittleEndian.AppendUint32(b, v)
}

func properties(list ...[]byte) []byte {
	b := binary.LittleEndian.AppendUint32(nil, uint32(len(list)))
	for _, p := range list {
		b = append(b, p...)
	}
	return b
}

func wide(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s + "\x00")) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

func file(attributes ...[]byte) []byte {
	b := binary.LittleEndian.AppendUint32(nil, signature)
	b = append(b, 1, 0)
	for _, a := range attributes {
		b = append(b, a...)
	}
	return b
}

// stored is "compressed" RTF that is not compressed.
func stored(rtf string) []byte {
	b := binary.LittleEndian.AppendUint32(nil, uint32(len(rtf)+12))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(rtf)))
	b = binary.LittleEndian.AppendUint32(b, 0x414C454D)
	b = binary.LittleEndian.AppendUint32(b, 0)
	return append(b, rtf...)
}

func sample() []byte {
	named := append(number(0x001F, 0x8001, 0)[:4], make([]byte, 16)...) // a named property, to be skipped
	named = append(named, 0, 0, 0, 0, 5, 0, 0, 0)
	named = append(named, binary.LittleEndian.AppendUint32(nil, 1)...)
	named = append(named, 4, 0, 0, 0, 'x', 0, 0, 0)
	return file(
		attribute(1, attOEMCodes, []byte{0xE3, 4, 0, 0, 0, 0, 0, 0}), // 1251
		attribute(1, attMessage, properties(number(3, 0x0E07, 1), named,
			property(kindString, propBody, []byte("\xcf\xf0\xe8\xe2\xe5\xf2\x00")))),
		attribute(2, attRendering, make([]byte, 14)),
		attribute(2, attTitle, []byte("SHORT~1.PDF\x00")),
		attribute(2, attData, []byte("%PDF-1.4")),
		attribute(2, attAttachment, properties(property(kindUnicode, propLongName, wide("Счёт за март.pdf")),
			property(kindUnicode, propMIMEType, wide("application/pdf")))),
		attribute(2, attRendering, make([]byte, 14)),
		attribute(2, attTitle, []byte("lamp.png\x00")),
		attribute(2, attAttachment, properties(property(kindBinary, propData, []byte("PNG")),
			property(kindString, propContentID, []byte("lamp@example\x00")))),
	)
}

func TestUnpack(t *testing.T) {
	c, err := Unpack(sample(), 1<<20)
	if err != nil || c.Text != "Привет" || len(c.Attachments) != 2 {
		t.Fatalf("%+v %v", c, err)
	}
	if a := c.Attachments[0]; a.Name != "Счёт за март.pdf" || a.ContentType != "application/pdf" ||
		string(a.Data) != "%PDF-1.4" {
		t.Errorf("%+v", a)
	}
	if a := c.Attachments[1]; a.Name != "lamp.png" || a.ContentID != "lamp@example" || string(a.Data) != "PNG" {
		t.Errorf("%+v", a)
	}
}

func TestADamagedFileGivesWhatIsWhole(t *testing.T) {
	b := sample()
	for n := range b {
		c, err := Unpack(b[:n], 1<<20)
		switch {
		case n < 6 && !errors.Is(err, ErrNotTNEF):
			t.Fatalf("%d bytes: %v", n, err)
		case n > len(b)-60 && len(c.Attachments) == 0:
			t.Fatalf("%d of %d bytes: %+v %v", n, len(b), c, err)
		}
	}
	if _, err := Unpack([]byte("no winmail.dat at all"), 1); !errors.Is(err, ErrNotTNEF) {
		t.Error(err)
	}
}

func TestRTFBodies(t *testing.T) {
	for name, c := range map[string]struct{ rtf, text, html string }{
		"text": {
			`{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss Arial;}}{\colortbl;\red0;}\pard Gr\'fc\'dfe, \b ` +
				`dark\b0  lamp\par\u8364 ? 20\tab x\line {\*\generator Word;}\{end\}}`,
			"Grüße, dark lamp\n€ 20\tx\n{end}", ""},
		"fonts": {
			`{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}}\f0 a\'e4 \f1 ` +
				`\'cf\'f0\f0  z}`, "aä Пр z", ""},
		"html": {
			`{\rtf1\ansi\ansicpg1252\fromhtml1 {\*\htmltag19 <html>}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 dark ` +
				`\'fcber{\*\htmltag84 &nbsp;}\htmlrtf\'a0\htmlrtf0 all{\*\htmltag72 </p>}}}`, "",
			"<html><p>dark über&nbsp;all</p>"},
		"endless": {`{\rtf1 ` + strings.Repeat("{", 2000) + "x", "x", ""},
	} {
		content, err := Unpack(file(attribute(1, attMessage, properties(property(kindBinary, propRTF, stored(c.rtf))))),
			1<<20)
		if err != nil || content.Text != c.text || content.HTML != c.html {
			t.Errorf("%s: %q, html %q, %v", name, content.Text, content.HTML, err)
		}
	}
}

// TestDecompress reads the example of [MS-OXRTFCP] section 3.1.
func TestDecompress(t *testing.T) {
	b := []byte{0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0, 0x0a, 0, 0x72,
		0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a,
		0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0}
	got, err := Decompress(b, 1000)
	if err != nil || string(got) != "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n" {
		t.Errorf("%q %v", got, err)
	}
	if got, _ := Decompress(b, 10); len(got) > 10 {
		t.Errorf("the bound did not hold: %q", got)
	}
	for n := range b {
		if _, err := Decompress(b[:n], 1000); err == nil && n < 40 {
			t.Errorf("%d bytes: no error", n)
		}
	}
}

// FuzzUnpack holds that any bytes end, in UTF-8, within the bound.
func FuzzUnpack(f *testing.F) {
	f.Add(sample())
	f.Add(file(attribute(1, attMessage, properties(
		property(kindBinary, propRTF, stored(`{\rtf1\fromhtml1 {\*\htmltag <p>}x}`))))))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, _ := Unpack(b, 1<<16)
		for _, a := range c.Attachments {
			if !utf8.ValidString(a.Name+a.ContentType+a.ContentID) || len(a.Data) > len(b) {
				t.Errorf("%+v", a)
			}
		}
		if !utf8.ValidString(c.Text + c.HTML) {
			t.Errorf("%q %q", c.Text, c.HTML)
		}
	})
}

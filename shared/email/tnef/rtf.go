package tnef

import (
	"encoding/binary"
	"errors"
	"strconv"
	"strings"

	"github.com/replywell/replywell/shared/email/charset"
)

// dictionary is what the window of compressed RTF begins with ([MS-OXRTFCP]
// section 2.1.2.1).
const dictionary = `{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript ` +
	`\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0` + "\r\n" +
	`\par \pard\plain\f0\fs20\b\i\u\tab\tx`

// ErrRTF says that compressed RTF cannot be read any further.
var ErrRTF = errors.New("the compressed RTF is damaged or larger than allowed")

// Decompress undoes the compression of [MS-OXRTFCP]. At most limit bytes are
// returned; with ErrRTF, those that could be read.
func Decompress(b []byte, limit int) ([]byte, error) {
	if len(b) < 16 {
		return nil, ErrRTF
	}
	size, kind := int(binary.LittleEndian.Uint32(b[4:])), binary.LittleEndian.Uint32(b[8:])
	in := b[16:]
	if kind == 0x414C454D { // "MELA": not compressed
		return in[:min(len(in), size, limit)], nil
	}
	if kind != 0x75465A4C { // "LZFu"
		return nil, ErrRTF
	}
	var window [4096]byte
	at := copy(window[:], dictionary)
	size = min(size, limit)
	out := make([]byte, 0, min(size, 8*len(in)))
	put := func(c byte) {
		out = append(out, c)
		window[at] = c
		at = (at + 1) & 4095
	}
	for i := 0; i < len(in); {
		flags := in[i]
		i++
		for bit := 0; bit < 8; bit++ {
			if len(out) >= size {
				return out, nil
			}
			if flags>>bit&1 == 0 {
				if i >= len(in) {
					return out, ErrRTF
				}
				put(in[i])
				i++
				continue
			}
			if i+1 >= len(in) {
				return out, ErrRTF
			}
			ref := int(in[i])<<8 | int(in[i+1])
			i += 2
			from, n := ref>>4, ref&15+2
			if from == at { // the end
				return out, nil
			}
			for ; n > 0 && len(out) < size; n-- {
				put(window[from])
				from = (from + 1) & 4095
			}
		}
	}
	if len(out) < size {
		return out, ErrRTF
	}
	return out, nil
}

// group is the state that braces keep in RTF.
type group struct {
	skip   bool // a destination that is no text
	hidden bool // \htmlrtf: text for RTF readers only
	uc     int  // bytes that stand for a \u character in old readers
}

// rtfReader makes text of RTF, and HTML of RTF that encapsulates it.
type rtfReader struct {
	in     []byte
	i      int
	g      group
	stack  []group
	out    strings.Builder
	bytes  []byte // text in the code page, not yet decoded
	html   bool
	tag    bool // inside an \*\htmltag group: its text is HTML
	tagAt  int  // how deep that group is
	ignore int  // characters still to skip after \u
	fonts  map[int]string
	font   int
	codes  string
}

// maxGroups bounds how deep braces may nest.
const maxGroups = 500

// readRTF gives the text of an RTF document, or its HTML if it encapsulates
// some ([MS-OXRTFEX]).
func readRTF(b []byte) (text, html string) {
	r := &rtfReader{in: b, codes: "windows-1252", fonts: map[int]string{}}
	head := b[:min(len(b), 4096)]
	r.html = strings.Contains(string(head), `\fromhtml1`)
	r.g = group{uc: 1}
	r.run()
	if r.html {
		return "", r.out.String()
	}
	return strings.TrimSpace(r.out.String()), ""
}

func (r *rtfReader) run() {
	for r.i < len(r.in) {
		c := r.in[r.i]
		r.i++
		switch c {
		case '{':
			r.flush()
			if len(r.stack) < maxGroups {
				r.stack = append(r.stack, r.g)
			}
		case '}':
			r.flush()
			if n := len(r.stack); n > 0 {
				if r.tag && n <= r.tagAt {
					r.tag = false
				}
				r.g = r.stack[n-1]
				r.stack = r.stack[:n-1]
			}
		case '\\':
			r.control()
		case '\r', '\n':
		default:
			r.char(c)
		}
	}
	r.flush()
}

// char takes one character of text.
func (r *rtfReader) char(c byte) {
	if r.ignore > 0 {
		r.ignore--
		return
	}
	if r.wanted() {
		r.bytes = append(r.bytes, c)
	}
}

func (r *rtfReader) wanted() bool { return !r.g.skip && !r.g.hidden }

func (r *rtfReader) flush() {
	if len(r.bytes) > 0 {
		codes := r.codes
		if f := r.fonts[r.font]; f != "" {
			codes = f
		}
		r.out.WriteString(charset.Decode(r.bytes, codes).Text)
		r.bytes = r.bytes[:0]
	}
}

func (r *rtfReader) write(s string) {
	if r.wanted() {
		r.flush()
		r.out.WriteString(s)
	}
}

func (r *rtfReader) control() {
	if r.i >= len(r.in) {
		return
	}
	c := r.in[r.i]
	if c < 'a' || c > 'z' {
		r.i++
		r.symbol(c)
		return
	}
	start := r.i
	for r.i < len(r.in) && r.in[r.i] >= 'a' && r.in[r.i] <= 'z' {
		r.i++
	}
	word := string(r.in[start:r.i])
	start = r.i
	if r.i < len(r.in) && r.in[r.i] == '-' {
		r.i++
	}
	for r.i < len(r.in) && r.in[r.i] >= '0' && r.in[r.i] <= '9' && r.i-start < 12 {
		r.i++
	}
	n, err := strconv.Atoi(string(r.in[start:r.i]))
	if r.i < len(r.in) && r.in[r.i] == ' ' {
		r.i++
	}
	r.word(word, n, err == nil)
}

func (r *rtfReader) symbol(c byte) {
	switch c {
	case '\'':
		if r.i+1 < len(r.in) {
			if v, err := strconv.ParseUint(string(r.in[r.i:r.i+2]), 16, 8); err == nil {
				r.i += 2
				r.char(byte(v))
			}
		}
	case '\\', '{', '}':
		r.char(c)
	case '~':
		r.write("\u00a0")
	case '_':
		r.write("-")
	case '\r', '\n':
		r.write("\n")
	case '*':
		r.destination()
	}
}

// destination handles \*: the group is skipped, but for HTML tags.
func (r *rtfReader) destination() {
	rest := string(r.in[r.i:min(len(r.in), r.i+10)])
	if r.html && strings.HasPrefix(rest, `\htmltag`) {
		r.flush()
		r.tag, r.tagAt = true, len(r.stack)
		r.g.hidden = false
		return
	}
	r.flush()
	r.g.skip = true
}

func (r *rtfReader) word(word string, n int, has bool) {
	switch word {
	case "par", "line", "sect", "row":
		if !r.html || r.tag || !r.g.hidden {
			r.write("\n")
		}
	case "tab":
		r.write("\t")
	case "cell":
		r.write(" | ")
	case "u":
		if n < 0 {
			n += 65536
		}
		r.write(string(rune(n)))
		r.ignore = r.g.uc
	case "uc":
		r.g.uc = max(0, min(n, 8))
	case "htmlrtf":
		r.flush()
		r.g.hidden = !has || n != 0
	case "ansicpg":
		r.codes = codePage(uint32(n))
	case "fonttbl":
		r.fontTable()
	case "f":
		r.flush()
		r.font = n
	case "colortbl", "stylesheet", "info", "pict", "object", "themedata", "datastore", "header", "footer", "listtable", "listoverridetable",
		"generator", "fldinst", "mhtmltag", "bkmkstart", "bkmkend":
		r.flush()
		r.g.skip = true
	case "lquote":
		r.write("\u2018")
	case "rquote":
		r.write("\u2019")
	case "ldblquote":
		r.write("\u201c")
	case "rdblquote":
		r.write("\u201d")
	case "bullet":
		r.write("\u2022")
	case "endash":
		r.write("\u2013")
	case "emdash":
		r.write("\u2014")
	}
}

// fontTable notes the charsets of fonts, and skips the table.
func (r *rtfReader) fontTable() {
	r.flush()
	r.g.skip = true
	if len(r.fonts) > 0 { // one table is enough
		return
	}
	r.fonts[0] = ""
	depth, font := 1, 0
	for i := r.i; i < len(r.in) && depth > 0; i++ {
		switch r.in[i] {
		case '{':
			depth++
		case '}':
			depth--
		case '\\':
			rest := string(r.in[i+1 : min(len(r.in), i+16)])
			var n int
			if v, ok := strings.CutPrefix(rest, "fcharset"); ok {
				n = leadingInt(v)
				r.fonts[font] = fontCharsets[n]
			} else if len(rest) > 1 && rest[0] == 'f' && rest[1] >= '0' && rest[1] <= '9' {
				font = leadingInt(rest[1:])
			}
		}
	}
}

func leadingInt(s string) int {
	n := 0
	for _, c := range s {
		if c < '0' || c > '9' {
			break
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// fontCharsets are the charsets of \fcharset.
var fontCharsets = map[int]string{128: "shift_jis", 129: "euc-kr", 134: "gb18030", 136: "big5", 161: "windows-1253", 162: "windows-1254",
	163: "windows-1258", 177: "windows-1255", 178: "windows-1256", 186: "windows-1257", 204: "windows-1251", 222: "windows-874", 238: "windows-1250"}

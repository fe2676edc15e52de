package message

import (
	"bytes"
	"strings"
)

// The transfer encodings of RFC 2045 section 6, as mailers name them.
const (
	asIs            = ""
	quotedPrintable = "quoted-printable"
	base64Encoding  = "base64"
	uuEncoding      = "uuencode"
)

// transferEncoding understands a Content-Transfer-Encoding, also misspelt.
// ok is false where the name means nothing.
func transferEncoding(s string) (enc string, ok bool) {
	v := strings.ToLower(strings.TrimSpace(stripComments(s)))
	v, _, _ = strings.Cut(v, ";")
	v = strings.Trim(v, " \t\"'.:,")
	switch strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '_' || r == '\t' {
			return -1
		}
		return r
	}, v) {
	case "", "7bit", "7bits", "8bit", "8bits", "binary", "plain", "none", "7", "8", "usascii", "utf8", "7bit8bit":
		return asIs, true
	case "quotedprintable", "qp", "quotedprint", "quoteprintable", "printable":
		return quotedPrintable, true
	case "base64", "b64", "b", "base":
		return base64Encoding, true
	case "xuuencode", "uuencode", "xuue", "uue", "xuu":
		return uuEncoding, true
	}
	return asIs, false
}

// decodeTransfer undoes the encoding. Bytes that are as they were are not copied.
func decodeTransfer(b []byte, enc string) []byte {
	switch enc {
	case quotedPrintable:
		return decodeQuotedPrintable(b)
	case base64Encoding:
		return decodeBase64(b)
	case uuEncoding:
		if begin, _, ok := findUU(b); ok {
			data, _ := decodeUU(b[begin.dataAt:])
			return data
		}
		if data, n := decodeUU(bytes.TrimLeft(b, " \t\r\n")); len(data) > 0 && len(bytes.TrimSpace(b)) <= n { // the line "begin" is missing
			return data
		}
	}
	return b
}

// decodeBase64 reads base64 wherever it stands: other characters are skipped,
// padding may be missing, a cut-off end gives the bytes that are whole, and
// pieces that were padded one by one are joined.
func decodeBase64(b []byte) []byte {
	out := make([]byte, 0, len(b)/4*3+3)
	var acc uint32
	n := 0
	for _, c := range b {
		v := base64Table[c]
		if v >= 0 {
			acc = acc<<6 | uint32(v)
			if n++; n == 4 {
				out = append(out, byte(acc>>16), byte(acc>>8), byte(acc))
				acc, n = 0, 0
			}
			continue
		}
		if v == base64Pad && n > 0 {
			out = flushBase64(out, acc, n)
			acc, n = 0, 0
		}
	}
	return flushBase64(out, acc, n)
}

func flushBase64(out []byte, acc uint32, n int) []byte {
	switch n {
	case 2:
		out = append(out, byte(acc>>4))
	case 3:
		out = append(out, byte(acc>>10), byte(acc>>2))
	}
	return out
}

const base64Pad = -2

var base64Table = func() (t [256]int8) {
	for i := range t {
		t[i] = -1
	}
	for i, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" {
		t[c] = int8(i)
	}
	t['='] = base64Pad
	return t
}()

// looksLikeBase64 tells base64 from text that was only declared so: prose has
// spaces inside its lines.
func looksLikeBase64(b []byte) bool {
	b = b[:min(len(b), 4096)]
	good, bad := 0, 0
	for i, c := range b {
		switch {
		case base64Table[c] != -1:
			good++
		case c == '\n' || c == '\r' || c == '\t':
		case c == ' ' && (i == 0 || i+1 == len(b) || b[i-1] == '\n' || b[i+1] == '\r' || b[i+1] == '\n' || b[i+1] == ' '):
		default:
			bad++
		}
	}
	return bad*20 <= good
}

// base64Footer splits off text that a list or a scanner wrote below the
// encoded body: lines that are no base64, after the encoding has come to an end.
func base64Footer(b []byte) (body, footer []byte) {
	ended := false // an empty or padded line was seen, after some base64
	begun := false
	for rest := b; len(rest) > 0; {
		line, next := nextLine(rest)
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0:
			ended = begun
		case ended && bytes.ContainsFunc(line, func(r rune) bool { return r >= 0x80 || base64Table[byte(r)] == -1 }):
			return b[:len(b)-len(rest)], rest
		default:
			begun = true
			ended = line[len(line)-1] == '='
		}
		rest = next
	}
	return b, nil
}

// decodeQuotedPrintable reads RFC 2045 section 6.7; what is no escape stands for itself.
func decodeQuotedPrintable(b []byte) []byte {
	if bytes.IndexByte(b, '=') < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		c := b[i]
		if c != '=' {
			n := bytes.IndexByte(b[i:], '=')
			if n < 0 {
				n = len(b) - i
			}
			out = append(out, b[i:i+n]...)
			i += n
			continue
		}
		if i+2 < len(b) && isHex(b[i+1]) && isHex(b[i+2]) {
			out = append(out, byte(unhex(b[i+1])<<4|unhex(b[i+2])))
			i += 3
			continue
		}
		j := i + 1
		for j < len(b) && (b[j] == ' ' || b[j] == '\t' || b[j] == '\r') {
			j++
		}
		switch {
		case j == len(b): // cut off, or a soft break at the very end
			i = j
		case b[j] == '\n':
			i = j + 1
		default:
			out = append(out, '=')
			i++
		}
	}
	return out
}

// looksQuotedPrintable tells quoted-printable text that nothing declares: some
// lines end in a soft break near the limit of 76, and every "=" is an escape.
func looksQuotedPrintable(b []byte) bool {
	soft, escapes := 0, 0
	for rest := b[:min(len(b), 16<<10)]; len(rest) > 0; {
		var line []byte
		line, rest = nextLine(rest)
		for i := 0; i < len(line); i++ {
			switch {
			case line[i] >= 0x80:
				return false
			case line[i] != '=':
			case i == len(line)-1:
				if len(line) >= 68 && len(line) <= 77 {
					soft++
				} else if len(rest) > 0 {
					return false
				}
			case i+2 < len(line) && isHex(line[i+1]) && isHex(line[i+2]):
				escapes++
				i += 2
			default:
				return false
			}
		}
	}
	return soft >= 2 && escapes >= 1
}

// uuBegin is the line "begin 644 name" of a uuencoded file.
type uuBegin struct {
	name   string
	at     int // where the line begins
	dataAt int // where the data begin
}

// findUU finds a uuencoded file that stands in text. end is where the text goes on.
func findUU(b []byte) (begin uuBegin, end int, ok bool) {
	for from := 0; ; {
		i := bytes.Index(b[from:], []byte("begin "))
		if i < 0 {
			return begin, 0, false
		}
		i += from
		from = i + 6
		if i > 0 && b[i-1] != '\n' {
			continue
		}
		line, rest := nextLine(b[i:])
		f := strings.SplitN(string(line[:min(len(line), 300)]), " ", 3)
		if len(f) != 3 || len(f[1]) < 3 || len(f[1]) > 4 || strings.Trim(f[1], "01234567") != "" {
			continue
		}
		begin = uuBegin{name: strings.TrimSpace(f[2]), at: i, dataAt: len(b) - len(rest)}
		data, n := decodeUU(rest)
		if len(data) > 0 {
			return begin, begin.dataAt + n, true
		}
		from = begin.dataAt
	}
}

// decodeUU reads lines of uuencoded data up to "end"; n is how many bytes of
// b they took. A line that is no data ends it.
func decodeUU(b []byte) (data []byte, n int) {
	rest := b
	for len(rest) > 0 {
		line, next := nextLine(rest)
		if string(line) == "end" {
			return data, len(b) - len(next)
		}
		if len(line) == 0 || string(line) == "`" || string(line) == " " {
			rest = next
			continue
		}
		size := int(line[0]-' ') & 63
		chars := (size*8 + 5) / 6
		if line[0] < ' ' || line[0] > '`' || len(line)-1 < chars-2 || len(line)-1 > chars+4 {
			return data, len(b) - len(rest)
		}
		var acc uint32
		bits, got := uint(0), 0
		for k := 1; k < len(line) && got < size; k++ {
			acc = acc<<6 | uint32(line[k]-' ')&63
			if bits += 6; bits >= 8 {
				bits -= 8
				data = append(data, byte(acc>>bits))
				got++
			}
		}
		for ; got < size; got++ { // trailing spaces that a relay cut off
			data = append(data, 0)
		}
		rest = next
	}
	return data, len(b)
}

// yencFile is a file that stands in text between =ybegin and =yend.
type yencFile struct {
	name    string
	at, end int
	data    []byte
}

// findYEnc finds a yEnc file (yEnc draft 1.3) in undecoded text.
func findYEnc(b []byte) (f yencFile, ok bool) {
	i := bytes.Index(b, []byte("=ybegin "))
	if i < 0 || i > 0 && b[i-1] != '\n' {
		return f, false
	}
	line, rest := nextLine(b[i:])
	_, name, found := strings.Cut(string(line), " name=")
	if !found {
		return f, false
	}
	f.name, f.at = strings.TrimSpace(name), i
	for len(rest) > 0 {
		line, next := nextLine(rest)
		rest = next
		if bytes.HasPrefix(line, []byte("=yend")) {
			break
		}
		if bytes.HasPrefix(line, []byte("=ypart")) {
			continue
		}
		for k := 0; k < len(line); k++ {
			c := line[k]
			if c == '=' && k+1 < len(line) {
				k++
				c = line[k] - 64
			}
			f.data = append(f.data, c-42)
		}
	}
	f.end = len(b) - len(rest)
	return f, true
}

// base64Size is how many bytes base64 content stands for; sound tells that it
// has nothing but its alphabet, white space, and padding at the end alone.
func base64Size(b []byte) (size int, sound bool) {
	n := 0
	for i, c := range b {
		v := base64Table[c]
		switch {
		case v >= 0:
			n++
		case c == '\n' || c == '\r' || c == ' ' || c == '\t':
		case v == base64Pad:
			return n * 6 / 8, n%4 != 1 && len(bytes.Trim(b[i:], "= \t\r\n")) == 0
		default:
			return 0, false
		}
	}
	return n * 6 / 8, n%4 != 1
}

// damagedBase64 tells content that is not sound because something was lost or
// put into it. Pieces that were padded one by one are whole, and so is an end
// without its padding.
func damagedBase64(b []byte) bool {
	n := 0
	for _, c := range b {
		switch v := base64Table[c]; {
		case v >= 0:
			n++
		case v == base64Pad:
			if n%4 == 1 {
				return true
			}
			n = 0
		case c != '\n' && c != '\r' && c != ' ' && c != '\t':
			return true
		}
	}
	return n%4 == 1
}

// damagedQuotedPrintable tells content with a "=" that begins no escape and
// ends no line.
func damagedQuotedPrintable(b []byte) bool {
	for {
		i := bytes.IndexByte(b, '=')
		if i < 0 {
			return false
		}
		if b = b[i+1:]; len(b) > 1 && isHex(b[0]) && isHex(b[1]) {
			b = b[2:]
			continue
		}
		if b = bytes.TrimLeft(b, " \t\r"); len(b) > 0 && b[0] != '\n' {
			return true
		}
	}
}

// soundEscapes tells text all of whose "=" begin escapes or end lines, and that
// has one at least.
func soundEscapes(b []byte) bool {
	return bytes.IndexByte(b, '=') >= 0 && !damagedQuotedPrintable(b)
}

// onlyBase64 tells base64 that nothing declares: long lines of it, and nothing else.
func onlyBase64(b []byte) bool {
	n, sound := base64Size(b)
	line, _ := nextLine(bytes.TrimSpace(b))
	return sound && n > 0 && !bytes.ContainsAny(line, " \t")
}

// maxPrintable is the longest line of quoted-printable that enmime reads
// without fault, in bytes once everything beyond ASCII is an escape: the rules
// allow 76.
const maxPrintable = 1000

// soundQuotedPrintable tells content that the rules (RFC 2045 section 6.7) and
// this package read alike. White space at the end of a line is dropped by the
// rules, though mailers that forget to encode it mean it: "-- ".
func soundQuotedPrintable(b []byte) bool {
	for len(b) > 0 {
		line, rest, ended := bytes.Cut(b, []byte("\n"))
		b = rest
		if ended {
			line = bytes.TrimSuffix(line, []byte("\r"))
		}
		if n := len(line); n > maxPrintable/3 || n > 0 && (line[n-1] == ' ' || line[n-1] == '\t' || line[n-1] == '=' && !ended) || bytes.IndexByte(line, '\r') >= 0 {
			return false
		}
		for {
			i := bytes.IndexByte(line, '=')
			if i < 0 {
				break
			}
			if line = line[i+1:]; len(line) > 0 && (line[0] == ' ' || line[0] == '\t') {
				return false
			}
		}
	}
	return true
}

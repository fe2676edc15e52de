package charset

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// Doubt says why the declared charset was not simply used.
type Doubt string

// The doubts, from none to worst.
const (
	Sure       Doubt = ""                   // as declared, or plain ASCII
	Undeclared Doubt = "charset-undeclared" // 8-bit text without a declaration; it is valid UTF-8, or was guessed
	Unknown    Doubt = "charset-unknown"    // the declared name is not known; guessed
	Wrong      Doubt = "charset-wrong"      // the declared charset cannot be right; another was used
	Damaged    Doubt = "charset-damaged"    // bytes were left that mean nothing; U+FFFD stands for them
)

// Result is a decoded text.
type Result struct {
	Text string // valid UTF-8
	Used string // the charset that was used, in lower case
	Doubt
}

// aliases are names met in mail that neither the WHATWG nor the IANA index
// knows, or that they know as something less useful.
var aliases = map[string]string{
	"utf8": "utf-8", "utf_8": "utf-8", "utf-8utf-8": "utf-8", "unicode": "utf-8", "utf8mb4": "utf-8", "unicode-1-1-utf-8": "utf-8",
	"x-utf-8": "utf-8", "cp65001": "utf-8", "utf-8n": "utf-8",
	"unicode-1-1-utf-7": "utf-7", "utf7": "utf-7", "x-unicode-2-0-utf-7": "utf-7", "cp65000": "utf-7",
	"ascii": "us-ascii", "ansi": "us-ascii", "us_ascii": "us-ascii", "ansi_x3.4-1968": "us-ascii", "iso646-us": "us-ascii",
	"iso-ir-6": "us-ascii", "646": "us-ascii", "cp367": "us-ascii", "7bit": "us-ascii", "us": "us-ascii",
	"ks_c_5601-1987": "euc-kr", "cp949": "euc-kr", "ms949": "euc-kr", "uhc": "euc-kr", "x-windows-949": "euc-kr",
	"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "cp936": "gb18030", "euc-cn": "gb18030", "ms936": "gb18030",
	"x-gbk": "gb18030", "gb18030-2000": "gb18030", "chinese": "gb18030", "windows-936": "gb18030",
	"hz": "hz-gb-2312", "big5hkscs": "big5", "big5-hkscs": "big5", "cp950": "big5", "ms950": "big5", "x-x-big5": "big5", "windows-950": "big5",
	"cp932": "shift_jis", "ms932": "shift_jis", "windows-932": "shift_jis", "sjis": "shift_jis", "x-sjis": "shift_jis", "shift-jis": "shift_jis",
	"ujis": "euc-jp", "eucjp": "euc-jp", "eucjp-ms": "euc-jp", "x-euc-jp": "euc-jp",
	"iso-2022-jp-1": "iso-2022-jp", "iso-2022-jp-2": "iso-2022-jp", "iso-2022-jp-3": "iso-2022-jp", "iso-2022-jp-ms": "iso-2022-jp",
	"cp50220": "iso-2022-jp", "cp50221": "iso-2022-jp", "cp50222": "iso-2022-jp", "iso2022jp": "iso-2022-jp", "jis": "iso-2022-jp",
	"iso2022-kr": "iso-2022-kr", "cp50225": "iso-2022-kr", "iso2022kr": "iso-2022-kr",
	"koi8r": "koi8-r", "koi8": "koi8-r", "koi8u": "koi8-u", "macroman": "macintosh", "mac": "macintosh", "x-mac-roman": "macintosh",
	"latin-1": "windows-1252", "western": "windows-1252", "iso-8859-1-windows-3.1-latin-1": "windows-1252",
	"iso-8859-8-i": "windows-1255", "iso-8859-8-e": "windows-1255", "iso-8859-8": "windows-1255", "logical": "windows-1255", "visual": "windows-1255",
	"iso-8859-9": "windows-1254", "iso-8859-11": "windows-874", "tis-620": "windows-874", "tis620": "windows-874",
	"cp850": "ibm850", "cp437": "ibm437", "cp852": "ibm852", "cp866": "ibm866", "cp855": "ibm855", "cp858": "ibm00858", "cp862": "ibm862",
	"cp037": "ibm037", "utf-16": "utf-16le-or-bom", "utf16": "utf-16le-or-bom", "ucs-2": "utf-16le-or-bom", "unicodefffe": "utf-16be",
}

// canonical brings a declared name into the form that the tables know.
func canonical(label string) string {
	l := strings.ToLower(strings.Trim(strings.TrimSpace(label), "\"' \t;,"))
	if i := strings.IndexAny(l, "*; \t"); i > 0 { // RFC 2231 language suffix, or a parameter that ran in
		l = l[:i]
	}
	if a, ok := aliases[l]; ok {
		return a
	}
	l = strings.TrimPrefix(l, "x-")
	for _, p := range []struct{ from, to string }{{"windows", "windows-"}, {"win", "windows-"}, {"cp-", "windows-"}, {"cp", "windows-"},
		{"iso_8859", "iso-8859"}, {"iso8859", "iso-8859"}, {"iso-8859", "iso-8859"}, {"iso 8859", "iso-8859"}} {
		rest, ok := strings.CutPrefix(l, p.from)
		if !ok {
			continue
		}
		switch {
		case p.to == "windows-" && len(strings.Trim(rest, "-_")) >= 3:
			l = p.to + strings.Trim(rest, "-_")
		case p.to == "iso-8859":
			l = p.to + "-" + strings.TrimLeft(rest, "-_ ")
		}
		break
	}
	if a, ok := aliases[l]; ok {
		return a
	}
	return l
}

// lookup finds the decoder of a canonical name, or nil.
func lookup(name string) encoding.Encoding {
	switch name {
	case "gb18030":
		return simplifiedchinese.GB18030
	case "hz-gb-2312":
		return simplifiedchinese.HZGB2312
	case "big5":
		return traditionalchinese.Big5
	case "euc-kr":
		return korean.EUCKR
	case "euc-jp":
		return japanese.EUCJP
	case "shift_jis":
		return japanese.ShiftJIS
	case "iso-2022-jp":
		return japanese.ISO2022JP
	case "iso-8859-1", "latin1":
		return charmap.Windows1252
	case "utf-16le-or-bom":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case "utf-32", "utf-32be":
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	case "utf-32le":
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
	case "iso-2022-kr", "iso-2022-cn", "utf-7", "utf-8", "us-ascii", "", "replacement":
		return nil
	}
	if e, err := htmlindex.Get(name); err == nil {
		if n, _ := htmlindex.Name(e); n != "replacement" && n != "utf-8" {
			return e
		}
	}
	if e, err := ianaindex.MIME.Encoding(name); err == nil && e != nil {
		return e
	}
	return nil
}

// Known tells whether the name is a charset that can be decoded.
func Known(label string) bool {
	switch n := canonical(label); n {
	case "utf-8", "us-ascii", "utf-7", "iso-2022-kr", "iso-2022-cn":
		return true
	default:
		return lookup(n) != nil
	}
}

// Decode turns b into UTF-8. label is the declared charset, "" if there is none.
// Time and memory are linear in len(b).
func Decode(b []byte, label string) Result { return Hints{}.Decode(b, label) }

// Decode is the function Decode for a text of which the mail says more elsewhere.
func (h Hints) Decode(b []byte, label string) Result {
	name := canonical(label)
	if len(b) >= 3 && b[0] == 0xEF && b[1] == 0xBB && b[2] == 0xBF && utf8.Valid(b) {
		return Result{Text: string(b[3:]), Used: "utf-8"}
	}
	if len(b) >= 2 && (b[0] == 0xFF && b[1] == 0xFE || b[0] == 0xFE && b[1] == 0xFF) {
		return decodeWith(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "utf-16", b)
	}
	if name == "utf-16le-or-bom" && bytes.IndexByte(b, 0) >= 0 {
		name = utf16Order(b)
	}
	if isASCII(b) {
		return decodeASCII(b, name)
	}
	if utf8.Valid(b) && !trustDeclared(b, name) {
		r := Result{Text: mendControls(string(b)), Used: "utf-8"}
		switch name {
		case "utf-8":
		case "", "us-ascii":
			r.Doubt = Undeclared
		default:
			r.Doubt = Wrong
		}
		return r
	}
	switch name {
	case "utf-8":
		return h.damagedUTF8(b)
	case "", "us-ascii":
		r := h.guess(b)
		if r.Doubt == Sure {
			r.Doubt = Undeclared
		}
		return r
	case "utf-7":
		return Result{Text: decodeUTF7(b), Used: name}
	case "iso-2022-kr", "iso-2022-cn":
		return Result{Text: decodeShift(b, name), Used: name}
	}
	enc := lookup(name)
	if enc == nil {
		r := h.guess(b)
		if r.Doubt == Sure {
			r.Doubt = Unknown
		}
		return r
	}
	r := decodeWith(enc, name, b)
	if r.Doubt == Damaged && damage(r.Text) > 0.1 || implausible(b, name) {
		if g := h.guess(b); g.Doubt == Sure && g.Used != name {
			g.Doubt = Wrong
			return g
		}
	}
	return r
}

// utf16Order tells the byte order of UTF-16 without a byte order mark: most text
// has spaces and line ends, whose high byte is zero.
func utf16Order(b []byte) string {
	even, odd := 0, 0
	for i, c := range b[:min(len(b), sampleSize)] {
		switch {
		case c != 0:
		case i%2 == 0:
			even++
		default:
			odd++
		}
	}
	if even > odd {
		return "utf-16be"
	}
	return "utf-16le"
}

// decodeASCII reads 7-bit text: nearly always itself, else one of the charsets
// that hide in seven bits.
func decodeASCII(b []byte, name string) Result {
	switch name {
	case "utf-7":
		return Result{Text: decodeUTF7(b), Used: name}
	case "hz-gb-2312":
		return decodeWith(simplifiedchinese.HZGB2312, name, b)
	case "iso-2022-kr", "iso-2022-cn":
		return Result{Text: decodeShift(b, name), Used: name}
	case "utf-16le", "utf-16be", "utf-32", "utf-32le", "utf-32be":
		return decodeWith(lookup(name), name, b)
	case "ibm037", "ibm1047":
		return decodeWith(lookup(name), name, b)
	}
	if i := bytes.IndexByte(b, 0x1B); i >= 0 && i+2 < len(b) {
		switch {
		case b[i+1] == '$' && b[i+2] == ')':
			return Result{Text: decodeShift(b, "iso-2022-kr"), Used: "iso-2022-kr"}
		case b[i+1] == '$' || b[i+1] == '(':
			return decodeWith(japanese.ISO2022JP, "iso-2022-jp", b)
		}
	}
	return Result{Text: string(b), Used: "us-ascii"}
}

// trustDeclared tells whether bytes that are valid UTF-8 are rather what was
// declared: only two-byte charsets can be both, in short texts.
func trustDeclared(b []byte, name string) bool {
	switch name {
	case "gb18030", "big5", "euc-kr", "euc-jp", "shift_jis":
	default:
		return false
	}
	long, all := 0, 0
	for _, r := range string(b[:min(len(b), sampleSize)]) {
		if r >= 0x80 {
			all++
		}
		if r >= 0x800 {
			long++
		}
	}
	return all < 6 && long < 2 && !bytes.ContainsRune([]byte(decodeWith(lookup(name), name, b).Text), utf8.RuneError)
}

// damage is the share of characters beyond ASCII that could not be read.
func damage(s string) float64 {
	bad, all := 0, 0
	for _, r := range s {
		if r >= 0x80 {
			all++
		}
		if r == utf8.RuneError {
			bad++
		}
	}
	return float64(bad) / float64(max(all, 1))
}

// mendControls reads C1 control characters as what they are in Windows-1252:
// they come from mailers that took Windows-1252 for Latin-1 on the way to UTF-8.
func mendControls(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 && r < 0xA0 }) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= 0x80 && r < 0xA0 {
			return charmap.Windows1252.DecodeByte(byte(r))
		}
		return r
	}, s)
}

// implausible tells whether a Latin charset was declared for bytes that are
// mostly not ASCII: no language in Latin letters looks so.
func implausible(b []byte, name string) bool {
	switch {
	case strings.HasPrefix(name, "iso-8859-1"), name == "windows-1252", name == "iso-8859-2", name == "windows-1250", name == "latin1":
	default:
		return false
	}
	high, letters := 0, 0
	for _, c := range b[:min(len(b), 4*sampleSize)] {
		switch {
		case c >= 0x80 && !strings.ContainsRune(commonSigns, charmap.Windows1252.DecodeByte(c)):
			high++
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			letters++
		}
	}
	return high >= 4 && high > letters
}

func decodeWith(enc encoding.Encoding, name string, b []byte) Result {
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil { // x/text decoders replace instead of failing; this is for a future one that does not
		return Result{Text: strings.ToValidUTF8(string(b), "\uFFFD"), Used: name, Doubt: Damaged}
	}
	r := Result{Text: string(out), Used: name}
	if bytes.Contains(out, []byte("\uFFFD")) {
		r.Doubt = Damaged
		r.Text = strings.ToValidUTF8(r.Text, "\uFFFD")
	}
	return r
}

// damagedUTF8 reads text that was declared UTF-8 and is not wholly so: a few
// bad bytes are read as Windows-1252 each; many mean another charset.
func (h Hints) damagedUTF8(b []byte) Result {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		if b[i] < 0x80 {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	if bad > 1 && good*2 < bad || good == 0 {
		r := h.guess(b)
		if r.Doubt == Sure {
			r.Doubt = Wrong
		}
		return r
	}
	return Result{Text: strings.ToValidUTF8(string(b), "\uFFFD"), Used: "utf-8", Doubt: Damaged}
}

func isASCII(b []byte) bool {
	for len(b) >= 8 {
		if (b[0]|b[1]|b[2]|b[3]|b[4]|b[5]|b[6]|b[7])&0x80 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

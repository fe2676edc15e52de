package charset

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// decodeUTF7 reads RFC 2152: ASCII with runs of modified base64 between '+'
// and '-'. A run that is no base64 is kept as it stands.
func decodeUTF7(b []byte) string {
	var out strings.Builder
	for i := 0; i < len(b); {
		c := b[i]
		if c != '+' {
			if c < 0x80 {
				out.WriteByte(c)
			} else {
				out.WriteRune(utf8.RuneError)
			}
			i++
			continue
		}
		j := i + 1
		var bits uint32
		var n uint
		var units []uint16
		for j < len(b) {
			v := base64Value(b[j])
			if v < 0 {
				break
			}
			bits = bits<<6 | uint32(v)
			if n += 6; n >= 16 {
				n -= 16
				units = append(units, uint16(bits>>n))
			}
			j++
		}
		switch {
		case j == i+1 && j < len(b) && b[j] == '-': // "+-" is a plus sign
			out.WriteByte('+')
			j++
		case len(units) == 0:
			out.Write(b[i:j])
		default:
			out.WriteString(string(utf16.Decode(units)))
			if j < len(b) && b[j] == '-' {
				j++
			}
		}
		i = j
	}
	return strings.ToValidUTF8(out.String(), "\uFFFD")
}

func base64Value(c byte) int {
	switch {
	case c >= 'A' && c <= 'Z':
		return int(c - 'A')
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 26
	case c >= '0' && c <= '9':
		return int(c-'0') + 52
	case c == '+':
		return 62
	case c == '/':
		return 63
	}
	return -1
}

// decodeShift reads ISO-2022-KR (RFC 1557) and the GB 2312 part of ISO-2022-CN
// (RFC 1922): between SO and SI, bytes are the two-byte set with the high bit
// off. The designating escapes are dropped.
func decodeShift(b []byte, name string) string {
	high := make([]byte, 0, len(b))
	shifted := false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == 0x0E:
			shifted = true
		case c == 0x0F:
			shifted = false
		case c == 0x1B && i+3 < len(b) && b[i+1] == '$':
			i += 3
		case c == '\n':
			shifted = false
			high = append(high, c)
		case shifted && c > 0x20 && c < 0x7F:
			high = append(high, c|0x80)
		default:
			high = append(high, c)
		}
	}
	if name == "iso-2022-cn" {
		return decodeWith(simplifiedchinese.GBK, name, high).Text
	}
	return decodeWith(korean.EUCKR, name, high).Text
}

package message

import (
	"strings"
)

// unpack takes apart what is a mail inside a wrapping; false where e is none.
func (r *reader) unpack(e *entity) bool { return false }

// enriched reads text/enriched (RFC 1896): commands in angle brackets are
// dropped, "<<" is one bracket, a single line break is a space.
func enriched(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		switch {
		case strings.HasPrefix(s[i:], "<<"):
			out.WriteByte('<')
			i += 2
		case s[i] == '<':
			end := strings.IndexByte(s[i:min(len(s), i+100)], '>')
			if end < 0 {
				out.WriteByte('<')
				i++
				continue
			}
			if strings.EqualFold(s[i:i+end+1], "<param>") {
				if z := strings.Index(s[i:min(len(s), i+1000)], "</param>"); z > 0 {
					end = z + len("</param>") - 1
				}
			}
			i += end + 1
		case s[i] == '\n':
			n := 0
			for i < len(s) && s[i] == '\n' {
				n++
				i++
			}
			if n == 1 {
				out.WriteByte(' ')
			} else {
				out.WriteString(strings.Repeat("\n", n-1))
			}
		default:
			out.WriteByte(s[i])
			i++
		}
	}
	return out.String()
}

func calendarText(s string) string { return s }

package message

import (
	"bytes"
	"strings"
)

// framing is what the boundary lines of a multipart make of its body.
type framing struct {
	parts    [][]byte
	preamble []byte
	closed   bool
	more     bool // there are more parts than were looked for
	exact    bool // a reader that goes by the rules, or is less strict, finds the same parts
}

// none tells that there are no parts, or only empty ones beside each other.
func (f framing) none() bool {
	if len(f.parts) == 1 {
		return false
	}
	for _, p := range f.parts {
		if len(bytes.TrimSpace(p)) > 0 {
			return false
		}
	}
	return true
}

// findParts cuts a multipart body at the lines "--boundary" (RFC 2046 section
// 5.1.1). Parts that follow the closing boundary are read all the same. After
// limit parts the last one holds all the rest.
func findParts(b []byte, boundary string, limit int) framing {
	f := framing{preamble: b, exact: plainBoundary(boundary)}
	if boundary == "" {
		return f
	}
	delim := []byte("--" + boundary)
	start := -1 // where the part at hand begins
	for pos := 0; pos < len(b); {
		i := bytes.Index(b[pos:], delim)
		if i < 0 {
			break
		}
		i += pos
		pos = i + len(delim)
		line, rest := nextLine(b[pos:])
		tail := strings.TrimRight(string(line[:min(len(line), 100)]), " \t")
		if i > 0 && b[i-1] != '\n' && b[i-1] != '\r' || tail != "" && tail != "--" && tail != "-" {
			f.exact = f.exact && !mistakable(b[pos:])
			continue
		}
		f.exact = f.exact && !f.closed && tail != "-" && len(line) == len(tail) && sharpLine(b, i) && !stray(b[pos+len(line):])
		if start >= 0 {
			f.parts = append(f.parts, trimLineEnd(b[start:i]))
		} else if len(f.parts) == 0 {
			f.preamble = b[:i]
		}
		f.closed = tail != ""
		start = -1
		if !f.closed {
			start = len(b) - len(rest)
			if f.more = len(f.parts) >= limit; f.more {
				break
			}
		}
		pos = len(b) - len(rest)
	}
	if start >= 0 && start < len(b) {
		f.parts = append(f.parts, b[start:])
	}
	f.exact = f.exact && f.closed
	return f
}

// sharpLine tells that the line at b[i:] begins after a line end that enmime
// finds: it takes a CR two bytes before for part of it.
func sharpLine(b []byte, i int) bool {
	return i == 0 || b[i-1] == '\n' && (i < 3 || b[i-3] != '\r' || b[i-2] == '\n')
}

// stray tells a line end that is neither CRLF nor LF.
func stray(b []byte) bool {
	return !bytes.HasPrefix(b, []byte("\n")) && !bytes.HasPrefix(b, []byte("\r\n")) && len(b) > 0
}

// mistakable tells what enmime takes for the end of a boundary wherever in a
// line it stands, so that it would find a part that is none.
func mistakable(rest []byte) bool {
	return len(rest) == 0 || strings.IndexByte(" \t\r\n\v\f\x85\xa0", rest[0]) >= 0 || bytes.HasPrefix(rest, []byte("--"))
}

// plainBoundary tells a boundary within the rules (RFC 2046 section 5.1.1)
// that no end of line can be mistaken for.
func plainBoundary(s string) bool {
	if s == "" || len(s) > 70 || s[len(s)-1] == '-' {
		return false
	}
	return strings.IndexFunc(s, func(c rune) bool { return c <= ' ' || c >= 0x7F }) < 0
}

// trimLineEnd drops the line end that belongs to the boundary after it.
func trimLineEnd(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte("\n"))
	return bytes.TrimSuffix(b, []byte("\r"))
}

// guessBoundary finds a line "--something" after which a part's header stands.
func guessBoundary(b []byte) string {
	for rest, n := b, 0; n < 1000; n++ {
		i := bytes.Index(rest, []byte("--"))
		if i < 0 {
			return ""
		}
		atStart := i == 0 && len(rest) == len(b) || i > 0 && (rest[i-1] == '\n' || rest[i-1] == '\r')
		line, next := nextLine(rest[i+2:])
		rest = next
		name := strings.TrimRight(string(line[:min(len(line), 200)]), " \t")
		if !atStart || name == "" || strings.ContainsAny(name, " \t") || strings.Trim(name, "-") == "" {
			continue
		}
		first, _ := nextLine(rest)
		if f, _ := fieldNameOf(first); strings.HasPrefix(strings.ToLower(f), "content-") {
			return name
		}
	}
	return ""
}

func fieldNameOf(line []byte) (string, int) {
	if len(line) == 0 {
		return "", 0
	}
	return fieldName(line)
}

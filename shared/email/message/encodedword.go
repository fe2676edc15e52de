package message

import (
	"strings"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/charset"
)

// encodedWord is one =?charset?encoding?text?= of RFC 2047.
type encodedWord struct {
	charset string
	base64  bool
	text    string
	end     int // where the word ends in the string that it was found in
}

// wordAt reads the encoded word that begins at s[i:], in any of the broken
// forms: white space or raw bytes inside, no "?=" at the end.
func wordAt(s string, i int) (encodedWord, bool) {
	var w encodedWord
	if !strings.HasPrefix(s[i:], "=?") {
		return w, false
	}
	head := s[i+2 : min(len(s), i+2+80)]
	a := strings.IndexByte(head, '?')
	if a < 0 || strings.ContainsAny(strings.TrimSpace(head[:a]), " \t<>\"@,") {
		return w, false
	}
	e := strings.IndexByte(head[a+1:], '?')
	if e < 0 {
		return w, false
	}
	switch strings.TrimSpace(head[a+1 : a+1+e]) {
	case "B", "b":
		w.base64 = true
	case "Q", "q":
	default:
		return w, false
	}
	w.charset = strings.TrimSpace(head[:a])
	start := i + 2 + a + 1 + e + 1
	text := s[start:min(len(s), start+maxWord)]
	limit := len(text)
	next := nextWord(text)
	if next >= 0 {
		limit = next
	}
	end := strings.Index(text[:limit], "?=")
	if end == 0 && !w.base64 && limit > 3 && isHex(text[2]) && isHex(text[3]) { // the "=" belongs to the text: "?=41"
		if n := strings.Index(text[1:limit], "?="); n >= 0 {
			end = n + 1
		}
	}
	switch {
	case end >= 0:
		w.text, w.end = text[:end], start+end+2
		return w, true
	case next >= 0: // this one was never closed, and another begins
		w.text, w.end = strings.TrimRight(text[:next], " \t?"), start+next
		return w, true
	}
	n := strings.IndexAny(text, " \t\r\n<>,;\"")
	if n < 0 {
		n = len(text)
	}
	w.text, w.end = strings.TrimRight(text[:n], "?"), start+n
	return w, n > 0
}

func isHex(c byte) bool { return unhex(c) >= 0 }

// nextWord finds where a further encoded word begins in text, or -1.
func nextWord(text string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], "=?")
		if i < 0 {
			return -1
		}
		i += from
		rest := text[i+2:]
		a := strings.IndexByte(rest[:min(len(rest), 40)], '?')
		if a > 0 && !strings.ContainsAny(rest[:a], " =\t") && len(rest) > a+2 && rest[a+2] == '?' && strings.ContainsRune("bBqQ", rune(rest[a+1])) {
			return i
		}
		from = i + 2
	}
}

// wordRun gathers neighbouring words of one charset, so that a character that
// was split between them is whole again.
type wordRun struct {
	charset string
	bytes   []byte
	base64  string // base64 text that may go on in the next word
}

func (r *wordRun) add(w encodedWord) {
	if !w.base64 {
		r.settle()
		r.bytes = append(r.bytes, decodeQ(w.text)...)
		return
	}
	if n := len(r.base64); n%4 != 0 && !strings.HasSuffix(r.base64, "=") {
		apart := append(decodeBase64([]byte(r.base64)), decodeBase64([]byte(w.text))...)
		if n%4 == 1 || strings.EqualFold(r.charset, "utf-8") && !utf8.Valid(apart) {
			r.base64 += strings.TrimSpace(w.text)
			return
		}
	}
	r.settle()
	r.base64 = strings.TrimSpace(w.text)
}

func (r *wordRun) settle() {
	if r.base64 != "" {
		r.bytes = append(r.bytes, decodeBase64([]byte(r.base64))...)
		r.base64 = ""
	}
}

func (r *wordRun) flush(out *strings.Builder) {
	r.settle()
	if len(r.bytes) > 0 {
		out.WriteString(charset.Decode(r.bytes, r.charset).Text)
	}
	*r = wordRun{}
}

// decodeWords decodes an unfolded field: encoded words wherever they stand,
// and raw 8-bit text between them, for which hint is the likely charset.
func decodeWords(s, hint string) string {
	out := decodeWordsOnce(s, hint)
	// Some gateways encode what was encoded already.
	if t := strings.TrimSpace(out); t != strings.TrimSpace(s) && strings.HasPrefix(t, "=?") && strings.HasSuffix(t, "?=") {
		out = decodeWordsOnce(t, hint)
	}
	return out
}

func decodeWordsOnce(s, hint string) string {
	if !strings.Contains(s, "=?") {
		return cleanLine(literal(s, hint))
	}
	var out strings.Builder
	var run wordRun
	inRun := false
	for i := 0; i < len(s); {
		if s[i] == '=' {
			if w, ok := wordAt(s, i); ok {
				if inRun && !strings.EqualFold(run.charset, w.charset) {
					run.flush(&out)
				}
				run.charset = w.charset
				run.add(w)
				inRun = true
				i = w.end
				continue
			}
		}
		n := strings.Index(s[i+1:], "=?")
		end := len(s)
		if n >= 0 {
			end = i + 1 + n
		}
		if inRun && strings.Trim(s[i:end], " \t") == "" && end < len(s) {
			if _, ok := wordAt(s, end); ok { // white space between words is no text
				i = end
				continue
			}
		}
		run.flush(&out)
		inRun = false
		out.WriteString(literal(s[i:end], hint))
		i = end
	}
	run.flush(&out)
	return cleanLine(out.String())
}

// literal is text outside encoded words: UTF-8 (RFC 6532), or 8-bit of a guess.
func literal(s, hint string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0x1B) < 0 {
		return s
	}
	return charset.Decode([]byte(s), hint).Text
}

// cleanLine keeps a header value on one line, without control characters.
func cleanLine(s string) string {
	if strings.IndexFunc(s, isControl) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == 0:
			return -1
		case isControl(r):
			return ' '
		}
		return r
	}, s)
}

func isControl(r rune) bool { return r < ' ' || r >= 0x7F && r < 0xA0 }

// decodeQ reads the Q encoding of RFC 2047 section 4.2, tolerantly.
func decodeQ(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '_':
			out = append(out, ' ')
		case c == '=' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			out = append(out, byte(unhex(s[i+1])<<4|unhex(s[i+2])))
			i += 2
		case c == '=' && i == len(s)-1: // cut off
		default:
			out = append(out, c)
		}
	}
	return out
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

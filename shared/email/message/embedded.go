package message

import "strings"

// armour recognises PGP messages that stand in plain text (RFC 9580 section 6).
func (r *reader) armour(text string) {
	t := strings.TrimSpace(text[:min(len(text), 4096)])
	switch {
	case r.m.Wrapper != "":
	case strings.HasPrefix(t, "-----BEGIN PGP MESSAGE-----"):
		r.m.Wrapper = "pgp-encrypted"
	case strings.HasPrefix(t, "-----BEGIN PGP SIGNED MESSAGE-----"):
		r.m.Wrapper = "pgp-signed"
	}
}

// embedded takes uuencoded and yEnc files out of a text, and attaches them.
func (r *reader) embedded(e *entity) string {
	text := e.text
	if strings.Contains(text, "begin ") {
		text = r.uuFiles(text)
	}
	if strings.Contains(text, "=ybegin ") {
		if f, ok := findYEnc(e.data); ok { // its bytes are no text: they come from before the charset
			if a := strings.Index(text, "=ybegin "); a >= 0 {
				after := ""
				if z := strings.Index(text[a:], "\n=yend"); z >= 0 {
					_, after, _ = strings.Cut(text[a+z+1:], "\n")
				}
				text = text[:a] + after
			}
			r.files = append(r.files, r.inText(decodeWords(f.name, ""), f.data))
			r.warn.add("yenc", "a yEnc file stood in the text")
		}
	}
	return text
}

// uuFiles attaches the uuencoded files in a text, and returns the rest of it.
func (r *reader) uuFiles(text string) string {
	b := []byte(text)
	var out []byte
	for {
		begin, end, ok := findUU(b)
		if !ok {
			break
		}
		data, _ := decodeUU(b[begin.dataAt:end])
		r.files = append(r.files, r.inText(begin.name, data))
		r.warn.add("uuencode", "a uuencoded file stood in the text")
		out = append(out, b[:begin.at]...)
		b = b[end:]
	}
	return string(append(out, b...))
}

// inText is a file that stood in a text.
func (r *reader) inText(name string, data []byte) *file {
	f := &file{name: cleanFilename(name), kind: orOctets(typeByName(name)), data: data}
	if f.name == "" {
		f.name = r.inventName(&entity{kind: f.kind, data: data})
	}
	return f
}

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

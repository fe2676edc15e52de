package message

import (
	"strings"

	"github.com/replywell/replywell/shared/email/charset"
)

// emit turns an item into an address, if there is anything in it.
func (p *addressReader) emit(list []Address, it item) []Address {
	if it.bracket {
		name := p.name(it)
		addr := normalise(it.angle)
		if addr == "" && name == "" || undisclosed(addr) {
			return list
		}
		if !strings.Contains(addr, "@") && strings.Contains(name, "@") && !strings.Contains(name, " ") {
			name, addr = addr, normalise(name) // "john@x <John>"
		}
		if f := strings.Fields(it.angle); len(f) > 1 && strings.Count(it.angle, "@") > 1 { // the comma between was forgotten
			for i, x := range f {
				if strings.Contains(x, "@") {
					list = append(list, Address{Name: name, Address: normalise(f[i])})
					name = ""
				}
			}
			return list
		}
		return append(list, Address{Name: name, Address: addr})
	}
	if len(it.words) == 0 {
		return list
	}
	if it.hasAt() {
		return append(list, p.bareAddress(it))
	}
	name := p.name(item{words: it.words})
	if strings.Contains(name, "@") && !p.reparsed { // the whole address stood in an encoded word or in quotes
		q := addressReader{s: name, reparsed: true}
		var inner []Address
		for q.i < len(q.s) {
			inner = q.emit(inner, q.item())
		}
		return append(list, inner...)
	}
	if strings.TrimSpace(name) == "" {
		return list
	}
	if undisclosed(name) {
		return list
	}
	if len(it.words) == 1 {
		return append(list, Address{Name: it.plainComment(p.hint), Address: name})
	}
	return append(list, Address{Name: name, Address: name}) // words that are no address
}

// undisclosed tells the words that mailers write where they name nobody.
func undisclosed(s string) bool {
	s = strings.ToLower(s)
	return strings.HasPrefix(s, "undisclosed") && strings.Contains(s, "recipient") || strings.HasPrefix(s, "unlisted-recipient")
}

func (it item) plainComment(hint string) string { return cleanName(decodeWords(it.comment, hint)) }

// bareAddress reads an address without brackets: the words that belong to it
// are those joined by "@" and "." with or without spaces (RFC 5322 section
// 4.4); the others are the name.
func (p *addressReader) bareAddress(it item) Address {
	at := 0
	for i, w := range it.words {
		if !w.quoted && strings.Contains(w.text, "@") {
			at = i
			if strings.Trim(w.text, "@") != "" {
				break
			}
		}
	}
	from, to := at, at+1
	joins := func(a, b piece) bool {
		return b.glue || strings.HasSuffix(a.text, "@") && !a.quoted || strings.HasPrefix(b.text, "@") && !b.quoted ||
			strings.HasSuffix(a.text, ".") && !a.quoted || strings.HasPrefix(b.text, ".") && !b.quoted
	}
	for from > 0 && joins(it.words[from-1], it.words[from]) {
		from--
	}
	for to < len(it.words) && joins(it.words[to-1], it.words[to]) {
		to++
	}
	var addr strings.Builder
	for _, w := range it.words[from:to] {
		if w.quoted {
			addr.WriteString(`"` + w.text + `"`)
			continue
		}
		addr.WriteString(w.text)
	}
	rest := append(append([]piece{}, it.words[:from]...), it.words[to:]...)
	name := p.name(item{words: rest, comment: it.comment})
	text := addr.String()
	if strings.Contains(text, "=?") {
		text = decodeWords(text, p.hint)
	}
	return Address{Name: name, Address: normalise(text)}
}

// name makes the display name of an item: its words decoded, else its comment.
func (p *addressReader) name(it item) string {
	raw := it.text()
	if raw == "" {
		raw = it.comment
	}
	return cleanName(decodeWords(raw, p.hint))
}

// cleanName folds white space and drops quotes around the whole name.
func cleanName(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
		s = strings.TrimSpace(s[1 : len(s)-1])
	}
	return s
}

// normalise brings an address to local@domain: no route, no white space, no
// comments, the domain in lower case.
func normalise(s string) string {
	s = strings.Trim(s, "<> \t\r\n")
	if strings.Contains(s, "=?") {
		s = decodeWords(s, "")
	}
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	if strings.HasPrefix(s, "@") { // @a,@b:user@domain
		if i := strings.IndexByte(s, ':'); i > 0 {
			s = s[i+1:]
		}
	}
	if !strings.HasPrefix(s, `"`) {
		s = strings.Join(strings.Fields(stripComments(s)), "")
	}
	s = cleanLine(charset.Decode([]byte(s), "").Text)
	s = strings.TrimSuffix(strings.Trim(s, "'"), ".")
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return s
	}
	return s[:at+1] + strings.ToLower(strings.TrimSpace(s[at+1:]))
}

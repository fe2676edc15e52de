package compose

import "strings"

const maxID = 900 // octets of a message id; a line may have 998 (RFC 5322 section 2.1.1)

// bareID takes the angle brackets off a message id.
func bareID(id string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(id), "<"), ">")
}

// usableID tells whether an id can stand in a header: printable ASCII without
// white space or angle brackets. It need not be a valid one: mail systems make
// odd ids, and a thread is kept together by repeating them exactly.
func usableID(id string) bool {
	return id != "" && len(id) <= maxID && !strings.ContainsFunc(id, func(r rune) bool {
		return r <= ' ' || r > '~' || r == '<' || r == '>'
	})
}

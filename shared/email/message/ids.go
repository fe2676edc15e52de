package message

import "strings"

// parseIDs reads the message ids of In-Reply-To, References or Message-ID
// (RFC 5322 section 3.6.4), without angle brackets, in order, each once. White
// space and comments inside an id are dropped: folding put them there. Words
// outside brackets count only where no id stands in brackets. more tells that
// there are more than limit.
func parseIDs(s string, limit int) (ids []string, more bool) {
	s = literal(s, "")
	seen := map[string]bool{}
	add := func(id string) bool {
		id = strings.Trim(strings.Join(strings.Fields(cleanLine(stripComments(id))), ""), "<>,;\"'")
		if id == "" || seen[id] {
			return true
		}
		if len(ids) >= limit {
			more = true
			return false
		}
		seen[id] = true
		ids = append(ids, id)
		return true
	}
	rest := s
	for {
		open := strings.IndexByte(rest, '<')
		if open < 0 {
			break
		}
		rest = rest[open+1:]
		end := strings.IndexAny(rest, "<>")
		if end < 0 {
			end = len(rest)
		}
		if !add(rest[:end]) {
			return ids, more
		}
		rest = rest[end:]
	}
	if len(ids) > 0 {
		return ids, more
	}
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == ';' })
	for _, w := range words {
		if (strings.Contains(w, "@") || len(words) == 1) && !add(w) {
			break
		}
	}
	return ids, more
}

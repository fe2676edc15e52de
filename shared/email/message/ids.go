package message

import "strings"

// parseIDs reads the message ids of In-Reply-To, References or Message-ID
// (RFC 5322 section 3.6.4), without angle brackets, in order, each once. White
// space and comments inside an id are dropped: folding put them there. A field
// that a mailer encoded, though none of these may be, is decoded first.
//
// In-Reply-To may be prose: it was once (RFC 822 section 4.6.2: phrases and ids), and some
// programs still write "Your message of ..." or "Message from John <john@x> of
// ...". What stands amid words counts only where it has the looks of an id; two
// mails that name one person answer two things. more tells that there are more
// than limit.
func parseIDs(s string, prose bool, limit int) (ids []string, more bool) {
	s = plainIDs(s)
	seen := map[string]bool{}
	add := func(id string) bool {
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
	bracketed := false
	words := 0 // of prose so far
	for rest := s; ; {
		open := strings.IndexByte(rest, '<')
		if open < 0 {
			break
		}
		gap := rest[:open]
		words += proseWords(gap)
		rest = rest[open+1:]
		end := strings.IndexAny(rest, "<>")
		if end < 0 {
			end = len(rest)
		}
		id := cleanID(rest[:end])
		rest = rest[end:]
		bracketed = bracketed || id != ""
		if (!prose || words == 0 || looksLikeID(id) || dated(gap)) && !add(id) {
			return ids, more
		}
	}
	if bracketed {
		return ids, more
	}
	return bareIDs(s, prose, add, &more, &ids)
}

// bareIDs reads a field without brackets: one word, or several that all have an
// at sign, else only what looks like an id amid prose.
func bareIDs(s string, prose bool, add func(string) bool, more *bool, ids *[]string) ([]string, bool) {
	words := strings.FieldsFunc(stripComments(s), func(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == ';' })
	all := true
	for _, w := range words {
		all = all && strings.Contains(w, "@")
	}
	for _, w := range words {
		id := cleanID(w)
		if prose && looksLikeAddress(id) {
			continue
		}
		if (all || len(words) == 1 || !prose && strings.Contains(w, "@") || looksLikeID(id)) && !add(id) {
			break
		}
	}
	return *ids, *more
}

// plainIDs undoes what mailers wrap around ids: encoded words, quoted-printable
// without a word around it, HTML.
func plainIDs(s string) string {
	if strings.Contains(s, "=?") {
		s = decodeWords(s, "")
	}
	if strings.IndexByte(s, '<') < 0 {
		if strings.Contains(s, "&lt;") {
			s = strings.NewReplacer("&lt;", "<", "&gt;", ">").Replace(s)
		}
		if strings.Contains(s, "=3C") && strings.Contains(s, "=40") {
			s = string(decodeQ(s))
		}
	}
	return literal(s, "")
}

// dated tells whether the words before an id end with a date, and not with the
// name of somebody whose address it is.
func dated(gap string) bool {
	gap = strings.TrimRight(gap, " \t.,:")
	last := gap[strings.LastIndexAny(gap, " \t")+1:]
	if strings.HasSuffix(gap, "\"") {
		last = gap[strings.LastIndexByte(gap[:len(gap)-1], '"')+1:]
	}
	return strings.ContainsAny(last, "0123456789")
}

func cleanID(id string) string {
	return strings.Trim(strings.Join(strings.Fields(cleanLine(stripComments(id))), ""), "<>,;\"'")
}

// proseWords counts the words between ids: none where only signs stand.
func proseWords(s string) int {
	n := 0
	for _, w := range strings.Fields(s) {
		if strings.Trim(w, "<>,;:.\"'()[]-=") != "" {
			n++
		}
	}
	return n
}

// looksLikeID tells a message id from an address: a program made it, of a time,
// a number, chance, so that digits abound in it; a person's name has a year at
// most, and a telephone number has nothing beside it.
func looksLikeID(id string) bool {
	local, domain, ok := strings.Cut(id, "@")
	if !ok || local == "" || domain == "" || strings.ContainsAny(id, "'\"/ ") && !strings.Contains(local, "/") {
		return false
	}
	digits, other := 0, 0
	for i := 0; i < len(local); i++ {
		if local[i] >= '0' && local[i] <= '9' {
			digits++
		} else {
			other++
		}
	}
	return digits >= 5 && other > 0 && len(local) >= 8
}

// looksLikeAddress tells somebody's address, which programs wrote into the field
// as the one who is answered, from a short message id: two letters or more, and
// at most a year behind them.
func looksLikeAddress(id string) bool {
	local, domain, ok := strings.Cut(id, "@")
	if !ok || !strings.Contains(domain, ".") || strings.ContainsAny(domain, "@_") {
		return false
	}
	name := strings.TrimRight(local, "0123456789")
	if len(local)-len(name) > 4 || len(local) > 30 || len(name) < 2 {
		return false
	}
	lower := strings.ToLower(name)
	if lower != name && strings.ToUpper(name[:1])+lower[1:] != name && !strings.ContainsAny(name, ".-_") {
		return false
	}
	return strings.Trim(lower, "abcdefghijklmnopqrstuvwxyz.-_+") == ""
}

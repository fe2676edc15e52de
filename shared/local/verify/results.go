package verify

import (
	"strconv"
	"strings"

	"github.com/replywell/replywell/shared/desk"
)

// Results is what a mail server of the team's own wrote above a mail.
type Results struct {
	SPF    desk.Verdict // of the envelope sender's domain; "" if nothing was told
	Domain string       // the domain that it is about
	Spam   desk.Verdict // FAIL: spam; GRAY: a suspect; "" if nothing was told
}

// ReadResults reads what the servers of that name found out about SPF, and what their
// filter says. Nothing that a stranger wrote may stand in these fields: the
// server takes older ones of its name away. Where two results stand all the
// same, neither is believed.
func ReadResults(header []field, by string, spamFields []string, mailFrom string) (t Results) {
	at := strings.LastIndexByte(mailFrom, '@')
	domain := ascii(strings.Trim(mailFrom[at+1:], "<>"))
	results := 0
	for _, f := range header {
		switch {
		case by != "" && strings.EqualFold(f.name, "Authentication-Results"):
			for _, r := range spfResults(f.value, by) {
				if results++; r.domain == domain && domain != "" {
					t.SPF, t.Domain = r.verdict, domain
				}
			}
		default:
			for _, name := range spamFields {
				if strings.EqualFold(f.name, name) {
					t.Spam = worse(t.Spam, spamVerdict(f.value))
				}
			}
		}
	}
	if results > 1 {
		t.SPF, t.Domain = "", ""
	}
	return t
}

type spfResult struct {
	verdict desk.Verdict
	domain  string
}

// spfResults reads an Authentication-Results field (RFC 8601 section 2.2) of the
// server of that name.
func spfResults(value, by string) (out []spfResult) {
	parts := clauses(value)
	id := parts[0]
	if len(id) == 0 || !strings.EqualFold(id[0], by) {
		return nil
	}
	for _, words := range parts[1:] {
		if len(words) == 0 {
			continue
		}
		method, result, _ := strings.Cut(words[0], "=")
		if name, _, _ := strings.Cut(method, "/"); !strings.EqualFold(name, "spf") {
			continue
		}
		r := spfResult{verdict: desk.VerdictGray}
		switch strings.ToLower(result) {
		case "pass":
			r.verdict = desk.VerdictPass
		case "fail", "hardfail":
			r.verdict = desk.VerdictFail
		case "temperror":
			r.verdict = desk.VerdictProcessing
		}
		for _, w := range words[1:] {
			if name, v, ok := strings.Cut(w, "="); ok && strings.EqualFold(name, "smtp.mailfrom") {
				r.domain = ascii(v[strings.LastIndexByte(v, '@')+1:])
			}
		}
		out = append(out, r)
	}
	return out
}

// clauses takes a field apart at its semicolons, and each part into words. What
// is quoted is one word with what stands beside it; comments are left out, and
// so are blanks around "=" and "/".
func clauses(s string) (out [][]string) {
	var words []string
	var word strings.Builder
	depth, quoted, joined := 0, false, false
	end := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && (quoted || depth > 0) && i+1 < len(s):
			if i++; quoted {
				word.WriteByte(s[i])
			}
		case depth > 0:
			switch c {
			case '(':
				depth++
			case ')':
				depth--
			}
		case c == '"':
			quoted, joined = !quoted, false
		case quoted:
			word.WriteByte(c)
		case c == '(':
			depth++
		case c == ';':
			end()
			out, words, joined = append(out, words), nil, false
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			rest := strings.TrimLeft(s[i:], " \t\r\n")
			if !joined && !strings.HasPrefix(rest, "=") {
				end()
			}
		default:
			word.WriteByte(c)
			joined = c == '='
		}
	}
	end()
	return append(out, words)
}

// suspect is which share of the score that makes a mail spam makes it a suspect.
const suspect = 0.25

// spamVerdict reads what filters write: "Yes", "YES", "No, score=1.2 required=5.0"
// (SpamAssassin), "default: False [4.20 / 15.00]; …" (rspamd). "" if it is none of them.
func spamVerdict(value string) desk.Verdict {
	words := strings.FieldsFunc(strings.ToLower(value), func(r rune) bool { return strings.ContainsRune(" \t\r\n,;[]/", r) })
	if len(words) > 0 && strings.HasSuffix(words[0], ":") { // rspamd's name of a metric
		words = words[1:]
	}
	if len(words) == 0 {
		return ""
	}
	switch words[0] {
	case "yes", "true":
		return desk.VerdictFail
	case "no", "false":
	default:
		return ""
	}
	var numbers []float64
	for _, w := range words[1:min(len(words), 8)] {
		_, v, named := strings.Cut(w, "=")
		if !named {
			v = w
		}
		if n, err := strconv.ParseFloat(v, 64); err == nil {
			numbers = append(numbers, n)
		}
	}
	if len(numbers) >= 2 && numbers[1] > 0 && numbers[0] >= suspect*numbers[1] {
		return desk.VerdictGray
	}
	return desk.VerdictPass
}

// worse gives the verdict that is more against a mail.
func worse(a, b desk.Verdict) desk.Verdict {
	for _, v := range []desk.Verdict{desk.VerdictFail, desk.VerdictGray, desk.VerdictPass} {
		if a == v || b == v {
			return v
		}
	}
	return ""
}

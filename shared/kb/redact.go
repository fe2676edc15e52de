package kb

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Redact takes personal data out of a text that an agent wrote to one customer,
// so that it can be shown beside another's mail or become an article: addresses
// of mail and web pages with a query, telephone numbers, account, card and order
// numbers, amounts, dates, postal codes, and the name in a greeting or under a
// closing formula. What was taken stands as [mail], [number] and so on. It errs
// on the side of taking too much; a person reviews what becomes an article.
func Redact(text string) string {
	for _, r := range redactions {
		text = r.pattern.ReplaceAllString(text, r.with)
	}
	lines := strings.Split(text, "\n")
	closed := false
	for i, l := range lines {
		t := strings.TrimSpace(l)
		if i == 0 || strings.TrimSpace(lines[i-1]) == "" {
			lines[i] = redactGreeting(l)
		}
		if closed && t != "" && len(split(t)) <= 4 {
			lines[i] = "[name]"
		}
		if t != "" {
			closed = closing(t)
		}
	}
	return strings.Join(lines, "\n")
}

var redactions = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}.-]{1,200}`), "[mail]"},
	{regexp.MustCompile(`(https?://[^\s?#]{1,500})[?#]\S{1,900}`), "$1"},
	{regexp.MustCompile(`\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,8}(?: ?[A-Z0-9]{1,3})?\b`), "[account]"},
	{regexp.MustCompile(`(?i)(?:[$€£¥]|\b(?:eur|usd|gbp|chf)\b) ?\d[\d.,' ]{0,15}\d|(?:[$€£¥]|\b(?:eur|usd|gbp|chf)\b) ?\d|\b\d[\d.,']{0,15} ?(?:[$€£¥]|(?:eur|usd|gbp|chf|euros?|dollars?|pounds?|francs?)\b)`), "[amount]"},
	{regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b`), "[date]"},
	{regexp.MustCompile(`\+?\(?\d[\d ()/.-]{6,20}\d`), "[number]"},
	{regexp.MustCompile(`\b[A-Za-z]{0,4}[-#]?\d{4,}[\w-]{0,20}\b|#\d{2,}\b`), "[number]"},
	{regexp.MustCompile(`\b(Mr|Mrs|Ms|Dr|Herr|Frau|Monsieur|Madame)\.? \p{Lu}[\p{L}'-]{1,40}( \p{Lu}[\p{L}'-]{1,40})?`), "$1 [name]"},
}

// redactGreeting takes the name out of "Hi Erika," and "Dear Erika Muster,".
func redactGreeting(line string) string {
	ws := strings.Fields(line)
	if len(ws) < 2 || len(ws) > 6 || !greetings[strings.ToLower(strings.Trim(ws[0], ",.!"))] {
		return line
	}
	end := ""
	if last := ws[len(ws)-1]; strings.ContainsAny(last[len(last)-1:], ",!.:") {
		end = last[len(last)-1:]
	}
	return ws[0] + " [name]" + end
}

// closing tells whether a line is a closing formula.
func closing(line string) bool {
	ws := split(strings.ToLower(line))
	if len(ws) == 0 || len(ws) > 4 {
		return false
	}
	for _, w := range ws[:min(2, len(ws))] {
		if closings[w] {
			return true
		}
	}
	return false
}

// Draft makes an article's file of a question and an agent's answer to it, with
// personal data taken out, for a person to review and to put among the articles.
func Draft(subject, question, answer string) string {
	title := strings.TrimSpace(trimReply(Redact(firstLineOf(subject))))
	if title == "" {
		for _, s := range sentences("", question) {
			if s.weight == 1 {
				title = firstWords(Redact(s.text), 14)
				break
			}
		}
	}
	if title == "" {
		title = "Draft: give this a title"
	}
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(title)
	return "---\ntitle: \"" + quoted + "\"\naudience: internal\n---\n" + strings.TrimSpace(Redact(said(answer))) + "\n"
}

func firstLineOf(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s
}

// RedactNames takes the given people's names out of a text as well, each part
// that has three letters or more and is written with a capital, and what Redact
// takes out.
func RedactNames(text string, names ...string) string {
	parts := map[string]bool{}
	for _, n := range names {
		for _, p := range strings.FieldsFunc(n, func(r rune) bool { return !unicode.IsLetter(r) }) {
			if utf8.RuneCountInString(p) >= 3 {
				parts[strings.ToLower(p)] = true
			}
		}
	}
	if len(parts) > 0 {
		text = capitalised.ReplaceAllStringFunc(text, func(w string) string {
			if parts[strings.ToLower(w)] {
				return "[name]"
			}
			return w
		})
	}
	return Redact(text)
}

var (
	capitalised = regexp.MustCompile(`\p{Lu}\p{L}{2,40}`)
	taken       = regexp.MustCompile(`\[(?:mail|number|account|amount|date|name)\]`)
)

// WithoutMarks takes out of a redacted text the marks of what was taken, which
// are no words of its author's.
func WithoutMarks(text string) string { return taken.ReplaceAllString(text, " ") }

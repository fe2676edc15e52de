package kb

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Redact takes personal data out of a text that an agent wrote to one customer,
// so that it can be shown beside another's mail or become an article: addresses
// of mail, streets, and web pages with a query, telephone numbers, account, card
// and order numbers, those of network cards, keys and passwords, amounts, dates,
// postal codes, names on social networks, and names in a greeting, under a closing
// formula, behind a title or where somebody says who they are. What was taken stands as [mail], [number] and so on. It errs
// on the side of taking too much; a person reviews what becomes an article.
func Redact(text string) string {
	for _, r := range redactions {
		text = r.pattern.ReplaceAllString(text, r.with)
	}
	text = postcode.ReplaceAllStringFunc(text, redactPostcode)
	text = handle.ReplaceAllStringFunc(text, redactHandle)
	text = longToken.ReplaceAllStringFunc(text, redactToken)
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
	{regexp.MustCompile(`@?[\p{L}\p{N}._%+'-]{1,64}(?:@| ?[\[(] ?at ?[\])] ?)[\p{L}\p{N}.-]{1,200}`), "[mail]"},
	{regexp.MustCompile(`(?i)\b(pass(?:word|wort|code)|kennwort|mot de passe|contraseña|pin|token|licen[cs]e key|key)((?: is| ist| est| es)?:? +)[^\s,;]*[\d!#$%&*?_][^\s,;]{0,80}`), "$1$2[secret]"},
	{regexp.MustCompile(`\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b`), "[number]"},
	{regexp.MustCompile(`\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b|\b(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}\b`), "[number]"},
	{regexp.MustCompile(`(https?://[^\s?#]{1,500})[?#]\S{1,900}`), "$1"},
	{regexp.MustCompile(`\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,8}(?: ?[A-Z0-9]{1,3})?\b`), "[account]"},
	{regexp.MustCompile(`(?i)(?:\b(?:us|ca|au|nz)\$|[$€£¥]|\b(?:` + currencies + `)\b)[ \x{a0}]?` + amount + `(?:[ \x{a0}]?(?:` + currencies + `)\b)?|\b` + amount + `[ \x{a0}]?(?:[$€£¥]|(?:` + currencies + `|euros?|dollars?|pounds?|francs?)\b)`), "[amount]"},
	{regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b`), "[date]"},
	{regexp.MustCompile(`(?i)\b\d{1,2}(?:st|nd|rd|th|er|º|\.)?(?: de| of)? (?:` + months + `)\b\.?(?:(?: de|,)? \d{4}\b)?|\b(?:` + months + `)\.? \d{1,2}(?:st|nd|rd|th)?\b(?:,? \d{4}\b)?`), "[date]"},
	{regexp.MustCompile(`\p{Lu}[\p{L}.-]{1,40}(?i:straße|strasse|str\.|gasse|weg|platz|allee|straat|laan|gatan|vej)\.? \d{1,4} ?[a-zA-Z]?\b|\b\d{1,5}[a-zA-Z]?,? (?:(?:\p{Lu}[\p{L}'.-]{0,40} ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Court|Square|Boulevard|Blvd|Close)\b|(?:rue|avenue|boulevard|place|chemin) (?:(?:de|du|des|la|le|les) ){0,2}\p{Lu}[\p{L}'-]{1,40})|\b(?:[Cc]alle|[Vv]ia|[Rr]ua|[Aa]venida) \p{Lu}[\p{L}' -]{1,40},? \d{1,4}\b`), "[address]"},
	{regexp.MustCompile(`\+?\(?\d[\d ()/.-]{6,20}\d`), "[number]"},
	{regexp.MustCompile(`\b[A-Za-z]{0,4}[-#]?\d{4,}[\w-]{0,20}\b|#\d{2,}\b`), "[number]"},
	{regexp.MustCompile(`\b(Mr|Mrs|Ms|Mx|Dr|Prof|Herrn?|Frau|Monsieur|Madame|Mme|Señora?|Sra?|Signora?)\.?((?: (?:Dr|Prof)\.?){0,2}) \p{Lu}[\p{L}'-]{1,40}( \p{Lu}[\p{L}'-]{1,40})?`), "$1$2 [name]"},
	{regexp.MustCompile(`((?i:\bI am|\bI’m|\bI'm|\bmy name is|\bthis is|\bich bin|\bich heiße|\bmein Name ist|\bje suis|\bje m'appelle|\bme llamo|\bsoy|\bmi chiamo)) \p{Lu}[\p{L}'-]{1,40}( \p{Lu}[\p{L}'-]{1,40})?`), "$1 [name]"},
}

// currencies are those that most mail speaks of, and amount is a number as they
// are written: 1,234.50, 1.234,50, 1'234.50, 1 234.
const (
	currencies = `eur|usd|gbp|chf`
	amount     = `\d+(?:[.,'’]\d+|[ \x{a0}\x{202f}]\d{3}\b)*`
)

// postcode is one of the United Kingdom: its areas, and letters that stand at its
// end. A number with a unit of memory behind it looks the same.
var postcode = regexp.MustCompile(`\b(?:A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE)\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b`)

func redactPostcode(s string) string {
	if strings.HasSuffix(s, "GB") || strings.HasSuffix(s, "TB") {
		return s
	}
	return "[number]"
}

// handle is a name on a social network, and what stands on either side: a path
// behind it makes it the name of a program.
var handle = regexp.MustCompile(`(?:^|[^\p{L}\p{N}_./@])@[A-Za-z_](?:[\w.]{0,28}\w)?\b/?`)

func redactHandle(s string) string {
	before, _, _ := strings.Cut(s, "@")
	if strings.HasSuffix(s, "/") {
		return s
	}
	return before + "[name]"
}

// months are the months' names and their short forms, in the languages of Europe
// that most mail is written in.
const months = `jan(?:uary|uar|vier|uari)?|feb(?:ruary|ruar|ruari)?|février|mar(?:ch|s|zo)?|märz|maart|apr(?:il|ile)?|avril|abril|may|mai|mei|mayo|maggio|jun[ei]?|juin|junio|giugno|jul[yi]?|juillet|julio|luglio|aug(?:ust|ustus)?|août|agosto|sept?(?:ember|iembre|tembre)?|o[ck]t(?:ober|obre|ubre)?|ottobre|nov(?:ember|embre|iembre)?|de[czs](?:ember)?|décembre|diciembre|dicembre|enero|febrero|gennaio|febbraio|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro`

// longToken is what may be a key, a tracking number, the tail of a private link.
var longToken = regexp.MustCompile(`[A-Za-z0-9]{16,}`)

// redactToken takes out a long run of letters and digits; a long word stays.
func redactToken(s string) string {
	digits := 0
	for _, c := range []byte(s) {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	if digits < 2 || digits > len(s)-2 {
		return s
	}
	return "[number]"
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
// that has three letters or more and is written with a capital, with the s of a
// genitive or without, and what Redact takes out.
func RedactNames(text string, names ...string) string {
	parts := map[string]bool{}
	for _, n := range names {
		for _, p := range strings.FieldsFunc(apostrophe.Replace(n), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
			if p = strings.Trim(p, "'"); utf8.RuneCountInString(p) >= 3 {
				parts[strings.ToLower(p)] = true
			}
		}
	}
	if len(parts) > 0 {
		text = capitalised.ReplaceAllStringFunc(text, func(w string) string {
			low := apostrophe.Replace(strings.ToLower(w))
			if parts[low] || parts[strings.TrimSuffix(low, "s")] {
				return "[name]"
			}
			return w
		})
	}
	return Redact(text)
}

var (
	capitalised = regexp.MustCompile(`\p{Lu}(?:['’]\p{Lu})?\p{L}{1,40}`)
	apostrophe  = strings.NewReplacer("’", "'")
	taken       = regexp.MustCompile(`\[(?:mail|number|account|amount|date|name|address|secret)\]`)
)

// WithoutMarks takes out of a redacted text the marks of what was taken, which
// are no words of its author's.
func WithoutMarks(text string) string { return taken.ReplaceAllString(text, " ") }

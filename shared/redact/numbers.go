package redact

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/language"
)

// wordAt tells whether a letter or digit stands at the end (before) or the
// beginning of a text.
func wordAt(s string, before bool) bool {
	r, _ := utf8.DecodeRuneInString(s)
	if before {
		r, _ = utf8.DecodeLastRuneInString(s)
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// rule replaces what a pattern finds.
type rule struct {
	pattern *regexp.Regexp
	with    string
}

func apply(text string, rules []rule) string {
	for _, r := range rules {
		text = r.pattern.ReplaceAllString(text, r.with)
	}
	return text
}

// code is a word of letters and digits with a digit in it, perhaps in groups.
const code = `(?:(?-i:[A-Z]{1,5}[- ]?))?[A-Za-z0-9]*\d[A-Za-z0-9]*(?:[-/. ]?(?-i:[A-Z0-9]*\d[A-Z0-9]*)){0,6}(?:-[A-Za-z0-9]{1,6}\b)?`

// before puts a term in front of what is taken, as a word of its own.
func before(term string) string { return `(?i)(^|[^\p{L}])(` + term + `)` }

var (
	mailForm = regexp.MustCompile(`@?[\p{L}\p{N}._%+'-]{1,64}(?:@| ?[\[(] ?at ?[\])] ?)[\p{L}\p{N}-]{1,100}(?:\.[\p{L}\p{N}-]{1,60}){0,8}`)
	iban     = regexp.MustCompile(`(?i)\b[a-z]{2}\d{2}(?:[ -]?[a-z0-9]{4}){2,7}(?:[ -]?[a-z0-9]{1,4})?\b`)
	card     = regexp.MustCompile(`\b\d{4}(?:[ -]?\d{2,6}){2,4}\b`)
	password = made(func() string {
		return before(term(language.SecretWord)) + `((?:` + isWord() + `)?:? *)([^\s,;]*[\d!#$%&*?_][^\s,;]{0,80})`
	})
	check = made(func() string {
		return before(`(?:`+term(language.CardCheck)+`)`+numberWord()) + `((?: are)?[^\d\n\p{L}]{0,6}` + is() + `[^\d\n\p{L}]{0,6})\d{2,4}\b`
	})
	expiry = made(func() string {
		return before(either(language.CardExpiry)) + `([^\d\n\p{L}]{0,6})(?:0[1-9]|1[0-2]) ?/ ?\d{2,4}\b`
	})
	login = made(func() string {
		return before(term(language.LoginWord)) + `(` + isOnce() + `+[ \x{a0}(]{0,3}|[ \x{a0}(]{1,3})(["“”„«»'‘’]?)([\p{L}\d][\p{L}\d._@+-]{1,60})`
	})
	paper = made(func() string {
		return before(`(?:`+term(language.PaperWord)+`)`+numberWord()) + `(` + is() + `[^\p{L}\d\n]{0,4})(` + code + `)`
	})
	order = made(func() string {
		return before(`(?:`+term(language.PurchaseWord, language.CaseWord)+`)`+numberWord()) + `(` + is() + leads + `)(` + code + `)`
	})
	account = made(func() string {
		return before(term(language.AccountWord)) + `(` + is() + `[^\p{L}\d\n]{0,4})([A-Z0-9][A-Z0-9 /-]{3,30}[A-Z0-9])`
	})
	// purchase is an order's number as customers write it: "order #20881", "Bestellung 20881".
	purchase = made(func() string {
		return `(?i)(^|[^\p{L}])(?:` + term(language.PurchaseWord) + `)` + numberWord() + `(?:` + is() + leads + `)(` + code + `)`
	})
)

// leads is what stands right before the number of an order.
const leads = `[ \x{a0}(#:："“„-]{0,4}|[#:：]|-(?:nr|no)\.? `

// takeSecrets takes what opens something, and whom one writes to.
func takeSecrets(text string) string {
	text = mailForm.ReplaceAllString(text, "[mail]")
	text = password().ReplaceAllString(text, "$1$2$3[secret]")
	text = check().ReplaceAllString(text, "$1$2$3[secret]")
	text = expiry().ReplaceAllString(text, "$1$2$3[secret]")
	return login().ReplaceAllStringFunc(text, func(s string) string {
		m := login().FindStringSubmatch(s)
		name, marked := m[5], strings.ContainsAny(m[3], ":=は") || m[4] != ""
		odd := strings.ContainsAny(name, "0123456789_@+") || strings.Contains(strings.Trim(name, ".-"), ".")
		if !odd && !(marked && !language.Has(language.LoginNobody, strings.ToLower(name))) {
			return s
		}
		return m[1] + m[2] + m[3] + m[4] + "[name]"
	})
}

// Particular forms, wherever they stand.
var particular = []rule{
	{regexp.MustCompile(`\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b`), "[number]"},
	{regexp.MustCompile(`\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b|\b(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}\b`), "[number]"},
	{regexp.MustCompile(`(https?://[^\s?#]{1,500})[?#]\S{1,900}`), "$1"},
	{regexp.MustCompile(`\b\d{3}-\d{2}-\d{4}\b|\b\d{8}-?[A-HJ-NP-TV-Z]\b|\b[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]\b|\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b`), "[number]"},
}

// takeNumbers takes accounts, papers, orders and telephones.
func takeNumbers(text string) string {
	text = iban.ReplaceAllStringFunc(text, func(s string) string {
		for end := len(s); end >= 15; { // words behind it may look like its last groups
			if validIBAN(s[:end]) {
				return "[account]" + s[end:]
			}
			if end = strings.LastIndexAny(s[:end], " -"); end < 0 {
				break
			}
		}
		if strings.ToUpper(s) == s && digitsIn(s) >= 10 {
			return "[account]"
		}
		return s
	})
	text = card.ReplaceAllStringFunc(text, func(s string) string {
		if n := digitsIn(s); n >= 13 && n <= 19 && luhn(s) {
			return "[account]"
		}
		return s
	})
	text = apply(text, particular)
	text = account().ReplaceAllStringFunc(text, func(s string) string {
		m := account().FindStringSubmatch(s)
		if bic := strings.ToUpper(m[4]) == m[4] && (strings.EqualFold(m[2], "bic") || strings.HasPrefix(strings.ToLower(m[2]), "swift")); digitsIn(m[4]) < 3 && !bic {
			return s
		}
		return m[1] + m[2] + m[3] + "[account]"
	})
	for i, form := range []found{paper, order} {
		text = form().ReplaceAllStringFunc(text, func(s string) string {
			m, codes := form().FindStringSubmatch(s), i > 0
			rest := ""
			token := m[4]
			if digitsIn(token) < 2 || codes && digitsIn(token) < 3 && !strings.Contains(token, "-") {
				return s
			}
			// A code may have run on into the next words: "20881 24 V".
			if i := strings.IndexByte(token, ' '); i > 0 && codes && digitsIn(token[:i]) >= 3 {
				rest = token[i:]
			}
			return m[1] + m[2] + m[3] + "[number]" + rest
		})
	}
	text = phoneForm.ReplaceAllStringFunc(text, func(s string) string { return takeRun(s) })
	text = apply(text, numbered)
	text = postcode.ReplaceAllStringFunc(text, redactPostcode)
	text = longRun(text)
	return longToken.ReplaceAllStringFunc(text, redactToken)
}

// numbered are numbers that are called so, whatever the word before.
var numbered = []rule{
	{regexp.MustCompile(`#\d{2,}\b`), "[number]"},
	{regexp.MustCompile(`(?i)(^|[^\p{L}])(n[°º]|№)([ :]{0,3})\d{3,}(?:-\w{1,10})?`), "$1$2$3[number]"},
}

// numbersIn gives the numbers and codes of a customer's text that would be taken.
func numbersIn(text string, give func(string)) {
	for _, form := range []found{paper, order} {
		for _, m := range form().FindAllStringSubmatch(text, 50) {
			token, _, _ := strings.Cut(m[4], " ")
			if digitsIn(token) >= 3 {
				give(token)
			}
		}
	}
	for _, m := range longDigits.FindAllString(text, 50) {
		if digitsIn(m) >= 5 {
			give(m)
		}
	}
}

// phoneForm is a run of digits as telephones' numbers are written; the unit or the
// word behind it is looked at too.
var phoneForm = regexp.MustCompile(`\+?\(?\d[\d ()/.\x{a0}\x{202f}‑–-]{5,24}\d(?:[ \x{a0}]?[\p{L}%°"″']{1,16})?`)

// takeRun decides of a run of digits and its next word.
func takeRun(s string) string {
	run := strings.TrimRightFunc(s, func(r rune) bool { return !unicode.IsDigit(r) })
	unit := strings.Trim(s[len(run):], " \u00a0")
	n := digitsIn(run)
	switch {
	case isUnit(unit) && !strings.HasPrefix(run, "+") && !strings.HasPrefix(run, "0"):
		return s
	case grouped.MatchString(run) && n <= 8: // 1 200 000, 10.000, 12,500
		return s
	case n < 7, private.MatchString(run):
		return s
	case spans.MatchString(run) && (n <= 6 || years.MatchString(run)): // "2024-2026", small numbers in a list
		return s
	case dotted.MatchString(run) && !strings.HasPrefix(run, "0"): // a version
		return s
	}
	return "[number]" + s[len(run):]
}

var (
	grouped = regexp.MustCompile(`^\d{1,3}(?:[ .\x{a0}\x{202f}]\d{3})+$`)
	private = regexp.MustCompile(`^(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}(?:\.\d{1,3}){1,2}$`)
	years   = regexp.MustCompile(`^(?:19|20)\d{2} ?[-–/] ?(?:19|20)\d{2}$`)
	dotted  = regexp.MustCompile(`^\d{1,3}(?:\.\d{1,4}){1,3}$`)
	spans   = regexp.MustCompile(`^(?:(?:19|20)\d{2} ?[-–/] ?(?:19|20)?\d{2}|\d{1,3}(?: ?[-–/.] ?\d{1,3}){1,5}|\d{1,6} ?[-–] ?\d{1,6})$`)
	// longDigits is a code with a longer run of digits than measures have.
	longDigits = regexp.MustCompile(`[A-Za-z]{0,5}[-#]?\d{5,}[\w-]{0,20}`)
	longForm   = regexp.MustCompile(`(?:(?:ISO|EN|DIN|IEC|RFC|VDE|IEEE|UL|ASTM|BS|NF|UNI|JIS|CAS)[ -]?)?(?:^|[^\p{L}\p{N}.,])[A-Za-z]{0,5}[-#]?\d{5,}[\w-]{0,20}(?:[ \x{a0}]?[\p{L}%°"″']{1,16})?`)
)

// longRun takes numbers of five digits and more, unless a unit stands behind.
func longRun(text string) string {
	return longForm.ReplaceAllStringFunc(text, func(s string) string {
		at := longDigits.FindStringIndex(s)
		token, behind := s[at[0]:at[1]], strings.Trim(s[at[1]:], " \u00a0")
		if standard.MatchString(s) {
			return s
		}
		if isUnit(behind) && digitsIn(token) == len(token) && len(token) <= 7 {
			return s
		}
		return s[:at[0]] + "[number]" + s[at[1]:]
	})
}

// standard is the number of a norm.
var standard = regexp.MustCompile(`^(?:ISO|EN|DIN|IEC|RFC|VDE|IEEE|UL|ASTM|BS|NF|UNI|JIS|CAS)[ -]?\d`)

// isUnit tells whether a word behind a number makes it a measure.
func isUnit(w string) bool {
	w = strings.ToLower(strings.Trim(w, ".,;"))
	return w != "" && (units[w] || language.Has(language.UnitWord, w))
}

// units are signs of measures; the words are the languages'.
var units = set(`v w k a h s m g l mm cm km kg mg ml cl dl lm lux ma mah kwh kw hz khz mhz ghz kb mb gb tb mbit kbit gbit px dpi rpm bar psi db °c °f °k % ° " ' zł kč usd eur gbp chf`)

func set(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

func digitsIn(s string) (n int) {
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

// validIBAN checks the check digits (ISO 13616-1, ISO 7064 mod 97-10).
func validIBAN(s string) bool {
	s = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(s))
	if len(s) < 15 || len(s) > 34 {
		return false
	}
	rest := 0
	for _, r := range s[4:] + s[:4] {
		switch {
		case r >= '0' && r <= '9':
			rest = (rest*10 + int(r-'0')) % 97
		case r >= 'A' && r <= 'Z':
			rest = (rest*100 + int(r-'A') + 10) % 97
		default:
			return false
		}
	}
	return rest == 1
}

// luhn checks a card's number (ISO/IEC 7812-1, annex B).
func luhn(s string) bool {
	sum, double := 0, false
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] < '0' || s[i] > '9' {
			continue
		}
		d := int(s[i] - '0')
		if double {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum, double = sum+d, !double
	}
	return sum%10 == 0
}

// postcode is one of the United Kingdom: its areas, and letters that stand at its
// end. A number with a unit of memory behind it looks the same.
var postcode = regexp.MustCompile(`\b(?:A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE)\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b`)

func redactPostcode(s string) string {
	if strings.HasSuffix(s, "GB") || strings.HasSuffix(s, "TB") {
		return s
	}
	return "[number]"
}

// longToken is what may be a key, a tracking number, the tail of a private link.
var longToken = regexp.MustCompile(`[A-Za-z0-9]{9,}`)

// redactToken takes out a long run of letters and digits; a long word stays, and
// so does a short one with few digits, a product's name.
func redactToken(s string) string {
	digits := digitsIn(s)
	if digits < 2 || digits > len(s)-2 && len(s) >= 16 {
		return s
	}
	if len(s) < 16 && (digits < 3 || strings.ToUpper(s) != s) {
		return s
	}
	return "[number]"
}

// Orders gives the order numbers that a text names as such, of three digits and more, in
// the order in which they stand.
func Orders(text string) (out []string) {
	for _, m := range purchase().FindAllStringSubmatch(text, -1) {
		token, _, _ := strings.Cut(m[2], " ")
		if token = strings.TrimRight(token, ".-/"); digitsIn(token) >= 3 {
			out = append(out, token)
		}
	}
	return out
}

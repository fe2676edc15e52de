package redact

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/language"
)

// currencies are those that most mail speaks of, and amount is a number as they
// are written: 1,234.50, 1.234,50, 1'234.50, 1 234.
const (
	currencies = `eur|usd|gbp|chf|pln|sek|dkk|nok|czk|jpy`
	amount     = `\d+(?:[.,'’]\d+|[ \x{a0}\x{202f}]\d{3}\b)*`
)

var amountForm = regexp.MustCompile(`(?i)(?:\b(?:us|ca|au|nz)\$|[$€£¥]|\b(?:` + currencies + `)\b)[ \x{a0}]?` + amount + `(?:[ \x{a0}]?(?:` + currencies + `)\b)?|\b` + amount + `[ \x{a0}]?(?:[$€£¥円]|(?:` + currencies + `|euros?|dollars?|pounds?|francs?|zł|kč|kr)(?:\b|$))`)

// shortMonths are the short names, where they have the Latin ones. Of other words of three
// letters too many are no month's: "Mac 10".
const shortMonths = "jan feb mar mär apr mai maj may mei jun jul aug sep sept oct okt nov dec dez des"

// months are the words for months, in whatever language.
var months = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, m := range append(language.Phrases(language.Months), strings.Fields(shortMonths)...) {
		if utf8.RuneCountInString(m) > 3 || strings.Contains(" "+shortMonths+" ", " "+m+" ") {
			out[strings.ToLower(m)] = true
		}
	}
	return out
})

// A date with a month's name: the day before the month, or behind it.
var (
	dayMonth = regexp.MustCompile(`(?i)\b\d{1,2}(?:st|nd|rd|th|er|º|\.)?(?: de| of)? (\p{L}{3,})\.?(?:(?: de|,)? \d{4}\b)?`)
	monthDay = regexp.MustCompile(`(?i)(\p{L}{3,})\.? \d{1,2}(?:st|nd|rd|th)?\b(?:,? \d{4}\b)?`)
)

func takeDates(text string, form *regexp.Regexp) string {
	return form.ReplaceAllStringFunc(text, func(s string) string {
		if months()[strings.ToLower(form.FindStringSubmatch(s)[1])] {
			return "[date]"
		}
		return s
	})
}

var (
	// version is what stands before a number that looks like a date and is none.
	numericDate = regexp.MustCompile(`(?i)((?:\b(?:versions?|firmware|release|build|ios|ipados|macos|android|windows|os|v|python|java|update|ver)\.? ?)?v?)(\b\d{4}-\d{2}-\d{2}\b|\b(?:0?[1-9]|[12]\d|3[01])[./](?:0?[1-9]|1[0-2])[./](?:\d{4}|\d{2})\b|\b(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/(?:\d{4}|\d{2})\b)`)
	hanDate     = regexp.MustCompile(`\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}月\d{1,2}日`)
)

// Where people live: a word for a street, a number, and a postal code with its town
// right behind.
const (
	name1  = `\p{Lu}[\p{L}'’.-]{0,40}`
	name2  = `\p{Lu}[\p{L}'’-]{0,40}`
	town   = `(?:[\s,]{1,3}(?:[A-Z]{1,2}-)?\d{2}[ -]?\d{2,3}(?: ?[A-Z]{2})?(?:[ \x{a0}]` + name2 + `(?:[ -]` + name2 + `)?)?)?`
	number = `\d{1,4}(?:[ -]?[a-zA-Z]\b)?`
	small  = `(?:(?i:de|du|des|la|le|les|l'|d'|del|della|dei|di|da|do|das|dos) ?){0,3}` // between the word and the name
)

// streets are the ways to write where somebody lives, each by the word for a street.
var streets = sync.OnceValue(func() (out []rule) {
	first := `(?i:` + either(language.StreetBefore) + `)`
	for _, form := range []string{
		`()(?:` + name1 + ` ){1,3}(?i:` + either(language.StreetNumber) + `)\.? (?i:no:? ?)?\d{1,4}(?:[/-]\d{1,4})?\b` + town,
		`()\b(?:` + either(language.StreetAt) + `) \p{Lu}[\p{L}-]{2,30} ` + number + town,
		`()(?:(?:` + either(language.StreetAt) + `|Alte|Neue|Große|Kleine) )?(?:` + name1 + `-){0,3}\p{Lu}[\p{L}.-]{1,40}(?i:` + either(language.StreetEnding) + `)\.?[ \x{a0}]` + number + town,
		`()\b\d{1,5}[a-zA-Z]?,? (?:` + name1 + ` ){1,3}(?:` + either(language.StreetBehind) + `)\b\.?(?:,? (?:Apt|Apartment|Flat|Unit|Suite)\.? ?\w{1,6})?`,
		`()\b\d{1,5}(?: ?(?:bis|ter))?,? ` + first + ` ` + small + name1 + `(?: ` + name1 + `){0,2}` + town,
		`(^|[^\p{L}])` + first + ` ` + small + name1 + `(?: (?:(?i:de|da|do|del) )?` + name1 + `){0,2},?(?: n[°º.])? ?\d{1,4}(?:/\d{1,4})?\b` + town,
		`()(?:\p{Han}{2,3}[都道府県])?\p{Han}{1,6}[市区町村]\p{Han}{0,8}[\p{Han}\p{Katakana}]{0,6}\d{1,3}(?:[-－ー丁目番地号]+\d{0,4}){1,4}`,
		`(^|[^\p{L}])(?i:` + either(language.PostBox) + `) \d{1,7}`,
	} {
		out = append(out, rule{regexp.MustCompile(form), "$1[address]"})
	}
	return append(out, rule{regexp.MustCompile(`〒 ?\d{3}-\d{4}\b`), "[number]"})
})

// townBehind is a street by what stands behind it: a house's number, a postal
// code, a town. It needs no word for a street.
var townBehind = regexp.MustCompile(`(?:` + name2 + ` ){1,3}\d{1,4}(?:[ -]?[a-zA-Z]\b)?, (?:[A-Z]{1,2}-)?\d{2,3} ?\d{2,3} ` + name2)

// takePlaces takes addresses of people, and dates.
func takePlaces(text string) string {
	text = apply(text, streets())
	text = townBehind.ReplaceAllStringFunc(text, func(s string) string {
		words := strings.Fields(s)
		if isUnit(words[len(words)-1]) {
			return s
		}
		return "[address]"
	})
	text = numericDate.ReplaceAllStringFunc(text, func(s string) string {
		m := numericDate.FindStringSubmatch(s)
		if strings.TrimSpace(m[1]) != "" {
			return s
		}
		return m[1] + "[date]"
	})
	return hanDate.ReplaceAllString(takeDates(takeDates(text, dayMonth), monthDay), "[date]")
}

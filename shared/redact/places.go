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

// Where people live: the word for a street behind its name, or before it, a
// number, and a postal code with its town right behind.
const (
	streetEnd   = `(?i:straße|strasse|str\.|gasse|weg|platz|allee|ring|ufer|damm|straat|laan|plein|gracht|gatan|vägen|vej|gade|veien|gata|katu|tie)`
	streetFirst = `(?i:rue|avenue|boulevard|place|chemin|allée|impasse|quai|calle|avda\.?|avenida|plaza|paseo|camino|via|viale|piazza|corso|vicolo|rua|travessa|praça|estrada|ul\.|ulica|al\.|plac|os\.)`
	name1       = `\p{Lu}[\p{L}'’.-]{0,40}`
	name2       = `\p{Lu}[\p{L}'’-]{0,40}`
	town        = `(?:[\s,]{1,3}(?:[A-Z]{1,2}-)?\d{2}[ -]?\d{2,3}(?: ?[A-Z]{2})?(?:[ \x{a0}]` + name2 + `(?:[ -]` + name2 + `)?)?)?`
)

var streets = []rule{
	{regexp.MustCompile(`(?:` + name1 + ` ){1,3}(?i:utca|út|tér|třída|ulice|náměstí|sokak|ulica)\.? \d{1,4}(?:[/-]\d{1,4})?\b` + town), "[address]"},
	{regexp.MustCompile(`\b(?:Am|Im|An der|An den|Auf der|Auf dem|In der|Zum|Zur|Unter den) \p{Lu}[\p{L}-]{2,30} \d{1,4}(?:[ -]?[a-zA-Z]\b)?` + town), "[address]"},
	{regexp.MustCompile(`(?:(?:Am|An der|Auf der|Im|In der|Zum|Zur|Alte|Neue|Große|Kleine) )?(?:` + name1 + `-){0,3}\p{Lu}[\p{L}.-]{1,40}` + streetEnd + `\.?[ \x{a0}]\d{1,4}(?:[ -]?[a-zA-Z]\b)?` + town), "[address]"},
	{regexp.MustCompile(`\b\d{1,5}[a-zA-Z]?,? (?:` + name1 + ` ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Square|Sq|Boulevard|Blvd|Close|Crescent|Terrace|Way|Place|Pl|Gardens|Grove|Hill|Row|Mews|Parkway|Pkwy|Circle)\b\.?(?:,? (?:Apt|Apartment|Flat|Unit|Suite)\.? ?\w{1,6})?`), "[address]"},
	{regexp.MustCompile(`\b\d{1,5}(?: ?(?:bis|ter))?,? ` + streetFirst + ` (?:(?i:de|du|des|la|le|les|l'|d'|del|della|dei|di|da|do) ?){0,3}` + name1 + `(?: ` + name1 + `){0,2}` + town), "[address]"},
	{regexp.MustCompile(`(^|[^\p{L}])` + streetFirst + ` (?:(?i:de|du|des|la|le|les|l'|d'|del|della|dei|di|da|do|das|dos) ?){0,3}` + name1 + `(?: (?:(?i:de|da|do|del) )?` + name1 + `){0,2},?(?: n[°º.])? ?\d{1,4}(?:/\d{1,4})?\b` + town), "$1[address]"},
	{regexp.MustCompile(name1 + ` (?i:Sokak|Sokağı|Caddesi|Cad\.|Sok\.) ?(?i:no:? ?)?\d{1,4}(?:/\d{1,3})?`), "[address]"},
	{regexp.MustCompile(`(?:\p{Han}{2,3}[都道府県])?\p{Han}{1,6}[市区町村]\p{Han}{0,8}[\p{Han}\p{Katakana}]{0,6}\d{1,3}(?:[-－ー丁目番地号]+\d{0,4}){1,4}`), "[address]"},
	{regexp.MustCompile(`〒 ?\d{3}-\d{4}\b`), "[number]"},
	{regexp.MustCompile(`(^|[^\p{L}])(?i:P\.? ?O\.? Box|Postfach|BP|Apartado) \d{1,7}`), "$1[address]"},
}

// townBehind is a street by what stands behind it: a house's number, a postal
// code, a town. It needs no word for a street.
var townBehind = regexp.MustCompile(`(?:` + name2 + ` ){1,3}\d{1,4}(?:[ -]?[a-zA-Z]\b)?, (?:[A-Z]{1,2}-)?\d{2,3} ?\d{2,3} ` + name2)

// takePlaces takes addresses of people, and dates.
func takePlaces(text string) string {
	text = apply(text, streets)
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

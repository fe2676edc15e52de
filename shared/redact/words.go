package redact

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/language"
)

// found is a pattern that is made of the languages' words when it is first needed.
type found = func() *regexp.Regexp

func made(pattern func() string) found {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern()) })
}

// phrases gives what stands below headings in any language, the longest first, so that
// of "invoice" and "invoices" the whole word is taken.
func phrases(hs ...language.Heading) (out []string) {
	for _, h := range hs {
		out = append(out, language.Phrases(h)...)
	}
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return slices.Compact(out)
}

// either is a pattern of one of the phrases of some headings, in whatever language.
func either(hs ...language.Heading) string {
	var out []string
	for _, p := range phrases(hs...) {
		out = append(out, regexp.QuoteMeta(p))
	}
	return strings.Join(out, "|")
}

// term is the same for terms, whose parts people write together, apart, or with a hyphen:
// "user name", "username", "user-name".
func term(hs ...language.Heading) string { return strings.ReplaceAll(either(hs...), " ", "[ -]?") }

// numberWord is what may follow a term before its number: " number", "-Nr.", "番号".
func numberWord() string { return `(?:[- ]?(?:` + either(language.NumberWord) + `|№|#))?` }

// isWord is what stands between a term and what it names, with the blank before it.
func isWord() string {
	var apart, joined []string
	for _, p := range phrases(language.IsWord) {
		if r, _ := utf8.DecodeRuneInString(p); unspaced(r) {
			joined = append(joined, regexp.QuoteMeta(p))
			continue
		}
		apart = append(apart, regexp.QuoteMeta(p))
	}
	return ` (?:` + strings.Join(apart, "|") + `)\b|` + strings.Join(joined, "|")
}

// isOnce is the same, or a sign for it, and is any number of them.
func isOnce() string { return `(?:(?:` + isWord() + `)[ :]?| ?[:：=,])` }

func is() string { return isOnce() + `*` }

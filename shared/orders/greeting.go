package orders

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
)

// GreetsCustomer reports whether the text begins like a letter to the customer:
// with a greeting in which their name stands, and no colleague's.
func (d Desk) GreetsCustomer(text string) bool {
	theirs, mates := nameWords(d.Customer), nameWords(d.Colleagues)
	for _, l := range readLines(text, nil) {
		if l.blank {
			continue
		}
		if !greets(l, theirs) {
			return false
		}
		named := false
		for _, w := range wordsOf(l.plain) {
			if mates[w] {
				return false
			}
			named = named || theirs[w]
		}
		return named
	}
	return false
}

// Words behind those that begin a letter. More than the first number are written
// as a title and names are: "Beste manier is opnieuw starten, …" greets nobody.
const (
	anyGreeted  = 2
	mostGreeted = 4
)

// named reports whether the last n words before a line's first comma, or what
// stands there for one, may be whom it greets.
func named(s string, n int) bool {
	at := strings.IndexAny(s, afterGreeting)
	ws := strings.Fields(s[:max(at, 0)])
	if n > anyGreeted && n <= min(len(ws), mostGreeted) {
		return !slices.ContainsFunc(ws[len(ws)-n:], func(w string) bool {
			r, _ := utf8.DecodeRuneInString(w)
			return unicode.IsLower(r)
		})
	}
	return n <= anyGreeted
}

// afterGreeting ends a greeting that has more behind it on its line.
const afterGreeting = ",:!，、！："

// Greets reports whether a text begins as letters do: with a greeting, or the
// customer's name, alone on the line or before a comma.
func (d Desk) Greets(text string) bool {
	theirs := nameWords(d.Customer)
	for _, l := range readLines(text, nil) {
		if l.blank {
			continue
		}
		if greets(l, theirs) {
			return true
		}
		s := fold(l.plain)
		at := strings.IndexAny(s, afterGreeting)
		if l.quoted || at < 0 {
			return false
		}
		if n := phrasebook.Default().Greeting(phrasebook.Fold(s[:at])); n > 0 && n <= at {
			return named(l.plain, len(strings.Fields(s[n:at])))
		}
		for _, w := range wordsOf(s[:at]) {
			if !theirs[w] {
				return false
			}
		}
		return true
	}
	return false
}

// mostBelow is how many lines from a letter's end its author may take leave: the
// words, a name, what its bearer is, the company.
const mostBelow = 4

// TakesLeave reports whether a text ends as letters do: "Best regards", perhaps
// with a name behind it or below.
func TakesLeave(text string) bool {
	r, lines := &reader{}, readLines(text, nil)
	for i, seen := len(lines)-1, 0; i >= 0 && seen < mostBelow; i-- {
		if lines[i].blank {
			continue
		}
		seen++
		before, _, _ := strings.Cut(lines[i].raw, ",")
		if r.closes(lines[i]) || r.closes(readLine(before)) {
			return true
		}
	}
	return false
}

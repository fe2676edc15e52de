package redact

import (
	"regexp"
	"strings"

	"github.com/replywell/replywell/shared/language"
)

// Known is what is known of the people that a text may speak of.
type Known struct {
	Names []string // whole names, of customers and agents, in any order of their parts
	// Addresses are the people's, of mail: "erika.muster@" holds a name.
	Addresses []string
	Said      []string // what the customer wrote: mails, subjects, a signature
}

// Article gives a text for an article: without the people's names, numbers,
// addresses, accounts and secrets, and with the figures that are nobody's.
func Article(text string, k Known) string { return k.take(text, false) }

// Everything gives a text that is shown beside another customer's mail: amounts
// are taken as well.
func Everything(text string, names ...string) string {
	return Known{Names: names}.take(text, true)
}

// take is the order of the rules: what is the most particular goes first, so that
// an account is not taken for a telephone's number.
func (k Known) take(text string, amounts bool) string {
	theirs := k.theirs()
	text = takeSecrets(text)
	if amounts {
		text = amountForm.ReplaceAllString(text, "[amount]")
	} else {
		for _, a := range theirs.amounts {
			text = replaceToken(text, a, "[amount]")
		}
	}
	text = takePlaces(text)
	text = takeNumbers(text)
	for _, t := range theirs.tokens {
		text = replaceToken(text, t, "[number]")
	}
	return takeNames(text, append(append(theirs.names, k.Names...), k.fromAddresses()...))
}

// fromAddresses gives the names in addresses; what is a role or a word is none.
func (k Known) fromAddresses() (names []string) {
	for _, a := range k.Addresses {
		local, _, _ := strings.Cut(strings.ToLower(a), "@")
		local, _, _ = strings.Cut(local, "+")
		for _, p := range strings.FieldsFunc(local, func(r rune) bool { return r < 'a' && r != '\'' || r > 'z' && r < 0x80 }) {
			if len(p) >= 4 && !language.Has(language.RoleAddress, p) {
				names = append(names, p)
			}
		}
	}
	return names
}

// theirs is what the customer's own mails give.
type theirs struct{ tokens, amounts, names []string }

func (k Known) theirs() (t theirs) {
	for _, said := range k.Said {
		if len(said) > 64<<10 {
			said = strings.ToValidUTF8(said[:64<<10], "")
		}
		t.amounts = append(t.amounts, amountForm.FindAllString(said, 50)...)
		numbersIn(takeSecrets(said), func(token string) {
			if len(t.tokens) < 200 {
				t.tokens = append(t.tokens, token)
			}
		})
		t.names = append(t.names, namesIn(said)...)
	}
	return t
}

// replaceToken replaces a token where it stands as a word of its own.
func replaceToken(text, token, with string) string {
	if len(token) < 3 {
		return text
	}
	var b strings.Builder
	for {
		i := strings.Index(text, token)
		if i < 0 {
			b.WriteString(text)
			return b.String()
		}
		end := i + len(token)
		if i > 0 && wordAt(text[:i], true) || end < len(text) && wordAt(text[end:], false) {
			b.WriteString(text[:end])
		} else {
			b.WriteString(text[:i] + with)
		}
		text = text[end:]
	}
}

// marks are what stands for what was taken.
var marks = regexp.MustCompile(`\[(?:mail|number|account|amount|date|name|address|secret)\]`)

// WithoutMarks takes out of a redacted text the marks of what was taken, which
// are no words of its author's.
func WithoutMarks(text string) string { return marks.ReplaceAllString(text, " ") }

package reply

import (
	"slices"
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/email/visible"
)

// maxSignOff bounds a sign-off, in characters.
const maxSignOff = 120

// signOff gives the words with which an agent ends an answer, "Best, Anna". The
// reader sets them aside with the signature; to the customer they belong. What
// a program adds ("Sent from my telephone"), and a card with numbers, addresses
// or links, which are the team's and not the answer's, stay set aside.
func signOff(p visible.Parts) string {
	rule := func(name string) bool {
		return slices.ContainsFunc(p.Rules, func(r string) bool { return strings.HasPrefix(r, name) })
	}
	end := strings.TrimSpace(p.Signature)
	if p.Inline || p.OnlyQuote || !rule("signature-closing") || rule("signature-mobile") || rule("signature-delimiter") {
		return ""
	}
	if len([]rune(end)) > maxSignOff || strings.Count(end, "\n") > 3 || strings.ContainsFunc(end, unicode.IsDigit) || strings.ContainsAny(end, "@#|<>/") || strings.Contains(end, "www.") {
		return ""
	}
	return end
}

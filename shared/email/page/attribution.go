package page

import (
	"strings"
	"time"

	"github.com/replywell/replywell/shared/language"
)

// KnowsAttribution reports whether there is such a line in a language.
func KnowsAttribution(base string) bool {
	l := language.For(base)
	return base != "" && l != nil && l.Line(language.QuoteLine) != ""
}

// Attribution is the line above a quoted mail, "on that day, somebody wrote", as the
// mail clients of that language (BCP 47; English if it is not known) write it, so that
// every client, and our own reply reader, knows the quote by it. Its date needs no
// names of months.
func Attribution(lang, name string, when time.Time) string {
	if !KnowsAttribution(language.Base(lang)) {
		lang = "en"
	}
	l := language.For(lang)
	// The name is a stranger's, so it goes in last.
	line := strings.NewReplacer("$D", when.Format(l.Line(language.QuoteDate)), "$T", when.Format("15:04")).Replace(l.Line(language.QuoteLine))
	return strings.Replace(line, "$N", OneLine(name), 1)
}

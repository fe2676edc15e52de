package automatic

import (
	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

// What machines write in human languages is in the files of package language; what
// is in tables here are the words of mail systems and services, whatever language
// they are used in.

// anyOf tells whether a phrase of some headings stands in a folded text, in
// whatever language.
func anyOf(folded string, headings ...language.Heading) bool {
	for _, h := range headings {
		if wording.ContainsAny(folded, language.Phrases(h)) {
			return true
		}
	}
	return false
}

// startsAny tells whether a folded text begins with a phrase of a heading.
func startsAny(folded string, h language.Heading) bool {
	return wording.HasAnyPrefix(folded, language.Phrases(h))
}

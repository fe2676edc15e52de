package subject

import (
	"sync"

	"github.com/replywell/replywell/shared/language"
)

// anything are words that stand over any mail, folded.
var anything = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, w := range language.Phrases(language.SubjectGeneric) {
		out[fold(w)] = true
	}
	return out
})

package language_test

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

// TestWhatMachinesWriteIsInLowerCase: such phrases are looked for as they stand, in
// texts in lower case with plain apostrophes and blanks. One in another form would
// never be found.
func TestWhatMachinesWriteIsInLowerCase(t *testing.T) {
	for _, l := range language.All() {
		for h := range language.Headings() {
			ofMachines := h >= language.AutomaticPrefix && h < language.SecretWord
			if !ofMachines && h != language.FunctionWords && h != language.ThanksBeside && h != language.Thanks {
				continue
			}
			for _, p := range l.Phrases(h) {
				if folded := wording.Fold(p); folded != strings.TrimSpace(p) {
					t.Errorf("%s.txt, [%s]: write %q, not %q", l.Code, h, folded, p)
				}
			}
		}
	}
}

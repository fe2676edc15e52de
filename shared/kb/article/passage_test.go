package article

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/kb/terms"
)

const dimmer = `To reset the dimmer, do this:

1. Pull the plug and wait for a minute.

2. Hold the wheel down while you put the plug back.

3. Let go when the light blinks twice.

## If it still flickers

Then the bulb is not made for dimmers:

| bulb | dims |
| --- | --- |
| A | yes |

Warning: never open the case while the plug is in the wall, for the current can kill you.

`

// Who reads the passage that answers must not miss what it leads in to.
func TestThePassageIsReadableByItself(t *testing.T) {
	long := dimmer + strings.Repeat("We write the newsletter four times a year, and everybody may have it who asks "+
		"for it. ", 8) + "\n"
	a := Article{Title: "Dimmer", Body: long}
	weights := func(ws ...string) map[string]float64 {
		out := map[string]float64{}
		for _, w := range ws {
			for _, x := range terms.Words(w, MostWords) {
				out[x.Stem] = 1
			}
		}
		return out
	}
	list := "To reset the dimmer, do this:\n\n1. Pull the plug and wait for a minute.\n2. Hold the wheel down while " +
		"you put the plug back.\n3. Let go when the light blinks twice."
	for _, tc := range []struct{ words, want string }{
		{"reset dimmer", list}, {"wheel blinks", list},
		{"flickers", "If it still flickers\n\nThen the bulb is not made for dimmers:\n\nbulb | dims\nA | yes"},
		{"kill", "Warning: never open the case while the plug is in the wall, for the current can kill you."},
	} {
		if got := Passage(a, weights(strings.Fields(tc.words)...)); got != tc.want {
			t.Errorf("%s: %q\nwant %q", tc.words, got, tc.want)
		}
	}
	short := Article{Title: "Dimmer", Body: dimmer}
	if got := Passage(short, weights("reset")); got != short.MailText() {
		t.Errorf("a short article is shown in part: %q", got)
	}
	for _, part := range a.parts() {
		if !strings.Contains(a.MailText(), part) {
			t.Errorf("%q is not as it is sent", part)
		}
	}
}

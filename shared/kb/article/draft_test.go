package article

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/redact"
)

func TestDraftIsAnArticle(t *testing.T) {
	d := Draft("Re: Lamp \"Firefly\" flickers", "", "Hello Tom,\n\nturn the bulb until it is tight, then wait 10 seconds.\n\nBest,\nKim", redact.Known{})
	a, err := ParseArticle("draft", []byte(d))
	if err != nil {
		t.Fatal(err)
	}
	if a.Title != `Lamp "Firefly" flickers` || !a.Internal() || strings.Contains(d, "Tom") || strings.Contains(d, "Kim") || !strings.Contains(a.Body, "turn the bulb") {
		t.Errorf("%s", d)
	}
}

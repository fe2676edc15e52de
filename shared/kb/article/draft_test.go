package article

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/redact"
)

func TestDraftIsAnArticle(t *testing.T) {
	d := Draft("Re: Lamp \"Firefly\" flickers", "",
		"Hello Tom,\n\nturn the bulb until it is tight, then wait 10 seconds.\n\nBest,\nKim", redact.Known{})
	a, err := ParseArticle("draft", []byte(d))
	if err != nil {
		t.Fatal(err)
	}
	if a.Title != `Lamp "Firefly" flickers` || !a.Internal() || strings.Contains(d, "Tom") ||
		strings.Contains(d, "Kim") || !strings.Contains(a.Body, "turn the bulb") {
		t.Errorf("%s", d)
	}
}

// An article greets nobody, in whatever language the answer did.
func TestADraftGreetsNobody(t *testing.T) {
	known := redact.Known{Names: []string{"João Silva", "田中 さくら", "Erika Muster"}}
	for answer, begins := range map[string]string{
		"Hello Erika,\n\nturn the ring.":                 "turn the ring.",
		"Olá João,\n\ngire o anel.":                      "gire o anel.",
		"田中様\n\nリングを回してください。":                            "リングを回してください。",
		"Guten Tag Frau Muster,\n\ndrehen Sie den Ring.": "drehen Sie den Ring.",
		"Turn the ring.\nWait 10 seconds.":               "Turn the ring.",
		"Erika has the ring: turn it.\n\nWait.":          "[name] has the ring",
	} {
		a, err := ParseArticle("draft", []byte(Draft("Ring", "", answer, known)))
		if err != nil || !strings.HasPrefix(a.Body, begins) {
			t.Errorf("%q: %q, %v", answer, a.Body, err)
		}
	}
}

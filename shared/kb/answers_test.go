package kb

import (
	"reflect"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/redact"
)

func TestPastAnswers(t *testing.T) {
	told := redact.Everything("Dear Erika,\n\nthe dimmer K-200 does not work with our bulbs; swap it for an L-type "+
		"at any electrician.\n\nBest,\nAnna Winter", "Erika Muster", "Anna Winter")
	a := NewAnswers([]ByHand{
		{Subject: "Dimmer", Text: "My dimmer buzzes with your bulbs, what can I do?", Answer: told, Day: 100},
		{Subject: "Dimmer", Text: "Hello, my dimmer buzzes with your bulbs.", Answer: told + " Really.", Day: 120},
		{Subject: "Cable", Text: "Is there a longer cable for the garden lamp?",
			Answer: "Yes, there is one of five metres, ask for it in any shop of ours.", Day: 130},
		{Subject: "x", Text: "the dimmer buzzes", Answer: "ok", Day: 131},
	})
	if a.Len() != 3 {
		t.Fatalf("%d answers are kept; one says too little", a.Len())
	}
	b, err := OpenAnswers(a.Write())
	if err != nil {
		t.Fatal(err)
	}
	got := b.Like("", "Hello, my dimmer buzzes since I have your bulbs.", 3)
	if len(got) != 1 || got[0].Times != 2 || got[0].Day != 120 || !strings.Contains(got[0].Text, "L-type") ||
		strings.Contains(got[0].Text, "Erika") || strings.Contains(got[0].Text, "Winter") {
		t.Errorf("%+v", got)
	}
	if again := a.Like("", "Hello, my dimmer buzzes since I have your bulbs.", 3); !reflect.DeepEqual(got, again) {
		t.Errorf("before it was written: %+v", again)
	}
	if got := b.Like("", "Where is my invoice?", 3); len(got) != 0 {
		t.Errorf("nothing like it was asked: %+v", got)
	}
	for _, bad := range [][]byte{nil, a.Write()[:60], []byte("{}")} {
		if _, err := OpenAnswers(bad); err == nil {
			t.Errorf("%d bytes are read", len(bad))
		}
	}
	if got := NewAnswers(nil).Like("", "dimmer", 3); got != nil {
		t.Errorf("%+v", got)
	}
	if x, err := OpenAnswers(NewAnswers(nil).Write()); err != nil || x.Len() != 0 {
		t.Errorf("none: %v", err)
	}
}

func TestNamesAreTakenOut(t *testing.T) {
	got := redact.Everything("Erika, the lamp of Ms Muster-Klein goes to Li. erika is written small in her address "+
		"erika@x.example.", "Erika Muster-Klein", "Li")
	for _, gone := range []string{"Erika", "Muster", "Klein", "erika@x"} {
		if strings.Contains(got, gone) {
			t.Errorf("%q still holds %q", got, gone)
		}
	}
	if got := redact.WithoutMarks("[name] has 2 lamps [amount]"); strings.ContainsAny(got, "[]") {
		t.Errorf("%q", got)
	}
}

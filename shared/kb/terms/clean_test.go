package terms

import (
	"strings"
	"testing"
)

func FuzzSaid(f *testing.F) {
	f.Add("Hi,\n\nI want it back.\n\nThanks,\nKim\n--\nKim\n\nOn Monday wrote:\n> x")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.TrimSpace(text) != "" && strings.TrimSpace(Said(text)) == "" {
			t.Errorf("nothing is left of %q", text)
		}
		Sentences("", text)
	})
}

func TestOnlyWhatWasSaidCounts(t *testing.T) {
	for text, want := range map[string]string{
		"Hi there,\n\nwhere is my lamp?\n\nKind regards,\nTom\n--\nTom\nLamps Ltd": "where is my lamp?",
		"Dear team, where is my lamp?\nThanks\nTom":                                "where is my lamp?",
		"Hello\nSent from my phone":                                                "Hello\nSent from my phone",
		"Best lamp ever, but it is broken. Thanks for nothing!": "Best lamp ever, but it is " +
			"broken. Thanks for nothing!",
		"It broke.\n\nOn Monday Kim wrote:\n> How are you?": "It broke.",
		"Good morning! The lamp broke.":                     "Good morning! The lamp broke.",
	} {
		if got := Said(text); got != want {
			t.Errorf("%q: %q; want %q", text, got, want)
		}
	}
	ss := Sentences("Question", "I hope you are well. The bulb flickers. I look forward to hearing from you.")
	for _, s := range ss {
		if plain := strings.Contains(s.Text, "bulb"); plain != (s.Weight == 1) {
			t.Errorf("%q weighs %v", s.Text, s.Weight)
		}
	}
}

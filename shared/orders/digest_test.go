package orders

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

// A digest of 13 mails, with two answers.
func TestReadDigest(t *testing.T) {
	for text, want := range map[string]string{
		"1":                              "1",
		"#1":                             "1",
		"1.":                             "1",
		" 1 \n":                          "1",
		"send 1":                         "1",
		"#send 1":                        "1",
		"Answer 1":                       "1",
		"1 not F H":                      "1 but 5 7",
		"1 not F, H":                     "1 but 5 7",
		"1 not f and h":                  "1 but 5 7",
		"1 without F & H.":               "1 but 5 7",
		"1 ohne F und H":                 "1 but 5 7",
		"1 sauf F":                       "1 but 5",
		"1 no F":                         "1 but 5",
		"1, not F":                       "1 but 5",
		"1 2":                            "1; 2",
		"1\n2 not B":                     "1; 2 but 1",
		"1 not F 2 not B":                "1 but 5; 2 but 1",
		"A":                              "fetch 0",
		"a":                              "fetch 0",
		"“A”":                            "fetch 0",
		"B A":                            "fetch 0 1",
		"A, A and C":                     "fetch 0 2",
		"J":                              "fetch 8",
		"1 not F\nA":                     "1 but 5; fetch 0",
		"A\n1":                           "1; fetch 0",
		"\u200f1":                        "1",
		"":                               "!no letter and no number",
		"and":                            "!no letter and no number",
		"no":                             "!none of the words",
		"no, wait":                       "!none of the words",
		"yes please":                     "!no letter and no number",
		"1 please":                       "1",
		"Please send 1.":                 "1",
		"ok 1":                           "1",
		"1 bitte":                        "1",
		"Hi,\n\n1":                       "1",
		"Hi Dora,\n1 please\n\nAnna":     "1",
		"1\n\nBest regards\nAnna Winter": "1",
		"1\n\nThanks!":                   "1",
		"1\n\n-- \nAnna Winter\nLantern": "1",
		"1 to all":                       "1",
		"1 to all but F":                 "1 but 5",
		"1 but not F":                    "1 but 5",
		"Send 1 to everybody except F.":  "1 but 5",
		"1 an alle außer F":              "1 but 5",
		"show me A":                      "fetch 0",
		"give me A and B, please":        "fetch 0 1",
		"Mail A":                         "fetch 0",
		"zeig mir A":                     "fetch 0",
		"give me a call":                 "!none of the words",
		"1\nWait":                        "!none of the words",
		"1\nAnna said no":                "!none of the words",
		"Hello,\nyour parcel is late":    "!none of the words",
		"1 later":                        "!none of the words",
		"all":                            "!none of the words",
		"1 please wait":                  "!none of the words",
		"not 1":                          "!none of the words",
		"1 not":                          "!which letters",
		"1 not not F":                    "!none of the words",
		"1 F":                            "!1 not F",
		"1 and A":                        "!1 not A",
		"3":                              "!answers 1 to 2",
		"0":                              "!answers 1 to 2",
		"1 1":                            "!twice",
		"Z":                              "!no Z; its letters go from A to N",
		"I":                              "!no I",
		"1 not Z":                        "!no Z",
		"Dear Erika, it is on its way.":  "!none of the words",
		"1234":                           "!answers 1 to 2",
		"1 not F\nKind regards":          "1 but 5",
	} {
		o, err := ReadDigest(text, 13, 2, "Anna Winter")
		var parts []string
		for _, a := range o.Answers {
			p := fmt.Sprint(a.Number)
			if len(a.Not) > 0 {
				p += " but " + strings.Trim(fmt.Sprint(a.Not), "[]")
			}
			parts = append(parts, p)
		}
		if len(o.Fetch) > 0 {
			parts = append(parts, "fetch "+strings.Trim(fmt.Sprint(o.Fetch), "[]"))
		}
		got := strings.Join(parts, "; ")
		var bad *desk.CommandError
		if errors.As(err, &bad) {
			got = "!" + bad.Why
		}
		if why, is := strings.CutPrefix(want, "!"); is &&
			!(strings.HasPrefix(got, "!") && strings.Contains(got, why)) || !is && got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if _, err := ReadDigest("1", 3, 0); err == nil || !strings.Contains(err.Error(), "offers no answer") {
		t.Errorf("without answers: %v", err)
	}
}

func FuzzReadDigest(f *testing.F) {
	f.Add("1 not F H\nA", 13, 2)
	f.Fuzz(func(t *testing.T, text string, entries, answers int) {
		entries, answers = min(max(entries, 0), desk.MostListed), min(max(answers, 0), 9)
		o, err := ReadDigest(text, entries, answers)
		if err != nil {
			if len(o.Answers)+len(o.Fetch) > 0 {
				t.Fatalf("%q asks for %+v, and is refused: %v", text, o, err)
			}
			return
		}
		for _, n := range o.Fetch {
			if desk.DigestSign(n) == "" || n >= entries {
				t.Fatalf("%q fetches %d of %d", text, n, entries)
			}
		}
		for _, a := range o.Answers {
			if a.Number < 1 || a.Number > answers {
				t.Fatalf("%q sends %d of %d", text, a.Number, answers)
			}
		}
	})
}

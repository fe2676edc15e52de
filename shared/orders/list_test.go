package orders

import (
	"fmt"
	"testing"
)

func TestReadList(t *testing.T) {
	for text, want := range map[string]string{
		"1":                                      "+[1]",
		"1 3":                                    "+[1 3]",
		"1, 3":                                   "+[1 3]",
		"1 and 3 please":                         "+[1 3]",
		"#release 1":                             "+[1]",
		"#release 1 3\n#drop 2":                  "+[1 3] -[2]",
		"release 1, drop 2":                      "+[1] -[2]",
		"drop 1":                                 "-[1]",
		"Drop 1 and 2.":                          "-[1 2]",
		"2 drop":                                 "-[2]",
		"1 release, 2 drop":                      "+[1] -[2]",
		"1, 2 drop":                              "-[1 2]",
		"1-3":                                    "+[1 2 3]",
		"1.":                                     "+[1]",
		"let 1 in":                               "+[1]",
		"let mail 1 in, please":                  "+[1]",
		"yes 1":                                  "+[1]",
		"Yes, release 1":                         "+[1]",
		"ja, 1 rein bitte":                       "+[1]",
		"bitte 2 löschen":                        "-[2]",
		"all":                                    "show",
		"All, please!":                           "show",
		"#all":                                   "show",
		"release all":                            "+[1 2 3]",
		"release all please":                     "+[1 2 3]",
		"drop all":                               "-[1 2 3]",
		"#drop all":                              "-[1 2 3]",
		"release 2, drop the rest":               "+[2] -[1 3]",
		"Hello,\n\n1\n\nBest regards\nDora":      "+[1]",
		"Hi!\ndrop 2\n\nDora Lang\nLantern":      "-[2]",
		"Dear desk,\nplease let 1 in.\nThanks":   "+[1]",
		"Good morning,\n1\n2 drop":               "+[1] -[2]",
		"Liebes Team,\n1 bitte freigeben":        "+[1]",
		"1\n\nDora\n+49 170 1234567":             "+[1]",
		"1\n\n--\nDora Lang":                     "+[1]",
		"":                                       "no",
		"thanks":                                 "no",
		"what is this?":                          "no",
		"Hello Erika, we will call you at 5":     "no",
		"1 but not 2":                            "no",
		"don't release 1":                        "no",
		"1 looks like my aunt":                   "no",
		"release":                                "no",
		"yes":                                    "no",
		"drop 1\nrelease 1":                      "no",
		"release 1 drop 2 3 release":             "no",
		"the rest":                               "no",
		"99":                                     "+[99]",
		"1000000":                                "no",
		"I am away until 5 May and read no mail": "no",
	} {
		a, err := ReadList(text, 3)
		got := ""
		if len(a.Release) > 0 {
			got += fmt.Sprint("+", a.Release)
		}
		if len(a.Drop) > 0 {
			if got != "" {
				got += " "
			}
			got += fmt.Sprint("-", a.Drop)
		}
		if a.Show {
			got += "show"
		}
		if err != nil {
			got = "no"
		}
		if got != want {
			t.Errorf("%q: %s (%v), want %s", text, got, err, want)
		}
	}
	for text, want := range map[string]bool{"yes": true, "release": true, "drop it": true, "let it in": true, "1": true,
		"hello": false} {
		if _, err := ReadList(text, 1); (err == nil) != want {
			t.Errorf("of one entry, %q: %v", text, err)
		}
	}
}

func TestReadMine(t *testing.T) {
	for text, want := range map[string]string{
		"#release": "release", "release": "release", "#drop": "drop", "drop": "drop",
		"yes": "release", "Yes!": "release", "Yes, that was me": "release", "that was me": "release",
		"It was me, thanks": "release",
		"Ja, das war ich":   "release", "Hi,\nyes, that was me.\n\nAnna": "release", "I wrote it": "release",
		"ok": "release",
		"no": "drop", "No, that was not me": "drop", "not me": "drop", "Nein": "drop", "das war ich nicht": "drop",
		"": "", "who is this?": "", "yes and please add that the lamp is blue": "", "no, yes": "", "thanks": "",
		"I am away": "",
		"yes, no":   "", "Hello": "",
	} {
		got, ok := ReadMine(text)
		if ok != (want != "") || got != want {
			t.Errorf("%q: %q %v, want %q", text, got, ok, want)
		}
	}
}

func FuzzReadList(f *testing.F) {
	f.Add("release 1, drop the rest", 3)
	f.Fuzz(func(t *testing.T, text string, n int) {
		n %= 200
		a, err := ReadList(text, n)
		seen := map[int]bool{}
		for _, k := range append(a.Release, a.Drop...) {
			if k < 1 || seen[k] || err != nil {
				t.Errorf("%q: %+v, %v", text, a, err)
			}
			seen[k] = true
		}
		_, _ = ReadMine(text)
	})
}

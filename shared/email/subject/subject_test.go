package subject_test

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/email/subject"
)

func TestOneSubjectInManyForms(t *testing.T) {
	for s, want := range map[string]string{
		"The pump leaks":                          "the pump leaks",
		"Re: The pump leaks":                      "the pump leaks",
		"RE : The pump  leaks":                    "the pump leaks",
		"AW: Re: AW: The pump leaks":              "the pump leaks",
		"Re[2]: The pump leaks":                   "the pump leaks",
		"Re (3): The pump leaks":                  "the pump leaks",
		"Re^2: The pump leaks":                    "the pump leaks",
		"SV: VS: The pump leaks":                  "the pump leaks",
		"Odp: The pump leaks":                     "the pump leaks",
		"回复：The pump leaks":                       "the pump leaks",
		"答复: 转发: The pump leaks":                  "the pump leaks",
		"[EXTERNAL] Re: The pump leaks":           "the pump leaks",
		"Re: [shop-list] RE: The pump leaks":      "the pump leaks",
		"Fwd: The pump leaks (fwd)":               "the pump leaks",
		"ＲＥ：The pump leaks":                       "the pump leaks",
		"TR: The pump leaks":                      "the pump leaks",
		"WG: Wtr: The pump leaks":                 "the pump leaks",
		"Ynt: İlt: The pump leaks":                "the pump leaks",
		"[only a tag]":                            "[only a tag]",
		"Re:":                                     "",
		"":                                        "",
		"Report: the pump leaks":                  "report: the pump leaks",
		"Order 4711: pump":                        "order 4711: pump",
		"رد: المضخة":                              "المضخة",
		"Ответ: Насос течёт":                      "насос течёт",
		"Re: [4711] Re: [4712] Shop: order":       "shop: order",
		strings.Repeat("Re: ", 30) + "many times": "many times",
	} {
		if got := subject.Read(s).Base; got != want {
			t.Errorf("%q is read as %q, not %q", s, got, want)
		}
	}
}

func TestPrefixesSayWhatTheyAre(t *testing.T) {
	for s, want := range map[string][2]bool{
		"Pump":          {},
		"Re: Pump":      {true, false},
		"WG: Pump":      {false, true},
		"TR: Pump":      {false, true},
		"Re: Fwd: Pump": {true, true},
		"AW: Pump":      {true, false},
		"Pump (fwd)":    {false, true},
		"Restart: Pump": {},
		"12: Pump":      {},
	} {
		if got := subject.Read(s); got.Reply != want[0] || got.Forward != want[1] {
			t.Errorf("%q: %+v", s, got)
		}
	}
}

func TestWhichSubjectsTell(t *testing.T) {
	for s, want := range map[string]bool{
		"The pump leaks": true, "Re: AquaPro 300 leaks": true, "Order 4711": true, "Bestellung 4711": true,
		"水泵漏水怎么办":  true,
		"Question": false, "Re: question": false, "Help please": false, "": false, "Re:": false,
		"Frage zu meiner Bestellung": false, "(no subject)": false,
		"Kontaktformular": false, "New message from contact form": false, "お問い合わせ": false, "4711": false, "Pump": false,
		"??": false,
	} {
		if got := subject.Read(s).Telling(); got != want {
			t.Errorf("%q tells: %v", s, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"Re: x", "AW: [a] b (fwd)", "回复：a", "Re[2]: \xff", "[[[[", "İ: ı", "re:re:re:", "ﬃ:",
		"Re: (fwd)(fwd)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := subject.Read(s)
		if !subject.Same("Re: "+s, "re: "+s) && subject.Read("Re: "+s).Base != "" {
			t.Errorf("%q is not the same as itself", s)
		}
		if len(got.Base) < 1000 {
			if again := subject.Read(got.Base); len(s) < 500 && strings.Count(s, ":")+strings.Count(s, "[") < 30 &&
				again.Base != got.Base {
				t.Errorf("%q is read as %q, and that as %q", s, got.Base, again.Base)
			}
		}
	})
}

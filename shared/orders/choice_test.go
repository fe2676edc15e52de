package orders_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/orders"
)

func TestReadAnswers(t *testing.T) {
	one := []orders.ChoiceWord{{Name: "release"}, {Name: "drop"}}
	list := []orders.ChoiceWord{{Name: "release", Numbers: true}, {Name: "drop", Numbers: true}}
	for text, want := range map[string][]orders.Choice{
		"#release":                             {{Word: "release"}},
		"\n \u200b\n#RELEASE\u00a0\n\nThanks!": {{Word: "release"}},
		"＃drop":                                {{Word: "drop"}},
		"#release.\n-- \nAnna":                 {{Word: "release"}},
	} {
		if got, err := orders.ReadChoices(text, nil, one...); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for text, want := range map[string][]orders.Choice{
		"#release 3":              {{Word: "release", Numbers: []int{3}}},
		"#drop 5, 2":              {{Word: "drop", Numbers: []int{2, 5}}},
		"#release #3\n#drop 2; 5": {{Word: "release", Numbers: []int{3}}, {Word: "drop", Numbers: []int{2, 5}}},
		"#drop all":               {{Word: "drop", All: true}},
	} {
		if got, err := orders.ReadChoices(text, nil, list...); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	// A question that is answered with yes and no is refused in other questions' words too, and agreed
	// to in none of them.
	yesNo := []orders.ChoiceWord{{Name: "yes"}, {Name: "no"}}
	for text, want := range map[string]string{
		"#drop": "no", "drop": "no", "Drop it please.": "no", "drop this": "no", "#no": "no", "delete it": "no",
		"discard": "no", "Verwerfen bitte": "no", "löschen": "no", "Nein danke": "no", "not me": "no",
		"Ja bitte": "yes", "ok": "yes",
	} {
		if got, err := orders.ReadChoices(text, nil, yesNo...); err != nil || got[0].Word != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"drop the other one, send this", "release", "#release", "no, wait",
		"delete what she wrote"} {
		if got, err := orders.ReadChoices(text, nil, yesNo...); err == nil {
			t.Errorf("%q is %+v", text, got)
		}
	}
	// Nothing but the words confirms: not comments, not automatic text, not a quote.
	for text, why := range map[string]string{
		"":                             "none of #release and #drop",
		"I am away until Monday.":      "none of",
		"yes":                          "none of",
		"Please do\n#release":          "none of",
		"> #release":                   "none of",
		"#relase":                      "there are #release",
		"#yes":                         "there are #release",
		"#release tomorrow":            "by itself",
		"#release\n#drop":              "only one",
		"#send 1":                      "there are #release",
		"This is #release of the mail": "none of",
	} {
		_, err := orders.ReadChoices(text, nil, one...)
		var bad *desk.CommandError
		if !errors.As(err, &bad) || !strings.Contains(bad.Why, why) {
			t.Errorf("%q: %v", text, err)
		}
	}
	for text, why := range map[string]string{
		"#release":              "needs numbers",
		"#release three":        "“three” is none",
		"#release 0":            "“0” is none",
		"#release 1 1":          "twice",
		"#release 1\n#drop 1":   "twice",
		"#drop all\n#release 2": "only one",
		"#release 99999999999":  "is none",
		"#release 1-3":          "is none",
	} {
		_, err := orders.ReadChoices(text, nil, list...)
		var bad *desk.CommandError
		if !errors.As(err, &bad) || !strings.Contains(bad.Why, why) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

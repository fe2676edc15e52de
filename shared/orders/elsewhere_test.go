package orders_test

import (
	"testing"

	"github.com/replywell/replywell/shared/orders"
)

// A command's name alone, without its sign, is for the desk: it is asked about as that
// command. A sentence with it, or who is greeted by name, is answered.
func TestACommandsNameAlone(t *testing.T) {
	for text, want := range map[string]string{
		"block":                        "#block",
		"Block\n\nAnna":                "#block",
		"Blockieren bitte":             "#block",
		"Spam!":                        "#spam",
		"unblock":                      "#unblock",
		"same otto@example.org":        "#same otto@example.org",
		"take":                         "#take",
		"history":                      "#history",
		"assign bne":                   "#assign bne",
		"pending":                      "#pending",
		"Hi,\nback":                    "#back",
		"Hi Erika,\n\nsame\n\nAnna":    "",
		"Take care":                    "",
		"Same here.":                   "",
		"Back on Monday.":              "",
		"Open it from below.":          "",
		"Who told you?":                "",
		"Block the valve for a minute": "",
	} {
		r, err := orders.Read(orders.Mail{Text: text}, around)
		switch {
		case err != nil:
			t.Errorf("%q is refused: %v", text, err)
		case want == "" && r.Doubt != nil:
			t.Errorf("%q is asked about: %+v", text, *r.Doubt)
		case want != "" && (r.Doubt == nil || r.Doubt.Meant != want):
			t.Errorf("%q: %+v, want to be asked about %s", text, r, want)
		}
	}
}

// Words that answer one kind of our mail are no answer to a customer: it is asked whether
// they are, and said where they belong. What a person may well answer a customer goes;
// see also the answers that tempt.
func TestWordsThatBelongElsewhere(t *testing.T) {
	for text, want := range map[string]string{
		"why 1":                   "to a report",
		"Why 1, 3":                "to a report",
		"#why reopened":           "to a report",
		"release 3":               "to the list of held mail",
		"Release 3.":              "to the list of held mail",
		"#release 3":              "to the list of held mail",
		"drop 2\n\nAnna":          "to the list of held mail",
		"release 3 and 5, drop 1": "to the list of held mail",
		"release all":             "to the list of held mail",
		"2 freigeben":             "to the list of held mail",
		"F":                       "to a mail that lists several",
		"Hi\nf h":                 "to a mail that lists several",
		"F, H":                    "to a mail that lists several",
		"1 not F H":               "to a mail that lists several",
		"1 ohne F":                "to a mail that lists several",
		"5 take":                  "to a mail that lists several",
		"take 5 and 6":            "to a mail that lists several",
		"Hi Erika,\n\nF\n\nAnna":  "",
		"y":                       "",
		"Drop 2 by at our shop.":  "",
		"No, 5":                   "",
		"release 3.2 is out":      "",
		"\\#why is it so?":        "",
		"Version F\n\nand no G":   "",
	} {
		r, err := orders.Read(orders.Mail{Text: text}, around)
		switch {
		case err != nil:
			t.Errorf("%q is refused: %v", text, err)
		case want == "" && r.Doubt != nil:
			t.Errorf("%q is asked about: %+v", text, *r.Doubt)
		case want != "" && (r.Doubt == nil || r.Doubt.Of != want):
			t.Errorf("%q: %+v, want one that is an order %s", text, r, want)
		}
	}
}
